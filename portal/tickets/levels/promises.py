"""From a queue's promise to the two instants that a ticket carries."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from analytics.workinghours import NeverOpen, Pause, WorkingHours
from portal.core.database import db
from portal.tickets.models import BusinessHours, Promise, Queue, ServiceLevel, Ticket, TicketPause

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
    level = db.session.get(ServiceLevel, (queue.id, str(priority)))
    if level is None:
        return {}
    hours, pauses = hours_of(queue), list(pauses)
    within = {Promise.FIRST_RESPONSE: level.first_response_minutes, Promise.RESOLUTION: level.resolution_minutes}
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
    hours: BusinessHours | None = queue.hours
    if hours is None:
        return _read(json.dumps(ALWAYS), frozenset(), "UTC")
    return _read(json.dumps(hours.week), frozenset(day.on for day in hours.holidays), hours.timezone)


@lru_cache(maxsize=64)
def _read(week: str, holidays: frozenset[dt.date], timezone: str) -> WorkingHours:
    return WorkingHours.read(json.loads(week), holidays, timezone=timezone)
