"""The fixed stretches in which departments and sites are told of: four weeks each, the same for everybody.

Two periods that differ by a day would tell of that day. So the figures of a group are sums of whole stretches in which
nothing changes any more, and of each stretch it is settled by itself whether the group may be told of: then whatever
two periods leave, one taken from the other, are stretches that are told of anyway (METRICS 4.6).
"""

from __future__ import annotations

import datetime as dt

from analytics.series import Bucket
from portal.measures import forgetting
from portal.measures.daily import DAY, SETTLING

LENGTH = dt.timedelta(weeks=4)
FIRST = dt.date(2026, 1, 5)
"""A Monday on which one of them begins; they go on from it both ways."""


def begin(day: dt.date) -> dt.date:
    """Return the first day of the stretch a day lies in.

    >>> begin(dt.date(2026, 1, 4)), begin(dt.date(2026, 2, 1)), begin(dt.date(2026, 2, 2))
    (datetime.date(2025, 12, 8), datetime.date(2026, 1, 5), datetime.date(2026, 2, 2))
    """
    return day - (day - FIRST) % LENGTH


def end(as_of: dt.date) -> dt.date:
    """Return the day before which everything is settled in whole stretches, where days before `as_of` are counted."""
    return begin(as_of - SETTLING)


def usual(days: int, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """Return the period of so many days, a multiple of a stretch, that takes the place of the last ones."""
    return end(as_of) - days * DAY, end(as_of)


def around(since: dt.date, until: dt.date, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """Return the stretches that hold a period, one at least; the last there are, where it is not over yet.

    >>> around(dt.date(2026, 1, 20), dt.date(2026, 2, 3), dt.date(2026, 6, 1))
    (datetime.date(2026, 1, 5), datetime.date(2026, 3, 2))
    """
    last = min(begin(until + LENGTH - DAY), end(as_of))
    return min(begin(since), last - LENGTH), last


def latest(days: int, until: dt.date, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """Return the last whole stretches before a day, as many as so many days hold, one at least.

    >>> latest(91, dt.date(2026, 6, 1), dt.date(2026, 6, 1))
    (datetime.date(2026, 2, 2), datetime.date(2026, 4, 27))
    """
    last = min(begin(until), end(as_of))
    return min(begin(last - max(days * DAY, LENGTH) + LENGTH - DAY), last - LENGTH), last


def within(since: dt.date, until: dt.date, as_of: dt.date) -> list[Bucket]:
    """Return the whole stretches inside a period that are settled, and of which nothing was forgotten yet."""
    forgotten = forgetting.ATTEMPTS.before
    first = since if forgotten is None else max(since, forgotten.date())
    found, day = [], begin(first + LENGTH - DAY)
    while day + LENGTH <= min(until, end(as_of)):
        found.append(Bucket(day, day + LENGTH))
        day += LENGTH
    return found
