"""The views of the queue: which tickets each shows, and how many they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask_babel import get_timezone, to_user_timezone
from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, func, or_, select, type_coerce

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db, unindexed
from portal.core.types import UTCDateTime
from portal.tickets import policies
from portal.tickets.models import OPEN, QueueMember, Status, Ticket
from portal.tickets.policies import Reach

NAMES = ("mine", "unassigned", "queues", "waiting", "due", "resolved", "all")
RESOLVED = dt.timedelta(days=7)
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
    return _conditions(actor.person_id or 0, end_of_today(), clock.now() - RESOLVED)[name]()


def _conditions(person: Any, tonight: Any, since: Any) -> dict[str, Callable[[], ColumnElement[bool]]]:
    """Return how each view is told, for values or for places of values."""
    member = select(QueueMember.queue_id).where(QueueMember.person_id == person)
    done = [Status.RESOLVED.value, Status.CLOSED.value]
    return {
        "mine": lambda: and_(is_open, Ticket.assignee_id == person),
        "unassigned": lambda: and_(is_open, Ticket.assignee_id.is_(None)),
        "queues": lambda: and_(is_open, Ticket.queue_id.in_(member)),
        "waiting": lambda: Ticket.status == Status.WAITING.value,
        "due": lambda: and_(is_running, due <= tonight),
        "resolved": lambda: and_(unindexed(Ticket.status).in_(done), Ticket.resolved_at >= since),
        "all": lambda: Ticket.status != Status.MERGED.value,
    }


def counts(actor: Actor, more: Mapping[str, ColumnElement[bool]] | None = None) -> dict[str, int]:
    """Return how many tickets stand in each view, and in those of `more`, and how many need somebody within two hours;
    one query. `all` is not counted: nobody acts on it, and it only grows.
    """
    names, query = _counting(policies.reach(actor))
    if more:
        names = (*names, *more)
        query = query.add_columns(*(_sum(one) for one in more.values()))
    return dict(zip(names, map(int, db.session.execute(query, given(actor)).one()), strict=True))


_person, _tonight, _soon, _since = (
    bindparam("person", type_=Integer()),
    bindparam("tonight", type_=UTCDateTime()),
    bindparam("soon", type_=UTCDateTime()),
    bindparam("since", type_=UTCDateTime()),
)


def given(actor: Actor) -> dict[str, Any]:
    """Return the values for the places that `of_view` leaves open."""
    now = clock.now()
    return {
        "person": actor.person_id or 0,
        "tonight": end_of_today(),
        "soon": now + SOON,
        "since": now - RESOLVED,
    }


def of_view(name: str, reach: Reach) -> ColumnElement[bool]:
    """Return which tickets a view shows of those within a reach, for statements that are put together once."""
    return and_(policies.within(reach, _person), _conditions(_person, _tonight, _since)[name]())


@cache
def _counting(reach: Reach) -> tuple[tuple[str, ...], Select[Any]]:
    """Return the statement that counts, put together once."""
    told = _conditions(_person, _tonight, _since)
    wanted = {name: told[name]() for name in NAMES if name != "all"}
    wanted["now"] = and_(is_running, due <= _soon, or_(Ticket.assignee_id == _person, Ticket.assignee_id.is_(None)))
    query: Select[Any] = select(*(_sum(one) for one in wanted.values()))
    return tuple(wanted), query.where(or_(is_open, told["resolved"]()), policies.within(reach, _person))


def _sum(wanted: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((wanted, 1), else_=0)), 0)
