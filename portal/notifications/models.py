"""What people were told, how they want to be told, and mail on its way out."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime


class Channel(StrEnum):
    """The ways of telling."""

    PORTAL = "portal"
    MAIL = "mail"


class State(StrEnum):
    """How far a mail has come. `failed` ones wait for a person."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Notification(Base):
    """One thing one person was told, behind the bell."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_person_id_read_at", "person_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(48))
    ref: Mapped[str | None] = mapped_column(String(64), comment="what it is about, a Ref: article:12")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), comment="who did it")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, comment="words for the line; never a name or a title")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    @property
    def subject(self) -> Ref | None:
        return Ref.parse(self.ref) if self.ref else None


class Preference(Base):
    """One choice that differs from the kind's default."""

    __tablename__ = "notification_preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(48), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    is_on: Mapped[bool] = mapped_column()


class QuietHours(Base):
    """The hours, in the person's own time zone, in which mail waits. May run over midnight."""

    __tablename__ = "quiet_hours"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    starts: Mapped[dt.time] = mapped_column(Time)
    ends: Mapped[dt.time] = mapped_column(Time)


class OutboxMail(Base):
    """A mail, written with the change that caused it and kept until it is old."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_state_next_at", "state", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True, comment="the same at every attempt")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    to: Mapped[str] = mapped_column("to_address", String(254))
    kind: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    secret_ref: Mapped[str | None] = mapped_column(
        String(64), comment="the link is made from this when the mail leaves; it is stored nowhere"
    )
    about: Mapped[str | None] = mapped_column(
        String(64), index=True, comment="a Ref: what it tells, so that a bounce can be shown there"
    )
    refers_to: Mapped[str] = mapped_column(
        Text, default="", server_default="", comment="Message-IDs of its thread, oldest first"
    )
    reply_to: Mapped[str] = mapped_column(String(254), default="", server_default="", comment="where answers are read")
    state: Mapped[str] = mapped_column(String(8), default=State.WAITING.value)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    next_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="not before: quiet hours, or the next attempt")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
