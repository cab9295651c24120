"""What the database knows of the search index, so that an index put back from a copy is recognised as stale."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base
from portal.core.types import UTCDateTime


class IndexRow(Base):
    """The one row. It is written after the index, so the index may be ahead of it for a moment, never behind."""

    __tablename__ = "search_index"

    id: Mapped[int] = mapped_column(primary_key=True)
    build: Mapped[str] = mapped_column(String(32), default="", comment="name of the build in use")
    next_build: Mapped[str] = mapped_column(String(32), default="", comment="name of the build being made")
    changes: Mapped[int] = mapped_column(default=0, comment="changes written to the build since it was made")
    n_documents: Mapped[int] = mapped_column(default=0)
    built_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    changed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
