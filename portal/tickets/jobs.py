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
from portal.tickets import lifecycle, policies
from portal.tickets.levels import anew, breaches
from portal.tickets.models import Status, Ticket

AT_ONCE = 200


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


JOBS = (
    JobKind(name="tickets.watch_promises", run=watch_promises, every=dt.timedelta(minutes=5)),
    JobKind(name="tickets.close_resolved", run=close_resolved, every=dt.timedelta(hours=1)),
    JobKind(name=anew.JOB, run=anew.run),
)
