"""Regression on counts: a Poisson model with a logarithmic link, fitted by iteratively reweighted least squares.

ln E[y] = offset + X·b. McCullagh, P., Nelder, J. A. (1989): Generalized linear models, 2nd ed., chapter 6; robust
errors as in Newey, W. K., West, K. D. (1987): Econometrica 55, 703-708. statsmodels gives the same digits; a test
asks it (docs/adr/0012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 50
"""More than ever needed: from the counts themselves it converges in four to six."""
NEAR_ENOUGH = 1e-10

Vector = NDArray[np.float64]


class CannotFit(ValueError):
    """The observations do not settle the model: columns tell the same, or there is nothing to count."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model: what was found, how sure of it one is, and what it expects of every observation."""

    design: Vector
    counts: Vector
    coefficients: Vector
    covariance: Vector
    """As the model has it: the variance of a count is its mean."""
    fitted: Vector

    @property
    def errors(self) -> Vector:
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def residuals(self) -> Vector:
        """Pearson's: how far each count is from what is expected, in standard deviations of a Poisson count."""
        return np.asarray((self.counts - self.fitted) / np.sqrt(self.fitted))

    @property
    def dispersion(self) -> float:
        """Pearson's chi² over its degrees of freedom: 1 for counts that scatter as they should, more for callers who
        call in bursts."""
        n, k = self.design.shape
        return float((self.residuals**2).sum() / (n - k)) if n > k else float("nan")

    def robust(self, lags: int) -> Vector:
        """Return the covariance by Newey and West, which holds when neighbours are alike or unlike each other."""
        scores = self.design * (self.counts - self.fitted)[:, None]
        middle = scores.T @ scores
        for lag in range(1, lags + 1):
            shifted = scores[lag:].T @ scores[:-lag]
            middle = middle + (1 - lag / (lags + 1)) * (shifted + shifted.T)
        return np.asarray(self.covariance @ middle @ self.covariance)


def fit(design: Vector, counts: Vector, exposure: Vector) -> Fit:
    """Fit counts to the columns of the design, each count over its own exposure (people, person-months).

    Raises CannotFit when the answer would be one of many.

    >>> even = fit(np.ones((4, 1)), np.array([9.0, 11.0, 19.0, 21.0]), np.array([1.0, 1.0, 2.0, 2.0]))
    >>> round(float(np.exp(even.coefficients[0])), 6)
    10.0
    """
    if len(counts) <= design.shape[1] or np.linalg.matrix_rank(design) < design.shape[1]:
        raise CannotFit("too few observations, or columns that tell the same")
    if not (exposure > 0).all() or not (counts >= 0).all() or counts.sum() == 0:
        raise CannotFit("counts over nobody, or nothing counted")
    offset = np.log(exposure)
    mean = counts + 0.5
    linear = np.log(mean)
    before = np.full(design.shape[1], np.inf)
    for _ in range(ROUNDS):
        working = linear - offset + (counts - mean) / mean
        information = design.T @ (design * mean[:, None])
        try:
            found = np.linalg.solve(information, design.T @ (mean * working))
        except np.linalg.LinAlgError as problem:
            raise CannotFit("one of the columns has no counts to tell by") from problem
        linear = offset + design @ found
        if not np.isfinite(linear).all() or np.abs(linear).max() > 50:
            break
        mean = np.exp(linear)
        if np.abs(found - before).max() < NEAR_ENOUGH:
            information = design.T @ (design * mean[:, None])
            return Fit(design, counts, np.asarray(found), np.asarray(np.linalg.inv(information)), mean)
        before = found
    raise CannotFit("it does not settle: somewhere nothing was counted at all")


def lag_one(residuals: Vector, at: NDArray[np.int64]) -> float:
    """Return how neighbours in time go together: the correlation of residuals with those one step later.

    Over a gap nobody is a neighbour.

    >>> round(lag_one(np.array([1.0, -1.0, 1.0, 9.0, 1.0, -1.0]), np.array([0, 1, 2, 5, 7, 8])), 3)
    -1.0
    """
    next_to = np.diff(at) == 1
    earlier, later = residuals[:-1][next_to], residuals[1:][next_to]
    if len(earlier) < 2 or np.ptp(earlier) == 0 or np.ptp(later) == 0:
        return 0.0
    return float(np.corrcoef(earlier, later)[0, 1])
