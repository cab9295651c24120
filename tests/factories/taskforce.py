"""Increments, gates and what a task force keeps, through its own verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.people.models import Person
from portal.roadmap.gates import decisions
from portal.roadmap.gates.models import Condition, Gate, GateDecision, Verdict
from portal.roadmap.increments import plans, showing, telling
from portal.roadmap.increments.models import Increment
from portal.roadmap.taskforce import actions, membership, protocol
from portal.roadmap.taskforce.models import Action, Member, Minutes


def increment(by: Actor, **kw: Any) -> Increment:
    """Plan an increment of the coming four weeks."""
    today = clock.today()
    wanted = {
        "name": "Words people use",
        "purpose": "Search finds what people call things.",
        "starts_on": today,
        "ends_on": today + dt.timedelta(days=28),
        **kw,
    }
    return plans.plan(by, plans.Plan(**wanted))


def filled(by: Actor, of: Increment) -> dict[str, int]:
    """Give an increment one of everything; returns the numbers."""
    today = clock.today()
    session = showing.hold(by, of, showing.Meeting(kind="demo", title="First look", on=today))
    wanted = showing.Wanted(title="Finds “bench PC”", example="Mia types bench PC.", shown_in_id=session.id)
    line = telling.Line(what="It comes", audience="Everybody", signed_by="hr", channel="Mail", due_on=today)
    return {
        "increment_id": of.id,
        "session_id": session.id,
        "requirement_id": showing.require(by, of, wanted).id,
        "milestone_id": plans.add_milestone(by, of, "Words gathered", due_on=today).id,
        "message_id": telling.add(by, of, line).id,
    }


def gate(by: Actor, step: str = "launch-run", **kw: Any) -> Gate:
    return decisions.open_gate(by, **{"name": "May it run?", "step": step, **kw})


def decided_gate(by: Actor) -> tuple[Gate, GateDecision]:
    """Set a gate up that asks for a figure and for a look, and hold there."""
    row = gate(by)
    decisions.ask_for(by, row, kind="hand", words="Somebody answers the phone", reason="People ask for it.")
    return row, decisions.decide(by, row, Verdict.HOLD, why="Nobody has looked yet.")


def condition(of: Gate, kind: str) -> Condition:
    query = select(Condition).where(Condition.gate_id == of.id, Condition.kind == kind).order_by(Condition.id)
    return db.session.execute(query).scalars().first() or _missing(kind)


def _missing(kind: str) -> Condition:
    raise LookupError(kind)


def sitting(by: Actor, member: Person, *, owner: Person) -> tuple[Member, Minutes, Action, Action]:
    """Write minutes, an action of `owner` and one of nobody; the seat of `member` is free again, `by` holds another."""
    today = clock.today()
    seat = membership.join(by, member, seat="users")
    record = protocol.Record(title="First meeting", held_on=today, body="We met.", present=[member.id])
    meeting = protocol.keep(by, record)
    own = actions.add(by, "Gather words", due_on=today, owner=owner, source=meeting.ref)
    other = actions.add(by, "Book a room", due_on=today)
    membership.leave(by, seat.id)
    db.session.flush()
    return membership.join(by, _ada(by), seat="hr"), meeting, own, other


def _ada(by: Actor) -> Person:
    return db.session.get_one(Person, by.person_id)
