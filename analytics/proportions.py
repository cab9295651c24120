"""Shares of people with how sure one can be of them.

A share without its interval says more than is known: 3 of 3 is not better than 90 of 100. No answers is no share at
all, which is something else than a share of nought.
"""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The 97.5th percentile of the normal distribution: two-sided 95 per cent."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many out of so many, and where the true share lies in 95 of 100 such cases."""

    k: int
    n: int
    low: float
    high: float

    @property
    def point(self) -> float:
        return self.k / self.n


def wilson(k: int, n: int, *, z: float = Z95) -> Share | None:
    """Return the share k out of n with its Wilson score interval, None for no observations.

    Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference. JASA 22, 209-212:
    centre (p + z²/2n) / (1 + z²/n), half width z·sqrt(p(1-p)/n + z²/4n²) / (1 + z²/n). Unlike the textbook interval
    it never leaves 0 to 1 and does not shrink to nothing at 0 of 10 or 10 of 10.

    >>> share = wilson(9, 10)
    >>> share.point, round(share.low, 4), round(share.high, 4)
    (0.9, 0.5958, 0.9821)
    >>> wilson(0, 0) is None
    True
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} out of {n} is no share")
    if n == 0:
        return None
    p, spread = k / n, z * z / n
    centre = (p + spread / 2) / (1 + spread)
    half = z * sqrt(p * (1 - p) / n + spread / (4 * n)) / (1 + spread)
    # At the ends the bound is exact; arithmetic alone would miss it by the last digit.
    return Share(k, n, 0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half)
