"""An increment with its plan, and what shows that it was made with the people it is for."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.people.models import Person
from portal.roadmap.models import Item


class State(StrEnum):
    """How far an increment is."""

    PLANNED = "planned"
    STARTED = "started"
    DELIVERED = "delivered"
    STOPPED = "stopped"


class SessionKind(StrEnum):
    """Why people were brought together."""

    DEMO = "demo"
    WORKSHOP = "workshop"
    STAKEHOLDER = "stakeholder"


class Signer(StrEnum):
    """In whose name people are told. That it is not always IT is one of the success factors."""

    HR = "hr"
    LINE = "line"
    COMMUNICATIONS = "communications"
    IT = "it"


class Increment(Base):
    """Items that are shipped together: what for, from when to when, and what it costs."""

    __tablename__ = "increment"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(Text, default="", comment="what it is for, in plain words")
    state: Mapped[str] = mapped_column(String(16), default=State.PLANNED)
    is_public: Mapped[bool] = mapped_column(default=False, comment="shown to everybody, not only to who steers")
    starts_on: Mapped[dt.date] = mapped_column(Date, comment="as planned now")
    ends_on: Mapped[dt.date] = mapped_column(Date, comment="as planned now")
    first_starts_on: Mapped[dt.date] = mapped_column(Date, comment="as planned first; never changed")
    first_ends_on: Mapped[dt.date] = mapped_column(Date, comment="as planned first; never changed")
    started_on: Mapped[dt.date | None] = mapped_column(Date)
    delivered_on: Mapped[dt.date | None] = mapped_column(Date)
    budget_planned: Mapped[int | None] = mapped_column(comment="in whole units of the portal's currency")
    budget_spent: Mapped[int | None] = mapped_column()
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    version: Mapped[int] = mapped_column(default=1, comment="raised by every change; an older one is a collision")

    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])

    @property
    def ref(self) -> Ref:
        return Ref("increment", self.id)


class Milestone(Base):
    """A day by which something of an increment is there."""

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    increment_id: Mapped[int] = mapped_column(ForeignKey("increment.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    due_on: Mapped[dt.date] = mapped_column(Date, comment="as planned now")
    first_due_on: Mapped[dt.date] = mapped_column(Date, comment="as planned first; never changed")
    done_on: Mapped[dt.date | None] = mapped_column(Date)

    @property
    def ref(self) -> Ref:
        return Ref("milestone", self.id)


class Session(Base):
    """A demo, a workshop, a meeting with stakeholders; attendance is a count, or people who say so themselves."""

    __tablename__ = "increment_session"
    __table_args__ = (Index("ix_increment_session_increment_id_on", "increment_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    increment_id: Mapped[int] = mapped_column(ForeignKey("increment.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(160))
    on: Mapped[dt.date] = mapped_column(Date)
    invited: Mapped[str] = mapped_column(String(200), default="", comment="whom, in words")
    n_invited: Mapped[int | None] = mapped_column()
    n_attended: Mapped[int | None] = mapped_column(comment="counted by who held it; none: not held, or not counted")
    learned: Mapped[str] = mapped_column(Text, default="", comment="what came of it")


class Attendance(Base):
    """Somebody says that they were there; they alone can, and can take it back."""

    __tablename__ = "attendance"

    session_id: Mapped[int] = mapped_column(ForeignKey("increment_session.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Requirement(Base):
    """Something an increment has to do, with an example people recognise, traced to the item it comes from."""

    __tablename__ = "requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    increment_id: Mapped[int] = mapped_column(ForeignKey("increment.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True, comment="where it comes from")
    title: Mapped[str] = mapped_column(String(200))
    example: Mapped[str] = mapped_column(Text, default="", comment="one case in the words of who has it")
    shown_in_id: Mapped[int | None] = mapped_column(ForeignKey("increment_session.id"), comment="where it was shown")
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    item: Mapped[Item | None] = relationship()
    shown_in: Mapped[Session | None] = relationship()
    accepted_by: Mapped[Person | None] = relationship(foreign_keys=[accepted_by_id])

    @property
    def is_traced(self) -> bool:
        """It has an item it comes from and an example by which to tell whether it is met."""
        return self.item_id is not None and bool(self.example)


class Message(Base):
    """A line of the communication plan: what, to whom, in whose name, when, by which way."""

    __tablename__ = "increment_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    increment_id: Mapped[int] = mapped_column(ForeignKey("increment.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(120), default="", comment="to whom, in words")
    signed_by: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(80), default="")
    due_on: Mapped[dt.date] = mapped_column(Date)
    done_on: Mapped[dt.date | None] = mapped_column(Date)
