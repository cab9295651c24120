"""Do the items of a dimension say the same thing? Cronbach's alpha with Feldt's interval (METRICS 4.4, 11).

Over all respondents of the wave together, sheets complete in that dimension, straight lines left out, items turned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from surveys.confidence import Interval, f_quantile
from surveys.instrument import Instrument
from surveys.scoring import Scored

LEAST_SHEETS = 30
LOW = 0.60
"""Below it a dimension is not to be read alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How well the items of one dimension agree."""

    n: int
    alpha: float
    low: float
    high: float
    if_dropped: tuple[float | None, ...]
    """Alpha without each item in turn; None where two would not be left or do not vary."""

    @property
    def is_low(self) -> bool:
        return self.alpha < LOW

    @property
    def is_sure(self) -> bool:
        """Not low by the whole of its interval: a sample's alpha may lie above the line where the items do not."""
        return self.low >= LOW

    @property
    def is_negative(self) -> bool:
        """Items speak against each other: the reverse coding is to be checked before anything is read."""
        return self.alpha < 0


def alpha(rows: Sequence[Sequence[int]]) -> float | None:
    """Return Cronbach's alpha of complete rows, an item a column; None if the totals do not vary.

    Cronbach, L. J. (1951): Coefficient alpha and the internal structure of tests. Psychometrika 16, 297-334:
    k/(k-1) · (1 - Σ s²_i / s²_total), variances with n - 1.

    >>> round(alpha([(4, 5, 4), (3, 3, 2), (5, 5, 5), (2, 3, 2), (4, 4, 3), (1, 2, 2)]), 4)
    0.9611
    """
    k = len(rows[0]) if rows else 0
    if k < 2 or len(rows) < 2:
        return None
    total = _variance([sum(row) for row in rows])
    if total == 0:
        return None
    return k / (k - 1) * (1 - fsum(_variance([row[i] for row in rows]) for i in range(k)) / total)


def feldt(found: float, *, n: int, k: int) -> Interval:
    """Return the 95 % interval of an alpha of k items over n people.

    Feldt, L. S. (1965): The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty.
    Psychometrika 30, 357-370: 1 - (1-alpha)·F at .975 and .025 with n-1 and (n-1)(k-1) degrees of freedom.

    >>> interval = feldt(0.85, n=89, k=7)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.7971, 0.8932)
    """
    df1, df2 = n - 1, (n - 1) * (k - 1)
    return Interval(1 - (1 - found) * f_quantile(0.975, df1, df2), 1 - (1 - found) * f_quantile(0.025, df1, df2))


def reliability(
    instrument: Instrument, dimension: str, asked: Collection[str], sheets: Iterable[Scored]
) -> Reliability | None:
    """Return how well the asked items of a dimension agree; None below 30 complete sheets or if nothing varies."""
    codes = [item.code for item in instrument.dimension(dimension).items if item.code in asked]
    rows = [
        tuple(sheet.turned[code] for code in codes)
        for sheet in sheets
        if not sheet.is_straight and all(code in sheet.turned for code in codes)
    ]
    if len(rows) < LEAST_SHEETS:
        return None
    found = alpha(rows)
    if found is None:
        return None
    interval = feldt(found, n=len(rows), k=len(codes))
    dropped = tuple(alpha([row[:i] + row[i + 1 :] for row in rows]) for i in range(len(codes)))
    return Reliability(n=len(rows), alpha=found, low=interval.low, high=interval.high, if_dropped=dropped)


def _variance(values: Sequence[int]) -> float:
    # Whole numbers: exact until the last division, so nothing but equal values gives nought.
    n, total = len(values), sum(values)
    return (n * sum(value * value for value in values) - total * total) / (n * (n - 1))
