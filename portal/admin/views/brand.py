"""The organisation's look, served to everybody: the stylesheet of its colours, and its logo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, render_template

from portal.accounts.access import door
from portal.admin import brand
from portal.core import options
from portal.core.errors import NotFound

bp = Blueprint("brand", __name__, url_prefix="/brand", template_folder="../templates")

KINDS = {".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
FOR_GOOD = "public, max-age=31536000, immutable"


@bp.get("/<string:digest>.css")
@door
def stylesheet(digest: str) -> Response:
    """The colours that hold now; by the name of others, as a page opened before asks, it is not kept."""
    opts = options.get()
    response = Response(brand.stylesheet(opts), mimetype="text/css")
    response.headers["Cache-Control"] = FOR_GOOD if digest == brand.digest(opts) else "no-cache"
    return response


@bp.get("/<string:name>")
@door
def logo(name: str) -> Response:
    """A logo that was drawn by us; an older one stays for mail that shows it."""
    path = brand.folder() / name
    if not brand.LOGO.fullmatch(name) or not path.is_file():
        raise NotFound("")
    response = Response(path.read_bytes(), mimetype=KINDS[path.suffix])
    response.headers["Cache-Control"] = FOR_GOOD
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def head(context: Mapping[str, Any]) -> str:
    """Link the colours into every page's head; nothing where the portal keeps its own."""
    name = brand.digest(context["options"])
    return render_template("admin/_brand_head.html", digest=name) if name else ""


def mark(context: Mapping[str, Any]) -> str:
    """Show the logo in the header, where there is one."""
    opts = context["options"]
    return render_template("admin/_brand_mark.html", logo=opts.logo, alt=opts.logo_alt) if opts.logo else ""
