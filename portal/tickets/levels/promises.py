"""From a queue's promise to the two instants that a ticket carries."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from sqlalchemy import Select, Text, bindparam, cast, select

from analytics.workinghours import NeverOpen, Pause, WorkingHours
from portal.core.database import db
from portal.tickets.models import BusinessHours, Holiday, Priority, Promise, Queue, ServiceLevel, Ticket, TicketPause

WARN_AT = 0.75
"""The share of a promised time after which its people are warned."""
ALWAYS = [[["00:00", "24:00"]]] * 7
"""A queue without hours counts by the clock on the wall."""


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """One promise of a ticket: by when it is due, and when somebody has to be warned."""

    due_at: dt.datetime
    warn_at: dt.datetime


def reckon(
    queue: Queue, priority: str, opened_at: dt.datetime, pauses: Iterable[Pause] = ()
) -> dict[Promise, Reckoned]:
    """Return what is promised; nothing where the queue promises nothing, nobody ever works, or a pause lasts."""
    first, resolution, hours = _terms_of(queue.id, priority)
    within, pauses = {Promise.FIRST_RESPONSE: first, Promise.RESOLUTION: resolution}, list(pauses)
    found = {}
    for promise, minutes in within.items():
        if minutes is None:
            continue
        try:
            due = hours.due(opened_at, dt.timedelta(minutes=minutes), pauses)
            warn = hours.due(opened_at, WARN_AT * dt.timedelta(minutes=minutes), pauses)
        except NeverOpen:
            continue
        if due is not None:
            found[promise] = Reckoned(due_at=due, warn_at=warn or due)
    return found


def promised(
    queue: Queue, priority: str, opened_at: dt.datetime, pauses: Iterable[Pause] = ()
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return by when a first answer and a solution are due; none where nothing is promised, or while a pause lasts."""
    found = reckon(queue, priority, opened_at, pauses)
    first, resolution = (found.get(promise) for promise in (Promise.FIRST_RESPONSE, Promise.RESOLUTION))
    return first.due_at if first else None, resolution.due_at if resolution else None


def of(ticket: Ticket) -> dict[Promise, Reckoned]:
    """Return what is promised for a ticket as it stands now."""
    return reckon(ticket.queue, ticket.priority, ticket.opened_at, pauses(ticket) if ticket.id is not None else ())


def renew(ticket: Ticket) -> None:
    """Reckon the due times of a ticket anew, when it is opened and after its queue, priority or pauses changed.

    A first answer that was given stays measured by what was promised then.
    """
    found = of(ticket)
    first, resolution = found.get(Promise.FIRST_RESPONSE), found.get(Promise.RESOLUTION)
    if ticket.first_response_at is None:
        ticket.first_response_due_at = first.due_at if first else None
    ticket.resolution_due_at = resolution.due_at if resolution else None
    ticket.look_at = min((one.warn_at for one in found.values()), default=None)


def pauses(ticket: Ticket) -> list[Pause]:
    """Return the stretches in which the clock of this ticket stood still."""
    query = select(TicketPause.starts_at, TicketPause.ends_at).where(TicketPause.ticket_id == ticket.id)
    return [Pause(start, end) for start, end in db.session.execute(query.order_by(TicketPause.id))]


def minutes(ticket: Ticket, until: dt.datetime, pauses: Sequence[Pause] = ()) -> int:
    """Return how long the desk has had the ticket until then, in working minutes without pauses."""
    return int(hours_of(ticket.queue).between(ticket.opened_at, until, pauses).total_seconds() // 60)


def hours_of(queue: Queue) -> WorkingHours:
    """Return when a queue works; one without hours works day and night."""
    return _terms_of(queue.id, Priority.NORMAL)[2]


def _terms_of(queue_id: int, priority: str) -> tuple[int | None, int | None, WorkingHours]:
    """Return within how many minutes a queue promises a first answer and a solution, and when it works; one query."""
    rows = db.session.execute(_terms(), {"queue": queue_id, "priority": str(priority)}).all()
    first, resolution, week, timezone, _day = rows[0]
    if week is None:
        return first, resolution, _read(json.dumps(ALWAYS), frozenset(), "UTC")
    return first, resolution, _read(week, frozenset(row[-1] for row in rows if row[-1] is not None), timezone)


@cache
def _terms() -> Select[int | None, int | None, str | None, str | None, dt.date | None]:
    """Return the statement for what a queue promises for a priority and when it works, a row for each of its days off.

    The week comes as the text it is stored as: it is read once, and not for each row.
    """
    week = cast(BusinessHours.week, Text)
    minutes = (ServiceLevel.first_response_minutes, ServiceLevel.resolution_minutes)
    level = (ServiceLevel.queue_id == Queue.id) & (ServiceLevel.priority == bindparam("priority"))
    query = select(*minutes, week, BusinessHours.timezone, Holiday.on).select_from(Queue)
    query = query.outerjoin(BusinessHours, BusinessHours.id == Queue.hours_id).outerjoin(ServiceLevel, level)
    return query.outerjoin(Holiday, Holiday.hours_id == BusinessHours.id).where(Queue.id == bindparam("queue"))


@lru_cache(maxsize=64)
def _read(week: str, holidays: frozenset[dt.date], timezone: str) -> WorkingHours:
    return WorkingHours.read(json.loads(week), holidays, timezone=timezone)
