"""Before a campaign: who starts when, by lot, and whether so many departments can show anything.

A start drawn by lot (a stepped wedge: Hussey, M. A., Hughes, J. P. (2007): Contemporary Clinical Trials 28, 182-191)
is the only one whose figures are proof; departments that volunteer to be first are those that would have risen anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from analytics.effects.handouts import enough, how_many
from analytics.effects.panel import NEVER

FEW = 4
"""Departments below which the planner warns (METRICS 4.9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a plan could show at best."""

    n_departments: int
    n_handouts: int
    least_share: float
    """The smallest p (or placebo rank) that is possible."""
    is_few: bool
    """Fewer departments than four."""
    can_detect: bool
    """Whether the interval can have an end at all: it takes 40 ways to hand out."""


def outlook(starts: Sequence[int | None]) -> Outlook:
    """Say what departments with these starts could show; None for those that are to stay without.

    >>> outlook([3, 5, 7]).least_share, outlook([3, 5, 7, 9]).can_detect, outlook([3, 5, 7, 9, None]).can_detect
    (0.16666666666666666, False, True)
    """
    n = how_many(np.array([NEVER if start is None else start for start in starts], dtype=np.int64))
    return Outlook(
        n_departments=len(starts),
        n_handouts=n,
        least_share=1 / n,
        is_few=len(starts) < FEW,
        can_detect=n >= enough(),
    )


def draw(departments: Sequence[str], starts: Sequence[int | None], *, seed: int) -> dict[str, int | None]:
    """Hand the starts out by lot; the same seed always draws the same, so that anybody can draw it again.

    >>> draw(["HR", "IT", "Sales"], [3, 5, None], seed=7)
    {'HR': None, 'IT': 3, 'Sales': 5}
    """
    if len(departments) != len(set(departments)) or len(departments) != len(starts):
        raise ValueError("one start for every department, each named once")
    shuffled = list(starts)
    Random(seed).shuffle(shuffled)  # noqa: S311 - a lottery that is published with its seed keeps no secret
    return dict(zip(sorted(departments), shuffled, strict=True))
