"""From being able to use the portal to helping others with it, one stage after the other (METRICS 3.1).

A person stands at a stage when they have met it and all before it; so each stage is part of the one above, and what
is lost between two of them says where to help. Who contributes without being habitual is counted beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from analytics.needs.outcomes import Outcome
from analytics.proportions import Share, wilson

WEEKS = 8
"""How far back habit is looked for, in blocks of seven days from the as-of day."""
WEEKS_WITH_NEEDS = 2


class Stage(StrEnum):
    """How far somebody has come."""

    ELIGIBLE = "eligible"
    REACHED = "reached"
    """Opened a campaign, or came here."""
    TRIED = "tried"
    """Looked for something at least once."""
    ACTIVATED = "activated"
    """Was helped once: confirmed, or presumed."""
    HABITUAL = "habitual"
    """Needs in two weeks of the last eight, and the last of all began here."""
    CONTRIBUTOR = "contributor"
    """Gave an accepted answer, an article, a correction."""


STAGES = tuple(Stage)
HELPED = (Outcome.CONFIRMED, Outcome.PRESUMED)


@dataclass(frozen=True, slots=True)
class Need:
    """One time somebody wanted help: on which day it began, and how it ended; no outcome: at the desk, not here.

    A need that is not mature yet has begun here all the same.
    """

    on: date
    outcome: Outcome | None

    @property
    def began_here(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of one eligible person; needs in order of time."""

    is_reached: bool = False
    needs: Sequence[Need] = ()
    is_contributor: bool = False

    @property
    def activated_at(self) -> int | None:
        """The place of the need that activated them."""
        return next((place for place, need in enumerate(self.needs) if need.outcome in HELPED), None)

    @property
    def activated_on(self) -> date | None:
        return None if (place := self.activated_at) is None else self.needs[place].on


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many stand at each stage, of all eligible."""

    counts: tuple[int, ...]
    contributors: int
    """Everybody who contributed, habitual or not."""
    repeat_on_need: Share | None
    """Of those who needed help again after being activated: how many began here the next time."""

    def of(self, stage: Stage) -> int:
        return self.counts[STAGES.index(stage)]

    def share(self, stage: Stage) -> Share | None:
        """Return the share of the eligible."""
        return wilson(self.of(stage), self.counts[0])

    def step(self, stage: Stage) -> Share | None:
        """Return the share of those at the stage before."""
        place = STAGES.index(stage)
        return wilson(self.counts[place], self.counts[place - 1]) if place else None


def funnel(people: Iterable[Course], *, as_of: date) -> Funnel:
    """Count people by the furthest stage they have come to.

    >>> helped = Course(needs=[Need(date(2026, 3, 2), Outcome.CONFIRMED)])
    >>> funnel([helped, Course(is_reached=True), Course()], as_of=date(2026, 3, 9)).counts
    (3, 2, 1, 1, 0, 0)
    """
    rows = list(people)
    reached = [_n_stages(course, as_of) for course in rows]
    again = [course.needs[place + 1] for course in rows if (place := course.activated_at) is not None
             and place + 1 < len(course.needs)]  # fmt: skip
    return Funnel(
        counts=tuple(sum(n > place for n in reached) for place in range(len(STAGES))),
        contributors=sum(course.is_contributor for course in rows),
        repeat_on_need=wilson(sum(need.began_here for need in again), len(again)),
    )


def is_habitual(course: Course, as_of: date) -> bool:
    """Tell whether somebody comes here as a habit; the as-of day itself belongs to the first block back."""
    blocks = {(as_of - need.on) // timedelta(days=7) for need in course.needs if need.began_here and need.on <= as_of}
    return sum(block < WEEKS for block in blocks) >= WEEKS_WITH_NEEDS and course.needs[-1].began_here


def _n_stages(course: Course, as_of: date) -> int:
    has_tried = any(need.began_here for need in course.needs)
    met = (
        True,
        course.is_reached or has_tried or course.is_contributor,
        has_tried,
        course.activated_at is not None,
        is_habitual(course, as_of),
        course.is_contributor,
    )
    return next((place for place, is_met in enumerate(met) if not is_met), len(met))
