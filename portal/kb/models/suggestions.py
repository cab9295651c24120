"""What readers say should be otherwise in an article, and what became of it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.kb.models.articles import Article
from portal.kb.models.drafts import Draft
from portal.people.models import Person


class Proposal(StrEnum):
    """What a reader offers."""

    ERROR = "error"
    """Words about what is wrong."""
    EDIT = "edit"
    """Another text for a passage."""
    WHOLE = "whole"
    """Another text for the whole article."""


class Outcome(StrEnum):
    """Where a suggestion stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REWORDED = "reworded"
    """Taken up in other words."""
    DECLINED = "declined"
    PUBLISHED = "published"
    CLOSED = "closed"
    """The article was archived before anybody decided."""


class Suggestion(Base):
    """What one reader suggested for one article. Seen only by its author and by who looks after the article."""

    __tablename__ = "article_suggestion"
    __table_args__ = (Index("ix_article_suggestion_waiting", "outcome", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    quote: Mapped[str] = mapped_column(Text, default="", comment="the passage as the reader saw it")
    anchor: Mapped[str] = mapped_column(String(120), default="", comment="the heading it stands under")
    words: Mapped[str] = mapped_column(Text, default="", comment="what is wrong, or why it should change")
    replacement: Mapped[str] = mapped_column(Text, default="", comment="the other text; Markdown where it is the whole")
    revision: Mapped[int] = mapped_column(comment="number of the revision that was read")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    outcome: Mapped[str] = mapped_column(String(12), default=Outcome.WAITING.value)
    answer: Mapped[str] = mapped_column(Text, default="", comment="what the editor says to its author")
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("article_draft.id"), index=True)
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    article: Mapped[Article] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    draft: Mapped[Draft | None] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("suggestion", self.id)
