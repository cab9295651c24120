"""How fast people are answered: tickets in the working hours of their queue, questions by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from analytics import kcs, servicedesk
from analytics.kcs import Closed
from analytics.proportions import Share, wilson
from analytics.servicedesk import Handled, Taken, Times
from analytics.workinghours import Pause, WorkingHours
from portal.community.models import Question
from portal.core import clock
from portal.core.database import db
from portal.measures import columns, fold
from portal.measures.reports import ALL, Slice
from portal.people.models import Person
from portal.tickets.models import BusinessHours, Knowledge, Queue, ServiceLevel, Status, Ticket, TicketPause

ALWAYS = [[["00:00", "24:00"]]] * 7
"""A queue without hours counts by the clock on the wall."""
HOUR = 3600.0
DONE = (Status.RESOLVED, Status.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Took:
    """One ticket as the figures see it: nobody's name, none of its words."""

    id: int
    opened_at: dt.datetime
    answer: Taken
    """In the working hours of its queue, as is the solution."""
    solution: Taken
    topic: int | None
    department: int | None
    site: int | None

    def is_in(self, of: Slice) -> bool:
        """Tell whether it counts for a slice: its own topic, or where who opened it belongs now."""
        at = {columns.TOPIC: self.topic, "department": self.department, "site": self.site}
        return not of.kind or at[of.kind] == of.id


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How fast the desk answered and solved the tickets opened in a period."""

    answers: Times
    solutions: Times


def speed(since: dt.date, until: dt.date, of: Slice = ALL) -> Speed:
    """Measure the tickets opened in a period."""
    return together(each(since, until, of))


def together(took: Iterable[Took]) -> Speed:
    """Put tickets together."""
    rows = list(took)
    return Speed(
        answers=servicedesk.times(one.answer for one in rows),
        solutions=servicedesk.times(one.solution for one in rows),
    )


def each(since: dt.date, until: dt.date, of: Slice = ALL, *, skip: int = 0, most: int | None = None) -> Iterator[Took]:
    """Give the tickets opened in a period, the latest first, with the times that the figures are made of.

    They stand as at the end of the last day that is folded: what was answered since belongs to the next.
    """
    wanted = select(Ticket.id).where(*_opened(since, until, of)).order_by(Ticket.id.desc())
    mine = (wanted if most is None else wanted.offset(skip).limit(most)).subquery()
    hours, known_until = _hours(), fold.as_of()
    as_of = columns.midnight(known_until) if known_until is not None else clock.now()
    levels = {(level.queue_id, level.priority): level for level in db.session.execute(select(ServiceLevel)).scalars()}
    pauses: dict[int, list[Pause]] = {}
    stood = select(TicketPause.ticket_id, TicketPause.starts_at, TicketPause.ends_at)
    for number, start, end in db.session.execute(stood.join(mine, mine.c.id == TicketPause.ticket_id)):
        pauses.setdefault(number, []).append(Pause(start, end))
    query = select(
        *(Ticket.id, Ticket.queue_id, Ticket.priority, Ticket.status, Ticket.opened_at, Ticket.first_response_at),
        *(Ticket.resolved_at, Ticket.category_id, Person.department_id, Person.site_id),
    ).join_from(mine, Ticket, Ticket.id == mine.c.id)
    query = query.outerjoin(Person, Person.id == Ticket.requester_id).order_by(Ticket.id.desc())
    for row in db.session.execute(query):
        one = _handled(row, pauses.get(row.id, ()), levels.get((row.queue_id, row.priority)))
        yield Took(
            id=row.id,
            opened_at=row.opened_at,
            answer=servicedesk.answered(hours[row.queue_id], one, as_of=as_of),
            solution=servicedesk.solved(hours[row.queue_id], one, as_of=as_of),
            topic=row.category_id,
            department=row.department_id,
            site=row.site_id,
        )


def _handled(row: Any, pauses: Iterable[Pause], level: ServiceLevel | None) -> Handled:
    return Handled(
        opened_at=row.opened_at,
        answered_at=row.first_response_at,
        resolved_at=row.resolved_at if row.status in DONE else None,
        pauses=tuple(pauses),
        answer_within=_minutes(level.first_response_minutes if level else None),
        resolve_within=_minutes(level.resolution_minutes if level else None),
    )


def n_opened(since: dt.date, until: dt.date, of: Slice = ALL) -> int:
    """Count the tickets opened in a period."""
    query = select(func.count()).select_from(Ticket).where(*_opened(since, until, of))
    return db.session.execute(query).scalar_one()


def n_people(since: dt.date, until: dt.date, of: Slice = ALL) -> int:
    """Count the people who opened tickets in a period."""
    query = select(func.count(Ticket.requester_id.distinct())).where(*_opened(since, until, of))
    return db.session.execute(query).scalar_one()


def _opened(since: dt.date, until: dt.date, of: Slice) -> list[ColumnElement[bool]]:
    """Return the conditions of tickets opened in a period: none that was taken back or went into another."""
    found = [
        Ticket.opened_at >= columns.midnight(since),
        Ticket.opened_at < columns.midnight(until),
        Ticket.status.not_in([Status.MERGED, Status.WITHDRAWN]),
    ]
    return found + _of(of)


def _of(of: Slice) -> list[ColumnElement[bool]]:
    if not of.kind:
        return []
    if of.kind == columns.TOPIC:
        return [Ticket.category_id == of.id]
    column = Person.department_id if of.kind == "department" else Person.site_id
    return [Ticket.requester_id.in_(select(Person.id).where(column == of.id))]


def _minutes(n: int | None) -> dt.timedelta | None:
    return None if n is None else dt.timedelta(minutes=n)


def _hours() -> dict[int, WorkingHours]:
    query = select(Queue).options(selectinload(Queue.hours).selectinload(BusinessHours.holidays))
    return {queue.id: _read(queue.hours) for queue in db.session.execute(query).scalars()}


def _read(hours: BusinessHours | None) -> WorkingHours:
    if hours is None:
        return WorkingHours.read(ALWAYS)
    return WorkingHours.read(hours.week, (day.on for day in hours.holidays), timezone=hours.timezone)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What became of the questions of a period."""

    n: int
    answered: Share | None
    accepted: Share | None
    median: float | None
    """Hours by the clock until the first answer, over those that have one."""


def questions(since: dt.date, until: dt.date, of: Slice = ALL) -> Answered:
    """Measure how soon colleagues answer the questions asked in a period."""
    query = select(Question.created_at, Question.first_answer_at, Question.accepted_at).where(
        Question.created_at >= columns.midnight(since),
        Question.created_at < columns.midnight(until),
        Question.removed_at.is_(None),
        Question.origin == "portal",
    )
    if of.kind == columns.TOPIC:
        query = query.where(Question.category_id == of.id)
    elif of.kind:
        column = Person.department_id if of.kind == "department" else Person.site_id
        query = query.where(Question.asker_id.in_(select(Person.id).where(column == of.id)))
    rows = db.session.execute(query).all()
    waited = [(first - asked).total_seconds() / HOUR for asked, first, _accepted in rows if first is not None]
    return Answered(
        n=len(rows),
        answered=wilson(len(waited), len(rows)),
        accepted=wilson(sum(accepted is not None for *_rest, accepted in rows), len(rows)),
        median=float(np.median(waited)) if waited else None,
    )


def knowledge(since: dt.date, until: dt.date, of: Slice = ALL) -> kcs.Knowledge:
    """Say what the tickets solved in a period left behind for the next person."""
    query = select(Ticket.knowledge, func.count()).where(
        Ticket.resolved_at >= columns.midnight(since),
        Ticket.resolved_at < columns.midnight(until),
        Ticket.status.in_(DONE),
        *_of(of),
    )
    found: dict[Any, int] = {kind: n for kind, n in db.session.execute(query.group_by(Ticket.knowledge))}  # noqa: C416
    return kcs.knowledge(
        Closed(
            linked=found.get(Knowledge.LINKED, 0),
            created=found.get(Knowledge.DRAFTED, 0),
            improved=found.get(Knowledge.IMPROVED, 0),
            nothing=found.get(None, 0),
            not_reusable=found.get(Knowledge.NOT_REUSABLE, 0),
        )
    )
