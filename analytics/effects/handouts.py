"""The same starts handed out to the departments in every other way: what chance alone would have shown.

Fisher's randomisation test. Nothing is assumed of how values scatter; only that any department might as well have had
any of the starts, which is true where they were drawn by lot. Two ways that give every department the same start are
one. Turning the test round gives the interval: the effects which, taken away from what was under way, leave a panel
that no test would refuse (Rosenbaum, P. R. (2002): Observational studies, 2nd ed., section 2.6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, factorial, floor, inf, prod

import numpy as np

from analytics.effects.panel import Floats, Ints
from analytics.rates import Span

MANY = 10_000
"""Up to so many ways all are tried; of more, so many by lot and the one that happened (METRICS 11)."""
TAIL = 0.025
"""How rare a panel may be on either side before an effect is refused: the interval is one of 95 in 100."""
NEAR = 1e-9
"""Means that differ by less, against the size of the values, are tied."""


@dataclass(frozen=True)
class Handouts:
    """Ways to hand out: each row says which start, of those in order, every department gets. The first is what was."""

    orders: Ints
    n_possible: int

    @property
    def is_whole(self) -> bool:
        """Whether every way is there."""
        return len(self.orders) == self.n_possible


def how_many(starts: Ints) -> int:
    """Count the distinct ways to hand out these starts.

    >>> how_many(np.array([1, 2, -1])), how_many(np.array([1, 1, 2, 2]))
    (6, 6)
    """
    return factorial(len(starts)) // prod(factorial(n) for n in Counter(starts.tolist()).values())


def hand_out(starts: Ints, *, seed: int = 0) -> Handouts:
    """Return every distinct way, or many by lot where there are too many; what happened comes first."""
    n = how_many(starts)
    if n > MANY:
        drawn = np.random.default_rng(seed).permuted(np.tile(starts, (MANY, 1)), axis=1)
        return Handouts(np.vstack([starts, drawn]), n)
    own = tuple(starts.tolist())
    others = [way for way in _ways(Counter(own), len(own)) if way != own]
    return Handouts(np.array([own, *others], dtype=np.int64).reshape(n, len(own)), n)


def _ways(left: Counter[int], n: int) -> Iterator[tuple[int, ...]]:
    if n == 0:
        yield ()
        return
    for start in sorted(left):
        if left[start]:
            left[start] -= 1
            for rest in _ways(left, n - 1):
                yield (start, *rest)
            left[start] += 1


def means(weights: Floats, starts: Ints, values: Floats, ways: Handouts) -> Floats:
    """Return the mean effect for every way; `weights` are those of what happened.

    A start weighs the periods of whoever has it alike, so each way is a sum over departments of one figure for the
    start they get.
    """
    kinds = sorted(set(starts.tolist()))
    of_kind = np.array([weights[starts == kind][0] for kind in kinds])
    told = of_kind @ values.T
    places = np.searchsorted(kinds, ways.orders)
    return np.asarray(told[places, np.arange(len(starts))].sum(axis=1))


def share_as_far(found: Floats, *, is_up: bool, scale: float) -> float:
    """Return the share of ways with a mean at least as far in one direction as what was; ties count, itself too."""
    sign = 1.0 if is_up else -1.0
    return float((sign * (found - found[0]) >= -NEAR * scale).mean())


def interval(found: Floats, of_treatment: Floats, *, scale: float, tail: float = TAIL) -> Span:
    """Return the effects that the test does not refuse; an end that no way of handing out could set is infinite.

    `found` are the means for each way, `of_treatment` the same of the panel that is 1 where something was under way.
    With an effect e taken away the mean for a way is found - e · of_treatment, so every way changes sides at one e,
    and the ends are two of these.
    """
    point = float(found[0])
    behind = 1.0 - of_treatment
    moves = behind > NEAR
    turns = np.sort((point - found[moves]) / behind[moves])
    fixed = found[~moves] - point
    needed = floor(tail * len(found) + NEAR) + 1
    from_low = needed - int((fixed >= -NEAR * scale).sum())
    from_high = needed - int((fixed <= NEAR * scale).sum())
    low = -inf if from_low < 1 or from_low > len(turns) else float(turns[from_low - 1])
    high = inf if from_high < 1 or from_high > len(turns) else float(turns[-from_high])
    return Span(point, min(low, point), max(high, point))


def least_share(starts: Ints) -> float:
    """Return the smallest share that so few departments could ever reach.

    >>> round(least_share(np.array([1, 2, -1])), 3)
    0.167
    """
    return 1.0 / min(how_many(starts), MANY + 1)


def enough(tail: float = TAIL) -> int:
    """Return how many ways it takes before the interval can have an end.

    >>> enough()
    40
    """
    return ceil(1 / tail)
