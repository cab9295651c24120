"""What the database knows of the search index, and the words that editors told the search."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.database import Base
from portal.core.types import UTCDateTime


class IndexRow(Base):
    """The one row, by which an index put back from a copy is recognised as stale.

    It is written after the index, so the index may be ahead of it for a moment, never behind.
    """

    __tablename__ = "search_index"

    id: Mapped[int] = mapped_column(primary_key=True)
    build: Mapped[str] = mapped_column(String(32), default="", comment="name of the build in use")
    next_build: Mapped[str] = mapped_column(String(32), default="", comment="name of the build being made")
    changes: Mapped[int] = mapped_column(default=0, comment="changes written to the build since it was made")
    n_documents: Mapped[int] = mapped_column(default=0)
    built_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    changed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class WordGroup(Base):
    """Words that lead to each other in a search; beside those that come with the portal."""

    __tablename__ = "search_word_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), comment="same, near or leads (one way)")
    words: Mapped[list[str]] = mapped_column(JSON, default=list, comment="words, and phrases of two or three words")
    sought: Mapped[list[str]] = mapped_column(JSON, default=list, comment="of one way: what is sought too")
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class WordsOff(Base):
    """A group that comes with the portal and is switched off here."""

    __tablename__ = "search_words_off"

    key: Mapped[str] = mapped_column(String(80), primary_key=True, comment="see synonyms.Group.key")


class StopWord(Base):
    """A word that a search leaves out, beside those of the language."""

    __tablename__ = "search_stop_word"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class JudgedQuery(Base):
    """A question people ask, and what answers it, as an editor judged."""

    __tablename__ = "judged_query"

    id: Mapped[int] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(String(200), unique=True)
    answers: Mapped[list[str]] = mapped_column(JSON, default=list, comment="Refs; any of them is right")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
