"""Runs of imports, what became of each line, and what the portal remembers of imported things."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.types import UTCDateTime
from portal.people.models import Person


class State(StrEnum):
    """How far a run is."""

    READY = "ready"
    """Its file is there and waits for somebody to say what to do with it."""
    TRYING = "trying"
    TRIED = "tried"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"


UNDER_WAY = frozenset({State.TRYING, State.RUNNING, State.UNDOING})


class ImportRun(Base):
    """One import. While it is under way, `n_done` says how many rows are settled, so that it goes on after a kill."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200), comment="of the file or folder, as it was brought")
    source: Mapped[str] = mapped_column(String(1000), comment="where it is read from; ours when below the home folder")
    state: Mapped[str] = mapped_column(String(16), default=State.READY.value)
    choices: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, comment="what was chosen for it")
    columns: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, comment="field by heading of the table")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, comment="empty: a command")
    n_rows: Mapped[int] = mapped_column(default=0)
    n_done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, comment="lines by outcome")
    problem: Mapped[str] = mapped_column(Text, default="", comment="why the whole file was refused")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    beat_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when a batch was last settled")
    finished_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    by: Mapped[Person | None] = relationship()

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_real(self) -> bool:
        """True once something was changed; before, its lines only tell what would be."""
        return self.state in (State.RUNNING, State.DONE, State.UNDOING, State.UNDONE)


class ImportLine(Base):
    """What became, or would become, of one line or file."""

    __tablename__ = "import_line"
    __table_args__ = (Index("ix_import_line_run_id_outcome", "run_id", "outcome"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(400), default="")
    line: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(254), default="")
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, comment="[line, what to know]")
    n_notes: Mapped[int] = mapped_column(default=0)
    subject: Mapped[str | None] = mapped_column(String(64), index=True, comment="a Ref: what it became")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="how it was, and how it was left")
    undone: Mapped[str | None] = mapped_column(Text, comment="empty: taken back; words: why it could not be")


class ImportKnown(Base):
    """What an import left: under which key which thing is found again, and how it was left."""

    __tablename__ = "import_known"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    checksum: Mapped[str] = mapped_column(String(80), default="")
    left: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
