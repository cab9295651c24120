"""Answers to "Did this solve it?", comments, votes, flags, and who follows what."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.database import Base
from portal.core.types import UTCDateTime
from portal.people.models import Person

WAITING = text("comment != '' AND (replied_at IS NULL OR replied_at < changed_at)")
"""What somebody said in words and was not answered: asked for in these very words, or the index is of no use."""

CHOSEN = text("reason IS NOT NULL")


class Reason(StrEnum):
    """What was wrong with it, on a "not yet"."""

    DID_NOT_WORK = "did_not_work"
    NOT_MY_PROBLEM = "not_my_problem"
    HARD_TO_FOLLOW = "hard_to_follow"
    OUT_OF_DATE = "out_of_date"


class Solution(Base):
    """What one person said about one version of a thing."""

    __tablename__ = "solution"
    __table_args__ = (
        UniqueConstraint("subject", "version", "person_id"),
        Index("ix_solution_tally", "subject", "version", "is_solved"),
        Index("ix_solution_reasons", "subject", "version", "reason", sqlite_where=CHOSEN, postgresql_where=CHOSEN),
        Index("ix_solution_waiting", "changed_at", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), comment="a Ref: article:12")
    version: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_solved: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(16))
    comment: Mapped[str] = mapped_column(Text, default="")
    via: Mapped[str] = mapped_column(String(16), default="article")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    is_intent_asked: Mapped[bool] = mapped_column(default=False, comment="drawn into the sample asked once more")
    would_have_called: Mapped[bool | None] = mapped_column(comment="the answer to that one question")
    reply: Mapped[str] = mapped_column(Text, default="", comment="an editor's answer to this feedback")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    replied_by: Mapped[Person | None] = relationship(foreign_keys=[replied_by_id])


class Comment(Base):
    """A colleague's note below a thing. Removing keeps the row, so that nothing disappears without trace."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_subject_created_at", "subject", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, comment="rendered and sanitised when saved")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Follow(Base):
    """Somebody wants to hear of changes of a thing. A row that is off stays: no habit of ours turns it on again."""

    __tablename__ = "follow"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True, comment="a Ref: article:12")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class Voice(StrEnum):
    """What a vote says."""

    USEFUL = "useful"
    SAME = "same"
    """I have the same problem."""
    THANKS = "thanks"
    WANTED = "wanted"
    """I would like this too."""


class Vote(Base):
    """One person's voice for a thing. The key lets nobody speak twice; taking it back deletes the row."""

    __tablename__ = "vote"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True, comment="a Ref: answer:3")
    voice: Mapped[str] = mapped_column(String(16), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class Flag(Base):
    """Somebody says that a thing should be looked at; one open flag a person and thing."""

    __tablename__ = "flag"
    __table_args__ = (
        Index("ix_flag_open", "closed_at", "created_at"),
        UniqueConstraint("subject", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(16), comment="wrong, out_of_date, rude, private, duplicate, other")
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(16), default="", comment="removed, edited, kept")
    reply: Mapped[str] = mapped_column(Text, default="", comment="what the person who flagged was told")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
