"""Work on tickets apart from requests. Each job does so many at once, and may run twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Conflict
from portal.core.feature import JobKind
from portal.jobs import services as jobs
from portal.tickets import lifecycle, policies
from portal.tickets.levels import breaches, promises
from portal.tickets.models import OPEN, Status, Ticket

AT_ONCE = 200
PROMISE_ANEW = "tickets.promise_anew"


def watch_promises(payload: dict[str, Any]) -> None:
    """Warn of promises that are about to break, and of those that did."""
    breaches.watch()


def close_resolved(payload: dict[str, Any]) -> None:
    """Close what was resolved so long ago that an answer opens it no more."""
    query = select(Ticket).where(Ticket.status == Status.RESOLVED.value)
    query = query.where(Ticket.resolved_at < clock.now() - policies.REOPEN_WITHIN).order_by(Ticket.resolved_at)
    for ticket in db.session.execute(query.limit(AT_ONCE)).scalars().all():
        try:
            with db.session.begin_nested():
                lifecycle.close(system("tickets"), ticket)
        except Conflict:  # merged or reopened at this very moment
            continue


def plan_promises(queue_ids: list[int]) -> None:
    """Let the open tickets of these queues be promised anew, because hours or levels changed."""
    for queue_id in queue_ids:
        jobs.enqueue(PROMISE_ANEW, {"queue": queue_id, "after": 0})


def promise_anew(payload: dict[str, Any]) -> None:
    """Reckon the due times of a queue's open tickets again, some at a time."""
    query = select(Ticket).where(Ticket.queue_id == payload["queue"], Ticket.id > payload["after"])
    query = query.where(Ticket.status.in_([one.value for one in OPEN])).order_by(Ticket.id)
    tickets = list(db.session.execute(query.limit(AT_ONCE)).scalars())
    for ticket in tickets:
        promises.renew(ticket)
    if len(tickets) == AT_ONCE:
        jobs.enqueue(PROMISE_ANEW, {"queue": payload["queue"], "after": tickets[-1].id})


JOBS = (
    JobKind(name="tickets.watch_promises", run=watch_promises, every=dt.timedelta(minutes=5)),
    JobKind(name="tickets.close_resolved", run=close_resolved, every=dt.timedelta(hours=1)),
    JobKind(name=PROMISE_ANEW, run=promise_anew),
)
