"""What people know of helping themselves, and whether a training changed it (METRICS 3.4).

A personal result belongs to the person; managers see groups of five at least.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, pvariance

import numpy as np

from analytics.proportions import Share, wilson

WEAK = 0.15
"""An item that tells strong from weak less than this is dropped."""


class Level(StrEnum):
    """House rule: under 40, 60, 80, else."""

    STARTER = "starter"
    BASIC = "basic"
    SELF_RELIANT = "self_reliant"
    GUIDE = "guide"


UPTO = {Level.STARTER: 40.0, Level.BASIC: 60.0, Level.SELF_RELIANT: 80.0}


def level(score: float) -> Level:
    """Return the level of an unrounded score of 0 to 100.

    >>> level(39.9), level(60)
    (<Level.STARTER: 'starter'>, <Level.SELF_RELIANT: 'self_reliant'>)
    """
    if not 0 <= score <= 100:
        raise ValueError(f"{score} is no score")
    return next((each for each, upto in UPTO.items() if score < upto), Level.GUIDE)


def gain(before: float, after: float) -> float | None:
    """Return the share of what was still to be learned that was; None for who knew all, below 0 for who lost.

    Hake, R. R. (1998): Interactive-engagement versus traditional methods. American Journal of Physics 66, 64-74.

    >>> gain(50, 70), gain(100, 90)
    (0.4, None)
    """
    return None if before == 100 else (after - before) / (100 - before)


def group_gain(pairs: Iterable[tuple[float | None, float | None]]) -> tuple[float | None, int]:
    """Return the gain of the means of those who sat both, and how many these are.

    >>> group_gain([(40, 70), (60, 70), (None, 90)])
    (0.4, 2)
    """
    both = [(before, after) for before, after in pairs if before is not None and after is not None]
    if not both:
        return None, 0
    return gain(fmean(before for before, _ in both), fmean(after for _, after in both)), len(both)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """How one question does its work; None where nothing can be told."""

    difficulty: Share
    """Share of right answers: high is easy."""
    discrimination: float | None
    """Correlation of this one with the sum of the others."""

    @property
    def is_weak(self) -> bool:
        return self.discrimination is not None and self.discrimination < WEAK


def items(sheets: Sequence[Sequence[bool]]) -> list[Item]:
    """Judge each question by the sheets, one row a person, in the order of the questions."""
    right = np.asarray(sheets, dtype=np.float64)
    told = []
    for place in range(right.shape[1]):
        difficulty = wilson(int(right[:, place].sum()), len(right))
        rest = right.sum(axis=1) - right[:, place]
        is_flat = np.ptp(right[:, place]) == 0 or np.ptp(rest) == 0
        if difficulty is not None:
            found = None if is_flat else float(np.corrcoef(right[:, place], rest)[0, 1])
            told.append(Item(difficulty=difficulty, discrimination=found))
    return told


def kr20(sheets: Sequence[Sequence[bool]]) -> float | None:
    """Return how far a quiz agrees with itself: k/(k-1) · (1 - Σpq / variance of sums); None without variance.

    Kuder, G. F., Richardson, M. W. (1937): The theory of the estimation of test reliability. Psychometrika 2, 151-160.

    >>> round(kr20([[True, True, True], [True, True, False], [True, False, False], [False, False, False]]), 4)
    0.75
    """
    if not sheets or len(sheets[0]) < 2:
        return None
    k, n = len(sheets[0]), len(sheets)
    variance = pvariance([sum(row) for row in sheets])
    shares = [sum(row[place] for row in sheets) / n for place in range(k)]
    return k / (k - 1) * (1 - sum(p * (1 - p) for p in shares) / variance) if variance else None
