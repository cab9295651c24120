"""What is being written: drafts beside the published text, and who sits in front of which."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.kb.models.articles import Article, Category
from portal.people.models import Person


class State(StrEnum):
    """Where a draft stands on its way."""

    WRITING = "writing"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    DISCARDED = "discarded"


CLOSED = frozenset({State.PUBLISHED, State.DISCARDED})
_ENDS = frozenset({State.SCHEDULED, State.PUBLISHED, State.DISCARDED})
NEXT: dict[State, frozenset[State]] = {
    State.WRITING: _ENDS | {State.IN_REVIEW},
    State.IN_REVIEW: _ENDS | {State.WRITING, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED},
    State.CHANGES_REQUESTED: _ENDS | {State.WRITING, State.IN_REVIEW},
    State.APPROVED: _ENDS | {State.WRITING, State.CHANGES_REQUESTED},
    State.SCHEDULED: _ENDS | {State.WRITING, State.APPROVED},
    State.PUBLISHED: frozenset(),
    State.DISCARDED: frozenset(),
}
"""Where a draft can go from where it stands; who may send it there is for `policies` to say."""


class Change(StrEnum):
    """How much a change matters, which decides who is told."""

    TYPO = "typo"
    MINOR = "minor"
    MAJOR = "major"


class Draft(Base):
    """The next text of an article. The published one stays as it is until this one takes its place.

    An article has at most one open draft, which everybody who may edit it shares; closed ones are kept.
    """

    __tablename__ = "article_draft"
    __table_args__ = (UniqueConstraint("article_id", "is_open"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    is_open: Mapped[bool | None] = mapped_column(default=True, comment="true or nothing, so that one is open at most")
    state: Mapped[str] = mapped_column(String(20), default=State.WRITING.value, index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    audience: Mapped[list[str]] = mapped_column(JSON, default=list)
    lock: Mapped[int] = mapped_column(
        default=1, comment="grows with every save; a form that names an older one collides"
    )
    based_on: Mapped[int] = mapped_column(default=0, comment="the number of revisions when it was begun")
    change: Mapped[str] = mapped_column(String(8), default=Change.MINOR.value)
    note: Mapped[str] = mapped_column(String(300), default="", comment="what was changed and why")
    sources: Mapped[list[str]] = mapped_column(JSON, default=list, comment="Refs of what it was written from")
    queries: Mapped[list[str]] = mapped_column(JSON, default=list, comment="failed searches it answers")
    written_by: Mapped[list[int]] = mapped_column(JSON, default=list, comment="ids of everybody who saved it")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    saved_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, comment="who was asked to look"
    )
    approved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_checked: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="whoever approved it has also checked that it is right"
    )
    is_second_asked: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="four eyes, although its topic no longer asks for them"
    )
    original_revision: Mapped[int | None] = mapped_column(comment="of a translation: which revision it will say")
    publish_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    scheduled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="in whose name it appears")
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    article: Mapped[Article] = relationship(foreign_keys=[article_id])
    category: Mapped[Category] = relationship()
    created_by: Mapped[Person | None] = relationship(foreign_keys=[created_by_id])
    saved_by: Mapped[Person | None] = relationship(foreign_keys=[saved_by_id])
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id])
    scheduled_by: Mapped[Person | None] = relationship(foreign_keys=[scheduled_by_id])

    @property
    def ref(self) -> Ref:
        return Ref("draft", self.id)

    @property
    def writers(self) -> frozenset[int]:
        """Return whose text it is; the first text of an article is also that of whoever began it."""
        began = {self.created_by_id} if self.based_on == 0 and self.created_by_id else set()
        return frozenset({*self.written_by, *began})

    def may_become(self, state: State) -> bool:
        return state in NEXT[State(self.state)]

    def text(self) -> dict[str, Any]:
        """Return what a person writes, as it stands."""
        return {name: getattr(self, name) for name in WRITTEN}


WRITTEN = ("title", "summary", "body", "category_id", "tags", "audience", "change", "note")
"""The fields of a draft that people write."""


class Presence(Base):
    """Somebody has the editor open; a row that was not renewed for a minute means nothing."""

    __tablename__ = "draft_presence"

    draft_id: Mapped[int] = mapped_column(ForeignKey("article_draft.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()
