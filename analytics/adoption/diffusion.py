"""How a new thing spreads among people who see each other use it: the curve of Bass, fitted and carried on.

Bass, F. M. (1969): A new product growth for model consumer durables. Management Science 15, 215-227:
F(t) = (1 - e^-(p+q)t) / (1 + (q/p)·e^-(p+q)t), N = M·F; p is coming by oneself, q is coming because others do.
The ceiling M is the number of eligible people and never fitted: before the curve has bent it cannot be told from the
data (the first five points of our worked example put it 15 % too low, with an error that looks small).
Campaigns break what the curve assumes: mark them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np

from analytics.adoption.leastsquares import Floats, Settled, minimise
from analytics.rates import Span

LEAST_PERIODS = 5
ROUNDS = 1_000
HIGHEST = (1.0, 2.0)
"""Of p and q."""
FLAT = 1e-6
"""A q no larger says that nobody comes because others do: there is no S."""
STARTS = ((0.03, 0.38), (0.003, 0.6), (0.1, 0.1), (0.01, 1.2))


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of Bass: p, q, and the ceiling."""

    p: float
    q: float
    ceiling: float

    def at(self, t: float) -> float:
        """Return how many there are after t periods.

        >>> [round(Curve(0.03, 0.38, 1000).at(t), 2) for t in range(1, 7)]
        [35.76, 85.06, 150.5, 233.15, 331.2, 439.24]
        """
        return self.ceiling * float(shares(np.array([[self.p, self.q]]), np.array([t], dtype=np.float64))[0, 0])

    @property
    def peak(self) -> float | None:
        """When most come in a period: ln(q/p)/(p+q); None where it is falling from the start.

        >>> curve = Curve(0.03, 0.38, 1000)
        >>> round(curve.peak, 4), round(curve.at(curve.peak), 2), round(curve.peak_rate, 2)
        (6.1926, 460.53, 110.59)
        """
        return log(self.q / self.p) / (self.p + self.q) if self.q > self.p > 0 else None

    @property
    def peak_rate(self) -> float:
        return self.ceiling * (self.p + self.q) ** 2 / (4 * self.q)

    def when(self, share: float) -> float:
        """Return after how many periods this share of the ceiling is there.

        >>> round(Curve(0.03, 0.38, 1000).when(0.5), 3)
        6.55
        """
        if not 0 <= share < 1:
            raise ValueError(f"a share of {share} is never there")
        return log((self.p + self.q * share) / (self.p * (1 - share))) / (self.p + self.q)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A curve through what was counted, and how much the counts scatter about it."""

    curve: Curve
    counted: tuple[float, ...]
    """Cumulative."""
    dispersion: float
    """Of the increments about the curve, against counts that scatter by chance; 1 at least."""

    def forecast(self, periods: int, *, seed: int = 0) -> list[Span]:
        """Carry on from what was counted, for so many periods; each with the band that holds 95 of 100.

        A parametric bootstrap: increments are drawn about the curve, a curve is fitted to each draw, and the periods
        to come are drawn about that one. So the band holds both what is not known of the curve and chance itself.
        """
        n, ceiling, last = len(self.counted), self.curve.ceiling, self.counted[-1]
        rng = np.random.default_rng(seed)
        own = np.array([[self.curve.p, self.curve.q]])
        past, to_come = np.arange(n + 1.0), np.arange(n, n + periods + 1.0)
        drawn = self._draw(np.repeat(ceiling * np.diff(shares(own, past)), ROUNDS, axis=0), rng)
        fitted = _fit_shares(drawn / ceiling, np.repeat(own, ROUNDS, axis=0)).found
        ahead = self._draw(ceiling * np.diff(shares(fitted, to_come)), rng)
        paths = np.minimum(last + np.cumsum(ahead, axis=1), max(ceiling, last))
        expected = last + np.cumsum(ceiling * np.diff(shares(own, to_come))[0])
        low, high = np.percentile(paths, [2.5, 97.5], axis=0)
        told = np.minimum(expected, max(ceiling, last))
        return [
            Span(point, min(down, point), max(up, point))
            for point, down, up in zip(told.tolist(), low.tolist(), high.tolist(), strict=True)
        ]

    def _draw(self, means: Floats, rng: np.random.Generator) -> Floats:
        spread = np.sqrt(self.dispersion * np.maximum(means, 0))
        return np.asarray(np.maximum(0.0, rng.normal(means, spread)))


def shares(parameters: Floats, t: Floats) -> Floats:
    """Return F for every pair (p, q) in rows, at every time in columns."""
    p, q = parameters[:, :1], parameters[:, 1:2]
    left = np.exp(-(p + q) * t)
    return np.asarray(p * (1 - left) / np.maximum(p + q * left, 1e-300))


def fit(counted: Sequence[float], *, ceiling: float) -> Fitted | None:
    """Fit a curve to cumulative counts of equal periods; None: no S-curve yet (draw a straight line then).

    >>> found = fit([31, 75, 132, 205, 291, 392, 497, 600, 690, 768], ceiling=1000)
    >>> round(found.curve.p, 5), round(found.curve.q, 5), round(found.curve.at(13), 1), round(found.curve.when(0.6), 3)
    (0.02678, 0.36488, 917.0, 7.999)
    """
    if ceiling <= 0 or any(value < 0 for value in counted):
        raise ValueError("counts and their ceiling are above nothing")
    if len(counted) < LEAST_PERIODS or not counted[-1] or counted[-1] > ceiling:
        return None
    steps = np.diff(np.array([0.0, *counted]))
    best = _fit_shares(np.repeat(steps[None, :] / ceiling, len(STARTS), axis=0), np.array(STARTS))
    which = int(np.argmin(np.where(best.is_settled, best.left, inf)))
    p, q = best.found[which].tolist()
    if not best.is_settled[which] or q <= FLAT or p <= 0:
        return None
    curve = Curve(p, q, ceiling)
    means = ceiling * np.diff(shares(np.array([[p, q]]), np.arange(len(steps) + 1.0)))[0]
    pearson = float(((steps - means) ** 2 / np.maximum(means, 1e-9)).sum()) / (len(steps) - 2)
    return Fitted(curve=curve, counted=tuple(counted), dispersion=max(1.0, pearson))


def fit_with_ceiling(counted: Sequence[float]) -> tuple[Curve, float] | None:
    """Fit the ceiling too, and return its standard error: to show why that must not be done, never to forecast."""
    steps = np.diff(np.array([0.0, *counted]))
    times = np.arange(len(steps) + 1.0)
    scale = float(counted[-1])

    def expected(parameters: Floats) -> Floats:
        return np.asarray(parameters[:, 2:3] * np.diff(shares(parameters, times)))

    first = np.array([[*start, 1.3] for start in STARTS])
    found = minimise(expected, np.repeat(steps[None, :] / scale, len(first), axis=0), first, highest=(*HIGHEST, 1e3))
    which = int(np.argmin(np.where(found.is_settled, found.left, inf)))
    if len(steps) <= 3 or not found.is_settled[which]:
        return None
    p, q, times_last = found.found[which].tolist()
    variance = found.covariance(which)[2, 2] * found.left[which] / (len(steps) - 3)
    return Curve(p, q, times_last * scale), scale * sqrt(variance)


def _fit_shares(steps: Floats, first: Floats) -> Settled:
    times = np.arange(steps.shape[1] + 1.0)
    return minimise(lambda parameters: np.diff(shares(parameters, times)), steps, first, highest=HIGHEST)
