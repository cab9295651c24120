"""The desk: queues and who works them, prepared answers, prepared requests, and who is away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.kb.models import Category
from portal.people.models import Person
from portal.tickets.models.hours import BusinessHours, ServiceLevel


class Queue(Base):
    """A team's pile of tickets. Exactly one is the default: what fits nowhere else lands there."""

    __tablename__ = "queue"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300), default="", comment="what this team helps with, for requesters")
    email: Mapped[str] = mapped_column(String(254), default="", comment="mail to this address opens tickets here")
    hours_id: Mapped[int | None] = mapped_column(ForeignKey("business_hours.id"))
    is_default: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    hours: Mapped[BusinessHours | None] = relationship()
    members: Mapped[list[QueueMember]] = relationship(cascade="all, delete-orphan")
    levels: Mapped[list[ServiceLevel]] = relationship(cascade="all, delete-orphan")

    @property
    def ref(self) -> Ref:
        return Ref("queue", self.id)


class QueueMember(Base):
    """Somebody who works a queue: sees all its tickets, hears of new ones."""

    __tablename__ = "queue_member"

    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)

    person: Mapped[Person] = relationship()


class RequestTemplate(Base):
    """A request people make often, with the few things the desk must know about it."""

    __tablename__ = "request_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300), default="")
    icon: Mapped[str] = mapped_column(String(32), default="list")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    queue_id: Mapped[int | None] = mapped_column(ForeignKey("queue.id"))
    fields: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, comment="name, label, kind (line, text, choice, date, person), options, is_required, hint"
    )
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    category: Mapped[Category | None] = relationship()
    queue: Mapped[Queue | None] = relationship()


class SavedReply(Base):
    """An answer prepared for reuse; of the whole desk, or of one person."""

    __tablename__ = "saved_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, comment="none: everybody's")
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), comment="linked when the reply is used")
    n_used: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)


class SavedView(Base):
    """A view of the queue that somebody keeps under a name of their own: the part of its address that narrows it."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(600), comment="what stands behind the question mark")


class DeskHabit(Base):
    """How somebody works the queue; without a row, as everybody begins."""

    __tablename__ = "desk_habit"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    has_keys: Mapped[bool] = mapped_column(default=True, comment="single letters act, such as r for reply")


class OutOfOffice(Base):
    """An agent is away: nothing new is given to them, what is answered to them meanwhile goes to the stand-in."""

    __tablename__ = "out_of_office"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: back to the queue")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    stand_in: Mapped[Person | None] = relationship(foreign_keys=[stand_in_id])
