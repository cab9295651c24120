"""The editors' desk: what is being written."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.core import actor as actors
from portal.core.permissions import Permission
from portal.kb import queries

bp = Blueprint("desk", __name__, url_prefix="/desk", template_folder="../templates")


@bp.get("/")
def index() -> str:
    """What is being written, the last touched first."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    return render_template("desk/index.html", drafts=queries.open_drafts(who))
