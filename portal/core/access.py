"""Deny by default: every page asks for a sign-in unless its view says otherwise with `@public`.

Pages of a blueprint that is `nameless` are for people who must stay unknown, even when their browser is signed in:
nobody asks who is there, and nothing of the visit is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, has_request_context, request

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Let people in who are not signed in; what they then see is still for the view and its loader to decide."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def in_person(view: View) -> View:
    """Keep a page for the person themselves: whoever acts for them is refused, whatever their own rights."""
    view.is_in_person = True  # type: ignore[attr-defined]
    return view


def is_in_person(app: Flask, endpoint: str | None) -> bool:
    return endpoint is not None and getattr(app.view_functions.get(endpoint), "is_in_person", False)


def nameless(blueprint: Blueprint) -> Blueprint:
    """Answer its pages without reading or writing a session or cookie, without a line in the log, a measured time or a
    number of the request. Its forms carry no token against foreign sites: nothing is done there in anybody's name.
    """
    blueprint.is_nameless = True  # type: ignore[attr-defined]
    return blueprint


def is_nameless() -> bool:
    """True while a request for such a page is answered."""
    blueprint = current_app.blueprints.get(request.blueprint or "") if has_request_context() else None
    return getattr(blueprint, "is_nameless", False)


def is_public(app: Flask, endpoint: str | None) -> bool:
    """True for views marked `@public` and for built files; an unknown endpoint (404) gives nothing away."""
    if endpoint is None or endpoint == "static":
        return True
    return getattr(app.view_functions[endpoint], "is_public", False)
