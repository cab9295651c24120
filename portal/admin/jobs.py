"""The jobs of administration."""

from __future__ import annotations

from typing import Any

from portal.admin import archiving, condition, keeping
from portal.core.database import db


def forget(payload: dict[str, Any]) -> None:
    """Let go of everything whose days are over, a piece at a time, so that nobody who writes waits for it."""
    while any(keeping.run().values()):
        db.session.commit()


def measure(payload: dict[str, Any]) -> None:
    """Note how much room the installation takes today."""
    condition.note_room()


def back_up(payload: dict[str, Any]) -> None:
    """Write a backup. No transaction is open meanwhile, or nobody could write."""
    who = payload.get("asked_by")
    db.session.rollback()
    archiving.write(asked_by=who)
