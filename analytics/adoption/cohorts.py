"""Who came back: people by the week they first came in, and how many of them came in each week after.

Weeks are blocks of seven days from the first day of the stretch on (METRICS 11), so that the last one is whole; days
beyond the last whole week are left out, since a week that is still running looks like one in which people stayed away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.adoption.rhythm import WEEK, Days
from analytics.proportions import Share, wilson


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who first came in one week (0 is the first), and how many of them came in that one and each after it."""

    week: int
    n: int
    came: tuple[int, ...]

    @property
    def retention(self) -> tuple[Share, ...]:
        return tuple(share for k in self.came if (share := wilson(k, self.n)))


def cohorts(days: Days, *, since: date, until: date, length: timedelta = WEEK) -> list[Cohort]:
    """Return the cohorts of a stretch; who had come before it belongs to none of them.

    Over a year weeks are many and few people come first in each: `length` makes longer ones of them.

    >>> when = {"a": [date(2026, 3, 1), date(2026, 3, 9)], "b": [date(2026, 3, 3)]}
    >>> cohorts(when, since=date(2026, 3, 1), until=date(2026, 3, 15))
    [Cohort(week=0, n=2, came=(2, 1))]
    """
    n_weeks = (until - since) // length
    weeks = [
        {(day - since) // length for day in when if day >= since}
        for when in days.values()
        if when and min(when) >= since
    ]
    told = []
    for first in range(n_weeks):
        own = [came for came in weeks if min(came) == first]
        if own:
            told.append(
                Cohort(first, len(own), tuple(sum(week in came for came in own) for week in range(first, n_weeks)))
            )
    return told
