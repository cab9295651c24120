"""The front door: nobody who is not signed in gets further than the pages that are meant for them.

Denied by default. A view marked `@public` shows reading to strangers while the administrator allows that; a view
marked `@door` is one that people need before they are anybody. Until the portal is set up, everything leads there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor, options, pages
from portal.core.access import is_in_person, is_public, public

View = TypeVar("View", bound=Callable[..., Any])

ALWAYS_OPEN = frozenset({"static", "health"})
"""Endpoints and blueprints that answer machines and know nothing of people."""
NO_WORDS = frozenset({"form_token", "next", "back"})
"""Fields of forms that nobody types."""
BEFORE_SET_UP = frozenset({"accounts.setup", "accounts.setup_start", "accounts.set_theme"})


def door(view: View) -> View:
    """Open a page to everybody, whether or not reading is: signing in, resets, invitations."""
    view.is_door = True  # type: ignore[attr-defined]
    return public(view)


def install(app: Flask) -> None:
    app.before_request(guard)


def is_for_machines() -> bool:
    """True for what is answered without asking the database who is there."""
    return request.endpoint in ALWAYS_OPEN or request.blueprint in ALWAYS_OPEN


def guard() -> ResponseReturnValue | None:
    """Let the request in, or lead it to the set-up or to the sign-in."""
    if request.endpoint is None or is_for_machines():
        return None
    if not options.get().is_set_up:
        return None if request.endpoint in BEFORE_SET_UP else redirect(url_for("accounts.setup_start"))
    who = actor.current()
    if is_in_person(current_app, request.endpoint):
        who.require_self()
    if who.is_signed_in or _is_open(request.endpoint):
        return None
    return to_sign_in()


def _is_open(endpoint: str) -> bool:
    if not is_public(current_app, endpoint):
        return False
    is_door = getattr(current_app.view_functions[endpoint], "is_door", False)
    return is_door or options.get().public_reading


def to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in and from there back to the page; a form that was sent leads back to where it stood."""
    address = url_for("accounts.sign_in", next=_came_for())
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": address}
    if request.method != "GET":
        # A session that ran out while somebody wrote: their words stay in a page that can send them once more.
        has_words = any(len(value) > 1 and name not in NO_WORDS for name, value in pages.kept())
        return pages.answer(401, "") if has_words else redirect(address, 303)
    return redirect(address)


def _came_for() -> str | None:
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return None if request.path == "/" else request.script_root + request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    return came_from.path if came_from.netloc == request.host else None
