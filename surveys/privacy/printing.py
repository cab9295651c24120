"""Figures as they may be printed: whole numbers, and nothing that tells that all agree (METRICS 4.6, 11).

A share of 100 % or a mean of 100 says what each single person answered. So both ends are capped, and capped a little
before the end: "90 % or more" would give it away too, if it were printed only when all agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import floor

FEW = 10
"""Below so many people shares are capped at 20 and 80 %, from there on at 10 and 90 %."""
HIGHEST, LOWEST = 95, 5
LEAST_SPREAD = 10.0
"""An interval is never narrower than this standard deviation makes it: none at all would say that all agree."""


class Side(StrEnum):
    """What stands before a printed figure."""

    AT = "at"
    MORE = "more"
    """This or more."""
    LESS = "less"
    """This or less."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as it may be read."""

    value: float
    side: Side = Side.AT


def whole(value: float) -> float:
    """Round to a whole number, halves up.

    >>> whole(64.5), whole(65.49)
    (65.0, 65.0)
    """
    return float(floor(value + 0.5))


def mean(value: float, *, is_exact: bool = False) -> Printed:
    """Return a mean on 0 to 100.

    >>> mean(64.3), mean(97.0).side
    (Printed(value=64.0, side=<Side.AT: 'at'>), <Side.MORE: 'more'>)
    """
    if is_exact:
        return Printed(value)
    # The ends count as beyond: of five people a mean below 5 could only be nought.
    if value >= HIGHEST - 1e-9:
        return Printed(float(HIGHEST), Side.MORE)
    if value <= LOWEST + 1e-9:
        return Printed(float(LOWEST), Side.LESS)
    return Printed(whole(value))


def share(k: int, n: int, *, people: int, is_exact: bool = False) -> Printed:
    """Return k of n answers as a share from 0 to 1, of so many people.

    At the cap itself it is printed as capped too: of five people "80 % or more" must not mean five.

    >>> [share(k, 5, people=5).side.value for k in (1, 2, 4, 5)]
    ['less', 'at', 'more', 'more']
    """
    if is_exact:
        return Printed(k / n)
    # In whole numbers: 0.8 and 4 / 5 are the same float, 1 - 0.2 is another.
    tenths = 2 if people < FEW else 1
    if 10 * k >= (10 - tenths) * n:
        return Printed((10 - tenths) / 10, Side.MORE)
    if 10 * k <= tenths * n:
        return Printed(tenths / 10, Side.LESS)
    return Printed(whole(100 * k / n) / 100)
