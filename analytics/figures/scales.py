"""What drawing needs of numbers: round ticks, short coordinates, lines cut at their gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import Any


def short(value: float) -> str:
    """Write a coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")


def stretches(points: Sequence[tuple[Any, Any]]) -> Iterable[list[tuple[Any, Any]]]:
    """Cut a line at its gaps."""
    stretch: list[tuple[Any, Any]] = []
    for x, y in [*points, (None, None)]:
        if y is not None:
            stretch.append((x, y))
        elif stretch:
            yield stretch
            stretch = []


def ticks(top: float, low: float = 0.0) -> list[float]:
    """Return round values from nought, or below the lowest value, to at least the top: about five of them.

    >>> ticks(1.0), ticks(37)
    ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 10.0, 20.0, 30.0, 40.0])
    >>> ticks(10, -3)
    [-5.0, 0.0, 5.0, 10.0]
    """
    rough = (top - low) / 4
    size = 10.0 ** floor(log10(rough)) if rough > 0 else 1.0
    step = next((size * nice for nice in (1, 2, 2.5, 5, 10) if size * nice >= rough * 0.8), size * 10)
    n = int(-(-(top - 1e-9) // step))
    n_below = int(-(-(-low - 1e-9) // step)) if low < 0 else 0
    return [round(step * place, 10) for place in range(-n_below, n + 1)]
