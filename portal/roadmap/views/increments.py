"""Increments: the list and one of them for everybody, planning them, and saying that one was there."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core.database import db
from portal.core.permissions import Permission
from portal.roadmap import policies
from portal.roadmap.increments import plans, showing, slips, telling, wording
from portal.roadmap.increments.forms import MoveForm, PlanForm, filled
from portal.roadmap.increments.models import Increment, State
from portal.roadmap.views.sheets import Sheet

bp = Blueprint("increments", __name__, url_prefix="/roadmap/increments", template_folder="../templates")
bp.record_once(lambda state: state.app.jinja_env.globals.update(increment_say=wording))
CURRENT = "roadmap.index"


@bp.get("/")
def index() -> str:
    """What ships together, when, and by how much that moved."""
    who = actors.current()
    who.require(Permission.ROADMAP_READ)
    found = plans.listing(who)
    items = plans.shipped(who, [one.id for one in found])
    return render_template(
        "increments/index.html",
        increments=[(one, slips.of_end(one), [item for item in items if item.increment_id == one.id]) for one in found],
        may_steer=policies.may_steer(who),
    )


@bp.get("/new")
def new() -> str:
    """An increment to be planned."""
    plans.require(actors.current())
    return _new_sheet().draw(_new_form(PlanForm(formdata=None)))


def _new_form(form: PlanForm) -> PlanForm:
    """Ask nothing that only a plan there is already can answer."""
    del form.reason
    return form


def _new_sheet() -> Sheet:
    return Sheet(
        title=_("Plan an increment"),
        lead=_("A few items that are shipped together, so that people have something in their hands soon."),
        action=url_for("increments.new"),
        trail=[(_("Increments"), url_for("increments.index"))],
        current=CURRENT,
        submit=_("Plan it"),
        hints=_hints(),
        optional=("owner", "budget_planned", "budget_spent"),
    )


def _hints() -> dict[str, str]:
    return {
        "owner": _("Name or e-mail address."),
        "budget_planned": _("In whole units, as your accounts have it."),
        "reason": _("Only when a date moves. Everybody can read it."),
        "is_public": _("Budget, requirements and the communication plan stay with the task force."),
    }


@bp.post("/new")
def plan() -> ResponseReturnValue:
    """Plan it."""
    who, form = actors.current(), _new_form(PlanForm())
    plans.require(who)
    return _new_sheet().keep_to(form, lambda: _work(plans.plan(who, form.plan)))


def _work(increment: Increment) -> str:
    return url_for("increment_work.show", increment_id=increment.id)


@bp.get("/<int:increment_id>")
def show(increment_id: int) -> str:
    """What it is for, what it ships, what moved and why, and when one can see it."""
    who = actors.current()
    increment = plans.get(who, increment_id)
    milestones = plans.milestones([increment.id])
    held = showing.sessions(who, [increment.id])
    return render_template(
        "increments/show.html",
        increment=increment,
        start=slips.of_start(increment),
        end=slips.of_end(increment),
        milestones=[(one, slips.of_milestone(one, increment)) for one in milestones],
        items=plans.shipped(who, [increment.id]),
        sessions=[one for one in held if not one.is_past],
        past=[one for one in reversed(held) if one.is_past],
        history=slips.history(increment, milestones),
        may_steer=policies.may_steer(who),
        told=[one for one in telling.messages([increment.id]) if one.done_on],
        may_attend=showing.can_attend,
    )


@bp.post("/<int:increment_id>/sessions/<int:session_id>/attend")
def attend(increment_id: int, session_id: int) -> ResponseReturnValue:
    """Say that one was there, or take it back."""
    who = actors.current()
    increment = plans.get(who, increment_id)
    row = showing.get_session(increment, session_id)
    showing.attend(who, increment, row, is_on=request.form.get("on") == "yes")
    db.session.commit()
    return redirect(url_for("increments.show", increment_id=increment_id, _anchor="sessions"), 303)


@bp.get("/<int:increment_id>/edit")
def edit(increment_id: int) -> str:
    """The plan, to be changed."""
    increment = plans.get_to_steer(actors.current(), increment_id)
    return _edit_sheet(increment).draw(filled(increment))


def _edit_sheet(increment: Increment) -> Sheet:
    return Sheet(
        title=_("Change the plan"),
        action=url_for("increments.edit", increment_id=increment.id),
        trail=[(_("Increments"), url_for("increments.index")), (increment.name, _work(increment))],
        current=CURRENT,
        hints=_hints(),
        optional=("reason", "owner", "budget_planned", "budget_spent"),
    )


@bp.post("/<int:increment_id>/edit")
def change(increment_id: int) -> ResponseReturnValue:
    """Keep the changed plan; a date that moves takes its reason along."""
    who, form = actors.current(), PlanForm()
    increment = plans.get_to_steer(who, increment_id)
    sheet, where = _edit_sheet(increment), _work(increment)

    def save() -> str:
        version = form.version.data or increment.version
        plans.change(who, increment, form.plan, version=version, reason=form.reason.data or "")
        return where

    return sheet.keep_to(form, save)


@bp.get("/<int:increment_id>/move")
def ask_to_move(increment_id: int) -> str:
    """Start, deliver or stop: what that means, and why."""
    increment = plans.get_to_steer(actors.current(), increment_id)
    to = request.args.get("to", "")
    return _move_sheet(increment, to).draw(MoveForm(formdata=None, to=to))


def _move_sheet(increment: Increment, to: str) -> Sheet:
    title, lead = {
        State.STARTED.value: (_("Start it"), _("It is being worked on from today.")),
        State.DELIVERED.value: (_("Deliver it"), _("People have it from today.")),
        State.STOPPED.value: (_("Stop it"), _("It does not come. It stays to be read, with the reason.")),
    }.get(to, (_("Move it"), ""))
    return Sheet(
        title=title,
        lead=lead,
        action=url_for("increments.move", increment_id=increment.id),
        trail=[(_("Increments"), url_for("increments.index")), (increment.name, _work(increment))],
        current=CURRENT,
        submit=title,
        optional=() if to == State.STOPPED else ("reason",),
    )


@bp.post("/<int:increment_id>/move")
def move(increment_id: int) -> ResponseReturnValue:
    """Start, deliver or stop it."""
    who, form = actors.current(), MoveForm()
    increment = plans.get_to_steer(who, increment_id)
    sheet = _move_sheet(increment, form.to.data or "")
    return sheet.keep(form, lambda: plans.move(who, increment, form.to.data or "", reason=form.reason.data or ""))
