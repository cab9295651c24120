"""How often people come (METRICS 3.1), shown beside what matters, never as a goal: who is well does not come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.proportions import Share, wilson

WEEK = timedelta(days=7)

Days = Mapping[str, Collection[date]]
"""The days on which each person did something here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How many people came in a stretch of days, in its last week and on its days."""

    eligible: int
    n_days: int
    active: int
    """Of a stretch of 28 days: monthly active people."""
    active_last_week: int
    person_days: int

    @property
    def reach(self) -> Share | None:
        return wilson(min(self.active, self.eligible), self.eligible)

    @property
    def mean_daily(self) -> float:
        return self.person_days / self.n_days

    @property
    def week_to_all(self) -> float | None:
        """WAU/MAU; None where nobody came."""
        return self.active_last_week / self.active if self.active else None

    @property
    def day_to_all(self) -> float | None:
        """DAU/MAU."""
        return self.mean_daily / self.active if self.active else None


def rhythm(days: Days, *, since: date, until: date, eligible: int) -> Rhythm:
    """Measure the days from `since` up to but without `until`.

    >>> told = rhythm({"a": [date(2026, 3, 2)], "b": [date(2026, 3, 27)]},
    ...               since=date(2026, 3, 1), until=date(2026, 3, 29), eligible=20)
    >>> told.active, told.active_last_week, round(told.reach.low, 4)
    (2, 1, 0.0279)
    """
    if until <= since:
        raise ValueError("a stretch of days has one at least")
    own = {key: {day for day in when if since <= day < until} for key, when in days.items()}
    return Rhythm(
        eligible=eligible,
        n_days=(until - since).days,
        active=sum(bool(when) for when in own.values()),
        active_last_week=sum(any(day >= until - WEEK for day in when) for when in own.values()),
        person_days=sum(len(when) for when in own.values()),
    )
