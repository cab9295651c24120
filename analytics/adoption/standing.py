"""How far everybody had come on a day, for many people and many days at once: the funnel on columns.

`funnel` says what each stage means and is read one person at a time; this gives the same counts from arrays, so that a
year of weeks over tens of thousands of people takes a second. Days are numbers; a day is counted as its beginning, with
all that was before it and nothing of itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.adoption.funnel import STAGES, WEEKS, WEEKS_WITH_NEEDS

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]

NEVER = int(np.iinfo(np.int64).max)
WEEK = 7


@dataclass(frozen=True)
class Courses:
    """Everybody who could come at some time, and their needs in order of time; people are named by their place."""

    since: Ints
    """The first day on which each of them could come; their first day counts from the next on."""
    until: Ints
    """The day from which on they cannot any more, or NEVER."""
    came_on: Ints
    """The first day on which they came at all, or NEVER."""
    gave_on: Ints
    """The first day on which they gave something, or NEVER."""
    person: Ints
    """Whose each need is."""
    day: Ints
    """When it began."""
    is_here: Marks
    """Whether it began here; else it went to the desk without looking."""
    is_helped: Marks
    """Whether it ended confirmed or presumed."""

    def __len__(self) -> int:
        return len(self.since)

    @cached_property
    def tried_on(self) -> Ints:
        return self._first(self.is_here)

    @cached_property
    def activated_on(self) -> Ints:
        """The day of the need that activated each of them, or NEVER."""
        return self._first(self.is_helped)

    def _first(self, among: Marks) -> Ints:
        found = np.full(len(self), NEVER, dtype=np.int64)
        np.minimum.at(found, self.person[among], self.day[among])
        return found

    def are_eligible(self, day: int) -> Marks:
        return np.asarray((self.since < day) & (self.until >= day))

    def stages(self, day: int) -> Ints:
        """Return how many stages each of them has met when a day begins; 0 for who could not come then.

        >>> none = np.zeros(0, dtype=np.int64)
        >>> Courses(since=np.array([0, 5]), until=np.array([NEVER, NEVER]), came_on=np.array([1, NEVER]),
        ...         gave_on=np.array([NEVER, NEVER]), person=none, day=none, is_here=none.astype(bool),
        ...         is_helped=none.astype(bool)).stages(4).tolist()
        [2, 0]
        """
        tried = self.tried_on < day
        gave = self.gave_on < day
        met = (
            self.are_eligible(day),
            (self.came_on < day) | tried | gave,
            tried,
            self.activated_on < day,
            self._are_habitual(day),
            gave,
        )
        reached = np.zeros(len(self), dtype=np.int64)
        so_far = np.ones(len(self), dtype=np.bool_)
        for mark, _stage in zip(met, STAGES, strict=True):
            so_far &= mark
            reached += so_far
        return reached

    def have_given(self, day: int) -> Marks:
        return np.asarray(self.gave_on < day) & self.are_eligible(day)

    def came_again(self, day: int) -> tuple[Marks, Marks]:
        """Mark who needed help again after being activated, and of those who began here the next time."""
        known = self.day < day
        person, is_here = self.person[known], self.is_here[known]
        helped = np.flatnonzero(self.is_helped[known])
        first = np.full(len(self), NEVER, dtype=np.int64)
        np.minimum.at(first, person[helped], helped)
        later = np.flatnonzero(np.arange(len(person)) > first[person])
        following = np.full(len(self), NEVER, dtype=np.int64)
        np.minimum.at(following, person[later], later)
        again = following != NEVER
        here = np.zeros(len(self), dtype=np.bool_)
        here[again] = is_here[following[again]]
        return again & self.are_eligible(day), here & self.are_eligible(day)

    def _are_habitual(self, day: int) -> Marks:
        known = self.day < day
        person, days, is_here = self.person[known], self.day[known], self.is_here[known]
        block = (day - 1 - days) // WEEK
        recent = is_here & (block < WEEKS)
        pairs = np.unique(person[recent] * WEEKS + block[recent])
        weeks = np.bincount(pairs // WEEKS, minlength=len(self))
        last = np.full(len(self), -1, dtype=np.int64)
        last[person] = np.arange(len(person))  # the last write wins, and needs are in order of time
        began_here = np.zeros(len(self), dtype=np.bool_)
        has_any = last >= 0
        began_here[has_any] = is_here[last[has_any]]
        return np.asarray((weeks >= WEEKS_WITH_NEEDS) & began_here)


def active(person: Ints, day: Ints, *, since: int, until: int, n: int) -> Marks:
    """Mark the people who did something on a day from `since` up to but without `until`.

    >>> active(np.array([0, 1]), np.array([3, 9]), since=2, until=9, n=3).tolist()
    [True, False, False]
    """
    found = np.zeros(n, dtype=np.bool_)
    found[person[(day >= since) & (day < until)]] = True
    return found
