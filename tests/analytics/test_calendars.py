"""The shape of a year, a month and a week."""

import datetime as dt

import pytest

from analytics.calendars import CLOSED, closed_days, demand, easter, is_month_end


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1961, 4, 2), (2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2025, 4, 20), (2038, 4, 25)],
)
def test_easter_falls_where_the_church_puts_it(year: int, month: int, day: int) -> None:
    assert easter(year) == dt.date(year, month, day)


def test_the_doors_are_shut_at_christmas_and_easter() -> None:
    closed = closed_days([2026])
    assert {dt.date(2026, 12, 25), dt.date(2026, 1, 1), dt.date(2026, 4, 3), dt.date(2026, 4, 6)} <= closed
    assert dt.date(2026, 4, 7) not in closed


def test_mondays_are_busier_than_fridays_and_sundays_are_still() -> None:
    monday, friday, sunday = (demand(dt.date(2026, 3, day)) for day in (2, 6, 8))
    assert monday > friday > 10 * sunday


def test_a_closed_day_is_still_whatever_the_weekday() -> None:
    monday = dt.date(2026, 3, 2)
    assert demand(monday, frozenset({monday})) == CLOSED


def test_the_end_of_february_is_a_month_end() -> None:
    assert [is_month_end(dt.date(2024, 2, day)) for day in (27, 28, 29)] == [False, True, True]
