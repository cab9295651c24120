"""Counts over how many people for how long: rates, and how one rate stands to another.

A share counts people once; a rate counts events over person-weeks, and one person may call ten times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, log, sqrt

from analytics.proportions import Z95


@dataclass(frozen=True, slots=True)
class Rate:
    """So many events while so many people were there for so long (the unit is the caller's: person-weeks, -months)."""

    k: int
    exposure: float

    def __post_init__(self) -> None:
        if self.k < 0 or self.exposure <= 0:
            raise ValueError(f"{self.k} over {self.exposure} is no rate")

    @property
    def point(self) -> float:
        return self.k / self.exposure


@dataclass(frozen=True, slots=True)
class Span:
    """A figure with the interval in which the true one lies in 95 of 100 such cases."""

    point: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RateRatio:
    """How many times as high one rate is as another; everything follows from its logarithm and that one's error."""

    point: float
    error: float
    """Standard error of the logarithm, overdispersion included."""

    @property
    def low(self) -> float:
        return exp(log(self.point) - Z95 * self.error)

    @property
    def high(self) -> float:
        return exp(log(self.point) + Z95 * self.error)

    @property
    def z(self) -> float:
        return log(self.point) / self.error

    @property
    def p(self) -> float:
        """Two-sided: how often chance alone would bring a ratio as far from 1."""
        return erfc(abs(self.z) / sqrt(2))

    def avoided(self, expected: float) -> Span:
        """Return how many events did not happen of so many expected; the higher the ratio, the fewer."""
        return Span(expected * (1 - self.point), expected * (1 - self.high), expected * (1 - self.low))


def rate_ratio(after: Rate, before: Rate, *, dispersion: float = 1.0) -> RateRatio | None:
    """Return the rate after over the rate before, None where either counted nothing (the logarithm has no end there).

    ln RR = ln(b/Tb) - ln(a/Ta), SE = sqrt(1/a + 1/b) (Rothman, K. J. et al. (2008): Modern epidemiology, 3rd ed.,
    chapter 14), widened by sqrt(max(1, dispersion)) as for quasi-Poisson models.

    >>> ratio = rate_ratio(Rate(396, 13_200), Rate(480, 12_000))
    >>> round(ratio.point, 4), round(ratio.low, 4), round(ratio.high, 4), round(ratio.z, 3)
    (0.75, 0.6566, 0.8567, -4.238)
    """
    if after.k == 0 or before.k == 0:
        return None
    widened = sqrt(max(1.0, dispersion))
    return RateRatio(after.point / before.point, widened * sqrt(1 / after.k + 1 / before.k))


def dispersion(*periods: Sequence[Rate]) -> float:
    """Return how much more the parts of each period (its weeks, its people) scatter than chance alone would have them.

    Pearson's chi² of every part against the rate of its own period, over parts less periods; 1 where nothing can be
    told. Few who call often are the usual cause of more than 1.

    >>> round(dispersion([Rate(2, 1), Rate(18, 1)], [Rate(10, 1), Rate(10, 1)]), 6)
    6.4
    """
    chi, parts, told = 0.0, 0, 0
    for period in periods:
        total, exposure = sum(part.k for part in period), sum(part.exposure for part in period)
        if total == 0:
            continue
        rate = total / exposure
        chi += sum((part.k - rate * part.exposure) ** 2 / (rate * part.exposure) for part in period)
        parts, told = parts + len(period), told + 1
    return chi / (parts - told) if parts > told else 1.0


def ratio_of_ratios(now: RateRatio, last_year: RateRatio) -> RateRatio:
    """Return what is left of a change when the same weeks a year ago changed too: the season is divided out.

    The four counts are independent, so the errors of the logarithms add up as squares.

    >>> season = rate_ratio(Rate(500, 11_500), Rate(450, 11_000))
    >>> left = ratio_of_ratios(rate_ratio(Rate(396, 13_200), Rate(480, 12_000)), season)
    >>> round(left.point, 4), round(left.low, 4), round(left.high, 4)
    (0.7057, 0.587, 0.8484)
    """
    return RateRatio(now.point / last_year.point, sqrt(now.error**2 + last_year.error**2))
