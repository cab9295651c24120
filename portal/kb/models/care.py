"""What the portal remembers to look after articles: who was reminded of which check, and what people searched for."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

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
