"""What departments say they do beside what they do: intention from a survey, behaviour from the portal.

A department that means to look here first and does not needs a nudge at the moment of need; one that neither means
to nor does needs a reason first (METRICS 4.8, rule 11). Points are told only of departments that may be shown, by
answers and by people; the answers have been through the survey's own gate before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from analytics.proportions import Share, wilson
from analytics.suppression import LEAST, hidden

INTENDS = 65.0
"""Intention (0 to 100) from which somebody is said to intend."""
DOES = 0.3
"""Share of needs begun here from which somebody is said to do so."""


class Quadrant(StrEnum):
    """What is said, and what is done."""

    SAYS_AND_DOES = "says_and_does"
    SAYS_ONLY = "says_only"
    DOES_ONLY = "does_only"
    """Comes here without liking it: ask what would be better."""
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One department: who answered what, and what its people did in the same weeks."""

    name: str
    n_answers: int
    intention: float
    """Mean of 0 to 100."""
    low: float
    high: float
    n_people: int
    """Distinct people with a need."""
    first_here: int
    needs: int
    """Needs, here or at the desk; of these `first_here` began here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One department on the map."""

    unit: Unit
    does: Share
    quadrant: Quadrant
    is_sure: bool
    """Whether both intervals lie wholly on their side of the lines; if not, the point may belong next door."""


@dataclass(frozen=True, slots=True)
class Map:
    """The departments that may be shown, and those that may not."""

    points: tuple[Point, ...]
    hidden: tuple[str, ...]


def say_do(units: Iterable[Unit], *, least: int = LEAST) -> Map:
    """Put departments on the map; those without a need have nothing to be compared with and are left out.

    >>> unit = Unit(name="Sales", n_answers=9, intention=72, low=67, high=77, n_people=12, first_here=4, needs=40)
    >>> say_do([unit]).points[0].quadrant
    <Quadrant.SAYS_ONLY: 'says_only'>
    """
    rows = sorted(units, key=lambda unit: unit.name)
    by_answers = hidden({unit.name: unit.n_answers for unit in rows}, least=least)
    by_people = hidden({unit.name: unit.n_people for unit in rows}, least=least)
    closed = by_answers | by_people
    points = []
    for unit in rows:
        does = wilson(unit.first_here, unit.needs)
        if unit.name in closed or does is None or not unit.n_answers:
            continue
        intends, comes = unit.intention >= INTENDS, does.point >= DOES
        is_sure = not (unit.low < INTENDS <= unit.high) and not (does.low < DOES <= does.high)
        points.append(Point(unit=unit, does=does, quadrant=_quadrant(intends, comes), is_sure=is_sure))
    return Map(tuple(points), tuple(sorted(closed)))


def _quadrant(intends: bool, comes: bool) -> Quadrant:
    if intends:
        return Quadrant.SAYS_AND_DOES if comes else Quadrant.SAYS_ONLY
    return Quadrant.DOES_ONLY if comes else Quadrant.NEITHER
