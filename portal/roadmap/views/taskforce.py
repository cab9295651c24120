"""The task force's own place: what is due, who sits in it, minutes, decisions and actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from portal.core import actor as actors
from portal.core import arguments, clock
from portal.core.actor import Actor
from portal.core.errors import Forbidden
from portal.core.forms import Form
from portal.people import services as people
from portal.people.models import Person
from portal.roadmap import policies
from portal.roadmap.gates import decisions
from portal.roadmap.taskforce import actions, factors, gathering, membership, protocol
from portal.roadmap.taskforce.forms import ActionForm, DoneForm, MemberForm, MinutesForm, ResolutionForm
from portal.roadmap.taskforce.models import Action, Minutes
from portal.roadmap.views import sheets
from portal.roadmap.views.sheets import Sheet

bp = Blueprint("taskforce", __name__, url_prefix="/taskforce", template_folder="../templates")
CURRENT = "taskforce.index"
OPTIONAL = ("present", "body")


def _require() -> Actor:
    who = actors.current()
    if not policies.may_steer(who):
        raise Forbidden(_("This is the task force’s own place. The roadmap shows everybody what it works on."))
    return who


def _home() -> tuple[str, str]:
    return _("Task force"), url_for("taskforce.index")


@bp.get("/")
def index() -> str:
    """What is due, what was decided, who does what."""
    who = _require()
    return render_template(
        "taskforce/index.html",
        due=gathering.due(who),
        open=actions.open_ones(),
        done=actions.done_lately(),
        members=membership.members(),
        minutes=protocol.latest(),
        decided=protocol.lately_decided(),
        gates=decisions.listing(),
        today=clock.today(),
        may_seat=membership.can_seat(who),
    )


# Members


@bp.get("/members")
def members() -> str:
    """Who sits in it, and for whom."""
    who = _require()
    return render_template(
        "taskforce/members.html",
        members=membership.members(),
        may_seat=membership.can_seat(who),
        form=MemberForm(formdata=None).offer(),
        press=Form(formdata=None),
    )


@bp.post("/members")
def join() -> ResponseReturnValue:
    """Give somebody a seat."""
    who, form = _require(), MemberForm().offer()
    where = url_for("taskforce.members")
    sheet = Sheet(
        title=_("Give somebody a seat"), action=where, trail=[_home(), (_("Members"), where)], current=CURRENT
    )

    def join_it() -> None:
        membership.join(who, membership.named(form.person.data or ""), seat=form.seat.data or "")

    return sheet.keep(form, join_it)


@bp.post("/members/<int:member_id>/leave")
def leave(member_id: int) -> ResponseReturnValue:
    """Let a seat be free again."""
    who = _require()
    return sheets.act(url_for("taskforce.members"), lambda: membership.leave(who, member_id))


# Minutes and decisions


@bp.get("/minutes")
def all_minutes() -> str:
    """Every meeting there was."""
    _require()
    page = arguments.number("page", default=1, least=1, most=1000)
    found = protocol.latest(limit=protocol.PER_PAGE, page=page)
    return render_template(
        "taskforce/all_minutes.html",
        minutes=found,
        previous=url_for("taskforce.all_minutes", page=page - 1) if page > 1 else None,
        next=url_for("taskforce.all_minutes", page=page + 1) if len(found) == protocol.PER_PAGE else None,
    )


def _minutes_sheet(minutes_id: int | None = None, title: str = "") -> Sheet:
    trail = [_home(), (_("Minutes"), url_for("taskforce.all_minutes"))]
    if minutes_id is None:
        action = url_for("taskforce.new_minutes")
        return Sheet(
            title=_("Write minutes"), action=action, trail=trail, current=CURRENT, optional=("present", "body")
        )
    trail.append((title, url_for("taskforce.minutes", minutes_id=minutes_id)))
    action = url_for("taskforce.edit_minutes", minutes_id=minutes_id)
    return Sheet(
        title=_("Change the minutes"), action=action, trail=trail, current=CURRENT, optional=("present", "body")
    )


def _who_could_be_there(row: Minutes | None = None) -> list[Person]:
    """Return those who hold a seat, and those who were there when they held one."""
    found = {person.id: person for person in membership.people_in()}
    if row is not None:
        found |= {person.id: person for person in protocol.present(row)}
    return sorted(found.values(), key=lambda person: person.name)


@bp.get("/minutes/new")
def new_minutes() -> str:
    """Minutes to be written."""
    _require()
    form = MinutesForm(formdata=None, held_on=clock.today()).offer(_who_could_be_there())
    return _minutes_sheet().draw(form)


@bp.post("/minutes/new")
def keep_minutes() -> ResponseReturnValue:
    """Keep them."""
    who, form = _require(), MinutesForm().offer(_who_could_be_there())

    def save() -> str:
        return url_for("taskforce.minutes", minutes_id=protocol.keep(who, form.record).id)

    return _minutes_sheet().keep_to(form, save)


@bp.get("/minutes/<int:minutes_id>")
def minutes(minutes_id: int) -> str:
    """One meeting: who was there, what was said, decided, and is to be done."""
    row = protocol.get(_require(), minutes_id)
    return render_template(
        "taskforce/minutes.html",
        minutes=row,
        body=Markup(row.html),  # noqa: S704 - rendered and sanitised when it was saved
        present=protocol.present(row),
        decided=protocol.decided(row),
        actions=actions.of(row.ref),
        today=clock.today(),
    )


@bp.get("/minutes/<int:minutes_id>/edit")
def edit_minutes(minutes_id: int) -> str:
    """Minutes to be put otherwise."""
    row = protocol.get(_require(), minutes_id)
    there = [person.id for person in protocol.present(row)]
    form = MinutesForm(formdata=None, obj=row, present=there).offer(_who_could_be_there(row))
    form.present.data = there
    return _minutes_sheet(row.id, row.title).draw(form)


@bp.post("/minutes/<int:minutes_id>/edit")
def change_minutes(minutes_id: int) -> ResponseReturnValue:
    """Keep them as they were put."""
    who = _require()
    row = protocol.get(who, minutes_id)
    form, sheet = MinutesForm().offer(_who_could_be_there(row)), _minutes_sheet(row.id, row.title)
    return sheet.keep(form, lambda: protocol.change(who, row, form.record, version=form.version.data or 0))


def _resolution_sheet(row: Minutes) -> Sheet:
    return Sheet(
        title=_("Write down a decision"),
        action=url_for("taskforce.new_decision", minutes_id=row.id),
        trail=[_home(), (row.title, url_for("taskforce.minutes", minutes_id=row.id))],
        current=CURRENT,
    )


@bp.get("/minutes/<int:minutes_id>/decisions/new")
def new_decision(minutes_id: int) -> str:
    """A decision to be written down."""
    return _resolution_sheet(protocol.get(_require(), minutes_id)).draw(ResolutionForm(formdata=None))


@bp.post("/minutes/<int:minutes_id>/decisions/new")
def decide(minutes_id: int) -> ResponseReturnValue:
    """Write it down."""
    who, form = _require(), ResolutionForm()
    row = protocol.get(who, minutes_id)
    return _resolution_sheet(row).keep(
        form, lambda: protocol.decide(who, row, form.text.data or "", why=form.why.data or "")
    )


# Actions


def _source(who: Actor) -> Minutes | None:
    """Return the minutes an action comes from, where the address names some."""
    asked = arguments.number("minutes")
    return protocol.get(who, asked) if asked else None


def _action_sheet(source: Minutes | None) -> Sheet:
    trail = [_home()]
    if source is not None:
        trail.append((source.title, url_for("taskforce.minutes", minutes_id=source.id)))
    where = url_for("taskforce.new_action", minutes=source.id if source else None)
    return Sheet(
        title=_("Give somebody something to do"), action=where, trail=trail, current=CURRENT, optional=("owner_id",)
    )


@bp.get("/actions/new")
def new_action() -> str:
    """Something to be done, by whom and until when."""
    source = _source(_require())
    return _action_sheet(source).draw(ActionForm(formdata=None).offer(membership.people_in()))


@bp.post("/actions/new")
def add_action() -> ResponseReturnValue:
    """Write it down."""
    who, form = _require(), ActionForm().offer(membership.people_in())
    source = _source(who)

    def add() -> None:
        owner = people.get_person(form.owner_id.data) if form.owner_id.data else None
        ref = source.ref if source else None
        actions.add(who, form.title.data or "", due_on=form.due_on.data, owner=owner, source=ref)

    return _action_sheet(source).keep(form, add)


def _done_sheet(row: Action) -> Sheet:
    return Sheet(
        title=_("This is done"),
        lead=row.title,
        action=url_for("taskforce.done", action_id=row.id),
        trail=[_home()],
        current=CURRENT,
        submit=_("Tick it off"),
        optional=("outcome",),
    )


@bp.get("/actions/<int:action_id>/done")
def done(action_id: int) -> str:
    """Something to be ticked off."""
    return _done_sheet(actions.get(actors.current(), action_id)).draw(DoneForm(formdata=None))


@bp.post("/actions/<int:action_id>/done")
def settle(action_id: int) -> ResponseReturnValue:
    """Tick it off."""
    who, form = actors.current(), DoneForm()
    row = actions.get(who, action_id)
    where = url_for("taskforce.index") if policies.may_steer(who) else url_for("home.index")

    def save() -> str:
        actions.settle(who, row, outcome=form.outcome.data or "")
        return where

    return _done_sheet(row).keep_to(form, save)


@bp.get("/factors")
def success_factors() -> str:
    """What makes such a change succeed, each by what is measured of it."""
    return render_template("taskforce/factors.html", factors=factors.card(_require()))


def own(context: Mapping[str, Any]) -> str:
    """Draw what somebody is to do, and the way to the task force for its members, on the home page."""
    who = actors.current()
    if who.person_id is None:
        return ""
    has_actions, is_member = actions.concern(who)
    if not has_actions and not is_member:
        return ""
    mine = actions.open_ones(owner_id=who.person_id) if has_actions else []
    return render_template("taskforce/_own.html", actions=mine, is_member=is_member, today=clock.today())
