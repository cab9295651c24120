"""The working part of an increment: budget, requirements, sessions, and who is told what."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core.forms import Form
from portal.roadmap.gates import decisions
from portal.roadmap.gates.wording import verdict
from portal.roadmap.increments import plans, showing, slips, telling
from portal.roadmap.increments.forms import (
    ItemsForm,
    MessageForm,
    MilestoneForm,
    PutOffForm,
    RequirementForm,
    SessionForm,
)
from portal.roadmap.increments.models import Increment, Milestone
from portal.roadmap.views import sheets
from portal.roadmap.views.increments import CURRENT
from portal.roadmap.views.sheets import Sheet

bp = Blueprint(
    "increment_work", __name__, url_prefix="/roadmap/increments/<int:increment_id>", template_folder="../templates"
)


def _get(increment_id: int) -> Increment:
    return plans.get_to_steer(actors.current(), increment_id)


def _here(increment: Increment, anchor: str | None = None) -> str:
    return url_for("increment_work.show", increment_id=increment.id, _anchor=anchor)


@bp.get("/work")
def show(increment_id: int) -> str:
    """Everything the task force keeps of an increment."""
    who, increment = actors.current(), _get(increment_id)
    return render_template(
        "increments/work.html",
        increment=increment,
        start=slips.of_start(increment),
        end=slips.of_end(increment),
        milestones=[(one, slips.of_milestone(one, increment)) for one in plans.milestones([increment.id])],
        items=plans.shipped(who, [increment.id]),
        requirements=showing.requirements([increment.id]),
        sessions=showing.sessions(who, [increment.id]),
        lines=telling.messages([increment.id]),
        gates=[(gate, last) for gate, last in decisions.listing() if gate.increment_id == increment.id],
        verdict=verdict,
        next_states=[state.value for state in plans.NEXT[increment.state]],
        form=Form(formdata=None),
    )


def _sheet(increment: Increment, title: str, action: str, anchor: str, **more: object) -> Sheet:
    trail = [(_("Increments"), url_for("increments.index")), (increment.name, _here(increment, anchor))]
    return Sheet(title=title, action=action, trail=trail, current=CURRENT, **more)  # type: ignore[arg-type]


def _act(increment: Increment, anchor: str, do: Callable[[], object]) -> ResponseReturnValue:
    return sheets.act(_here(increment, anchor), do)


# Items and milestones


def _items_sheet(increment: Increment) -> Sheet:
    action = url_for("increment_work.items", increment_id=increment.id)
    lead = _("Items out of triage that no other increment ships.")
    return _sheet(increment, _("What it ships"), action, "items", lead=lead)


@bp.get("/items")
def items(increment_id: int) -> str:
    """What it ships, to be chosen."""
    increment = _get(increment_id)
    offered = plans.offered(actors.current(), increment)
    chosen = [item.id for item in offered if item.increment_id == increment.id]
    return _items_sheet(increment).draw(ItemsForm(formdata=None, items=chosen).offer(offered))


@bp.post("/items")
def ship(increment_id: int) -> ResponseReturnValue:
    """Let it ship exactly these."""
    who, increment = actors.current(), _get(increment_id)
    form = ItemsForm().offer(plans.offered(who, increment))
    return _items_sheet(increment).keep(form, lambda: plans.ship(who, increment, form.items.data or []))


def _milestone_sheet(increment: Increment) -> Sheet:
    action = url_for("increment_work.new_milestone", increment_id=increment.id)
    return _sheet(increment, _("Add a milestone"), action, "milestones", submit=_("Add it"))


@bp.get("/milestones/new")
def new_milestone(increment_id: int) -> str:
    """A milestone to be added."""
    return _milestone_sheet(_get(increment_id)).draw(MilestoneForm(formdata=None))


@bp.post("/milestones/new")
def add_milestone(increment_id: int) -> ResponseReturnValue:
    """Add it."""
    who, increment, form = actors.current(), _get(increment_id), MilestoneForm()
    return _milestone_sheet(increment).keep(
        form, lambda: plans.add_milestone(who, increment, form.title.data or "", due_on=form.due_on.data)
    )


def _put_off_sheet(increment: Increment, row: Milestone) -> Sheet:
    action = url_for("increment_work.move_milestone", increment_id=increment.id, milestone_id=row.id)
    return _sheet(increment, _("Another day for “%(title)s”", title=row.title), action, "milestones")


@bp.get("/milestones/<int:milestone_id>")
def move_milestone(increment_id: int, milestone_id: int) -> str:
    """Another day for a milestone, with the reason."""
    increment = _get(increment_id)
    row = plans.get_milestone(increment, milestone_id)
    return _put_off_sheet(increment, row).draw(PutOffForm(formdata=None, due_on=row.due_on))


@bp.post("/milestones/<int:milestone_id>")
def put_off(increment_id: int, milestone_id: int) -> ResponseReturnValue:
    """Give it another day."""
    who, increment, form = actors.current(), _get(increment_id), PutOffForm()
    row = plans.get_milestone(increment, milestone_id)
    return _put_off_sheet(increment, row).keep(
        form, lambda: plans.put_off(who, increment, row, due_on=form.due_on.data, reason=form.reason.data or "")
    )


@bp.post("/milestones/<int:milestone_id>/reach")
def reach(increment_id: int, milestone_id: int) -> ResponseReturnValue:
    """Say that it was reached today."""
    increment = _get(increment_id)
    row = plans.get_milestone(increment, milestone_id)
    return _act(increment, "milestones", lambda: plans.reach(actors.current(), increment, row))


# Requirements


def _requirement_sheet(increment: Increment, requirement_id: int | None = None) -> Sheet:
    action = (
        url_for("increment_work.requirement", increment_id=increment.id, requirement_id=requirement_id)
        if requirement_id
        else url_for("increment_work.new_requirement", increment_id=increment.id)
    )
    hints = {"example": _("One case, as the person who has it would tell it. It is what the demo shows.")}
    title = _("Change the requirement") if requirement_id else _("Add a requirement")
    optional = ("example", "item_id", "shown_in_id")
    return _sheet(increment, title, action, "requirements", hints=hints, optional=optional)


def _offered(increment: Increment, form: RequirementForm) -> RequirementForm:
    who = actors.current()
    return form.offer(plans.shipped(who, [increment.id]), showing.sessions(who, [increment.id]))


@bp.get("/requirements/new")
def new_requirement(increment_id: int) -> str:
    """A requirement to be written down."""
    increment = _get(increment_id)
    return _requirement_sheet(increment).draw(_offered(increment, RequirementForm(formdata=None)))


@bp.post("/requirements/new")
def require(increment_id: int) -> ResponseReturnValue:
    """Write it down."""
    who, increment = actors.current(), _get(increment_id)
    form = _offered(increment, RequirementForm())
    return _requirement_sheet(increment).keep(form, lambda: showing.require(who, increment, form.wanted))


@bp.get("/requirements/<int:requirement_id>")
def requirement(increment_id: int, requirement_id: int) -> str:
    """A requirement to be put otherwise, or shown."""
    increment = _get(increment_id)
    row = showing.get_requirement(increment, requirement_id)
    return _requirement_sheet(increment, row.id).draw(_offered(increment, RequirementForm.of(row)))


@bp.post("/requirements/<int:requirement_id>")
def put_otherwise(increment_id: int, requirement_id: int) -> ResponseReturnValue:
    """Keep the changed requirement."""
    who, increment = actors.current(), _get(increment_id)
    row = showing.get_requirement(increment, requirement_id)
    form = _offered(increment, RequirementForm())
    return _requirement_sheet(increment, row.id).keep(
        form, lambda: showing.put_otherwise(who, increment, row, form.wanted)
    )


@bp.post("/requirements/<int:requirement_id>/accept")
def accept(increment_id: int, requirement_id: int) -> ResponseReturnValue:
    """Say that it is met, or take that back."""
    increment = _get(increment_id)
    row, is_on = showing.get_requirement(increment, requirement_id), request.form.get("on") == "yes"
    return _act(increment, "requirements", lambda: showing.accept(actors.current(), increment, row, is_on=is_on))


@bp.post("/requirements/<int:requirement_id>/drop")
def drop(increment_id: int, requirement_id: int) -> ResponseReturnValue:
    """Take it away."""
    increment = _get(increment_id)
    row = showing.get_requirement(increment, requirement_id)
    return _act(increment, "requirements", lambda: showing.drop(actors.current(), increment, row))


# Sessions


def _session_sheet(increment: Increment, session_id: int | None = None) -> Sheet:
    action = (
        url_for("increment_work.session", increment_id=increment.id, session_id=session_id)
        if session_id
        else url_for("increment_work.new_session", increment_id=increment.id)
    )
    title = _("Change the session, or tell how it was") if session_id else _("Plan a session")
    hints = {
        "invited": _("In words: the Workshop, five people from Finance."),
        "n_attended": _("A count is enough. People can say for themselves that they were there."),
    }
    optional = ("invited", "n_invited", "n_attended", "learned")
    return _sheet(increment, title, action, "sessions", hints=hints, optional=optional)


@bp.get("/sessions/new")
def new_session(increment_id: int) -> str:
    """A session to be planned."""
    return _session_sheet(_get(increment_id)).draw(SessionForm(formdata=None).offer())


@bp.post("/sessions/new")
def hold(increment_id: int) -> ResponseReturnValue:
    """Plan it."""
    who, increment, form = actors.current(), _get(increment_id), SessionForm().offer()
    return _session_sheet(increment).keep(form, lambda: showing.hold(who, increment, form.meeting))


@bp.get("/sessions/<int:session_id>")
def session(increment_id: int, session_id: int) -> str:
    """A session to be moved, or told of."""
    increment = _get(increment_id)
    row = showing.get_session(increment, session_id)
    return _session_sheet(increment, row.id).draw(SessionForm(formdata=None, obj=row).offer())


@bp.post("/sessions/<int:session_id>")
def tell(increment_id: int, session_id: int) -> ResponseReturnValue:
    """Keep what was said of it."""
    who, increment, form = actors.current(), _get(increment_id), SessionForm().offer()
    row = showing.get_session(increment, session_id)
    return _session_sheet(increment, row.id).keep(form, lambda: showing.tell(who, increment, row, form.meeting))


# The communication plan


def _message_sheet(increment: Increment) -> Sheet:
    action = url_for("increment_work.new_message", increment_id=increment.id)
    hints = {
        "signed_by": _("People listen to whom they work for. What always comes from IT is taken for a matter of IT."),
        "channel": _("A mail, the weekly meeting, the board in the canteen."),
    }
    return _sheet(increment, _("Plan to tell people"), action, "messages", hints=hints, optional=("channel",))


@bp.get("/messages/new")
def new_message(increment_id: int) -> str:
    """Something people are to be told."""
    return _message_sheet(_get(increment_id)).draw(MessageForm(formdata=None).offer())


@bp.post("/messages/new")
def add_message(increment_id: int) -> ResponseReturnValue:
    """Plan it."""
    who, increment, form = actors.current(), _get(increment_id), MessageForm().offer()
    return _message_sheet(increment).keep(form, lambda: telling.add(who, increment, form.line))


@bp.post("/messages/<int:message_id>/told")
def told(increment_id: int, message_id: int) -> ResponseReturnValue:
    """Say that people were told, or take that back."""
    increment = _get(increment_id)
    row, is_done = telling.get(increment, message_id), request.form.get("on") == "yes"
    return _act(increment, "messages", lambda: telling.mark(actors.current(), increment, row, is_done=is_done))


@bp.post("/messages/<int:message_id>/remove")
def remove_message(increment_id: int, message_id: int) -> ResponseReturnValue:
    """Take it out of the plan."""
    increment = _get(increment_id)
    row = telling.get(increment, message_id)
    return _act(increment, "messages", lambda: telling.remove(actors.current(), increment, row))
