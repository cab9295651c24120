"""Shares of people with how sure one can be of them.

A share without its interval says more than is known: 3 of 3 is not better than 90 of 100. No answers is no share at
all, which is something else than a share of nought.
"""

from dataclasses import dataclass
from math import exp, fsum, lgamma, log, log1p, sqrt

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


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger one share is than another, and where the true difference lies in 95 of 100 such cases."""

    point: float
    low: float
    high: float


def newcombe(after: Share, before: Share) -> Difference:
    """Return by how much the share after exceeds the share before, with Newcombe's hybrid score interval.

    Newcombe, R. G. (1998): Interval estimation for the difference between independent proportions: comparison of
    eleven methods. Statistics in Medicine 17, 873-890, method 10: the Wilson bounds of both shares, squared and added.

    >>> change = newcombe(wilson(66, 75), wilson(45, 60))
    >>> round(change.point, 4), round(change.low, 4), round(change.high, 4)
    (0.13, -0.0007, 0.2644)
    """
    point = after.point - before.point
    down = sqrt((after.point - after.low) ** 2 + (before.high - before.point) ** 2)
    up = sqrt((after.high - after.point) ** 2 + (before.point - before.low) ** 2)
    return Difference(point, point - down, point + up)


def binomial_p(k: int, n: int, *, share: float = 0.5) -> float:
    """Return how often chance alone gives k of n or something no likelier, two-sided and exact.

    Clopper and Pearson's test by the method of small likelihoods, as in R's `binom.test`. Two counts over known
    exposures are compared by it: given their sum, the first is binomial with its share of the exposure
    (Przyborowski, J. and Wilenski, H. (1940): Homogeneity of results in testing samples from Poisson series).

    >>> round(binomial_p(8, 10), 6)
    0.109375
    >>> f"{binomial_p(480, 480 + 396, share=12_000 / 25_200):.2e}"
    '2.29e-05'
    """
    if not (0 <= k <= n and 0 < share < 1):
        raise ValueError(f"{k} out of {n} at {share} is nothing to test")
    logs = [
        lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log(share) + (n - i) * log1p(-share)
        for i in range(n + 1)
    ]
    # The logarithms of equal likelihoods differ in the last digits; R allows as much.
    return min(1.0, fsum(exp(each) for each in logs if each <= logs[k] + 1e-7))
