"""How long it usually takes, told before somebody chooses a way: medians of what really happened lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import format_timedelta, ngettext
from sqlalchemy import select

from portal.community.models import Question
from portal.core import clock
from portal.core.database import db
from portal.tickets.levels import promises
from portal.tickets.models import Queue, Source, Ticket

LATELY = dt.timedelta(days=90)
ENOUGH = 8
"""Fewer than so many say nothing about the next one."""
SAMPLE = 400
KEPT_SECONDS = 600
ASKED = (Source.PORTAL, Source.MAIL, Source.API)
"""Ways on which an answer takes time: who calls has one."""


@dataclass(frozen=True)
class Usual:
    """Half of all get a first answer within this time; none where too few are known."""

    colleagues: dt.timedelta | None
    """By the clock: colleagues answer when they like."""
    desk: dt.timedelta | None
    """Working time of the queue, as in what the desk promises."""


def usual() -> Usual:
    """Return how soon half of the latest questions and tickets had a first answer; looked up every ten minutes."""
    return _usual(str(db.engine.url), int(clock.now().timestamp()) // KEPT_SECONDS)


@lru_cache(maxsize=4)
def _usual(database: str, stretch: int) -> Usual:
    since = clock.now() - LATELY
    asked = select(Question.created_at, Question.first_answer_at)
    asked = asked.where(Question.created_at >= since, Question.origin == "portal", Question.removed_at.is_(None))
    handed = select(Ticket.queue_id, Ticket.opened_at, Ticket.first_response_at)
    handed = handed.where(Ticket.opened_at >= since, Ticket.source.in_([one.value for one in ASKED]))
    rows = db.session.execute(asked.order_by(Question.created_at.desc()).limit(SAMPLE)).all()
    tickets = db.session.execute(handed.order_by(Ticket.opened_at.desc()).limit(SAMPLE)).all()
    hours = {queue.id: promises.hours_of(queue) for queue in db.session.execute(select(Queue)).scalars()}
    return Usual(
        colleagues=_half([answered - opened if answered else None for opened, answered in rows]),
        desk=_half(
            [hours[queue].between(opened, answered) if answered else None for queue, opened, answered in tickets]
        ),
    )


def _half(waits: Sequence[dt.timedelta | None]) -> dt.timedelta | None:
    """Return the median, none meaning that somebody waits still; none while half of all do.

    >>> _half([dt.timedelta(hours=n) for n in range(1, 10)])
    datetime.timedelta(seconds=18000)
    """
    if len(waits) < ENOUGH:
        return None
    waits = sorted(dt.timedelta.max if wait is None else wait for wait in waits)
    middle = waits[len(waits) // 2]
    return None if middle == dt.timedelta.max else middle


def words(span: dt.timedelta | None) -> str:
    """Return a span as one says it: "3 hours", "25 minutes"; nothing for none."""
    return format_timedelta(span, granularity="minute", threshold=1.5) if span is not None else ""


def working(span: dt.timedelta | None) -> str:
    """Return a span of working time as one says it: days of it mean nothing, so minutes and hours."""
    if span is None:
        return ""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 100:
        return ngettext("%(num)s working minute", "%(num)s working minutes", minutes)
    return ngettext("%(num)s working hour", "%(num)s working hours", round(minutes / 60))
