"""One value for every department and period, and when each department got under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = -1
"""In place of a start: not under way in any period that is known."""


class BadPanel(ValueError):
    """What is given is no panel; the sentence says why."""


@dataclass(frozen=True)
class Panel:
    """Departments by periods, in order; a start is the place of the first period under way, or NEVER."""

    departments: tuple[str, ...]
    periods: tuple[int, ...]
    values: Floats
    starts: Ints
    left_out: tuple[str, ...] = ()
    """Under way in the first period already: there is no before, so they are left out of everything (METRICS 11)."""

    @classmethod
    def of(cls, values: Mapping[str, Mapping[int, float]], starts: Mapping[str, int | None]) -> Panel:
        """Make a panel from what was measured of each department in each period, and the period each starts in.

        A start after the last period is none yet. Raises BadPanel where a department lacks a period.

        >>> panel = Panel.of({"A": {1: 40, 2: 50}, "B": {1: 42, 2: 43}}, {"A": 2, "B": None})
        >>> panel.departments, panel.periods, panel.starts.tolist()
        (('A', 'B'), (1, 2), [1, -1])
        """
        periods = tuple(sorted({period for row in values.values() for period in row}))
        if len(periods) < 2:
            raise BadPanel("it takes two periods at least, one before and one after a start")
        for name, row in values.items():
            if lacking := sorted(set(periods) - set(row)):
                raise BadPanel(f"{name} has no value for period {lacking[0]}")
        places = {name: _place(periods, starts.get(name)) for name in values}
        kept = [name for name in sorted(values) if places[name] != 0]
        return cls(
            departments=tuple(kept),
            periods=periods,
            values=np.array([[values[name][period] for period in periods] for name in kept], dtype=np.float64).reshape(
                len(kept), len(periods)
            ),
            starts=np.array([places[name] for name in kept], dtype=np.int64),
            left_out=tuple(name for name in sorted(values) if places[name] == 0),
        )

    @property
    def is_under_way(self) -> Floats:
        """1 where a department was under way in a period, else 0."""
        return under_way(self.starts, len(self.periods))


def under_way(starts: Ints, n_periods: int) -> Floats:
    """Return 1 for every department and period under way, else 0."""
    return np.asarray((starts[:, None] >= 0) & (np.arange(n_periods) >= starts[:, None]), dtype=np.float64)


def _place(periods: Sequence[int], start: int | None) -> int:
    if start is None:
        return NEVER
    return next((place for place, period in enumerate(periods) if period >= start), NEVER)
