"""What goes with the intention to look here first: correlations inside one questionnaire (METRICS 4.7, 11).

It tells where to look, not what causes what: answers on one sheet, given in one mood, agree more than the world does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atanh, fsum, sqrt, tanh

from surveys.confidence import Z95, Interval
from surveys.instrument import Instrument
from surveys.scoring import Scored

LEAST_PAIRS = 30
LEAST_PER_PREDICTOR = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One dimension against the outcome."""

    code: str
    n: int
    """People with both scores."""
    r: float | None
    low: float | None
    high: float | None
    mean: float | None
    """Of everybody scored in the dimension."""
    priority: float | None
    """r(100 - mean)/100: what matters and is not there yet."""
    weight: float | None
    """The part of R² that is this dimension's; None with too few people for all dimensions together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """Every dimension against the outcome, in the instrument's order."""

    outcome: str
    n_complete: int
    """People with every score."""
    r_squared: float | None
    each: tuple[Driver, ...]


def pearson(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Return the correlation of pairs; None when one side does not vary.

    >>> round(pearson([80, 60, 70, 90, 40, 55, 75, 65, 85, 50], [75, 55, 80, 85, 45, 50, 70, 60, 90, 40]), 4)
    0.9324
    """
    n = len(left)
    if n < 2 or min(left) == max(left) or min(right) == max(right):
        return None
    x, y = fsum(left) / n, fsum(right) / n
    both = fsum((a - x) * (b - y) for a, b in zip(left, right, strict=True))
    spread = sqrt(fsum((a - x) ** 2 for a in left)) * sqrt(fsum((b - y) ** 2 for b in right))
    return max(-1.0, min(1.0, both / spread))


def fisher(r: float, n: int) -> Interval | None:
    """Return the 95 % interval of a correlation over n pairs: tanh(atanh r ± z/sqrt(n-3)); None for three or fewer.

    Fisher, R. A. (1921): On the "probable error" of a coefficient of correlation. Metron 1, 3-32.

    >>> found = fisher(0.9324, 10)
    >>> round(found.low, 3), round(found.high, 3)
    (0.733, 0.984)
    """
    if n <= 3:
        return None
    if abs(r) == 1:
        return Interval(r, r)
    half = Z95 / sqrt(n - 3)
    return Interval(tanh(atanh(r) - half), tanh(atanh(r) + half))


def relative_weights(
    predictors: Sequence[Sequence[float]], outcome: Sequence[float]
) -> tuple[tuple[float, ...], float]:
    """Return what part of R² is each predictor's, and R²; each must vary.

    Johnson, J. W. (2000): A heuristic method for estimating the relative weight of predictor variables in multiple
    regression. Multivariate Behavioral Research 35, 1-19: predictors are turned into the nearest uncorrelated ones,
    the regression on those is shared out. Weights add up to R² however alike the predictors are.

    >>> ease, social = [75, 55, 80, 85, 45, 50, 70, 60, 90, 40], [50, 60, 40, 70, 55, 45, 65, 50, 60, 40]
    >>> weights, r_squared = relative_weights([ease, social], [80, 60, 70, 90, 40, 55, 75, 65, 85, 50])
    >>> [round(each, 4) for each in (*weights, r_squared)]
    [0.7467, 0.1364, 0.8831]
    """
    import numpy as np

    among = np.atleast_2d(np.corrcoef(np.asarray(predictors, dtype=float)))
    toward = np.array([pearson(each, outcome) for each in predictors], dtype=float)
    values, vectors = np.linalg.eigh(among)
    # Predictors that say the same leave an eigenvalue of nought, perhaps a hair below; it carries nothing.
    roots = np.sqrt(np.clip(values, 0.0, None))
    inverse = np.where(roots > 1e-7, 1 / np.where(roots > 1e-7, roots, 1.0), 0.0)
    ties = vectors @ np.diag(roots) @ vectors.T
    strengths = vectors @ np.diag(inverse) @ vectors.T @ toward
    weights = (ties**2) @ (strengths**2)
    return tuple(float(each) for each in weights), float(weights.sum())


def drivers(instrument: Instrument, dimensions: Sequence[str], sheets: Iterable[Scored]) -> Drivers:
    """Set every asked dimension against the outcome, over all sheets of a wave."""
    people = [sheet.dimensions for sheet in sheets]
    outcome = instrument.rules.outcome
    predictors = [code for code in dimensions if code != outcome]
    complete = [each for each in people if outcome in each and all(code in each for code in predictors)]
    weights, r_squared = _weights(predictors, outcome, complete)
    found = []
    for code in predictors:
        pairs = [(each[code], each[outcome]) for each in people if code in each and outcome in each]
        scores = [each[code] for each in people if code in each]
        mean = fsum(scores) / len(scores) if scores else None
        r = pearson(*zip(*pairs, strict=True)) if len(pairs) >= LEAST_PAIRS else None
        interval = fisher(r, len(pairs)) if r is not None else None
        found.append(
            Driver(
                code=code,
                n=len(pairs),
                r=r,
                low=interval.low if interval else None,
                high=interval.high if interval else None,
                mean=mean,
                priority=None if r is None or mean is None else priority(r, mean),
                weight=weights.get(code),
            )
        )
    return Drivers(outcome=outcome, n_complete=len(complete), r_squared=r_squared, each=tuple(found))


def priority(r: float, mean: float) -> float:
    """Return how much there is to win: r(100 - mean)/100.

    >>> round(priority(0.9324, 65), 4)
    0.3263
    """
    return r * (100 - mean) / 100


def _weights(
    predictors: Sequence[str], outcome: str, complete: Sequence[Mapping[str, float]]
) -> tuple[dict[str, float], float | None]:
    """Share out R² among the predictors that vary, if there are people enough for all that were asked."""
    if not predictors or len(complete) < max(LEAST_PAIRS, LEAST_PER_PREDICTOR * len(predictors)):
        return {}, None
    # Sorted, so that not even the last digit tells in which order sheets came in.
    rows = sorted(tuple(each[code] for code in (*predictors, outcome)) for each in complete)
    columns = dict(zip((*predictors, outcome), zip(*rows, strict=True), strict=True))
    varying = [code for code in predictors if min(columns[code]) < max(columns[code])]
    if not varying or min(columns[outcome]) == max(columns[outcome]):
        return {}, None
    weights, r_squared = relative_weights([columns[code] for code in varying], columns[outcome])
    return dict(zip(varying, weights, strict=True)), r_squared
