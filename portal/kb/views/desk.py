"""The editors' desk: what is to do, and what helps to do it well."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import options
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.kb.caring import checklist as checklists
from portal.kb.caring import rows, terms, worklist
from portal.kb.forms.desk import IntervalsForm, PlainForm
from portal.kb.prose import quality
from portal.kb.writing import drafts as writing
from portal.kb.writing import listing

MOST_PAGES = 500

bp = Blueprint("desk", __name__, url_prefix="/desk", template_folder="../templates")
bp.add_app_template_global(checklists.of, "checklist")
bp.add_app_template_global(terms.sum_of, "desk_sum")
bp.add_app_template_global(terms.share_of, "desk_share")
bp.add_app_template_global(terms.score, "desk_score")


@bp.get("/")
def index() -> str:
    """What is to do, by the tickets it is likely to cause."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    kinds, is_mine = rows.kinds(), request.args.get("whose") == "me"
    kind = request.args.get("kind", "")
    kind = kind if kind in kinds else ""
    page = number("page", default=1, least=1, most=MOST_PAGES)
    return render_template(
        "desk/index.html",
        todo=worklist.of(who, kind=kind, is_mine=is_mine, page=page),
        kinds=kinds,
        kind=kind,
        is_mine=is_mine,
        size=worklist.PAGE,
        filters={"kind": kind or None, "whose": "me" if is_mine else None},
    )


@bp.get("/written")
def written() -> str:
    """What others are writing, so that nobody writes it twice."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    drafts = listing.open_drafts(who)
    others = [one for one in drafts if who.person_id not in (one.created_by_id, one.saved_by_id)]
    return render_template("desk/written.html", drafts=others)


@bp.get("/drafts/<int:draft_id>/checklist")
def draft_checklist(draft_id: int) -> str:
    """The checklist of a draft as a fragment, for the editor's script after a save."""
    draft = writing.get(actors.current(), draft_id)
    return render_template("editing/_checklist.html", draft=draft, checks=checklists.of(draft))


@bp.get("/checklist")
def checklist() -> str:
    """How much each rule counts."""
    actors.current().require(Permission.ARTICLE_WRITE)
    return _rules(options.get().checklist_weights)


@bp.post("/checklist")
def weigh() -> ResponseReturnValue:
    """Change how much each rule counts."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    sent = {key.value: request.form.get(key.value, "") for key in quality.Key}
    weights = {key: int(value) for key, value in sent.items() if value.isascii() and value.isdigit() and len(value) < 3}
    try:
        checklists.weigh(who, weights)
    except Invalid as refusal:
        return _rules(weights, refusal), 422
    db.session.commit()
    flash(_("The rules are changed. They hold for every draft from now on."), "success")
    return redirect(url_for("desk.checklist"), 303)


@bp.post("/intervals")
def change_intervals() -> ResponseReturnValue:
    """Change after how many days articles are checked again."""
    who = actors.current()
    who.require(Permission.OPTION_CHANGE)
    form = IntervalsForm()
    if not form.validate():
        return _rules(options.get().checklist_weights, intervals=form), 422
    names = ("review_days_high", "review_days_normal", "review_days_low")
    options.change(who, **{name: form[name].data for name in names})
    db.session.commit()
    flash(_("Kept. It counts from the next check of each article on."), "success")
    return redirect(url_for("desk.checklist", _anchor="intervals-title"), 303)


def _rules(weights: dict[str, int], refusal: Invalid | None = None, *, intervals: IntervalsForm | None = None) -> str:
    rules = [(key, quality.WORDS[key], weights.get(key, usual), usual) for key, usual in quality.WEIGHTS.items()]
    return render_template(
        "desk/checklist.html",
        rules=rules,
        heaviest=quality.HEAVIEST,
        refusal=refusal,
        form=PlainForm(formdata=None),
        intervals=intervals or IntervalsForm(formdata=None, obj=options.get()),
        can_change=actors.current().can(Permission.OPTION_CHANGE),
    )
