"""Tickets, what is said on them, what was tried before, and what they leave behind."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.kb.models import Category
from portal.people.models import Person
from portal.tickets.models.desk import Queue, RequestTemplate


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    """Nobody of the desk has answered."""
    OPEN = "open"
    """The desk is at work on it."""
    WAITING = "waiting"
    """The desk waits for the requester or somebody outside; the clock stands still."""
    RESOLVED = "resolved"
    """Solved as far as the desk knows; an answer opens it again for fourteen days."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    """The requester does not need it any more."""
    MERGED = "merged"
    """Went into another ticket."""


OPEN = frozenset({Status.NEW, Status.OPEN, Status.WAITING})


class Priority(StrEnum):
    """How pressing it is; the desk sets it."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Source(StrEnum):
    """How it reached the desk."""

    PORTAL = "portal"
    MAIL = "mail"
    CALL = "call"
    WALK_IN = "walk_in"
    API = "api"
    IMPORT = "import"


class Knowledge(StrEnum):
    """What a resolved ticket left behind for the next person."""

    LINKED = "linked"
    """An article that says it."""
    IMPROVED = "improved"
    """A better article."""
    DRAFTED = "drafted"
    """The draft of a new article."""
    NOT_REUSABLE = "not_reusable"
    """Nothing another person could use, with the reason."""


class Ticket(Base):
    """A request for help."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_queue_id_status_updated_at", "queue_id", "status", "updated_at"),
        Index("ix_ticket_assignee_id_status", "assignee_id", "status"),
        UniqueConstraint("source", "external_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    sender_email: Mapped[str] = mapped_column(
        String(254), default="", comment="who mailed, while nobody we know; else empty"
    )
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="the agent who logged it")
    source: Mapped[str] = mapped_column(String(16), default=Source.PORTAL)
    external_id: Mapped[str | None] = mapped_column(String(64), comment="its number in the file it was imported from")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    priority: Mapped[str] = mapped_column(String(16), default=Priority.NORMAL)
    status: Mapped[str] = mapped_column(String(16), default=Status.NEW, index=True)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("request_template.id"))
    given: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="answers to the template's fields")
    opened_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    updated_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    first_response_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    first_response_due_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    resolution_due_at: Mapped[dt.datetime | None] = mapped_column(
        UTCDateTime, comment="moved on by every pause; empty while waiting or where nothing is promised"
    )
    is_warned: Mapped[bool] = mapped_column(
        default=False, comment="its people were told that a promise is about to break"
    )
    look_at: Mapped[dt.datetime | None] = mapped_column(
        UTCDateTime, index=True, comment="when to see next whether its people must be warned"
    )
    resolved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reopened_n: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id"), index=True, comment="the incident it is one report of"
    )
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    incident: Mapped[str | None] = mapped_column(
        String(64), index=True, comment="a Ref: the known incident it belongs to, incident:3"
    )
    knowledge: Mapped[str | None] = mapped_column(String(16), index=True, comment="none while resolved: knowledge debt")
    knowledge_reason: Mapped[str] = mapped_column(String(300), default="")
    rating: Mapped[int | None] = mapped_column(comment="1 to 5, by the requester")
    rating_comment: Mapped[str] = mapped_column(Text, default="")
    rated_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, comment="raised by every change; an older one is a collision")

    requester: Mapped[Person | None] = relationship(foreign_keys=[requester_id])
    opened_by: Mapped[Person | None] = relationship(foreign_keys=[opened_by_id])
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id])
    category: Mapped[Category | None] = relationship()
    queue: Mapped[Queue] = relationship()
    template: Mapped[RequestTemplate | None] = relationship()
    parent: Mapped[Ticket | None] = relationship(remote_side=[id], foreign_keys=[parent_id])
    merged_into: Mapped[Ticket | None] = relationship(remote_side=[id], foreign_keys=[merged_into_id])

    @property
    def ref(self) -> Ref:
        return Ref("ticket", self.id)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class MessageKind(StrEnum):
    """Who may read it."""

    REQUEST = "request"
    """What the requester wrote first."""
    REPLY = "reply"
    """Between requester and desk."""
    NOTE = "note"
    """Internal: the desk alone."""


class Message(Base):
    """Something written on a ticket."""

    __tablename__ = "ticket_message"
    __table_args__ = (
        Index("ix_ticket_message_ticket_id_at", "ticket_id", "at"),
        UniqueConstraint("ticket_id", "copy_of_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(16), default=MessageKind.REPLY)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    sender_email: Mapped[str] = mapped_column(String(254), default="", comment="of somebody without an account")
    is_by_desk: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, comment="rendered and sanitised when saved")
    rest: Mapped[str] = mapped_column(
        Text, default="", server_default="", comment="what a mail quoted, and its signature"
    )
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    via: Mapped[str] = mapped_column(String(16), default=Source.PORTAL)
    message_id: Mapped[str] = mapped_column(
        String(300), default="", index=True, comment="of the mail it came or went by"
    )
    bounced_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    bounce: Mapped[str] = mapped_column(String(300), default="", comment="what the other mail server said")
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), comment="where it stood before")
    copy_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket_message.id"), comment="the reply on an incident that went to every report of it"
    )

    goes_on_in_id: Mapped[int | None] = query_expression()
    """The ticket of its own that this became, where a query asks for it."""

    ticket: Mapped[Ticket] = relationship(foreign_keys=[ticket_id])
    split_from: Mapped[Ticket | None] = relationship(foreign_keys=[split_from_id])
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])

    @property
    def ref(self) -> Ref:
        return Ref("ticket_message", self.id)


class TrailKind(StrEnum):
    """What the requester did before."""

    SEARCH = "search"
    READ = "read"
    STEP = "step"
    NOT_YET = "not_yet"
    """Said of a page that it did not solve it."""
    SUGGESTION = "suggestion"


class TrailItem(Base):
    """One thing the requester tried and chose to hand over with the ticket."""

    __tablename__ = "ticket_trail"
    __table_args__ = (Index("ix_ticket_trail_ticket_id_position", "ticket_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(300), comment="words searched, title read, step ticked, as they were")
    subject: Mapped[str | None] = mapped_column(String(64), index=True, comment="a Ref: article:12")
    n_results: Mapped[int | None] = mapped_column(comment="of a search")
    at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class TicketPerson(Base):
    """A colleague the requester added: sees it, hears of it, may reply."""

    __tablename__ = "ticket_person"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Link(StrEnum):
    """How an article or question stands to a ticket."""

    SENT = "sent"
    """Sent to the requester in a reply: reuse."""
    RESOLVED_BY = "resolved_by"
    """Said to be the answer when it was resolved."""
    IMPROVED = "improved"
    DRAFTED = "drafted"


class TicketArticle(Base):
    """An article, draft or question that somebody tied to a ticket."""

    __tablename__ = "ticket_article"
    __table_args__ = (UniqueConstraint("ticket_id", "subject", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    subject: Mapped[str] = mapped_column(String(64), index=True, comment="a Ref: article:12, draft:3, question:4")
    kind: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)


class TicketPause(Base):
    """A stretch of waiting, during which the clock of the service level stood still."""

    __tablename__ = "ticket_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class HandOver(Base):
    """A form for a new ticket that somebody has begun: what it began with, and how it ended."""

    __tablename__ = "hand_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    trail: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    solved_by: Mapped[str | None] = mapped_column(String(64), comment="a Ref: what made the ticket unnecessary")


class Presence(Base):
    """Who of the desk has a ticket open right now."""

    __tablename__ = "ticket_presence"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    is_writing: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship()
