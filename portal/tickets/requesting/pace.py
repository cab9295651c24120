"""How long it usually takes, told before somebody chooses a way: medians of what really happened lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_timedelta
from sqlalchemy import select

from portal.community.models import Question
from portal.core import clock
from portal.core.database import db
from portal.tickets.models import Source, Ticket

LATELY = dt.timedelta(days=90)
ENOUGH = 8
"""Fewer than so many say nothing about the next one."""
SAMPLE = 400
ASKED = (Source.PORTAL, Source.MAIL, Source.API)
"""Ways on which an answer takes time: who calls has one."""


@dataclass(frozen=True)
class Usual:
    """Half of all get a first answer within this time; none where too few are known."""

    colleagues: dt.timedelta | None
    desk: dt.timedelta | None


def usual() -> Usual:
    """Return how soon half of the latest questions and tickets had a first answer, by the clock; two queries."""
    since = clock.now() - LATELY
    asked = select(Question.created_at, Question.first_answer_at)
    asked = asked.where(Question.created_at >= since, Question.origin == "portal", Question.removed_at.is_(None))
    handed = select(Ticket.opened_at, Ticket.first_response_at)
    handed = handed.where(Ticket.opened_at >= since, Ticket.source.in_([one.value for one in ASKED]))
    return Usual(
        colleagues=_half(db.session.execute(asked.order_by(Question.created_at.desc()).limit(SAMPLE)).all()),
        desk=_half(db.session.execute(handed.order_by(Ticket.opened_at.desc()).limit(SAMPLE)).all()),
    )


def _half(rows: Sequence[tuple[dt.datetime, dt.datetime | None]]) -> dt.timedelta | None:
    """Return the median; none while half of all wait still.

    >>> day = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
    >>> _half([(day, day + dt.timedelta(hours=n)) for n in range(1, 10)])
    datetime.timedelta(seconds=18000)
    """
    if len(rows) < ENOUGH:
        return None
    waits = sorted(answered - opened if answered else dt.timedelta.max for opened, answered in rows)
    middle = waits[len(waits) // 2]
    return None if middle == dt.timedelta.max else middle


def words(span: dt.timedelta | None) -> str:
    """Return a span as one says it: "3 hours", "25 minutes"; nothing for none."""
    return format_timedelta(span, granularity="minute", threshold=1.5) if span is not None else ""
