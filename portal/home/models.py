"""Notices of known trouble and who said "me too"; announcements."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.kb.models import Article, Category
from portal.people.models import Department, Person


class Incident(Base):
    """Trouble that is known. It is over at `ends_at` whether or not anybody or any job has marked it so."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_ended_at_ends_at", "ended_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text, default="", comment="what people should know; plain text")
    update: Mapped[str] = mapped_column("update_text", Text, default="", comment="the latest word since then")
    updated_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when the latest word was given")
    since_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="since when the trouble is there")
    next_word_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when people hear more")
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="from then on nobody sees it")
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="empty: its time was up")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    access_key: Mapped[str] = mapped_column(String(200), default="signed-in")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"), index=True)
    n_changes: Mapped[int] = mapped_column(default=0, comment="grows with each change; tells two editors apart")

    category: Mapped[Category | None] = relationship()
    article: Mapped[Article | None] = relationship()
    created_by: Mapped[Person | None] = relationship(foreign_keys=[created_by_id])

    @property
    def ref(self) -> Ref:
        return Ref("incident", self.id)

    @property
    def is_up(self) -> bool:
        """True while readers see it: nobody ended it and its time is not up."""
        return self.ended_at is None and self.ends_at > clock.now()

    @property
    def over_at(self) -> dt.datetime:
        return self.ended_at or self.ends_at

    @property
    def version(self) -> str:
        """Name this very text, so that a notice somebody put away comes back when it says something new."""
        return f"{self.id}.{self.n_changes}"


class IncidentEcho(Base):
    """One person's "me too". Taking it back keeps the row, so that the ledger hears of the first time only."""

    __tablename__ = "incident_echo"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class Announcement(Base):
    """Something people are told by a person or a department, from one day until another.

    Where the sender is somebody else than who wrote it, nobody reads it before they agreed.
    """

    __tablename__ = "announcement"
    __table_args__ = (Index("ix_announcement_ended_at_ends_at", "ended_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text, default="", comment="Markdown")
    html: Mapped[str] = mapped_column(Text, default="")
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"), index=True)
    audience: Mapped[list[str]] = mapped_column(JSON, default=list, comment="slugs of audiences; none: everybody")
    access_key: Mapped[str] = mapped_column(String(200), default="signed-in")
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), comment="the sender, if no person")
    agreed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when the sender agreed to this text")
    declined_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    told_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when its readers got it as news")
    from_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="from then on nobody sees it")
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="taken down by hand")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    n_changes: Mapped[int] = mapped_column(default=0, comment="grows with each change; tells two editors apart")

    article: Mapped[Article | None] = relationship()
    sender: Mapped[Person | None] = relationship(foreign_keys=[sender_id])
    department: Mapped[Department | None] = relationship(foreign_keys=[department_id])
    created_by: Mapped[Person | None] = relationship(foreign_keys=[created_by_id])

    @property
    def ref(self) -> Ref:
        return Ref("announcement", self.id)

    @property
    def sender_name(self) -> str:
        """Who says it: always a person or a department."""
        return self.sender.name if self.sender else self.department.name if self.department else ""

    @property
    def state(self) -> str:
        """Where it stands: `asked`, `declined`, `coming`, `up` or `over`."""
        now = clock.now()
        if self.ended_at is not None or self.ends_at <= now:
            return "over"
        if self.agreed_at is None:
            return "declined" if self.declined_at else "asked"
        return "coming" if self.from_at > now else "up"

    @property
    def version(self) -> str:
        """Name this very text, so that one somebody put away comes back when it says something new."""
        return f"{self.id}.{self.n_changes}"
