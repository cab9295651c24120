"""When the desk works, and how fast it promises to answer."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.database import Base
from portal.core.types import UTCDateTime


class Promise(StrEnum):
    """What a desk promises."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


class Stage(StrEnum):
    """How near a promise is to being broken."""

    SOON = "soon"
    BROKEN = "broken"


class BusinessHours(Base):
    """A week of working hours in one time zone."""

    __tablename__ = "business_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    week: Mapped[list[list[list[str]]]] = mapped_column(
        JSON, comment='seven days from Monday, each a list of spans: [["09:00", "17:00"]]'
    )

    holidays: Mapped[list[Holiday]] = relationship(cascade="all, delete-orphan", order_by="Holiday.on")


class Holiday(Base):
    """A day on which nobody of these hours works."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("hours_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hours_id: Mapped[int] = mapped_column(ForeignKey("business_hours.id", ondelete="CASCADE"))
    on: Mapped[dt.date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(120), default="")


class ServiceLevel(Base):
    """What a queue promises for one priority, in working minutes; empty promises nothing."""

    __tablename__ = "service_level"

    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True)
    priority: Mapped[str] = mapped_column(String(16), primary_key=True)
    first_response_minutes: Mapped[int | None]
    resolution_minutes: Mapped[int | None]


class Alarm(Base):
    """A warning that was given, so that it is given once; a ticket that is reopened begins a new round."""

    __tablename__ = "ticket_alarm"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, comment="how often the ticket had been reopened")
    promise: Mapped[str] = mapped_column(String(16), primary_key=True)
    stage: Mapped[str] = mapped_column(String(8), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
