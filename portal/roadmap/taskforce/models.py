"""Seats, minutes, decisions and actions of the task force."""

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


class Seat(StrEnum):
    """For whom somebody sits in the task force; the steering group decides at gates."""

    USERS = "users"
    IT = "it"
    HR = "hr"
    STEERING = "steering"


class Member(Base):
    """Somebody's seat; it stays on record when they leave it."""

    __tablename__ = "taskforce_member"
    __table_args__ = (Index("ix_taskforce_member_person_id_left_on", "person_id", "left_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seat: Mapped[str] = mapped_column(String(16))
    joined_on: Mapped[dt.date] = mapped_column(Date)
    left_on: Mapped[dt.date | None] = mapped_column(Date)

    person: Mapped[Person] = relationship()


class Minutes(Base):
    """What was talked about, on which day and with whom."""

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[dt.date] = mapped_column(Date, index=True)
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="", comment="rendered and sanitised when saved")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def ref(self) -> Ref:
        return Ref("minutes", self.id)


class Presence(Base):
    """Somebody was there when the task force met."""

    __tablename__ = "minutes_presence"

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Resolution(Base):
    """What the task force decided, and why; what a gate decides stands with the gate."""

    __tablename__ = "taskforce_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    why: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="who wrote it down")
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)


class Action(Base):
    """Something somebody does until a day."""

    __tablename__ = "taskforce_action"
    __table_args__ = (Index("ix_taskforce_action_done_at_due_on", "done_at", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[dt.date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(64), default="", comment="a Ref it comes from: minutes:3, gate:2")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    done_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(300), default="", comment="what came of it, or why it is dropped")

    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])

    @property
    def ref(self) -> Ref:
        return Ref("action", self.id)
