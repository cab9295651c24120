"""What changed where a campaign was under way, against where it was not yet: one figure for each start and period.

After Callaway, B., Sant'Anna, P. H. C. (2021): Difference-in-differences with multiple time periods. Journal of
Econometrics 225, 200-230, with controls that are not yet treated: of the departments that started in g, the mean
change from the period before g to t, less the mean change of all departments that start after t or never. A plain
regression with effects of department and period weighs late and early starts wrongly (Goodman-Bacon, A. (2021):
Difference-in-differences with variation in treatment timing. ibid. 254-277); it is told beside, to be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.effects.panel import NEVER, Floats, Ints, Panel


@dataclass(frozen=True)
class Cell:
    """The departments (by place) of one start, one period (by place), and whom they are set against."""

    start: int
    period: int
    base: int
    members: tuple[int, ...]
    controls: tuple[int, ...]

    @property
    def age(self) -> int:
        """Periods since the start; below 0 before it."""
        return self.period - self.start

    def value(self, values: Floats) -> float:
        """How much more the members changed since the base than the controls did."""
        change = values[:, self.period] - values[:, self.base]
        return float(change[list(self.members)].mean() - change[list(self.controls)].mean())


def cells(starts: Ints, n_periods: int) -> list[Cell]:
    """Return a cell for every start and every period from it on; without controls it cannot be estimated."""
    return [
        Cell(start, period, start - 1, _members(starts, start), _after(starts, period))
        for start in _each(starts)
        for period in range(start, n_periods)
    ]


def cells_before(starts: Ints) -> list[Cell]:
    """Return a cell for every start and every period up to two before it: nothing should have happened in these.

    Controls are all others that are not under way in the base, the period before the start.
    """
    return [
        Cell(start, period, start - 1, members, controls)
        for start in _each(starts)
        for members in [_members(starts, start)]
        for controls in [tuple(place for place in _after(starts, start - 1) if place not in members)]
        for period in range(start - 1)
    ]


def weights(told: Sequence[Cell], shape: tuple[int, int]) -> Floats:
    """Return what each value counts for in the mean of cells that weighs every department-period once.

    The mean is the sum of values times weights, so that it can be taken anew for other starts at no cost.
    """
    found = np.zeros(shape)
    n = sum(len(cell.members) for cell in told)
    for cell in told:
        share = len(cell.members) / n
        for places, sign in ((cell.members, 1.0), (cell.controls, -1.0)):
            found[list(places), cell.period] += sign * share / len(places)
            found[list(places), cell.base] -= sign * share / len(places)
    return found


def fixed_effects(panel: Panel) -> float | None:
    """Return what a regression with effects of department and period says; None where nothing tells it.

    >>> values = {"A": {1: 40, 2: 55}, "B": {1: 42, 2: 47}}
    >>> round(fixed_effects(Panel.of(values, {"A": 2})), 6)
    10.0
    """
    if not panel.departments:
        return None
    treated = _centred(panel.is_under_way)
    scale = float((treated**2).sum())
    return float((treated * _centred(panel.values)).sum() / scale) if scale > 1e-12 else None


def _centred(table: Floats) -> Floats:
    rows, columns = table.mean(axis=1, keepdims=True), table.mean(axis=0, keepdims=True)
    return np.asarray(table - rows - columns + table.mean())


def _each(starts: Ints) -> list[int]:
    return sorted({start for start in starts.tolist() if start != NEVER})


def _members(starts: Ints, start: int) -> tuple[int, ...]:
    return tuple(np.flatnonzero(starts == start).tolist())


def _after(starts: Ints, period: int) -> tuple[int, ...]:
    """Return who is not under way in a period."""
    return tuple(np.flatnonzero((starts == NEVER) | (starts > period)).tolist())
