"""Folding the days that are over, every night."""

from __future__ import annotations

from typing import Any

from portal.measures import fold


def fold_days(payload: dict[str, Any]) -> None:
    """Fold what is over; it commits after each day, so that a long one loses nothing when its worker dies."""
    for _day in fold.fold():
        pass
