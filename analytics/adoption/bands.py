"""Who was first, who followed: bands of the eligible by the order in which they were activated.

Rogers, E. M. (2003): Diffusion of innovations, 5th ed., chapter 7. Bands are shares of all who could come, not of
those who have: else everybody who comes late to an empty portal would be a pioneer. A person's band is theirs alone
and fixed at activation; never shown by name to managers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum


class Band(StrEnum):
    """In the order of coming."""

    INNOVATOR = "innovator"
    EARLY_ADOPTER = "early_adopter"
    EARLY_MAJORITY = "early_majority"
    LATE_MAJORITY = "late_majority"
    LAGGARD = "laggard"


THOUSANDTHS = {
    Band.INNOVATOR: 25,
    Band.EARLY_ADOPTER: 160,
    Band.EARLY_MAJORITY: 500,
    Band.LATE_MAJORITY: 840,
    Band.LAGGARD: 1000,
}
"""Up to which share of the eligible each band reaches; whole numbers, so that no rank falls to rounding."""


def cuts(eligible: int) -> tuple[int, ...]:
    """Return the last rank of each band.

    >>> cuts(200), cuts(150)
    ((5, 32, 100, 168, 200), (3, 24, 75, 126, 150))
    """
    return tuple(upto * eligible // 1000 for upto in THOUSANDTHS.values())


def band(rank: int, eligible: int) -> Band:
    """Return the band of a rank (1 is the first).

    >>> band(5, 200), band(6, 200)
    (<Band.INNOVATOR: 'innovator'>, <Band.EARLY_ADOPTER: 'early_adopter'>)
    """
    if not 1 <= rank <= eligible:
        raise ValueError(f"there is no rank {rank} among {eligible}")
    return next(each for each, upto in THOUSANDTHS.items() if 1000 * rank <= upto * eligible)


def bands(activated_at: Mapping[str, datetime], *, eligible: int) -> dict[str, Band]:
    """Return everybody's band; who came at the same moment is ordered by key. More than are eligible are laggards."""
    order = sorted(activated_at, key=lambda key: (activated_at[key], key))
    return {key: band(min(rank, eligible), eligible) for rank, key in enumerate(order, start=1)}
