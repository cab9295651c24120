"""Days put together to weeks and months, in the time zone people live in, with holes left open.

A day on which nothing was measured is a gap, None, and never 0: a line drawn through 0 tells of a collapse that was
an outage of the measuring. What is measured per day are counts and sums, so that days add up; shares are made from
the sums afterwards, never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


class Step(StrEnum):
    """How wide a bucket is."""

    DAY = "day"
    WEEK = "week"
    """From Monday, as ISO 8601 has it."""
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of whole days: `since` is in it, `until` is the first day after it."""

    since: date
    until: date

    @property
    def n_days(self) -> int:
        return (self.until - self.since).days


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket with its sum; None when no day of it was measured."""

    bucket: Bucket
    value: float | None
    n_days: int
    """Days that were measured: fewer than the bucket has say that it is not whole."""

    @property
    def is_whole(self) -> bool:
        return self.n_days == self.bucket.n_days


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the day on which something happened for people of this zone.

    >>> from datetime import UTC
    >>> local_day(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    datetime.date(2026, 3, 2)
    """
    if at.tzinfo is None:
        raise ValueError("a moment must say its zone")
    return at.astimezone(zone).date()


def per_day(moments: Iterable[datetime], zone: ZoneInfo, *, since: date, until: date) -> dict[date, float]:
    """Count moments by local day; every day of the stretch is there, since counting nothing is a measurement too."""
    days = {since + DAY * n: 0.0 for n in range((until - since).days)}
    for at in moments:
        day = local_day(at, zone)
        if day in days:
            days[day] += 1
    return days


def bucket_of(day: date, step: Step) -> Bucket:
    """Return the bucket a day lies in.

    >>> bucket_of(date(2026, 3, 1), Step.WEEK).since, bucket_of(date(2026, 12, 9), Step.MONTH).until
    (datetime.date(2026, 2, 23), datetime.date(2027, 1, 1))
    """
    match step:
        case Step.DAY:
            return Bucket(day, day + DAY)
        case Step.WEEK:
            monday = day - DAY * day.weekday()
            return Bucket(monday, monday + 7 * DAY)
        case Step.MONTH:
            first = day.replace(day=1)
            return Bucket(first, (first + 31 * DAY).replace(day=1))


def buckets(since: date, until: date, step: Step) -> Iterator[Bucket]:
    """Give the buckets that a stretch of days touches, in order; the first and last may reach beyond it."""
    while since < until:
        bucket = bucket_of(since, step)
        yield bucket
        since = bucket.until


def fold(days: Mapping[date, float | None], step: Step, *, since: date, until: date) -> list[Point]:
    """Add days up to buckets; days that are missing or None are gaps, and only days of the stretch count."""
    points = []
    for bucket in buckets(since, until, step):
        inside = (bucket.since + DAY * n for n in range(bucket.n_days))
        known = [value for day in inside if since <= day < until and (value := days.get(day)) is not None]
        points.append(Point(bucket, sum(known) if known else None, len(known)))
    return points


def ratio(above: Iterable[Point], below: Iterable[Point]) -> list[float | None]:
    """Divide bucket by bucket: None where either is a gap or nothing is below the line."""
    return [
        None if top.value is None or not bottom.value else top.value / bottom.value
        for top, bottom in zip(above, below, strict=True)
    ]


def a_year_before(points: Iterable[Point], days: Mapping[date, float | None], step: Step) -> list[Point]:
    """Return for each bucket the sum of the same stretch last year.

    Months go back twelve months; days and weeks go back 52 weeks, so that Mondays meet Mondays.
    """
    back: Callable[[Bucket], Bucket] = _twelve_months if step is Step.MONTH else _fifty_two_weeks
    earlier = []
    for point in points:
        bucket = back(point.bucket)
        earlier += fold(days, step, since=bucket.since, until=bucket.until)
    return earlier


def _twelve_months(bucket: Bucket) -> Bucket:
    return Bucket(bucket.since.replace(year=bucket.since.year - 1), bucket.until.replace(year=bucket.until.year - 1))


def _fifty_two_weeks(bucket: Bucket) -> Bucket:
    return Bucket(bucket.since - 364 * DAY, bucket.until - 364 * DAY)
