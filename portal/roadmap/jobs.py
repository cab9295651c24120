"""Work of the roadmap apart from requests."""

from __future__ import annotations

from typing import Any

from portal.roadmap import asking, checking, evidence


def refresh(payload: dict[str, Any]) -> None:
    """Ask the figures every item rests on."""
    asking.refresh(evidence.standing())


def check(payload: dict[str, Any]) -> None:
    """Say of what was delivered whether the gap has closed."""
    checking.run()
