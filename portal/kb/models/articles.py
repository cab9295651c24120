"""Categories, articles, their revisions and old addresses, as they stand now."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.people.models import Person


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Origin(StrEnum):
    """Who is master of the text."""

    FILE = "file"
    PORTAL = "portal"


class Risk(StrEnum):
    """How much harm a wrong text does; decides how often somebody looks again."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Mode(StrEnum):
    """Who may change the articles of a topic."""

    EDITORIAL = "editorial"
    """Readers suggest, editors look first."""
    WIKI = "wiki"
    """Whoever may read an article edits it; editors look afterwards."""


class Category(Base):
    """A topic; topics form one tree for everything in the portal."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300), default="")
    icon: Mapped[str] = mapped_column(String(32), default="folder")
    position: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    audience: Mapped[list[str]] = mapped_column(JSON, default=list, comment="slugs of audiences, or ['public']")
    access_key: Mapped[str] = mapped_column(String(200), default="signed-in")
    origin: Mapped[str] = mapped_column(String(8), default=Origin.FILE.value, comment="portal: a sync leaves it alone")
    mode: Mapped[str] = mapped_column(String(12), default=Mode.EDITORIAL.value)
    needs_second: Mapped[bool] = mapped_column(default=False, comment="four eyes: nobody publishes what they wrote")

    @property
    def ref(self) -> Ref:
        return Ref("category", self.id)

    @property
    def is_wiki(self) -> bool:
        return self.mode == Mode.WIKI


class Article(Base):
    """A text people read, as it stands now. `html` was sanitised when it was saved."""

    __tablename__ = "article"
    __table_args__ = (
        Index("ix_article_listing", "status", "category_id", "title"),
        Index("ix_article_published_at", "status", "published_at"),
        Index("ix_article_changed_at", "status", "changed_at"),
        Index("ix_article_review_by", "status", "review_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(400), default="")
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    status: Mapped[str] = mapped_column(String(16), default=Status.DRAFT.value)
    origin: Mapped[str] = mapped_column(String(8), default=Origin.FILE.value)
    path: Mapped[str] = mapped_column(String(300), default="", comment="its file below the content folder")
    checksum: Mapped[str] = mapped_column(String(80), default="", comment="of the file and of the renderer's version")
    body: Mapped[str] = mapped_column(Text, default="", comment="Markdown")
    html: Mapped[str] = mapped_column(Text, default="")
    passages: Mapped[list[Any]] = mapped_column(JSON, default=list, comment="[anchor, plain text] for search")
    headings: Mapped[list[Any]] = mapped_column(JSON, default=list, comment="[level, id, text, platform] for contents")
    steps: Mapped[list[Any]] = mapped_column(JSON, default=list, comment="the first steps as plain text")
    platforms: Mapped[list[str]] = mapped_column(JSON, default=list)
    n_steps: Mapped[int] = mapped_column(default=0)
    audience: Mapped[list[str]] = mapped_column(JSON, default=list, comment="slugs of audiences, or ['public']")
    access_key: Mapped[str] = mapped_column(String(200), default="signed-in")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_owner_chosen: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="in the portal: a sync leaves the owner alone"
    )
    version: Mapped[int] = mapped_column(default=1, comment="grows when so much changed that old answers say nothing")
    n_revisions: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    changed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when the text last changed")
    verified_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review_by: Mapped[dt.date | None]
    risk: Mapped[str] = mapped_column(String(8), default=Risk.NORMAL.value)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    language: Mapped[str] = mapped_column(String(16), default="", comment="empty: the portal's")
    translation_of_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    translated_revision: Mapped[int | None] = mapped_column(comment="which revision of the original it says")

    category: Mapped[Category] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    verified_by: Mapped[Person | None] = relationship(foreign_keys=[verified_by_id])
    tags: Mapped[list[ArticleTag]] = relationship(
        cascade="all, delete-orphan", order_by="ArticleTag.tag", passive_deletes=True
    )

    @property
    def ref(self) -> Ref:
        return Ref("article", self.id)

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def is_check_due(self) -> bool:
        return is_check_due(self.verified_at, self.review_by)


def is_check_due(verified_at: dt.datetime | None, review_by: dt.date | None) -> bool:
    """True when nobody ever said it is right, or the day to look again has passed."""
    return verified_at is None or (review_by is not None and review_by < clock.today())


class ArticleTag(Base):
    """A word an article is filed under."""

    __tablename__ = "article_tag"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class Revision(Base):
    """A text an article once had; nothing is lost by a change."""

    __tablename__ = "article_revision"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    change: Mapped[str] = mapped_column(String(8), default="", comment="typo, minor or major: who was told")
    """Empty in the first text, which changed nothing."""
    note: Mapped[str] = mapped_column(String(300), default="", comment="what was changed and why")
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("article_draft.id"), comment="what it was written in")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    looked_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, comment="when an editor looked afterwards")
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    access_key: Mapped[str] = mapped_column(String(200), default="", server_default="", comment="the article's, then")
    category_id: Mapped[int | None] = mapped_column(
        ForeignKey("category.id", ondelete="SET NULL"), index=True, comment="empty: not known, or the topic is gone"
    )
    audience: Mapped[list[str] | None] = mapped_column(JSON, comment="empty: from before this was kept")
    tags: Mapped[list[str] | None] = mapped_column(JSON, comment="empty: from before this was kept")

    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    category: Mapped[Category | None] = relationship()


class ArticleRedirect(Base):
    """An address an article once had."""

    __tablename__ = "article_redirect"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, default=clock.now)
