"""What is remembered of topics and tags that were renamed, merged or given up."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.database import Base
from portal.core.types import UTCDateTime


class CategoryRedirect(Base):
    """An address a topic once had, and the name by which files may still call it."""

    __tablename__ = "category_redirect"

    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    category_id: Mapped[int | None] = mapped_column(
        ForeignKey("category.id", ondelete="CASCADE"), index=True, comment="empty: deleted; a sync does not revive it"
    )
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)


class TagAlias(Base):
    """A tag that became another one, whoever still writes it: an editor, a file, an import."""

    __tablename__ = "tag_alias"

    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    becomes: Mapped[str] = mapped_column(String(40), default="", comment="empty: it is dropped")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
