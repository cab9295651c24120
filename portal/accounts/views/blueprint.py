"""The blueprint all pages of accounts hang on, and what holds for each of them."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.core.redirects import safe_next

bp = Blueprint("accounts", __name__, template_folder="../templates")


@bp.after_request
def keep_links_secret(response: Response) -> Response:
    """Pages whose address is a secret tell it to nobody: not to the next page, not to a cache."""
    if request.view_args and "token" in request.view_args:
        # Not no-referrer: with it browsers send forms with `Origin: null`, which is refused as another site's.
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["Cache-Control"] = "no-store"
    return response


def home() -> str:
    return request.script_root + "/"


def wanted() -> str:
    """Return the page somebody was on the way to, when it is one of ours; else home."""
    return safe_next(request.values.get("next"), request.host, home=home())


def page(html: str, *, is_refused: bool = False) -> ResponseReturnValue:
    """Return a page, marked as refused when a form on it needs another look."""
    return html, 422 if is_refused else 200
