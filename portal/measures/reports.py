"""The figures of a period, as the pages show them: worked out from folded attempts, under any window and slice.

A period is whole days in UTC. A need belongs to the day on which it ended; the attempts of the weeks before are read
along, so that a need that began earlier is whole.
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
from analytics.findability import Findability, Searched, Tally, count
from analytics.needs.outcomes import Needs, judge
from analytics.needs.trails import HOUR
from analytics.series import Bucket
from analytics.suppression import hidden
from analytics.table import Mask
from portal.core.database import db
from portal.ledger.models import LedgerEntry
from portal.measures import columns, fold, packs

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
    is_cover: bool
    """Whether nothing is told because another group of the period, of fewer, would be left by subtraction."""
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
        return bool(self.slice.kind) and (self.n_people < LEAST or self.is_cover)

    @property
    def has_needs(self) -> bool:
        return self.whole.counts.n > 0


def stretches(since: dt.date, until: dt.date) -> list[Bucket]:
    """Cut a period into weeks, or a long one into stretches of four; what is over comes first, so that all end whole.

    >>> [each.n_days for each in stretches(dt.date(2026, 3, 2), dt.date(2026, 3, 18))]
    [2, 7, 7]
    """
    size = 7 * DAY if until - since <= WEEKS_UP_TO else 28 * DAY
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
        needs = self.needs(window)
        inside = deflection.ended(needs, _ms(self.since), _ms(self.until)) & of.mark(needs)
        users = inside & ~needs.chains.is_anon
        tally, series = self._found(of)
        return Report(
            since=self.since,
            until=self.until,
            window=window,
            slice=of,
            n_people=len(np.unique(needs.chains.actor.codes[users])),
            is_cover=self.is_kept_back(window, of),
            whole=self._deflected(needs, of),
            series=tuple(self._counts(needs, inside)),
            windows={other: self._deflected(self.needs(other), of) for other in self._windows(window, of)},
            search=Findability(tally=tally, seconds_to_click=self._seconds(of)),
            search_series=series,
            anonymous=deflection.counts(needs, is_anon=True, among=inside),
            excluded=self._excluded(),
        )

    def is_kept_back(self, window: int, of: Slice) -> bool:
        """Tell whether a department or site is of too few people in the period, or covers one that is."""
        if of.kind not in GROUPS:
            return False
        needs = self.needs(window)
        inside = deflection.ended(needs, _ms(self.since), _ms(self.until)) & ~needs.chains.is_anon
        groups = of.of(needs.chains)
        pairs = np.unique(np.stack((groups.codes[inside], needs.chains.actor.codes[inside])), axis=1)
        codes, counts = np.unique(pairs[0], return_counts=True)
        named = {groups.labels[code] if code >= 0 else "": int(n) for code, n in zip(codes, counts, strict=True)}
        return of.label in hidden(named, least=LEAST)

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

    def _seconds(self, of: Slice) -> float | None:
        """Return the median seconds from search to first click."""
        found = self.searches
        known = found.seconds if not of.kind else found.seconds[of.of(found).is_(of.label)]
        known = known[~np.isnan(known)]
        return float(np.median(known)) if len(known) else None

    def _deflected(self, needs: Needs, of: Slice) -> Deflection:
        since, until = _ms(self.since), _ms(self.until)
        if not of.kind:
            return deflection.deflect_within(needs, since, until)
        return deflection.deflect_among(needs, deflection.ended(needs, since, until) & of.mark(needs))

    def buckets(self) -> list[Bucket]:
        return stretches(self.since, self.until)

    def _counts(self, needs: Needs, inside: Mask) -> Iterator[tuple[Bucket, Counts | None]]:
        first = packs.first_day()
        for bucket in self.buckets():
            if first is None or bucket.until <= first:
                yield bucket, None
                continue
            among = inside & deflection.ended(needs, _ms(bucket.since), _ms(bucket.until))
            yield bucket, deflection.counts(needs, among=among)

    def _found(self, of: Slice) -> tuple[Tally, tuple[tuple[Bucket, Findability | None], ...]]:
        found, first = self.searches, packs.first_day()
        if of.kind:
            found = found.where(of.of(found).is_(of.label))
        series: list[tuple[Bucket, Findability | None]] = []
        for bucket in self.buckets():
            if first is None or bucket.until <= first:
                series.append((bucket, None))
                continue
            rows = (found.at >= _ms(bucket.since)) & (found.at < _ms(bucket.until))
            series.append((bucket, Findability(tally=count(found.where(rows)))))
        return count(found), tuple(series)
