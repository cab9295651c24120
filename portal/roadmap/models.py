"""Ideas people propose, items that are worked on, the evidence an item rests on, and every state either was in."""

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
from portal.kb.models import Category
from portal.people.models import Person


class IdeaState(StrEnum):
    """What became of an idea; every one gets a visible answer."""

    PROPOSED = "proposed"
    TRIAGED = "triaged"
    """It became an item, or part of one."""
    DECLINED = "declined"
    DUPLICATE = "duplicate"


class ItemState(StrEnum):
    """How far an item is. Whether it worked is known 30 or 90 days after delivery, not before."""

    DRAFT = "draft"
    """In triage: only the task force sees it, and without evidence it does not leave."""
    PLANNED = "planned"
    STARTED = "started"
    DELIVERED = "delivered"
    PROVEN = "proven"
    UNPROVEN = "unproven"
    STOPPED = "stopped"


GOING = (ItemState.PLANNED.value, ItemState.STARTED.value)
FINISHED = (ItemState.DELIVERED.value, ItemState.PROVEN.value, ItemState.UNPROVEN.value)


class Column(StrEnum):
    """Where an item stands on the public roadmap; done follows from its state."""

    NOW = "now"
    NEXT = "next"
    LATER = "later"


class Idea(Base):
    """What somebody would like. Removing keeps the row, so that nothing disappears without trace."""

    __tablename__ = "idea"
    __table_args__ = (Index("ix_idea_state_created_at", "state", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="", comment="rendered and sanitised when saved")
    excerpt: Mapped[str] = mapped_column(String(200), default="", comment="how the text begins, for lists")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    access_key: Mapped[str] = mapped_column(String(200), comment="the topic's, kept in step with it")
    access_changed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="it was for other people before")
    state: Mapped[str] = mapped_column(String(16), default=IdeaState.PROPOSED)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True, comment="what it became part of")
    answer: Mapped[str] = mapped_column(Text, default="", comment="what its proposer was told")
    answered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="first answer: time to it is measured")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    n_votes: Mapped[int] = mapped_column(default=0)
    n_comments: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    category: Mapped[Category | None] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("idea", self.id)


class Item(Base):
    """A piece of work with a reason: what is to change, for whom, by when, and how one will know."""

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_state_column", "state", "column"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(300), default="", comment="for everybody, in plain words")
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default=ItemState.DRAFT)
    column: Mapped[str] = mapped_column(String(8), default=Column.LATER)
    position: Mapped[int] = mapped_column(default=0, comment="within its column, by hand")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[dt.date | None] = mapped_column(Date)
    increment_id: Mapped[int | None] = mapped_column(
        ForeignKey("increment.id"), index=True, comment="what ships it; its table is of increments/models.py"
    )
    reach: Mapped[float | None] = mapped_column(Double, comment="people a quarter; none: from evidence")
    impact: Mapped[float | None] = mapped_column(Double, comment="3, 2, 1, .5 or .25; none: from evidence")
    confidence: Mapped[float | None] = mapped_column(Double, comment="0 to 1; none: from the grade of evidence")
    effort: Mapped[float | None] = mapped_column(Double, comment="person-weeks, at least .5")
    foretold: Mapped[float | None] = mapped_column(Double, comment="tickets avoided a quarter, as expected")
    foretold_low: Mapped[float | None] = mapped_column(Double)
    foretold_high: Mapped[float | None] = mapped_column(Double)
    value_points: Mapped[int | None] = mapped_column(comment="WSJF, for the steering group")
    urgency_points: Mapped[int | None] = mapped_column()
    risk_points: Mapped[int | None] = mapped_column()
    size_points: Mapped[int | None] = mapped_column()
    started_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    delivered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category | None] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])

    @property
    def ref(self) -> Ref:
        return Ref("item", self.id)

    @property
    def is_going(self) -> bool:
        """Whether it stands in a column and is not done."""
        return self.state in GOING

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def place(self) -> str:
        """Where it is on its way: its column while it is planned, else its state."""
        return self.column if self.state == ItemState.PLANNED else self.state


class Evidence(Base):
    """A question an item hangs on, asked of the product's own figures again every night."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), index=True)
    measure: Mapped[str] = mapped_column(String(64), comment="by its name in the catalogue of measures")
    slice: Mapped[str] = mapped_column(String(96), default="", comment="topic:7, department:3; empty: all")
    comparison: Mapped[str] = mapped_column(String(2), comment="one of < <= > >=")
    threshold: Mapped[float] = mapped_column(Double, comment="the gap is open while value comparison threshold holds")
    days: Mapped[int] = mapped_column(default=28, comment="over how many whole days")
    minimum_n: Mapped[int] = mapped_column(default=50, comment="with less it says nothing")
    link: Mapped[str] = mapped_column(String(64), default="", comment="a Ref it stands for too: wave:2, article:12")
    grade: Mapped[str] = mapped_column(String(1), default="C", comment="A to D: METRICS 6")
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class EvidenceReading(Base):
    """What the figures said on one night; the newest is shown, and is stale after seven days."""

    __tablename__ = "evidence_reading"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[dt.date] = mapped_column(Date, primary_key=True, comment="the day after the last one read")
    value: Mapped[float | None] = mapped_column(Double)
    low: Mapped[float | None] = mapped_column(Double)
    high: Mapped[float | None] = mapped_column(Double)
    n: Mapped[int] = mapped_column(default=0)
    holds: Mapped[bool | None] = mapped_column(comment="the gap is open; none: not enough data")
    n_people: Mapped[int | None] = mapped_column(comment="who had a need in this slice in the quarter before")
    n_tickets: Mapped[int | None] = mapped_column(comment="tickets of this slice in the quarter before")


class StatusNote(Base):
    """One step of an idea or item, with the reason: the public changelog and every override stand here."""

    __tablename__ = "status_note"
    __table_args__ = (Index("ix_status_note_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), comment="a Ref: item:3, idea:7")
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    field: Mapped[str] = mapped_column(String(16), default="state", comment="state, column, reach, impact, …")
    before: Mapped[str] = mapped_column(String(64), default="")
    after: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="the evidence as it stood then")
