"""One row of the editors' desk: how its number comes about, who sees to it, and putting it out of sight."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Permission
from portal.kb.caring import marks, worklist
from portal.kb.caring.marks import REASONS
from portal.kb.forms.worklist import AsideForm, AssignForm
from portal.people.models import Person

bp = Blueprint("desk_rows", __name__, url_prefix="/desk/rows", template_folder="../templates")


def _editor() -> Actor:
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    return who


@bp.get("/")
def aside() -> str:
    """What was put aside, why and by whom."""
    return render_template("desk/aside.html", lines=worklist.aside(_editor()), reasons=REASONS)


@bp.get("/<kind>/<int:number>")
def show(kind: str, number: int) -> str:
    """One row whole."""
    return _page(_editor(), f"{kind}:{number}")


def _page(who: Actor, key: str, *, aside: AsideForm | None = None, assign: AssignForm | None = None) -> str:
    line = worklist.one(who, key)
    aside, assign = aside or AsideForm(formdata=None), assign or AssignForm(formdata=None)
    aside.offer(key)
    assign.offer(marks.colleagues())
    if not assign.is_submitted() or assign.person.data is None:
        assign.person.data = (line.mark.assignee_id if line.mark else None) or 0
    return render_template("desk/row.html", line=line, aside=aside, assign=assign, reasons=REASONS)


@bp.post("/<kind>/<int:number>/aside")
def put_aside(kind: str, number: int) -> ResponseReturnValue:
    """Put it out of sight; without more words for four weeks, because not now."""
    who, key, form = _editor(), f"{kind}:{number}", AsideForm()
    form.offer(key)
    if "reason" not in request.form:
        form.reason.data = marks.Reason.LATER.value
    try:
        if form.validate_on_submit():
            reason, weeks = form.reason.data or "", form.weeks.data
            marks.put_aside(who, key, reason=reason, words=form.words.data or "", weeks=-1 if weeks is None else weeks)
            db.session.commit()
            flash(_("Put aside. It comes back by itself, or from what is put aside."), "success")
            return redirect(url_for("desk.index"), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(who, key, aside=form), 422


@bp.post("/<kind>/<int:number>/back")
def bring_back(kind: str, number: int) -> ResponseReturnValue:
    """Put it onto the desk again."""
    who = _editor()
    try:
        marks.bring_back(who, f"{kind}:{number}")
        db.session.commit()
        flash(_("It stands on the desk again."), "success")
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
    return redirect(url_for("desk_rows.aside"), 303)


@bp.post("/<kind>/<int:number>/assign")
def assign(kind: str, number: int) -> ResponseReturnValue:
    """Let somebody see to it, or nobody in particular."""
    who, key, form = _editor(), f"{kind}:{number}", AssignForm()
    form.offer(marks.colleagues())
    try:
        if form.validate_on_submit():
            person = db.session.get(Person, form.person.data) if form.person.data else None
            marks.assign(who, key, person)
            db.session.commit()
            said = (
                _("%(name)s sees to it.", name=person.first_name) if person else _("Nobody in particular sees to it.")
            )
            flash(said, "success")
            return redirect(url_for("desk.index"), 303)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
    return _page(who, key, assign=form), 422
