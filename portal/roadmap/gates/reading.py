"""What the figures say to each thing a gate asks for, now: met, not met, or not enough to tell.

A score of a survey counts by the lower end of its interval: what is asked for has to be beyond chance. What is found
is plain values, so that a decision keeps the very same and a page draws both alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Any

from sqlalchemy import func, select

from analytics.readouts import Comparison
from portal.adoption.models import Intervention
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.kb.models import Article, Status
from portal.kb.models.articles import is_check_due
from portal.measures import catalogue, fold
from portal.measures.models import DailyMeasure
from portal.pulse import policies
from portal.pulse.models import Wave, WaveReading, WaveState
from portal.pulse.reading import Kept, kept
from portal.roadmap.gates.models import Condition, Gate, Kind
from portal.roadmap.increments.models import Requirement
from surveys import loading

WEEK = dt.timedelta(days=7)
QUARTER = dt.timedelta(days=91)
BUSIEST = 20
LEAST_TOPICS = 5
"""With fewer topics that anybody needed there is nothing to take a share of."""
MOST_WEEKS = 52


class Met(StrEnum):
    """Whether something is as a gate asks."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """Not enough data, or nobody has looked."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One condition, and what was found; everything JSON can hold."""

    condition_id: int
    kind: str
    subject: str
    comparison: str
    threshold: float | None
    days: int
    words: str
    met: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    source: str = ""
    """The survey it is of."""
    on: str = ""
    """The day up to which it was read, or on which somebody looked; as 2026-06-30."""
    seen: str = ""
    seen_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Value:
    """A figure as one way of reading gives it; `by` is what is set against the threshold."""

    by: float | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    source: str = ""
    on: dt.date | None = None


NOTHING = Value(by=None)


@dataclass(frozen=True)
class Survey:
    """The last closed survey."""

    wave: Wave
    kept: Kept

    @property
    def closed_on(self) -> dt.date | None:
        return self.wave.closed_at.date() if self.wave.closed_at else None


def last_survey(reader: Actor | None = None) -> Survey | None:
    """Return the last survey that was closed and can be read, of those this reader may know of; one query.

    Without a reader: whatever is the last, as a gate asks.
    """
    query = select(Wave, WaveReading).join(WaveReading, WaveReading.wave_id == Wave.id)
    query = query.where(Wave.state == WaveState.CLOSED.value).order_by(Wave.closed_at.desc(), Wave.id.desc()).limit(1)
    if reader is not None and not policies.reads(reader):
        query = query.where(Wave.published_at.is_not(None))
    row = db.session.execute(query).first()
    return Survey(row[0], kept(row[1])) if row is not None else None


def read(gate: Gate, conditions: Sequence[Condition]) -> list[Found]:
    """Ask the figures for every condition of a gate."""
    surveys: list[Survey | None] = []

    def survey() -> Survey | None:
        if not surveys:
            surveys.append(last_survey())
        return surveys[0]

    return [_found(gate, one, survey) for one in conditions]


def _found(gate: Gate, row: Condition, survey: Callable[[], Survey | None]) -> Found:
    asked: dict[str, Any] = {
        "condition_id": row.id, "kind": row.kind, "subject": row.subject, "comparison": row.comparison,
        "threshold": row.threshold, "days": row.days, "words": row.words,
    }  # fmt: skip
    if row.kind == Kind.HAND:
        met = Met.UNKNOWN if row.is_met is None else Met.YES if row.is_met else Met.NO
        seen_on = row.seen_at.date().isoformat() if row.seen_at else ""
        seen_by = row.seen_by.name if row.seen_by else ""
        return Found(**asked, met=met.value, on=seen_on, seen=row.seen, seen_by=seen_by)
    value = _value(gate, row, survey)
    met = Met.UNKNOWN
    if value.by is not None and row.threshold is not None:
        met = Met.YES if Comparison(row.comparison).holds(value.by, row.threshold) else Met.NO
    return Found(
        **asked,
        met=met.value,
        value=value.value,
        low=value.low,
        high=value.high,
        n=value.n,
        source=value.source,
        on=value.on.isoformat() if value.on else "",
    )


def _value(gate: Gate, row: Condition, survey: Callable[[], Survey | None]) -> Value:
    match row.kind:
        case Kind.SCORE:
            return _score(survey(), row.subject)
        case Kind.RESPONSE:
            return _response(survey())
        case Kind.FALL:
            return _fall(survey())
        case Kind.MEASURE:
            return _measure(row.subject, row.days)
        case Kind.HISTORY:
            return _history(row.subject)
        case Kind.TOPICS:
            return _topics()
        case Kind.TRACED:
            return _traced(gate)
        case Kind.READOUT:
            return _readouts(gate)
    return NOTHING


def _score(survey: Survey | None, code: str) -> Value:
    if survey is None:
        return NOTHING
    score = survey.kept.released.total.score(code)
    source, on = survey.wave.name, survey.closed_on
    if score is None or score.mean is None or score.mean.low is None:
        return Value(by=None, source=source, on=on)
    low, high = score.mean.low, score.mean.high
    return Value(by=low, value=score.mean.value.value, low=low, high=high, n=score.n, source=source, on=on)


def _response(survey: Survey | None) -> Value:
    if survey is None:
        return NOTHING
    total = survey.kept.released.total
    return Value(
        by=total.response, value=total.response, n=total.delivered, source=survey.wave.name, on=survey.closed_on
    )


def _fall(survey: Survey | None) -> Value:
    """Return the worst change of a core dimension; nothing unless every one asked could be compared."""
    if survey is None:
        return NOTHING
    released = survey.kept.released
    core = [code for code in loading.load(released.instrument).rules.core if code in released.dimensions]
    scores = [released.total.score(code) for code in core]
    changes = [one.since.g for one in scores if one is not None and one.since is not None and one.since.g is not None]
    if not core or len(changes) < len(core):
        return Value(by=None, source=survey.wave.name, on=survey.closed_on)
    worst = min(changes)
    return Value(by=worst, value=worst, n=released.total.n, source=survey.wave.name, on=survey.closed_on)


def until() -> dt.date:
    """Return the day up to which figures are there."""
    return min(clock.today(), fold.as_of() or clock.today())


def _measure(name: str, days: int) -> Value:
    measure, end = catalogue.find(name), until()
    if measure is None:
        return NOTHING
    found = measure.read(end - dt.timedelta(days=days), end)
    return Value(by=found.value, value=found.value, low=found.low, high=found.high, n=found.n, on=end)


def _history(name: str) -> Value:
    """Count the weeks in a row, the last one first, in which a measure could be read."""
    measure, end = catalogue.find(name), until()
    if measure is None:
        return NOTHING
    weeks = measure.read_many([(end - (n + 1) * WEEK, end - n * WEEK) for n in range(MOST_WEEKS)])
    n = sum(1 for _week in takewhile(lambda week: week.value is not None, weeks))
    return Value(by=float(n), value=float(n), n=n, on=end)


def _topics() -> Value:
    end = until()
    query = (
        select(DailyMeasure.slice, func.sum(DailyMeasure.value))
        .where(DailyMeasure.slice.like("category:%"), DailyMeasure.measure.in_(["needs.n", "tickets.unlinked"]))
        .where(DailyMeasure.day >= end - QUARTER, DailyMeasure.day < end)
        .group_by(DailyMeasure.slice)
        .order_by(func.sum(DailyMeasure.value).desc(), DailyMeasure.slice)
    )
    topics = [int(of.partition(":")[2]) for of, n in db.session.execute(query.limit(BUSIEST)) if n > 0]
    if len(topics) < LEAST_TOPICS:
        return Value(by=None, n=len(topics), on=end)
    checked = _checked(topics)
    share = len(checked) / len(topics)
    return Value(by=share, value=share, n=len(topics), on=end)


def _checked(topics: Collection[int]) -> set[int]:
    """Return the topics with a published article whose check is not due; one query."""
    query = select(Article.category_id, Article.verified_at, Article.review_by)
    query = query.where(Article.category_id.in_(topics), Article.status == Status.PUBLISHED.value)
    return {topic for topic, checked_at, due_on in db.session.execute(query) if not is_check_due(checked_at, due_on)}


def _traced(gate: Gate) -> Value:
    query = select(Requirement).where(Requirement.removed_at.is_(None))
    if gate.increment_id is not None:
        query = query.where(Requirement.increment_id == gate.increment_id)
    rows = db.session.execute(query).scalars().all()
    if not rows:
        return Value(by=None, n=0)
    share = sum(row.is_traced for row in rows) / len(rows)
    return Value(by=share, value=share, n=len(rows), on=clock.today())


def _readouts(gate: Gate) -> Value:
    """Count the effects that were published since the gate was set up."""
    published = select(func.count()).select_from(Intervention).where(Intervention.published_at >= gate.created_at)
    n = db.session.execute(published).scalar_one()
    return Value(by=float(n), value=float(n), n=n, on=clock.today())


def plain(found: Sequence[Found]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]
