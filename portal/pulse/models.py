"""Waves, who was invited, and what was answered. Two tables that nothing joins: QUALITY S19 rests on this file.

An invitation knows a person and whether they answered, never when or what. A sheet knows answers and the names of
the groups they count for, never who, when, or in which order: its key is random, it has no row number to sort by,
no time, and no column refers to it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.core.withheld import withheld
from portal.people.models import Person


class WaveState(StrEnum):
    """Where a wave stands; it only ever moves on."""

    DRAFT = "draft"
    """Everything may still be changed."""
    OPEN = "open"
    """Invitations are going out or out; nothing that changes meaning may be edited, no scores are worked out."""
    CLOSED = "closed"
    """A late answer is refused; worked out once, right after, and frozen."""
    CANCELLED = "cancelled"
    """Ended without being read; its sheets are deleted."""


class Breakdown(StrEnum):
    """By which groups a wave is read."""

    DEPARTMENT = "department"
    SITE = "site"
    NONE = "none"


class Wave(Base):
    """One survey at one time. What its answers mean is settled at launch."""

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint("threshold >= 5", name="threshold_protects"),
        CheckConstraint("comment_threshold >= 10", name="comment_threshold_protects"),
        Index("ix_wave_state_closes_on", "state", "closes_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    stage: Mapped[str] = mapped_column(String(16), comment="of surveys.instrument: idea, design, build, launch, use")
    instrument: Mapped[str] = mapped_column(String(32), default="pulse-1", comment="and version; digest at launch")
    instrument_digest: Mapped[str] = mapped_column(String(64), default="", comment="of the questions, at launch")
    state: Mapped[str] = mapped_column(String(16), default=WaveState.DRAFT)
    breakdown: Mapped[str] = mapped_column(String(16), default=Breakdown.DEPARTMENT, comment="the primary one")
    second_breakdown: Mapped[str] = mapped_column(
        String(16), default=Breakdown.NONE, comment="shown only if nothing hidden follows from it"
    )
    departments: Mapped[list[int]] = mapped_column(JSON, default=list, comment="invited, with all below; empty: all")
    threshold: Mapped[int] = mapped_column(default=5, comment="people a group needs to be shown; may only be raised")
    comment_threshold: Mapped[int] = mapped_column(default=10, comment="the same for comments and distributions")
    sender: Mapped[str] = mapped_column(String(16), default="hr", comment="hr or communications: never IT (D14)")
    sender_name: Mapped[str] = mapped_column(String(120), default="", comment="as it stands under the mail")
    why: Mapped[str] = mapped_column(Text, default="", comment="in the invitation: what it is for, who reads it")
    open_question: Mapped[str] = mapped_column(String(300), default="", comment="empty: the instrument's own")
    opens_on: Mapped[dt.date | None] = mapped_column(Date, comment="in the portal's time zone")
    closes_on: Mapped[dt.date | None] = mapped_column(Date, comment="the last day answers count")
    reminder_days: Mapped[list[int]] = mapped_column(JSON, default=list, comment="days after launch, at most two")
    before_id: Mapped[int | None] = mapped_column(ForeignKey("wave.id"), comment="the wave it is compared with")
    reply_to: Mapped[str] = mapped_column(
        String(254), default="", server_default="", comment="where answers to its mails are read"
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    launched_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    published_at: Mapped[dt.datetime | None] = mapped_column(
        UTCDateTime, comment="when everybody could read its outcome, not only those who plan"
    )
    version: Mapped[int] = mapped_column(default=1, comment="raised by every edit; an older one is a collision")

    author: Mapped[Person | None] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("wave", self.id)


class MailKind(StrEnum):
    """The mails a wave sends to everybody, in their order."""

    INVITATION = "invitation"
    FIRST = "reminder-1"
    SECOND = "reminder-2"

    @property
    def n_before(self) -> int:
        """How many reminders went before it, this one included."""
        return list(MailKind).index(self)


class WaveKey(Base):
    """What the tokens of a wave's mails are derived from, so that a reminder carries the same as the invitation.

    Gone as soon as the wave is closed or cancelled; with it goes the last way from a person to a token.
    """

    __tablename__ = "wave_key"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), comment="256 random bits, hex; of no use without the portal's secret")


class WaveMailing(Base):
    """How far one mail to everybody of a wave has come. Counts only: who got it stands on the invitations."""

    __tablename__ = "wave_mailing"
    __table_args__ = (UniqueConstraint("wave_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="not before; put off when the server is away")
    began_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    cursor: Mapped[int] = mapped_column(default=0, comment="the last invitation tried in this round")
    step: Mapped[int] = mapped_column(default=0, comment="of its jobs: only the one of this step works on")
    n_left: Mapped[int] = mapped_column(default=0, comment="passed over in this round: tried again in the next")
    n_rounds: Mapped[int] = mapped_column(default=0, comment="rounds in a row in which nothing left")
    n_sent: Mapped[int] = mapped_column(default=0)
    n_refused: Mapped[int] = mapped_column(default=0, comment="addresses that take no mail")
    trouble: Mapped[str] = mapped_column(String(400), default="", comment="why the last try stopped")

    wave: Mapped[Wave] = relationship()


class WaveUnit(Base):
    """A group as it was at launch: its name and how many people it had. Nothing is counted again when people move."""

    __tablename__ = "wave_unit"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), primary_key=True)
    breakdown: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True, comment="empty: not stated")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), comment="whose manager may read it")
    n_people: Mapped[int] = mapped_column(comment="eligible when the wave was launched")
    n_delivered: Mapped[int] = mapped_column(default=0, comment="settled at the close: bounced ones are out")


WHILE_OPEN = "wave_id IN (SELECT id FROM wave WHERE state = 'open')"


class Invitation(Base):
    """That somebody was asked, and whether they answered: no time of the answer, no way to it."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("wave_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(
        String(64), unique=True, comment="SHA-256; the token itself stands only in the mail"
    )
    department: Mapped[str] = mapped_column(String(120), default="", comment="by name, as it was at launch")
    site: Mapped[str] = mapped_column(String(120), default="", comment="by name, as it was at launch")
    sent_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="of the mail; none: not sent yet")
    # Beside an older backup a flag, or who was not reminded any more, would tell when somebody answered.
    n_reminders: Mapped[int] = mapped_column(default=0, info=withheld(WHILE_OPEN), comment="forgotten at the close")
    is_used: Mapped[bool] = mapped_column(default=False, info=withheld(WHILE_OPEN), comment="answered; never when")
    is_bounced: Mapped[bool] = mapped_column(default=False, comment="never arrived: out of every denominator")
    is_test: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),
        comment="of a planner trying a draft: may look and send, nothing is kept or counted; gone at launch",
    )

    person: Mapped[Person] = relationship()


class Sheet(Base):
    """The answers of one person nobody can name. Written once, rewritten in random order when the wave closes."""

    __tablename__ = "sheet"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, comment="128 random bits, hex")
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), index=True)
    department: Mapped[str] = mapped_column(String(120), default="", comment="a copy of the name, not a reference")
    site: Mapped[str] = mapped_column(String(120), default="", comment="a copy of the name, not a reference")
    answers: Mapped[dict[str, int | None]] = mapped_column(JSON, comment="by item code, 1 to 5; absent: left out")
    comment: Mapped[str] = mapped_column(Text, default="", comment="as typed; names are taken out before showing")


class WaveReading(Base):
    """What a wave says, worked out once at its close and frozen: the only source of page, CSV, print and API."""

    __tablename__ = "wave_reading"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(comment="of the shape")
    released: Mapped[dict[str, Any]] = mapped_column(JSON, comment="what passed the one gate; nothing else is kept")


class SaidDone(Base):
    """ "You said, we did": a sentence after a wave that everybody can read."""

    __tablename__ = "said_done"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), index=True)
    said: Mapped[str] = mapped_column(String(300))
    done: Mapped[str] = mapped_column(Text, default="")
    department: Mapped[str] = mapped_column(String(120), default="", comment="whom it is about; empty: all")
    link: Mapped[str] = mapped_column(String(64), default="", comment="a Ref: item:3, article:12")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
