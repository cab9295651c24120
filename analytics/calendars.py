"""Which days people work: closed days and the shape of a year, a week and a month."""

from collections.abc import Iterable
from datetime import date, timedelta

WEEKDAYS = (1.15, 1.05, 1.0, 1.0, 0.85, 0.04, 0.03)
"""Demand of Monday to Sunday against a Wednesday: people come back to trouble on Mondays."""
MONTHS = (1.1, 1.0, 1.0, 0.95, 0.95, 1.0, 0.9, 0.75, 1.1, 1.05, 1.05, 0.85)
"""Demand of January to December: holidays in August, fresh starts in January and September."""
CLOSED = 0.02
"""What is left of a day on which the doors are shut."""


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876).

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def closed_days(years: Iterable[int]) -> frozenset[date]:
    """Return the days a furniture maker is shut: Christmas week, New Year, Good Friday, Easter Monday, 1 May.

    >>> date(2026, 4, 6) in closed_days([2026])
    True
    """
    days: set[date] = set()
    for year in years:
        sunday = easter(year)
        days |= {sunday - timedelta(days=2), sunday + timedelta(days=1), date(year, 5, 1), date(year, 1, 1)}
        days |= {date(year, 12, day) for day in range(24, 32)}
    return frozenset(days)


def is_month_end(day: date) -> bool:
    """Tell whether the books are being closed: the last two and first three calendar days of a month.

    >>> [is_month_end(date(2026, 3, d)) for d in (1, 3, 4, 29, 30, 31)]
    [True, True, False, False, True, True]
    """
    return day.day <= 3 or (day + timedelta(days=2)).day <= 2


def demand(day: date, closed: frozenset[date] = frozenset()) -> float:
    """Return how much happens on a day against a plain Wednesday.

    >>> demand(date(2026, 8, 3))
    0.8625
    """
    if day in closed:
        return CLOSED
    return round(WEEKDAYS[day.weekday()] * MONTHS[day.month - 1], 6)
