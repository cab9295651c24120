"""Deny by default: every page asks for a sign-in unless its view says otherwise with `@public`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

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


def is_public(app: Flask, endpoint: str | None) -> bool:
    """True for views marked `@public` and for built files; an unknown endpoint (404) gives nothing away."""
    if endpoint is None or endpoint == "static":
        return True
    return getattr(app.view_functions[endpoint], "is_public", False)
