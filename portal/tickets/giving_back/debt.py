"""Knowledge debt: resolved tickets of which nobody has said what they leave behind. Of a queue, never of one person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.tickets import policies
from portal.tickets.giving_back.leaving import LINKABLE
from portal.tickets.models import Link, Queue, Source, Status, Ticket, TicketArticle
from portal.tickets.policies import Reach

PAGE = 30
WEEKS = 8
RESOLVED = (Status.RESOLVED.value, Status.CLOSED.value)


_solved_here = and_(Ticket.status.in_(RESOLVED), Ticket.source != Source.IMPORT.value)
"""What an import brought was solved elsewhere."""


def _worked(actor: Actor) -> ColumnElement[bool]:
    return and_(policies.at_desk(actor), _solved_here)


def _open(actor: Actor) -> ColumnElement[bool]:
    return and_(_worked(actor), Ticket.knowledge.is_(None))


def count(actor: Actor) -> int:
    """Return how many tickets of the actor's queues nobody has said it of; one query."""
    return db.session.execute(_count(policies.reach(actor)), {"person": actor.person_id}).scalar_one()


@cache
def _count(reach: Reach) -> Select[int]:
    worked = policies.within(reach, bindparam("person", type_=Integer))
    return select(func.count()).select_from(Ticket).where(worked, _solved_here, Ticket.knowledge.is_(None))


@dataclass(frozen=True, kw_only=True)
class Week:
    """The tickets of a queue that were resolved in seven days, and of how many it was said what they leave."""

    since: dt.date
    n: int
    n_said: int


@dataclass(frozen=True, kw_only=True)
class OfQueue:
    """What a queue still owes, and how it went lately."""

    queue: Queue
    n_open: int
    weeks: tuple[Week, ...]
    """The oldest first."""

    @property
    def halves(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return said and resolved of the weeks before, and of the latest weeks."""
        half = len(self.weeks) // 2
        parts = self.weeks[:half], self.weeks[half:]
        before, lately = ((sum(week.n_said for week in part), sum(week.n for week in part)) for part in parts)
        return before, lately

    @property
    def trend(self) -> str:
        """Say `better`, `worse`, `same`, or nothing where one of the halves had no ticket."""
        (said_before, before), (said, lately) = self.halves
        if not before or not lately:
            return ""
        change = said / lately - said_before / before
        return "same" if abs(change) < 0.05 else "better" if change > 0 else "worse"


def by_queue(actor: Actor) -> list[OfQueue]:
    """Return the actor's queues with what they owe, most first; two queries, whatever their number."""
    now = clock.now()
    ends = [now - dt.timedelta(days=7 * n) for n in range(WEEKS)]
    spans = [(end - dt.timedelta(days=7), end) for end in reversed(ends)]
    cells = []
    for since, until in spans:
        within = and_(Ticket.resolved_at > since, Ticket.resolved_at <= until)
        cells += [func.count(case((within, 1))), func.count(case((and_(within, Ticket.knowledge.is_not(None)), 1)))]
    query = select(Ticket.queue_id, func.count(case((Ticket.knowledge.is_(None), 1))), *cells)
    rows = db.session.execute(query.where(_worked(actor)).group_by(Ticket.queue_id)).all()
    queues = {one.id: one for one in db.session.execute(select(Queue)).scalars()} if rows else {}
    found = []
    for queue_id, n_open, *counts in rows:
        pairs = zip(counts[::2], counts[1::2], spans, strict=True)
        weeks = tuple(Week(since=since.date(), n=n, n_said=said) for n, said, (since, _until) in pairs)
        found.append(OfQueue(queue=queues[queue_id], n_open=n_open, weeks=weeks))
    return sorted(found, key=lambda one: (-one.n_open, one.queue.position, one.queue.name))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One ticket somebody has still to speak of, with what was sent on it."""

    ticket: Ticket
    sent: list[Thing]


def rows(actor: Actor, *, queue_id: int | None = None, before: int | None = None) -> list[Row]:
    """Return a page of them, the newest first; `before` is the last one's number. Three queries and the things'."""
    query = select(Ticket).where(_open(actor)).options(joinedload(Ticket.queue), joinedload(Ticket.category))
    if queue_id is not None:
        query = query.where(Ticket.queue_id == queue_id)
    if before is not None:
        query = query.where(Ticket.id < before)
    tickets = list(db.session.execute(query.order_by(Ticket.id.desc()).limit(PAGE)).scalars())
    sent = _sent(actor, [ticket.id for ticket in tickets])
    return [Row(ticket=ticket, sent=sent.get(ticket.id, [])) for ticket in tickets]


def _sent(actor: Actor, ids: list[int]) -> dict[int, list[Thing]]:
    if not ids:
        return {}
    query = select(TicketArticle.ticket_id, TicketArticle.subject).where(TicketArticle.ticket_id.in_(ids))
    query = query.where(TicketArticle.kind == Link.SENT.value).order_by(TicketArticle.id)
    pairs = [(ticket_id, Ref.parse(subject)) for ticket_id, subject in db.session.execute(query)]
    things = load_things(actor, {ref for _id, ref in pairs if ref.kind in LINKABLE}) if pairs else {}
    found: dict[int, list[Thing]] = {}
    for ticket_id, ref in pairs:
        if ref in things:
            found.setdefault(ticket_id, []).append(things[ref])
    return found
