"""Days put together to weeks and months, with holes left open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.series import Bucket, Point, Step, a_year_before, bucket_of, buckets, fold, local_day, per_day, ratio

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)


def days(n: int, value: float | None = 1.0, since: date = FIRST) -> dict[date, float | None]:
    return {since + DAY * day: value for day in range(n)}


def test_the_evening_in_london_is_the_next_day_in_berlin() -> None:
    late = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
    counted = per_day([late], BERLIN, since=date(2026, 3, 9), until=date(2026, 3, 11))
    assert counted == {date(2026, 3, 9): 0, date(2026, 3, 10): 1}


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 9), 24)])
def test_a_day_has_the_hours_it_has_where_people_live(day: date, hours: int) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    moments = [start + timedelta(minutes=30 + 60 * n) for n in range(-3, 30)]
    assert per_day(moments, BERLIN, since=day, until=day + DAY) == {day: hours}


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="zone"):
        local_day(datetime(2026, 3, 9), BERLIN)  # noqa: DTZ001


def test_weeks_begin_on_monday_and_cross_the_year() -> None:
    assert bucket_of(date(2027, 1, 3), Step.WEEK) == Bucket(date(2026, 12, 28), date(2027, 1, 4))


def test_february_is_as_long_as_it_is() -> None:
    lengths = [bucket_of(date(year, 2, 9), Step.MONTH).n_days for year in (2026, 2028)]
    assert lengths == [28, 29]


def test_a_gap_is_none_and_never_nought() -> None:
    counted = {**days(7, since=date(2026, 1, 5)), **days(7, None, since=date(2026, 1, 12))}
    points = fold(counted, Step.WEEK, since=date(2026, 1, 5), until=date(2026, 2, 2))
    assert [point.value for point in points] == [7, None, None, None]
    assert [point.n_days for point in points] == [7, 0, 0, 0]


def test_nothing_counted_is_nought() -> None:
    (point,) = fold(days(31, 0.0), Step.MONTH, since=FIRST, until=date(2026, 2, 1))
    assert (point.value, point.is_whole) == (0, True)


def test_a_bucket_with_a_hole_says_that_it_is_not_whole() -> None:
    counted = days(31)
    del counted[date(2026, 1, 9)]
    (point,) = fold(counted, Step.MONTH, since=FIRST, until=date(2026, 2, 1))
    assert (point.value, point.n_days, point.is_whole) == (30, 30, False)


def test_days_outside_the_stretch_do_not_count() -> None:
    (point,) = fold(days(31), Step.MONTH, since=date(2026, 1, 10), until=date(2026, 1, 20))
    assert (point.value, point.is_whole) == (10, False)


def test_nothing_is_divided_by_a_gap_or_by_nothing() -> None:
    bucket = Bucket(FIRST, FIRST + DAY)
    tops = [Point(bucket, value, 1) for value in (3.0, 0.0, 3.0, None, 3.0)]
    bottoms = [Point(bucket, value, 1) for value in (4.0, 4.0, 0.0, 4.0, None)]
    assert ratio(tops, bottoms) == [0.75, 0.0, None, None, None]


def test_last_year_is_the_same_month_or_the_same_weekdays() -> None:
    counted = {FIRST + DAY * n: float(n) for n in range(-400, 60)}
    months = fold(counted, Step.MONTH, since=FIRST, until=date(2026, 3, 1))
    earlier = a_year_before(months, counted, Step.MONTH)
    assert [point.bucket.since for point in earlier] == [date(2025, 1, 1), date(2025, 2, 1)]
    weeks = fold(counted, Step.WEEK, since=date(2026, 1, 5), until=date(2026, 1, 19))
    before = a_year_before(weeks, counted, Step.WEEK)
    assert [point.bucket.since.weekday() for point in before] == [0, 0]
    assert before[0].bucket.since == date(2025, 1, 6)
    assert a_year_before(weeks, {}, Step.WEEK)[0].value is None


def test_a_leap_february_meets_a_short_one() -> None:
    long = fold({}, Step.MONTH, since=date(2028, 2, 1), until=date(2028, 3, 1))
    assert a_year_before(long, {}, Step.MONTH)[0].bucket == Bucket(date(2027, 2, 1), date(2027, 3, 1))


dates = st.dates(date(2024, 1, 1), date(2027, 12, 31))
steps = st.sampled_from(Step)


@given(st.dictionaries(dates, st.none() | st.integers(0, 99).map(float), max_size=40), steps, dates, dates)
def test_buckets_lose_nothing_and_count_nothing_twice(
    counted: dict[date, float | None], step: Step, one: date, other: date
) -> None:
    since, until = min(one, other), max(one, other)
    points = fold(counted, step, since=since, until=until)
    inside = [value for day, value in counted.items() if since <= day < until and value is not None]
    assert sum(point.value or 0 for point in points) == sum(inside)
    assert sum(point.n_days for point in points) == len(inside)
    assert [p.bucket.until for p in points[:-1]] == [p.bucket.since for p in points[1:]]


@given(dates, dates, steps)
def test_every_day_lies_in_one_bucket(one: date, other: date, step: Step) -> None:
    since, until = min(one, other), max(one, other)
    found = list(buckets(since, until, step))
    assert all(bucket_of(day.since, step) == day for day in found)
    if found:
        assert found[0].since <= since < found[0].until
        assert found[-1].since < until <= found[-1].until
