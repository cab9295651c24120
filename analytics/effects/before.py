"""What departments did before they started: if they were drifting apart already, the campaign has not done it.

How fast each department rose or fell up to the last period before its start, less how fast those did that started
later or never: the mean of these drifts must be near nothing, and how near, the other ways of handing out say. (Drifts
are told apart from chance far more often than the mean distance from the last period before: of the same panels 60
against 19 in 100.) That none is seen proves little when there are few periods; that one is seen is a reason to stop,
unless the starts were drawn by lot: then it is chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analytics.effects.groups import Cell, cells_before
from analytics.effects.handouts import NEAR, Handouts, means
from analytics.effects.panel import Floats, Panel

RARE = 0.05
"""Two-sided: as far apart or further in fewer ways than this is called apart."""


class Trend(StrEnum):
    """How departments stood to each other before they started."""

    NONE = "none"
    """There is no period to compare, or nobody to compare with."""
    TOO_FEW = "too_few"
    """So few departments could not be told apart by any way of handing out."""
    ALIKE = "alike"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class ByAge:
    """The mean over all departments that were so many periods past (or before) their start."""

    age: int
    value: float
    n: int
    """Department-periods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was seen before the starts."""

    trend: Trend
    drift: float | None
    """A period, against those that start later or never."""
    share_as_far: float | None
    by_age: tuple[ByAge, ...]
    """How far from the last period before the start; for the picture."""


def by_age(told: Sequence[Cell], values: Floats) -> tuple[ByAge, ...]:
    """Return the mean of cells by age, every department-period weighing the same."""
    found = []
    for age in sorted({cell.age for cell in told}):
        own = [cell for cell in told if cell.age == age]
        n = sum(len(cell.members) for cell in own)
        found.append(ByAge(age, sum(len(cell.members) * cell.value(values) for cell in own) / n, n))
    return tuple(found)


def look_before(panel: Panel, ways: Handouts, *, effect: float) -> Before:
    """Compare departments before their starts; the effect found afterwards is taken away first.

    Other ways of handing out call periods "before" in which a department was under way in truth; without what the
    campaign did there, they show what departments do by themselves.
    """
    told = [cell for cell in cells_before(panel.starts) if cell.controls]
    if not told:
        return Before(trend=Trend.NONE, drift=None, share_as_far=None, by_age=())
    values = panel.values - effect * panel.is_under_way
    found = means(_slopes(told, values.shape), panel.starts, values, ways)
    near = NEAR * max(1e-300, float(np.abs(values).max()))
    as_far = float((np.abs(found) >= abs(found[0]) - near).mean())
    told_apart = Trend.APART if as_far <= RARE else Trend.ALIKE
    trend = told_apart if len(ways.orders) * RARE >= 1 else Trend.TOO_FEW
    return Before(trend=trend, drift=float(found[0]), share_as_far=as_far, by_age=by_age(told, panel.values))


def _slopes(told: Sequence[Cell], shape: tuple[int, int]) -> Floats:
    """Return what each value counts for in the mean drift: least squares over the periods up to the base."""
    found = np.zeros(shape)
    groups = {cell.start: cell for cell in told}.values()
    n = sum(len(cell.members) for cell in groups)
    for cell in groups:
        time = np.arange(cell.start) - cell.base / 2
        slope = time / (time**2).sum()
        for places, sign in ((cell.members, 1.0), (cell.controls, -1.0)):
            found[np.ix_(places, range(cell.start))] += sign * len(cell.members) / n / len(places) * slope
    return found
