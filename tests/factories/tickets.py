"""Queues with their people, and tickets opened as people open them."""

from __future__ import annotations

from itertools import count
from typing import Any

from portal.core.database import db
from portal.people import services as people
from portal.people.models import Person
from portal.tickets import lifecycle
from portal.tickets.models import BusinessHours, Holiday, Queue, QueueMember, ServiceLevel, Ticket

_numbers = count(1)


def queue(name: str = "Service desk", *members: Person, **kw: Any) -> Queue:
    """Add a queue; `first` and `resolution` promise so many minutes for every priority."""
    first, resolution = kw.pop("first", None), kw.pop("resolution", None)
    row = Queue(**{"slug": f"queue-{next(_numbers)}", "name": name, **kw})
    row.members = [QueueMember(person_id=one.id) for one in members]
    if first is not None or resolution is not None:
        row.levels = [
            ServiceLevel(priority=priority, first_response_minutes=first, resolution_minutes=resolution)
            for priority in ("urgent", "high", "normal", "low")
        ]
    db.session.add(row)
    db.session.flush()
    return row


def hours(*holidays: Any, **kw: Any) -> BusinessHours:
    """Add Monday to Friday, nine to five in Berlin."""
    week = [[["09:00", "17:00"]]] * 5 + [[], []]
    row = BusinessHours(**{"name": f"Hours {next(_numbers)}", "timezone": "Europe/Berlin", "week": week, **kw})
    row.holidays = [Holiday(on=day) for day in holidays]
    db.session.add(row)
    db.session.flush()
    return row


def ticket(by: Person, subject: str = "VPN drops every ten minutes", **kw: Any) -> Ticket:
    """Open a ticket as its requester does."""
    request = lifecycle.Request(**{"subject": subject, "body": "It began this morning.", **kw})
    return lifecycle.open_ticket(people.actor_of(by), request)
