"""What the front door does by itself."""

from __future__ import annotations

from typing import Any

from portal.home import announcements, services


def end_incidents(payload: dict[str, Any]) -> None:
    """Mark notices whose time is up. Readers see none of them meanwhile; this is for the record."""
    services.end_expired()


def tell_announcement(payload: dict[str, Any]) -> None:
    """Put an announcement whose day has come behind the bells of its readers, some hundred at a time."""
    announcements.tell_readers(int(payload["announcement"]), after_id=int(payload.get("after", 0)))
