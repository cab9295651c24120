"""Do people find what they search for? Zero results, no click, another try, rank of the first click (METRICS 2.1).

A search is one as somebody meant it, not a keystroke (rule 26). What found nothing because the person may not see it
is trimmed: a class of its own. Reading the answer box is finding, though nothing is clicked. Users and anonymous
people count together (rule 30). Other tools call a search without results one without a click as well; here the two
exclude each other, and together they are the unsuccessful ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from analytics.columns import NONE, Coded
from analytics.needs.topics import Topics, find
from analytics.needs.trails import GAP, Trails, follow
from analytics.proportions import Share, wilson
from analytics.table import SNIPPET, EventTable, Mask, Places, Real, Times, Whole, joined

READ = 10.0
"""Seconds from which a look at the answer box is a reading."""
TRIMMED = "trimmed"


@dataclass(frozen=True, kw_only=True)
class Searched:
    """One line a search, actor by actor in order of reading."""

    at: Times
    topic: Coded
    department: Coded
    site: Coded
    attempt: Places
    """Numbers the attempts; searches of one attempt have one number."""
    n_results: Whole
    """-1 where it was not recorded."""
    is_trimmed: Mask
    is_boxed: Mask
    """The answer box was read and nothing clicked."""
    is_clicked: Mask
    rank: Whole
    """Of the first click; -1 for none, or none recorded."""
    seconds: Real
    """From the first letters to the first click; nan without one."""
    is_refined: Mask
    """Another search followed in the attempt."""
    is_exit: Mask
    """Nothing at all followed in the attempt."""

    def __len__(self) -> int:
        return len(self.at)

    @property
    def is_zero(self) -> Mask:
        return np.asarray((self.n_results == 0) & ~self.is_trimmed)

    @property
    def is_no_click(self) -> Mask:
        return np.asarray((self.n_results > 0) & ~self.is_clicked & ~self.is_boxed)

    def where(self, rows: Mask) -> Searched:
        """Keep these searches: a department, a day. An attempt that lies in two slices is one in each."""
        taken: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            taken[field.name] = column.take(rows) if isinstance(column, Coded) else column[rows]
        return Searched(**taken)


def together(parts: Sequence[Searched]) -> Searched:
    """Put the searches of several days behind each other, at least one; attempts keep apart from those of other days.

    A day's searches were settled with all that hangs together with them, so no attempt lies in two parts.
    """
    columns: dict[str, Any] = {}
    for field in fields(Searched):
        column = [getattr(part, field.name) for part in parts]
        columns[field.name] = joined(column) if isinstance(column[0], Coded) else np.concatenate(column)
    sizes = [int(part.attempt.max()) + 1 if len(part) else 0 for part in parts]
    columns["attempt"] = columns["attempt"] + np.repeat(np.cumsum([0, *sizes[:-1]]), [len(part) for part in parts])
    return Searched(**columns)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Counts and sums only, so that days add up to months."""

    searches: int = 0
    with_results: int = 0
    zero: int = 0
    trimmed: int = 0
    no_click: int = 0
    boxed: int = 0
    clicked: int = 0
    unranked: int = 0
    """First clicks whose rank was not recorded: left out of every mean of ranks."""
    sum_of_reciprocals: float = 0.0
    sum_of_ranks: int = 0
    refined: int = 0
    exits: int = 0
    attempts: int = 0
    attempts_unsuccessful: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Findability:
    """The figures; a share is None when there was nothing to count, which is not the same as 0."""

    tally: Tally
    seconds_to_click: float | None = None
    """Median, over searches with a click; None where only sums are known."""

    @property
    def zero_results(self) -> Share | None:
        """Searches that found nothing, out of all."""
        return wilson(self.tally.zero, self.tally.searches)

    @property
    def no_click(self) -> Share | None:
        """Searches that found something of which nothing was opened, out of those that found something."""
        return wilson(self.tally.no_click, self.tally.with_results)

    @property
    def unsuccessful(self) -> Share | None:
        return wilson(self.tally.zero + self.tally.no_click, self.tally.searches)

    @property
    def trimmed(self) -> Share | None:
        return wilson(self.tally.trimmed, self.tally.searches)

    @property
    def refinement(self) -> Share | None:
        """Searches followed by another in the same attempt, out of all."""
        return wilson(self.tally.refined, self.tally.searches)

    @property
    def exit(self) -> Share | None:
        """Searches after which nothing came in their attempt, out of all."""
        return wilson(self.tally.exits, self.tally.searches)

    @property
    def attempts_unsuccessful(self) -> Share | None:
        """Attempts whose last search was unsuccessful, out of those that hold a search."""
        return wilson(self.tally.attempts_unsuccessful, self.tally.attempts)

    @property
    def _n_ranked(self) -> int:
        return self.tally.clicked - self.tally.unranked

    @property
    def mrr(self) -> float | None:
        """Mean over all searches of one over the rank of the first click, 0 for none (rule 29)."""
        return self.tally.sum_of_reciprocals / (self.tally.searches - self.tally.unranked) if self._n_ranked else None

    @property
    def mrr_clicked(self) -> float | None:
        return self.tally.sum_of_reciprocals / self._n_ranked if self._n_ranked else None

    @property
    def mean_rank(self) -> float | None:
        return self.tally.sum_of_ranks / self._n_ranked if self._n_ranked else None


def measure(table: EventTable, *, gap: int = GAP) -> Findability:
    """Measure the searches of a table of events."""
    trails = follow(table, gap=gap)
    return figures(read(trails, find(trails, gap=gap), gap=gap))


def figures(searched: Searched) -> Findability:
    """Turn searches into figures."""
    seconds = searched.seconds[~np.isnan(searched.seconds)]
    return Findability(tally=count(searched), seconds_to_click=float(np.median(seconds)) if len(seconds) else None)


def count(searched: Searched) -> Tally:
    """Count and add up what the figures are made of."""
    zero, no_click = searched.is_zero, searched.is_no_click
    ranked = searched.rank >= 1
    last = _last_of_each(searched.attempt)
    return Tally(
        searches=len(searched),
        with_results=int((searched.n_results > 0).sum()),
        zero=int(zero.sum()),
        trimmed=int(searched.is_trimmed.sum()),
        no_click=int(no_click.sum()),
        boxed=int(searched.is_boxed.sum()),
        clicked=int(searched.is_clicked.sum()),
        unranked=int((searched.is_clicked & ~ranked).sum()),
        sum_of_reciprocals=float((1.0 / searched.rank[ranked]).sum()),
        sum_of_ranks=int(searched.rank[ranked].sum()),
        refined=int(searched.is_refined.sum()),
        exits=int(searched.is_exit.sum()),
        attempts=len(last),
        attempts_unsuccessful=int((zero | no_click)[last].sum()),
    )


def read(trails: Trails, topics: Topics, *, gap: int = GAP) -> Searched:
    """Read off each search what became of it."""
    table, searches = trails.table, trails.searches
    attempt, ends = _attempts(trails, topics, gap)
    attempt_of, standing = attempt[searches.first], searches.standing
    n_results = table.n_results[standing]
    clicks = trails.search >= 0
    clicks &= table.is_("result_click") | (table.is_("view") & table.surface.is_("search"))
    click = _first(trails.search, clicks, len(searches))
    is_clicked = click >= 0
    box = table.is_("dwell") & table.object_type.is_(SNIPPET) & (table.seconds >= READ) & (trails.search >= 0)
    is_boxed = (_first(trails.search, box, len(searches)) >= 0) & ~is_clicked
    followed = np.zeros(len(searches), dtype=np.bool_)
    order = np.argsort(attempt_of, kind="stable")
    followed[order[:-1]] = np.diff(attempt_of[order]) == 0
    search_at = np.full(len(table), NONE, dtype=np.int64)
    search_at[searches.raw] = searches.number
    waited = (table.at[click] - table.at[searches.first]) / 1000
    return Searched(
        at=table.at[searches.first],
        topic=topics.topic.take(searches.first),
        department=table.department.take(searches.first),
        site=table.site.take(searches.first),
        attempt=attempt_of,
        n_results=n_results,
        is_trimmed=table.value.is_(TRIMMED)[standing] & (n_results == 0),
        is_boxed=is_boxed,
        is_clicked=is_clicked,
        rank=np.where(is_clicked, np.maximum(table.rank[click], NONE), NONE).astype(np.int32),
        seconds=np.where(is_clicked, waited, np.nan),
        is_refined=followed,
        is_exit=search_at[ends[searches.first]] == np.arange(len(searches)),
    )


def _attempts(trails: Trails, topics: Topics, gap: int) -> tuple[Places, Places]:
    """Number the attempt of each event (rule 10), and give the place of the last event of it."""
    table = trails.table
    n = len(table)
    attempt, ends = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    if n:
        order = np.lexsort((topics.topic.codes, trails.who))
        at, who, topic = table.at[order], trails.who[order], topics.topic.codes[order]
        begins = np.append(True, (np.diff(who) != 0) | (np.diff(topic) != 0) | (np.diff(at) > gap))
        number = np.cumsum(begins) - 1
        attempt[order] = number
        lasts = order[np.append(begins[1:], True)]
        ends[order] = lasts[number]
    return attempt, ends


def _first(owner: Places, rows: Mask, n: int) -> Places:
    """Find the first marked row of each owner, -1 for none."""
    found = np.full(n, len(rows), dtype=np.int64)
    marked = np.flatnonzero(rows)
    np.minimum.at(found, owner[marked], marked)
    return np.where(found == len(rows), NONE, found)


def _last_of_each(attempt: Places) -> Places:
    """Find the last search of each attempt; an attempt need not be one stretch, others may lie between."""
    turned = attempt[::-1]
    return np.asarray(len(attempt) - 1 - np.unique(turned, return_index=True)[1])


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """Hours from the first event of a need to the word that it is solved, over confirmed needs."""

    n: int
    n_open: int
    """Needs nobody called solved: left out, and counted, because nobody knows when they would have been."""
    median: float | None
    quarter: float | None
    three_quarters: float | None


def resolution(begun: Sequence[int] | Times, solved: Sequence[int] | Times, *, n_open: int) -> Resolution:
    """Measure times to resolution from two columns of milliseconds.

    >>> resolution([0, 0, 0], [3_600_000, 7_200_000, 36_000_000], n_open=4).median
    2.0
    """
    hours = (np.asarray(solved, dtype=np.int64) - np.asarray(begun, dtype=np.int64)) / 3_600_000
    quarters = np.percentile(hours, [25, 50, 75]).tolist() if len(hours) else [None, None, None]
    return Resolution(n=len(hours), n_open=n_open, quarter=quarters[0], median=quarters[1], three_quarters=quarters[2])
