"""What the portal remembers to look after articles: who was reminded of which check, and what people searched for."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, Float, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.database import Base
from portal.core.types import UTCDateTime


class CheckReminder(Base):
    """The last reminder of an article's check, so that nobody is told twice for the same day."""

    __tablename__ = "article_check_reminder"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    review_by: Mapped[dt.date] = mapped_column(comment="the day it was about; another day begins anew")
    stage: Mapped[int] = mapped_column(comment="0 before the day, 1 from the day on, one more every two weeks")
    told_on: Mapped[dt.date]


class SearchFinding(Base):
    """Searches of at least three people that led to an article, or that found nothing (no article).

    Made anew from the ledger by a job. Who searched is not in here, and nothing that fewer than three people meant.
    """

    __tablename__ = "article_search_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    words: Mapped[list[str]] = mapped_column(JSON, comment="as it was typed, the most frequent first")
    n_people: Mapped[int]
    n_searches: Mapped[int]
    found_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, comment="when the ledger was read")


PRESSING = text("n_lost >= 3 OR is_unread IS true")
"""What may be weak, or is read by nobody: asked for in these very words, or the index is of no use."""


class DeskMet(Base):
    """How many people met a thing in 28 days, and how many of them ended at the service desk. Counted at night."""

    __tablename__ = "desk_met"
    __table_args__ = (Index("ix_desk_met_pressing", "subject", sqlite_where=PRESSING, postgresql_where=PRESSING),)

    subject: Mapped[str] = mapped_column(String(64), primary_key=True, comment="a Ref, or the whole portal")
    n_people: Mapped[int] = mapped_column(default=0)
    n_met: Mapped[int] = mapped_column(default=0, comment="of whom it is known how it ended")
    n_lost: Mapped[int] = mapped_column(default=0, comment="who ended at the desk, or said that it did not help")
    is_unread: Mapped[bool] = mapped_column(default=False, server_default=false(), comment="by nobody in 180 days")
    slip_of: Mapped[str] = mapped_column(String(60), default="", server_default="", comment="of a gap: the known word")
    counted_on: Mapped[dt.date] = mapped_column(comment="the last of the 28 days")


class Twins(Base):
    """Two published articles with nearly the same title. Looked for at night."""

    __tablename__ = "article_twins"

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    likeness: Mapped[float] = mapped_column(Float, comment="of the titles, up to 100")


class DeskMark(Base):
    """What editors decided about a row of their desk: who takes it on, until when it is out of sight, and why."""

    __tablename__ = "desk_mark"

    key: Mapped[str] = mapped_column(String(64), primary_key=True, comment="kind and number: gap:12")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    aside_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    aside_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="none: it stands on the desk")
    aside_until: Mapped[dt.date | None] = mapped_column(comment="none while aside: until twice as many meet it")
    aside_people: Mapped[int] = mapped_column(default=0, server_default="0", comment="how many met it then")
    reason: Mapped[str] = mapped_column(String(16), default="", server_default="")
    words: Mapped[str] = mapped_column(String(300), default="", server_default="")
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
