"""A gate, what it asks for, who signed, and what was decided. A decision is a row that nothing changes any more."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, Double, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.people.models import Person


class Verdict(StrEnum):
    """What a gate says."""

    GO = "go"
    CONDITIONS = "conditions"
    """Go, and something has to follow."""
    HOLD = "hold"


class Kind(StrEnum):
    """How a condition is read."""

    SCORE = "score"
    """The lower end of a dimension's interval in the last closed survey."""
    RESPONSE = "response"
    """The share of those asked who answered it."""
    FALL = "fall"
    """The worst change of a core dimension since the survey before, as an effect size."""
    MEASURE = "measure"
    """A named measure over some days."""
    HISTORY = "history"
    """For how many weeks in a row a named measure could be read."""
    TOPICS = "topics"
    """The share of the busiest topics that have a checked article."""
    TRACED = "traced"
    """The share of requirements with an item and an example."""
    READOUT = "readout"
    """How many effects of interventions are published."""
    HAND = "hand"
    """Somebody looks, and says what they saw."""


class Gate(Base):
    """A point at which it is decided whether it goes on."""

    __tablename__ = "gate"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    step: Mapped[str] = mapped_column(String(24), comment="of the five in defaults.toml: idea-design, …")
    increment_id: Mapped[int | None] = mapped_column(ForeignKey("increment.id"), index=True, comment="none: the whole")
    due_on: Mapped[dt.date | None] = mapped_column(Date)
    seats: Mapped[list[str]] = mapped_column(JSON, default=list, comment="whose signatures it takes")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)

    @property
    def ref(self) -> Ref:
        return Ref("gate", self.id)


class Condition(Base):
    """One thing a gate asks for. What the figures say is read when somebody looks; only a hand's tick is kept."""

    __tablename__ = "gate_condition"

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64), default="", comment="code of a dimension, name of a measure")
    comparison: Mapped[str] = mapped_column(String(2), default=">=", comment="one of < <= > >=")
    threshold: Mapped[float | None] = mapped_column(Double, comment="none for what is looked at by hand")
    days: Mapped[int] = mapped_column(default=28, comment="over how many whole days a measure is read")
    words: Mapped[str] = mapped_column(String(200), default="", comment="of what is looked at by hand")
    is_met: Mapped[bool | None] = mapped_column(comment="by hand; none: nobody has looked")
    seen: Mapped[str] = mapped_column(String(300), default="", comment="what whoever looked has seen")
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    seen_by: Mapped[Person | None] = relationship()


class Signature(Base):
    """Somebody signs for a seat they hold; it holds until the next decision."""

    __tablename__ = "gate_signature"
    __table_args__ = (Index("ix_gate_signature_gate_id_at", "gate_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id", ondelete="CASCADE"))
    seat: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)

    person: Mapped[Person | None] = relationship()


class GateDecision(Base):
    """What was decided, by whom, why, and the evidence as it stood. The database refuses to change it."""

    __tablename__ = "gate_decision"
    __table_args__ = (Index("ix_gate_decision_gate_id_at", "gate_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    verdict: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON, comment="conditions, signatures and items as they stood")

    person: Mapped[Person | None] = relationship()
