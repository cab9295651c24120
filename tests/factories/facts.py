"""What the ledger holds of a kind of fact, oldest first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from analytics.events import Name
from portal.core.database import db
from portal.ledger.models import LedgerEntry


def entries(name: Name) -> list[LedgerEntry]:
    query = select(LedgerEntry).where(LedgerEntry.name == name.value).order_by(LedgerEntry.id)
    return list(db.session.execute(query).scalars())


def props(name: Name) -> list[dict[str, Any]]:
    """Return what each says beside who, when and about what."""
    return [entry.props for entry in entries(name)]
