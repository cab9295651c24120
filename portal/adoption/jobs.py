"""What adoption does at night, when the days are counted: how far everybody has come, then what is steered by it."""

from __future__ import annotations

from typing import Any

from portal.adoption import counting, steering
from portal.jobs import services as jobs

RENEW, STEER = "adoption.renew", "adoption.steer"


def renew(payload: dict[str, Any]) -> None:
    """Work out anew how far everybody has come."""
    counting.renew()
    jobs.enqueue(STEER, {})


def steer(payload: dict[str, Any]) -> None:
    """Work out anew where each goal and each intervention stands."""
    steering.renew()
