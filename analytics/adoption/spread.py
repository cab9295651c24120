"""Breadth, depth and frequency in one figure that cannot hide a dead leg (METRICS 3.1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Three shares between 0 and 1; always drawn together with the index."""

    breadth: float
    """Active of eligible."""
    depth: float
    """Of what there is (search, questions, votes, …) how much is used."""
    frequency: float
    """Needs an active person brings here, against what was aimed at; 1 at most."""

    @property
    def index(self) -> float:
        """100 times their geometric mean.

        >>> round(Spread(breadth=0.5, depth=0.4, frequency=0.8).index, 1)
        54.3
        """
        return float(100 * (self.breadth * self.depth * self.frequency) ** (1 / 3))


def spread(*, active: int, eligible: int, used: int, offered: int, needs: int, needs_aimed_at: float) -> Spread | None:
    """Return the three legs; None where there is nobody to use or nothing to be used.

    >>> told = spread(active=50, eligible=100, used=2, offered=5, needs=40, needs_aimed_at=1.0)
    >>> told.breadth, told.depth, told.frequency
    (0.5, 0.4, 0.8)
    """
    if eligible <= 0 or offered <= 0 or needs_aimed_at <= 0:
        return None
    if active > eligible or used > offered:
        raise ValueError("more than all cannot be active, or used")
    frequency = min(1.0, needs / active / needs_aimed_at) if active else 0.0
    return Spread(breadth=active / eligible, depth=used / offered, frequency=frequency)
