"""The views of the queue: which tickets each shows, and how many they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import get_timezone, to_user_timezone
from sqlalchemy import ColumnElement, and_, case, func, or_, select, type_coerce

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.types import UTCDateTime
from portal.tickets import policies
from portal.tickets.models import OPEN, QueueMember, Status, Ticket

NAMES = ("mine", "unassigned", "queues", "waiting", "due", "resolved", "all")
RESOLVED_DAYS = 7
SOON = dt.timedelta(hours=2)
NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""When what has no promise, or waits for somebody, is due: after everything else."""

is_open: ColumnElement[bool] = Ticket.status.in_([one.value for one in OPEN])
is_running: ColumnElement[bool] = Ticket.status.in_([Status.NEW.value, Status.OPEN.value])

due: ColumnElement[dt.datetime] = type_coerce(
    case(
        (~is_running, None),
        (Ticket.first_response_at.is_(None), func.coalesce(Ticket.first_response_due_at, Ticket.resolution_due_at)),
        else_=Ticket.resolution_due_at,
    ),
    UTCDateTime(),
)
"""What is due next on a ticket: the first answer, then the solution; empty while the clock stands still."""


def due_at(ticket: Ticket) -> dt.datetime | None:
    """Return what `due` is for one ticket."""
    if ticket.status not in (Status.NEW, Status.OPEN):
        return None
    if ticket.first_response_at is None and ticket.first_response_due_at is not None:
        return ticket.first_response_due_at
    return ticket.resolution_due_at


def end_of_today() -> dt.datetime:
    """Return the end of this day where the reader is, and never less than two hours from now."""
    here = to_user_timezone(clock.now())
    zone = get_timezone()
    night = dt.datetime.combine(here.date() + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    return max(night.astimezone(dt.UTC), clock.now() + SOON)


def condition(name: str, actor: Actor) -> ColumnElement[bool]:
    """Return which tickets a view shows, of those the actor works."""
    mine = Ticket.assignee_id == actor.person_id
    member = Ticket.queue_id.in_(select(QueueMember.queue_id).where(QueueMember.person_id == actor.person_id))
    since = clock.now() - dt.timedelta(days=RESOLVED_DAYS)
    found: Mapping[str, ColumnElement[bool]] = {
        "mine": and_(is_open, mine),
        "unassigned": and_(is_open, Ticket.assignee_id.is_(None)),
        "queues": and_(is_open, member),
        "waiting": Ticket.status == Status.WAITING.value,
        "due": and_(is_running, due <= end_of_today()),
        "resolved": and_(Ticket.status.in_([Status.RESOLVED.value, Status.CLOSED.value]), Ticket.resolved_at >= since),
        "all": Ticket.status != Status.MERGED.value,
    }
    return found[name]


def counts(actor: Actor, more: Mapping[str, ColumnElement[bool]] | None = None) -> dict[str, int]:
    """Return how many tickets stand in each view, and in those of `more`, and how many need somebody within two hours;
    one query. `all` is not counted: nobody acts on it, and it only grows.
    """
    wanted: dict[str, ColumnElement[bool]] = {name: condition(name, actor) for name in NAMES if name != "all"}
    mine_or_nobodys = or_(Ticket.assignee_id == actor.person_id, Ticket.assignee_id.is_(None))
    wanted["now"] = and_(is_running, due <= clock.now() + SOON, mine_or_nobodys)
    wanted |= more or {}
    columns: list[Any] = [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in wanted.values()]
    query = select(*columns).where(policies.at_desk(actor), or_(is_open, condition("resolved", actor)))
    return dict(zip(wanted, map(int, db.session.execute(query).one()), strict=True))
