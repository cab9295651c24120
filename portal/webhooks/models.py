"""Webhooks and what was sent to each."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.people.models import Person

ENTRY = BigInteger().with_variant(Integer(), "sqlite")


class Webhook(Base):
    """An address that is told of chosen facts."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(80), comment="what it is for")
    url: Mapped[str] = mapped_column(String(1000))
    events: Mapped[list[str]] = mapped_column(JSON, default=list)
    seed: Mapped[str] = mapped_column(String(64), comment="the secret is made from it and the installation's key")
    old_seed: Mapped[str | None] = mapped_column(String(64), comment="also signs until old_until")
    old_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    is_on: Mapped[bool] = mapped_column(default=True)
    cursor: Mapped[int] = mapped_column(ENTRY, default=0, comment="everything up to this fact was looked at for good")
    failing_since: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    told_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when its owner heard that it fails")
    switched_off_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="by the portal, for failing")
    busy_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="somebody is sending until then")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)

    owner: Mapped[Person | None] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("webhook", self.id)


class State(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    TAKEN = "taken"
    GIVEN_UP = "given_up"


class Delivery(Base):
    """One fact on its way to one webhook. Its body is stored as it is sent, so that it is the same each time."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "entry_id"),
        Index("ix_webhook_delivery_line", "webhook_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(36), unique=True, comment="by which the other side knows it again")
    entry_id: Mapped[int | None] = mapped_column(ENTRY, comment="row of the ledger; none: a test")
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default=State.WAITING.value)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    due_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    tried_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    took_ms: Mapped[int | None]
    status: Mapped[int | None] = mapped_column(comment="what the other side answered last")
    reason: Mapped[str] = mapped_column(String(12), default="", comment="why nothing came back (core.outgoing)")
    answer: Mapped[str] = mapped_column(Text, default="", comment="the beginning of what it answered last")

    webhook: Mapped[Webhook] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("webhook_delivery", self.id)
