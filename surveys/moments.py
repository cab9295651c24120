"""Short scores asked right after something was used or settled, beside the waves (METRICS 4.2).

Each has its own scale and says nothing about the dimensions of PULSE. The usability scale is John Brooke's, who made it
freely available: SUS, "a quick and dirty usability scale" (1996; retrospective in J. Usability Studies 8, 2013).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SUS_ITEMS = 10


def sus(answers: Sequence[int]) -> float:
    """Return the usability score of one person's ten answers from 1 to 5, every second one turned, on 0 to 100.

    >>> sus([4, 2, 4, 1, 5, 2, 4, 2, 4, 3])
    77.5
    """
    if len(answers) != SUS_ITEMS or not all(1 <= each <= 5 for each in answers):
        raise ValueError("the usability scale has ten answers from 1 to 5")
    return 2.5 * sum(each - 1 if i % 2 == 0 else 5 - each for i, each in enumerate(answers))


def umux_lite(capable: int, easy: int) -> float:
    """Return the two-item usability score of answers from 1 to 7, on 0 to 100.

    The published regression onto SUS is not applied: its makers' successors advise against it.

    >>> umux_lite(6, 5)
    75.0
    """
    if not (1 <= capable <= 7 and 1 <= easy <= 7):
        raise ValueError("both answers run from 1 to 7")
    return (capable + easy - 2) * 100 / 12


@dataclass(frozen=True, slots=True)
class Ease:
    """How easy it was, asked of several people after a need."""

    mean: float
    share_easy: float


def ease(answers: Sequence[int]) -> Ease | None:
    """Return the mean of answers from 1 to 7 and the share of 5 and more; None for no answers.

    >>> ease([7, 6, 5, 3, 2])
    Ease(mean=4.6, share_easy=0.6)
    """
    if not all(1 <= each <= 7 for each in answers):
        raise ValueError("answers run from 1 to 7")
    if not answers:
        return None
    return Ease(sum(answers) / len(answers), sum(each >= 5 for each in answers) / len(answers))


def share_satisfied(answers: Sequence[int]) -> float | None:
    """Return the share of 4 and 5 among answers from 1 to 5; None for no answers.

    >>> share_satisfied([5, 4, 3, 1])
    0.5
    """
    if not all(1 <= each <= 5 for each in answers):
        raise ValueError("answers run from 1 to 5")
    return sum(each >= 4 for each in answers) / len(answers) if answers else None


def would_recommend(answers: Sequence[int]) -> float | None:
    """Return the per cent of 9 and 10 less the per cent of 6 and below; answers from 0 to 10; None for no answers.

    >>> would_recommend([9] * 9 + [7] * 5 + [3] * 6)
    15.0
    """
    if not all(0 <= each <= 10 for each in answers):
        raise ValueError("answers run from 0 to 10")
    if not answers:
        return None
    return 100 * (sum(each >= 9 for each in answers) - sum(each <= 6 for each in answers)) / len(answers)
