"""How fast people are answered: tickets in the working hours of their queue, questions by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from analytics import kcs, servicedesk
from analytics.kcs import Closed
from analytics.proportions import Share, wilson
from analytics.servicedesk import Handled, Times
from analytics.workinghours import Pause, WorkingHours
from portal.community.models import Question
from portal.core import clock
from portal.core.database import db
from portal.measures import columns
from portal.measures.reports import ALL, Slice
from portal.people.models import Person
from portal.tickets.models import BusinessHours, Knowledge, Queue, ServiceLevel, Status, Ticket, TicketPause

ALWAYS = [[["00:00", "24:00"]]] * 7
"""A queue without hours counts by the clock on the wall."""
HOUR = 3600.0
DONE = (Status.RESOLVED, Status.CLOSED)

Measure = Callable[[WorkingHours, Iterable[Handled]], Times]


def first_responses(since: dt.date, until: dt.date, of: Slice = ALL) -> Times:
    """Measure the time to the first answer, of the tickets opened in a period."""
    now = clock.now()
    return _times(since, until, of, lambda hours, tickets: servicedesk.answer_times(hours, tickets, as_of=now))


def resolutions(since: dt.date, until: dt.date, of: Slice = ALL) -> Times:
    """Measure the time to the solution, of the tickets opened in a period."""
    now = clock.now()
    return _times(since, until, of, lambda hours, tickets: servicedesk.resolution_times(hours, tickets, as_of=now))


def _times(since: dt.date, until: dt.date, of: Slice, measure: Measure) -> Times:
    """Measure each queue in its own hours, and put them together."""
    by_queue: dict[int, list[Handled]] = {}
    for _number, queue_id, handled in _handled(since, until, of):
        by_queue.setdefault(queue_id, []).append(handled)
    hours = _hours()
    parts = [measure(hours[queue_id], rows) for queue_id, rows in by_queue.items()]
    taken = [each for part in parts for each in part.hours]
    kept = sum(part.within.k for part in parts if part.within)
    decided = sum(part.within.n for part in parts if part.within)
    return Times(
        n=len(taken),
        n_pending=sum(part.n_pending for part in parts),
        median=float(np.median(taken)) if taken else None,
        p90=float(np.percentile(taken, 90)) if taken else None,
        within=wilson(kept, decided),
        hours=tuple(taken),
    )


@dataclass(frozen=True, kw_only=True)
class Took:
    """One ticket as the figures see it: nobody's name, none of its words."""

    id: int
    opened_at: dt.datetime
    answer: float | None
    """Working hours to the first answer; None while there is none."""
    answered_in_time: bool | None
    solution: float | None
    solved_in_time: bool | None


def each(since: dt.date, until: dt.date, of: Slice = ALL) -> list[Took]:
    """Return the tickets opened in a period, the latest first, with the times that the figures are made of."""
    hours, now = _hours(), clock.now()

    def kept(found: Times) -> bool | None:
        return None if found.within is None else bool(found.within.k)

    made = []
    for number, queue_id, one in _handled(since, until, of):
        answer = servicedesk.answer_times(hours[queue_id], [one], as_of=now)
        solution = servicedesk.resolution_times(hours[queue_id], [one], as_of=now)
        made.append(
            Took(
                id=number,
                opened_at=one.opened_at,
                answer=answer.median,
                answered_in_time=kept(answer),
                solution=solution.median,
                solved_in_time=kept(solution),
            )
        )
    return sorted(made, key=lambda one: -one.id)


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


def _handled(since: dt.date, until: dt.date, of: Slice) -> Iterable[tuple[int, int, Handled]]:
    mine = select(Ticket.id).where(*_opened(since, until, of))
    pauses: dict[int, list[Pause]] = {}
    stood = select(TicketPause.ticket_id, TicketPause.starts_at, TicketPause.ends_at)
    for number, start, end in db.session.execute(stood.where(TicketPause.ticket_id.in_(mine))):
        pauses.setdefault(number, []).append(Pause(start, end))
    levels = {(level.queue_id, level.priority): level for level in db.session.execute(select(ServiceLevel)).scalars()}
    query = select(
        *(Ticket.id, Ticket.queue_id, Ticket.priority, Ticket.status, Ticket.opened_at),
        *(Ticket.first_response_at, Ticket.resolved_at),
    ).where(*_opened(since, until, of))
    for row in db.session.execute(query):
        level = levels.get((row.queue_id, row.priority))
        yield (
            row.id,
            row.queue_id,
            Handled(
                opened_at=row.opened_at,
                answered_at=row.first_response_at,
                resolved_at=row.resolved_at if row.status in DONE else None,
                pauses=tuple(pauses.get(row.id, ())),
                answer_within=_minutes(level.first_response_minutes if level else None),
                resolve_within=_minutes(level.resolution_minutes if level else None),
            ),
        )


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
