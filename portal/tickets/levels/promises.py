"""From a queue's promise to the two instants that a ticket carries."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import select

from analytics.workinghours import Pause, WorkingHours
from portal.core.database import db
from portal.tickets.models import BusinessHours, Queue, ServiceLevel, Ticket, TicketPause

ALWAYS = [[["00:00", "24:00"]]] * 7
"""A queue without hours counts by the clock on the wall."""


def promised(
    queue: Queue, priority: str, opened_at: dt.datetime, pauses: Iterable[Pause] = ()
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return by when a first answer and a solution are due; none where nothing is promised, or while a pause lasts."""
    level = db.session.get(ServiceLevel, (queue.id, str(priority)))
    if level is None:
        return None, None
    hours, pauses = _hours(queue), list(pauses)
    first, resolution = (
        None if minutes is None else hours.due(opened_at, dt.timedelta(minutes=minutes), pauses)
        for minutes in (level.first_response_minutes, level.resolution_minutes)
    )
    return first, resolution


def renew(ticket: Ticket) -> None:
    """Reckon the due times of a ticket anew after its queue, its priority or its pauses changed.

    A first answer that was given stays measured by what was promised then.
    """
    first, resolution = promised(ticket.queue, ticket.priority, ticket.opened_at, pauses(ticket))
    if ticket.first_response_at is None:
        ticket.first_response_due_at = first
    ticket.resolution_due_at = resolution


def pauses(ticket: Ticket) -> list[Pause]:
    """Return the stretches in which the clock of this ticket stood still."""
    query = select(TicketPause.starts_at, TicketPause.ends_at).where(TicketPause.ticket_id == ticket.id)
    return [Pause(start, end) for start, end in db.session.execute(query.order_by(TicketPause.id))]


def minutes(ticket: Ticket, until: dt.datetime, pauses: Sequence[Pause] = ()) -> int:
    """Return how long the desk has had the ticket until then, in working minutes without pauses."""
    return int(_hours(ticket.queue).between(ticket.opened_at, until, pauses).total_seconds() // 60)


def _hours(queue: Queue) -> WorkingHours:
    hours: BusinessHours | None = queue.hours
    if hours is None:
        return _read(json.dumps(ALWAYS), frozenset(), "UTC")
    return _read(json.dumps(hours.week), frozenset(day.on for day in hours.holidays), hours.timezone)


@lru_cache(maxsize=64)
def _read(week: str, holidays: frozenset[dt.date], timezone: str) -> WorkingHours:
    return WorkingHours.read(json.loads(week), holidays, timezone=timezone)
