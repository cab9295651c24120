"""The figures of a period, as the pages show them: worked out from folded attempts, under any window and slice.

A period is whole days in UTC. A need belongs to the day on which it ended; the attempts of the weeks before are read
along, so that a need that began earlier is whole. Of a department or site only fixed stretches are told (`fixed`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from sqlalchemy import func, select

from analytics import deflection, findability
from analytics.columns import Coded
from analytics.deflection import Counts, Deflection
from analytics.findability import Findability, Searched, count
from analytics.needs.outcomes import Needs, judge
from analytics.needs.trails import HOUR
from analytics.series import Bucket
from analytics.suppression import hidden
from analytics.table import Mask
from portal.core.database import db
from portal.ledger.models import LedgerEntry
from portal.measures import columns, fixed, fold, packs

DAY = dt.timedelta(days=1)
BEFORE = dt.timedelta(days=62)
"""How far before a period attempts are read: a need that goes on for longer without a pause is cut there."""
WINDOWS = (4, 24, 72)
"""Hours; 24 is the usual one."""
WINDOW = 24
LEAST = 5
"""People without whom nothing is said of a group."""
GROUPS = ("department", "site")
"""Slices that are groups of people."""
WEEKS_UP_TO = dt.timedelta(days=26 * 7)
"""Periods up to this length are drawn by weeks, longer ones by four."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the needs: of a department or site (as it was when the need began), or on a topic."""

    kind: str = ""
    """department, site, category, or empty: all."""
    id: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.kind else "all"

    @property
    def label(self) -> str:
        """As the columns of the tables name it."""
        return f"{columns.TOPIC}:{self.id}" if self.kind == columns.TOPIC else str(self.id)

    def mark(self, needs: Needs) -> Mask:
        """Mark the needs of this slice."""
        if not self.kind:
            return np.ones(len(needs), dtype=np.bool_)
        return self.of(needs.chains).is_(self.label)

    def of(self, rows: object) -> Coded:
        """Return the column in which it stands."""
        column: Coded = getattr(rows, "topic" if self.kind == columns.TOPIC else self.kind)
        return column


ALL = Slice()


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is shown of a period."""

    since: dt.date
    until: dt.date
    window: int
    slice: Slice
    n_people: int
    """Who had a need that ended in the period; fewer than five, and nothing else is told."""
    n_left_out: int
    """Stretches of the period in which the group is too few, or would give another that is too few away."""
    whole: Deflection
    series: tuple[tuple[Bucket, Counts | None], ...]
    windows: dict[int, Deflection]
    """The same under other windows, by hours."""
    search: Findability
    search_series: tuple[tuple[Bucket, Findability | None], ...]
    anonymous: Counts
    excluded: Mapping[str, int]
    """Facts of those who are not looking for help, by kind: left out, and said."""

    @property
    def is_hidden(self) -> bool:
        return bool(self.slice.kind) and self.n_people < LEAST


def stretches(since: dt.date, until: dt.date, of: Slice = ALL) -> list[Bucket]:
    """Cut a period into weeks, or a long one into stretches of four; what is over comes first, so that all end whole.

    For a department or site it is always cut by four weeks: such a period is made of fixed stretches.

    >>> [each.n_days for each in stretches(dt.date(2026, 3, 2), dt.date(2026, 3, 18))]
    [2, 7, 7]
    """
    size = 7 * DAY if until - since <= WEEKS_UP_TO and of.kind not in GROUPS else fixed.LENGTH
    ends = [until]
    while ends[-1] > since:
        ends.append(max(ends[-1] - size, since))
    return [Bucket(begin, end) for begin, end in pairwise(reversed(ends))]


def _ms(day: dt.date) -> int:
    return columns.at_ms(columns.midnight(day))


def read(since: dt.date, until: dt.date) -> Reader | None:
    """Return a reader of a period, cut to what is folded; None where nothing is."""
    as_of = fold.as_of()
    if as_of is None:
        return None
    return Reader(min(since, as_of), min(until, as_of), as_of)


class Reader:
    """Attempts, tickets and searches of a period, read once and asked under several windows and slices."""

    def __init__(self, since: dt.date, until: dt.date, as_of: dt.date) -> None:
        self.since, self.until, self.as_of = since, until, as_of
        begin = since - BEFORE
        # What ended on the last day may go on, or lead to a ticket, for three days more.
        reach = min(as_of, until + 8 * DAY)
        self.attempts = packs.attempts(begin, reach)
        self.tickets = columns.read_tickets(columns.midnight(begin), columns.midnight(reach))
        self._needs: dict[int, Needs] = {}
        self._few: dict[tuple[int, str, dt.date], frozenset[str]] = {}
        self._searches: Searched | None = None
        self._left_out: dict[str, int] | None = None

    def needs(self, window: int) -> Needs:
        """Return the needs under a window of so many hours."""
        if window not in self._needs:
            # The moment before midnight: what happens at as-of is in, and that belongs to the next day.
            as_of = _ms(self.as_of) - 1
            self._needs[window] = judge(self.attempts, self.tickets, window=window * HOUR, as_of=as_of)
        return self._needs[window]

    @property
    def searches(self) -> Searched:
        """The searches of the period."""
        if self._searches is None:
            begin, end = _ms(self.since), _ms(self.until)
            parts = list(packs.searches(self.since - DAY, min(self.as_of, self.until + 8 * DAY)))
            found = findability.together(parts)
            self._searches = found.where((found.at >= begin) & (found.at < end))
        return self._searches

    def report(self, window: int = WINDOW, of: Slice = ALL) -> Report:
        """Work out everything that is shown of a slice."""
        needs, inside = self.needs(window), self.inside(window, of)
        users = inside & ~needs.chains.is_anon
        told = self.told(window, of)
        searched, search_series = self._searched(told, of)
        return Report(
            since=self.since,
            until=self.until,
            window=window,
            slice=of,
            n_people=len(np.unique(needs.chains.actor.codes[users])),
            n_left_out=len(self.buckets(of)) - len(told) if of.kind in GROUPS else 0,
            whole=self._deflected(window, of),
            series=tuple(self._counts(needs, inside, told, of)),
            windows={other: self._deflected(other, of) for other in self._windows(window, of)},
            search=Findability(tally=count(searched), seconds_to_click=_seconds(searched)),
            search_series=search_series,
            anonymous=deflection.counts(needs, is_anon=True, among=inside),
            excluded=self._excluded(),
        )

    def inside(self, window: int, of: Slice) -> Mask:
        """Mark the needs that are told of: those of the slice that ended in the days it is told of."""
        needs = self.needs(window)
        found = np.zeros(len(needs), dtype=np.bool_)
        for each in self.told(window, of):
            found |= deflection.ended(needs, _ms(each.since), _ms(each.until))
        return found & of.mark(needs)

    def told(self, window: int, of: Slice) -> list[Bucket]:
        """Return the days that are told of: the period; of a department or site those of its stretches that may be."""
        if of.kind not in GROUPS:
            return [Bucket(self.since, self.until)]
        return [each for each in self.buckets(of) if of.label not in self._hidden(window, of, each)]

    def _hidden(self, window: int, of: Slice, stretch: Bucket) -> frozenset[str]:
        """Return the departments or sites that are too few in a stretch, and those that cover them."""
        key = (window, of.kind, stretch.since)
        if key not in self._few:
            needs = self.needs(window)
            inside = deflection.ended(needs, _ms(stretch.since), _ms(stretch.until)) & ~needs.chains.is_anon
            groups = of.of(needs.chains)
            pairs = np.unique(np.stack((groups.codes[inside], needs.chains.actor.codes[inside])), axis=1)
            codes, counts = np.unique(pairs[0], return_counts=True)
            named = {groups.labels[code] if code >= 0 else "": int(n) for code, n in zip(codes, counts, strict=True)}
            self._few[key] = hidden(named, least=LEAST)
        return self._few[key]

    def _windows(self, window: int, of: Slice) -> tuple[int, ...]:
        """Return the windows to set beside each other: of a group only the chosen one, since each costs as much."""
        return (window,) if of.kind else WINDOWS

    def _excluded(self) -> dict[str, int]:
        entry, kinds = LedgerEntry, ("bot", "editor", "agent", "admin")
        query = select(entry.actor_kind, func.count()).where(
            entry.name.in_([name.value for name in columns.NAMES]),
            entry.at >= columns.midnight(self.since),
            entry.at < columns.midnight(self.until),
            entry.actor_kind.in_(kinds),
        )
        if self._left_out is None:
            found = {kind: int(n) for kind, n in db.session.execute(query.group_by(entry.actor_kind))}
            self._left_out = {kind: found.get(kind, 0) for kind in kinds}
        return self._left_out

    def _deflected(self, window: int, of: Slice) -> Deflection:
        needs = self.needs(window)
        if not of.kind:
            return deflection.deflect_within(needs, _ms(self.since), _ms(self.until))
        return deflection.deflect_among(needs, self.inside(window, of))

    def buckets(self, of: Slice = ALL) -> list[Bucket]:
        """Return the stretches by which a slice is drawn; of a department or site those that it may be told of in."""
        if of.kind in GROUPS:
            return fixed.within(self.since, self.until, self.as_of)
        return stretches(self.since, self.until)

    def _drawn(self, told: list[Bucket], of: Slice) -> Iterator[tuple[Bucket, bool]]:
        """Give each stretch with whether it is known and told of."""
        first = packs.first_day()
        for bucket in self.buckets(of):
            is_told = of.kind not in GROUPS or bucket in told
            yield bucket, is_told and first is not None and bucket.until > first

    def _counts(
        self, needs: Needs, inside: Mask, told: list[Bucket], of: Slice
    ) -> Iterator[tuple[Bucket, Counts | None]]:
        for bucket, is_there in self._drawn(told, of):
            among = inside & deflection.ended(needs, _ms(bucket.since), _ms(bucket.until))
            yield bucket, deflection.counts(needs, among=among) if is_there else None

    def _searched(
        self, told: list[Bucket], of: Slice
    ) -> tuple[Searched, tuple[tuple[Bucket, Findability | None], ...]]:
        """Return the searches that are told of, and what became of them by stretch."""
        found = self.searches
        if of.kind:
            found = found.where(of.of(found).is_(of.label))
        if of.kind in GROUPS:
            found = found.where(_within(found, *told))
        series = tuple(
            (bucket, Findability(tally=count(found.where(_within(found, bucket)))) if is_there else None)
            for bucket, is_there in self._drawn(told, of)
        )
        return found, series


def _within(found: Searched, *days: Bucket) -> Mask:
    """Mark the searches of some days."""
    marked = np.zeros(len(found.at), dtype=np.bool_)
    for each in days:
        marked |= (found.at >= _ms(each.since)) & (found.at < _ms(each.until))
    return marked


def _seconds(found: Searched) -> float | None:
    """Return the median seconds from search to first click."""
    known = found.seconds[~np.isnan(found.seconds)]
    return float(np.median(known)) if len(known) else None
