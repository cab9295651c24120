"""Tickets for each person over time, set against the time before and, where there is one, the year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.rates import Rate, RateRatio, dispersion, rate_ratio
from analytics.seasonality import Comparison, Reason, Refused, compare
from analytics.series import Bucket
from portal.measures import daily
from portal.measures.reports import ALL, Slice, stretches

DAYS_OF_MONTH = 30.4375
YEAR = dt.timedelta(days=364)
"""52 weeks, so that Mondays meet Mondays."""
OPENED, PEOPLE = "tickets.opened", "people"

Days = Mapping[dt.date, float | None]


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """Tickets and person-months of a period; children of an incident are beside it."""

    n: int
    n_children: int
    whole: Rate | None
    series: tuple[tuple[Bucket, Rate | None, Rate | None], ...]
    """Now, and a year before."""
    told: Comparison | Refused
    before: Rate | None
    last_year: RateRatio | None = None
    """The period over the same weeks a year before; None where those were not counted whole, or counted nothing."""


def contacts(since: dt.date, until: dt.date, of: Slice = ALL) -> Contacts | None:
    """Measure tickets for each person and month; None of a topic, which nobody belongs to."""
    if of.kind == "category":
        return None
    name = str(of) if of.kind else ""
    length = until - since
    found = daily.sums(since - YEAR - length, until, name)
    tickets, people = _days(found)
    series = tuple(
        (
            bucket,
            _rate(tickets, people, bucket.since, bucket.until),
            _rate(tickets, people, bucket.since - YEAR, bucket.until - YEAR),
        )
        for bucket in stretches(since, until, of)
    )
    now, before = _rate(tickets, people, since, until), _rate(tickets, people, since - length, since)
    return Contacts(
        n=now.k if now else 0,
        n_children=int(sum(n for day, n in found.get("tickets.children", {}).items() if since <= day < until)),
        whole=now,
        series=series,
        told=_compared(tickets, people, since, until, now, before),
        before=before,
        last_year=_on_last_year(tickets, people, since, until, now),
    )


def rates(periods: Sequence[tuple[dt.date, dt.date]], of: Slice = ALL) -> list[Rate | None]:
    """Return the tickets for each person and month of each of these periods; one query, none of a topic."""
    if of.kind == "category" or not periods:
        return [None] * len(periods)
    begin, end = min(since for since, _until in periods), max(until for _since, until in periods)
    tickets, people = _days(daily.sums(begin, end, str(of) if of.kind else ""))
    return [_rate(tickets, people, since, until) for since, until in periods]


def _days(found: Mapping[str, Mapping[dt.date, float]]) -> tuple[Days, Days]:
    """Return tickets and people by day. A day that was counted without a ticket is a nought, not a gap.

    Of slices, noughts are not written.
    """
    people = found.get(PEOPLE, {})
    return {day: found.get(OPENED, {}).get(day, 0.0) for day in people}, people


def _on_last_year(tickets: Days, people: Days, since: dt.date, until: dt.date, now: Rate | None) -> RateRatio | None:
    if now is None or not _is_whole(people, since - YEAR, until - YEAR):
        return None
    then = _rate(tickets, people, since - YEAR, until - YEAR)
    return (
        rate_ratio(now, then, dispersion=_scatter(tickets, people, (since - YEAR, until - YEAR), (since, until)))
        if then
        else None
    )


def _compared(
    tickets: Days, people: Days, since: dt.date, until: dt.date, now: Rate | None, before: Rate | None
) -> Comparison | Refused:
    if now is None or before is None or not _is_whole(people, since - (until - since), until):
        return Refused(Reason.NO_EVENTS)
    length = until - since
    last_year = None
    if _is_whole(people, since - length - YEAR, until - YEAR):
        then = _rate(tickets, people, since - length - YEAR, since - YEAR)
        later = _rate(tickets, people, since - YEAR, until - YEAR)
        last_year = (then, later) if then and later and then.k and later.k else None
    scatter = _scatter(tickets, people, (since - length, since), (since, until))
    return compare(before, now, last_year=last_year, dispersion=scatter)


def _scatter(tickets: Days, people: Days, *periods: tuple[dt.date, dt.date]) -> float:
    """Return how much more the weeks of these periods scatter than chance would have them."""
    weeks = [
        [rate for week in _weeks(begin, end) if (rate := _rate(tickets, people, week.since, week.until))]
        for begin, end in periods
    ]
    return dispersion(*weeks)


def _weeks(since: dt.date, until: dt.date) -> list[Bucket]:
    week = dt.timedelta(days=7)
    return [Bucket(since + week * n, since + week * (n + 1)) for n in range((until - since) // week)]


def _is_whole(people: Days, since: dt.date, until: dt.date) -> bool:
    """Whether every day of a stretch was counted: half a period is none to compare with."""
    return all(since + dt.timedelta(days=n) in people for n in range((until - since).days))


def _rate(tickets: Days, people: Days, since: dt.date, until: dt.date) -> Rate | None:
    inside = [day for day in people if since <= day < until]
    exposure = sum(people[day] or 0.0 for day in inside) / DAYS_OF_MONTH
    return Rate(int(sum(tickets[day] or 0.0 for day in inside)), exposure) if exposure else None
