"""Warning before a promise breaks, and noting that it did: each once, by a job that may run twice.

A ticket carries when to look at it next (`look_at`); whoever changes what is promised reckons it anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.core import clock
from portal.core.actor import system
from portal.core.database import db
from portal.tickets import holding, news, queues
from portal.tickets.levels import promises
from portal.tickets.models import Alarm, Promise, Stage, Status, Ticket

AT_ONCE = 200
"""Tickets one run looks at; the next run takes the others, the longest due first."""
KINDS = {Stage.SOON: "ticket_due_soon", Stage.BROKEN: "ticket_overdue"}


def watch() -> int:
    """Look at the tickets whose time has come and warn whom it concerns; returns how many warnings were given."""
    query = select(Ticket.id, Ticket.look_at).where(Ticket.look_at <= clock.now())
    rows = db.session.execute(query.order_by(Ticket.look_at, Ticket.id).limit(AT_ONCE)).all()
    return sum(_look(ticket_id, seen) for ticket_id, seen in rows if seen is not None)


def _look(ticket_id: int, seen: dt.datetime) -> int:
    """Look at one ticket, unless somebody else does or its times were reckoned anew."""
    mine = update(Ticket).where(Ticket.id == ticket_id, Ticket.look_at == seen).values(look_at=None)
    mine = mine.returning(Ticket.id).execution_options(synchronize_session=False)
    if db.session.execute(mine).scalar() is None:
        return 0
    query = select(Ticket).where(Ticket.id == ticket_id).options(joinedload(Ticket.queue), joinedload(Ticket.assignee))
    ticket = db.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    if ticket.status == Status.MERGED:
        return 0
    given, next_at, n = _given(ticket), list[dt.datetime](), 0
    for promise, stage, at, is_done in _alarms(ticket):
        if (promise, stage) in given:
            continue
        if at > clock.now():
            next_at.append(at)
            continue
        db.session.add(
            Alarm(ticket_id=ticket.id, round=ticket.reopened_n, promise=promise, stage=stage, at=clock.now())
        )
        if stage == Stage.BROKEN:
            holding.record(Name.TICKET_BREACHED, system("tickets"), ticket, promise=promise.value)
        if not is_done and not (stage == Stage.SOON and (promise, Stage.BROKEN) in _past(ticket)):
            _tell(ticket, promise, stage)
            n += 1
    ticket.look_at = min(next_at, default=None)
    db.session.flush()
    return n


def _alarms(ticket: Ticket) -> Iterator[tuple[Promise, Stage, dt.datetime, bool]]:
    """Give what may have to be told of a ticket, with its time and whether what was promised has been done.

    What was done in time is over. What was done late is a broken promise all the same, but nobody need be told.
    """
    reckoned = promises.of(ticket)
    ended = ticket.resolved_at or ticket.closed_at
    both = (
        (Promise.FIRST_RESPONSE, ticket.first_response_at or ended, ticket.first_response_due_at),
        (Promise.RESOLUTION, ended, ticket.resolution_due_at),
    )
    for promise, done_at, due_at in both:
        if due_at is None or (done_at is not None and done_at <= due_at):
            continue
        if done_at is None and promise in reckoned:
            yield promise, Stage.SOON, reckoned[promise].warn_at, False
        yield promise, Stage.BROKEN, due_at, done_at is not None


def _past(ticket: Ticket) -> set[tuple[Promise, Stage]]:
    """Return which promises are broken by now: who hears that need not hear that it was near."""
    dues = {Promise.FIRST_RESPONSE: ticket.first_response_due_at, Promise.RESOLUTION: ticket.resolution_due_at}
    return {(promise, Stage.BROKEN) for promise, due in dues.items() if due is not None and due <= clock.now()}


def _given(ticket: Ticket) -> set[tuple[Promise, Stage]]:
    query = select(Alarm.promise, Alarm.stage).where(Alarm.ticket_id == ticket.id, Alarm.round == ticket.reopened_n)
    return {(Promise(promise), Stage(stage)) for promise, stage in db.session.execute(query)}


def _tell(ticket: Ticket, promise: Promise, stage: Stage) -> None:
    """Tell whoever works on it; where nobody does, or they have left, everybody of its queue."""
    ticket.is_warned = True
    is_theirs = ticket.assignee is not None and ticket.assignee.is_active
    who = [ticket.assignee_id] if is_theirs else queues.workers(ticket.queue_id)
    news.tell(who, KINDS[stage], ticket, actor=system("tickets"), data={"promise": promise.value})
