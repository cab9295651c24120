"""What measuring does at night."""

from __future__ import annotations

from typing import Any

from portal.measures import counting


def fold_days(payload: dict[str, Any]) -> None:
    """Count what is over; a worker that dies is followed by another that goes on where it was."""
    for _day in counting.counted():
        pass
