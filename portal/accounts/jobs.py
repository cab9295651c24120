"""The jobs of accounts."""

from __future__ import annotations

from typing import Any

from portal.accounts import erasing, services


def send_reset(payload: dict[str, Any]) -> None:
    """Send the reset mail somebody asked for, if there is such an account; the request took its time for either."""
    services.send_requested_reset(payload["email"])


def sweep(payload: dict[str, Any]) -> None:
    """Forget sessions and links a month after their end, and limits whose window is over."""
    services.sweep()


def erase(payload: dict[str, Any]) -> None:
    """Forget somebody for good, as was asked."""
    erasing.run(payload["erasure"])
