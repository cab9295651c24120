"""What the front door does by itself."""

from __future__ import annotations

from typing import Any

from portal.home import services


def end_incidents(payload: dict[str, Any]) -> None:
    """Mark notices whose time is up. Readers see none of them meanwhile; this is for the record."""
    services.end_expired()
