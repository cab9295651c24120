"""What reviewers say about drafts, paragraph by paragraph."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.database import Base
from portal.core.types import UTCDateTime
from portal.kb.models.drafts import Draft
from portal.people.models import Person


class ReviewComment(Base):
    """A remark about one paragraph of a draft, or about the whole of it. It stays when it is settled."""

    __tablename__ = "review_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("article_draft.id", ondelete="CASCADE"), index=True)
    paragraph: Mapped[int | None] = mapped_column(comment="its place when it was written; none: about the whole text")
    quote: Mapped[str] = mapped_column(String(120), default="", comment="how the paragraph began, to find it again")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, comment="rendered and sanitised when saved")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    resolved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    draft: Mapped[Draft] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id])
