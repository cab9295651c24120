"""Mail that came in, and what became of it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.database import Base
from portal.core.types import UTCDateTime


class Outcome(StrEnum):
    """What became of a mail."""

    NEW = "new"
    TICKET = "ticket"
    REPLY = "reply"
    BOUNCE = "bounce"
    """Says that a mail of ours came back."""
    AUTOMATIC = "automatic"
    """A machine wrote it: kept, never answered."""
    TRIAGE = "triage"
    """Waits for somebody of the desk to say where it belongs."""
    REFUSED = "refused"
    FAILED = "failed"
    """Could not be dealt with; somebody has to look."""


class IncomingMail(Base):
    """One mail as it was fetched. The row comes before anything is done with it, so none is lost or taken twice."""

    __tablename__ = "incoming_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        String(64), unique=True, comment="hash of what stays the same however often the mail is brought"
    )
    message_id: Mapped[str] = mapped_column(String(300), default="")
    sender: Mapped[str] = mapped_column(String(254), index=True)
    sender_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    recipient: Mapped[str] = mapped_column(String(254), default="")
    queue_id: Mapped[int | None] = mapped_column(
        ForeignKey("queue.id"), index=True, comment="whose address it came to; none for what fits nowhere"
    )
    subject: Mapped[str] = mapped_column(String(300), default="")
    received_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    stored_name: Mapped[str | None] = mapped_column(
        String(64), comment="the raw mail below mail/in/, until it is dealt with and some days longer"
    )
    outcome: Mapped[str] = mapped_column(
        String(16), default="new", comment="new, ticket, reply, bounce, automatic, triage, refused, failed"
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0", comment="how often it was tried")
    handled_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="who sorted it by hand")


class MailSource(Base):
    """A place that mail is fetched from: how far we are with it, and what went wrong the last time."""

    __tablename__ = "mail_source"

    name: Mapped[str] = mapped_column(String(16), primary_key=True, comment="server or folder")
    mailbox: Mapped[str] = mapped_column(
        String(300), default="", comment="which one the numbers are of: account, folder and its UIDVALIDITY"
    )
    last_uid: Mapped[int] = mapped_column(default=0, comment="everything up to here was taken")
    tried_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reached_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when all went well")
    trouble: Mapped[str] = mapped_column(String(500), default="")
