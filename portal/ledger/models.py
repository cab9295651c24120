"""The ledger's table, and the guards that keep it append-only. The third guard is a trigger in the migration."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, event, text
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from portal.core.database import Base
from portal.core.types import UTCDateTime


class LedgerEntry(Base):
    """One fact. The order of ids is the order of truth."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_name_at", "name", "at"),
        # Limited on PostgreSQL too, by the migration; said here, every process would load what speaks PostgreSQL.
        Index("ix_ledger_entry_acted_by_id", "acted_by_id", sqlite_where=text("acted_by_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True, comment="when it happened")
    recorded_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="when it was written down")
    name: Mapped[str] = mapped_column(String(40))
    v: Mapped[int] = mapped_column(default=1, comment="version of the shape of props")
    visitor: Mapped[str] = mapped_column(String(32), comment="keyed hash of account or anonymous visit")
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(String(8))
    department_id: Mapped[int | None] = mapped_column(comment="as it was then")
    site_id: Mapped[int | None] = mapped_column(comment="as it was then")
    subject: Mapped[str | None] = mapped_column(String(64), index=True, comment="a Ref: article:12")
    topic: Mapped[str | None] = mapped_column(String(64), comment="a Ref: category:3")
    visit: Mapped[str | None] = mapped_column(String(32))
    props: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_id: Mapped[str | None] = mapped_column(String(32))
    """Of the request that caused it, or a Ref: the piece of work it is part of."""
    acted_by_id: Mapped[int | None] = mapped_column(comment="the administrator who acted for the actor")


class LedgerOpening(Base):
    """Holds a row only within the transaction of `services.redact`, where the database lets facts be changed."""

    __tablename__ = "ledger_opening"

    id: Mapped[int] = mapped_column(primary_key=True)


class AppendOnly(Exception):
    """Somebody tried to change or delete what has happened."""


@event.listens_for(LedgerEntry, "before_update")
@event.listens_for(LedgerEntry, "before_delete")
def _refuse_row(mapper: Any, connection: Any, target: LedgerEntry) -> None:
    raise AppendOnly(f"ledger entry {target.id} cannot be changed")


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    if any(mapper.class_ is LedgerEntry for mapper in state.all_mappers):
        raise AppendOnly("the ledger cannot be changed in bulk")
