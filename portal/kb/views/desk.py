"""The editors' desk: what is to do, and what helps to do it well."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core import options
from portal.core.permissions import Permission
from portal.kb import checklist as checklists
from portal.kb import drafts, quality, queries

bp = Blueprint("desk", __name__, url_prefix="/desk", template_folder="../templates")
bp.add_app_template_global(checklists.of, "checklist")


@bp.get("/")
def index() -> str:
    """What is being written, the last touched first."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    return render_template("desk/index.html", drafts=queries.open_drafts(who))


@bp.get("/drafts/<int:draft_id>/checklist")
def draft_checklist(draft_id: int) -> str:
    """The checklist of a draft as a fragment, for the editor's script after a save."""
    draft = drafts.get(actors.current(), draft_id)
    return render_template("editing/_checklist.html", draft=draft, checks=checklists.of(draft))


@bp.get("/checklist")
def checklist() -> ResponseReturnValue:
    """How much each rule counts."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    return render_template("desk/checklist.html", weights=options.get().checklist_weights, rules=quality.WEIGHTS)
