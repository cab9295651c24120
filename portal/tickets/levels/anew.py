"""Promising anew: hours or levels of a queue changed, and what its open tickets are due by follows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from portal.core.database import db
from portal.jobs import services as jobs
from portal.tickets.levels import promises
from portal.tickets.models import OPEN, Ticket

JOB = "tickets.promise_anew"
AT_ONCE = 200


def plan(queue_ids: Iterable[int]) -> None:
    """Let the open tickets of these queues be reckoned again, apart from the request."""
    for queue_id in queue_ids:
        jobs.enqueue(JOB, {"queue": queue_id, "after": 0})


def run(payload: dict[str, Any]) -> None:
    """Reckon the due times of a queue's open tickets again, some at a time. Safe to run twice."""
    query = select(Ticket).where(Ticket.queue_id == payload["queue"], Ticket.id > payload["after"])
    query = query.where(Ticket.status.in_([one.value for one in OPEN])).order_by(Ticket.id)
    tickets = list(db.session.execute(query.limit(AT_ONCE)).scalars())
    for ticket in tickets:
        promises.renew(ticket)
    if len(tickets) == AT_ONCE:
        jobs.enqueue(JOB, {"queue": payload["queue"], "after": tickets[-1].id})
