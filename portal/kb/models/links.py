"""What is known of the links in articles."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.database import Base
from portal.core.types import UTCDateTime
from portal.kb.models.articles import Article


class LinkState(StrEnum):
    """What came of following a link."""

    NEW = "new"
    ALIVE = "alive"
    UNSURE = "unsure"
    """It failed, but not often enough to be called broken."""
    BROKEN = "broken"
    NOT_ASKED = "not_asked"
    """It leads inside a network the portal does not look into."""


class ArticleLink(Base):
    """One address that a published article names; a row a pair, kept in step with the text."""

    __tablename__ = "article_link"
    __table_args__ = (Index("ix_article_link_asked_at", "is_outside", "asked_at"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    target: Mapped[str] = mapped_column(String(1000), primary_key=True, comment="slug#heading, or a whole address")
    is_outside: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12), default=LinkState.NEW.value, index=True)
    reason: Mapped[str] = mapped_column(String(200), default="", comment="what was wrong, a word of ours or a status")
    n_failed: Mapped[int] = mapped_column(default=0, comment="how often in a row")
    asked_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    broken_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="since when it is broken")

    article: Mapped[Article] = relationship()
