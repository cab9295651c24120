"""Mail that came in, and what became of it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.database import Base
from portal.core.types import UTCDateTime


class IncomingMail(Base):
    """One mail as it was fetched. The row comes before anything is done with it, so none is lost or taken twice."""

    __tablename__ = "incoming_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        String(64), unique=True, comment="hash of the Message-ID, or of the whole mail where it has none"
    )
    message_id: Mapped[str] = mapped_column(String(300), default="")
    sender: Mapped[str] = mapped_column(String(254), index=True)
    recipient: Mapped[str] = mapped_column(String(254), default="")
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
    handled_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="who sorted it by hand")
