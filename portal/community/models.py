"""Questions, answers and tips, their earlier texts, and who was asked to help."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.database import Base
from portal.core.refs import Ref
from portal.core.types import UTCDateTime
from portal.kb.models import Category
from portal.people.models import Person


class QuestionState(StrEnum):
    """Where a question stands; kept as a column so that lists can be filtered and counted."""

    OPEN = "open"
    """Nobody has answered."""
    ANSWERED = "answered"
    """There are answers, none accepted."""
    SOLVED = "solved"
    """The asker accepted one."""
    DUPLICATE = "duplicate"
    """Points to another question that is the same."""


class Question(Base):
    """What somebody asked their colleagues. Removing keeps the row, so that nothing disappears without trace."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_state_last_activity_at", "state", "last_activity_at"),
        Index("ix_question_counted", "category_id", "removed_at", "access_key"),
        UniqueConstraint("origin", "external_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="", comment="rendered and sanitised when saved")
    excerpt: Mapped[str] = mapped_column(String(200), default="", server_default="", comment="its beginning, plain")
    asker_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, comment="none: it came from elsewhere without a name we know"
    )
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    access_key: Mapped[str] = mapped_column(String(200), comment="the topic's, kept in step with it")
    access_changed_at: Mapped[dt.datetime | None] = mapped_column(
        UTCDateTime, comment="what was said before was for other people"
    )
    state: Mapped[str] = mapped_column(String(16), default=QuestionState.OPEN)
    accepted_answer_id: Mapped[int | None] = mapped_column(
        ForeignKey("answer.id", use_alter=True, name="fk_question_accepted_answer_id_answer")
    )
    accepted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    edited_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    last_activity_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    first_answer_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reminded_n: Mapped[int] = mapped_column(default=0, comment="how often somebody was reminded that nobody answered")
    version: Mapped[int] = mapped_column(default=1, comment="raised by every edit; an older one is a collision")
    n_answers: Mapped[int] = mapped_column(default=0)
    n_votes: Mapped[int] = mapped_column(default=0)
    n_same: Mapped[int] = mapped_column(default=0, comment="how many said: same problem here")
    origin: Mapped[str] = mapped_column(String(16), default="portal", comment="portal or import")
    external_id: Mapped[str | None] = mapped_column(String(64), comment="its name where it came from")
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("article.id"), index=True, comment="the article that was made of it"
    )
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    asker: Mapped[Person | None] = relationship(foreign_keys=[asker_id])
    category: Mapped[Category] = relationship()
    duplicate_of: Mapped[Question | None] = relationship(remote_side=[id], foreign_keys=[duplicate_of_id])
    accepted_answer: Mapped[Answer | None] = relationship(foreign_keys=[accepted_answer_id], post_update=True)
    tags: Mapped[list[QuestionTag]] = relationship(cascade="all, delete-orphan")

    @property
    def ref(self) -> Ref:
        return Ref("question", self.id)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer to it is still looked for."""
        return self.removed_at is None and self.state in (QuestionState.OPEN, QuestionState.ANSWERED)


class QuestionTag(Base):
    """A tag of a question; the words are shared with articles."""

    __tablename__ = "question_tag"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class Answer(Base):
    """What a colleague answered."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_question_id_created_at", "question_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str] = mapped_column(String(200), default="", server_default="", comment="its beginning, plain")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    edited_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    n_votes: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    question: Mapped[Question] = relationship(foreign_keys=[question_id])
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])

    @property
    def ref(self) -> Ref:
        return Ref("answer", self.id)


class Tip(Base):
    """Something a colleague found out and wrote down unasked."""

    __tablename__ = "tip"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str] = mapped_column(String(200), default="", server_default="", comment="its beginning, plain")
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    access_key: Mapped[str] = mapped_column(String(200))
    access_changed_at: Mapped[dt.datetime | None] = mapped_column(
        UTCDateTime, comment="what was said before was for other people"
    )
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    edited_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    n_thanks: Mapped[int] = mapped_column(default=0)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    category: Mapped[Category] = relationship()
    tags: Mapped[list[TipTag]] = relationship(cascade="all, delete-orphan")

    @property
    def ref(self) -> Ref:
        return Ref("tip", self.id)


class TipTag(Base):
    """A tag of a tip."""

    __tablename__ = "tip_tag"

    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class EarlierText(Base):
    """How a question, answer or tip read before an edit. Together with the row it is the history."""

    __tablename__ = "earlier_text"
    __table_args__ = (UniqueConstraint("subject", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), comment="a Ref: question:12, answer:3, tip:4")
    version: Mapped[int] = mapped_column(comment="the version that this text was")
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="who wrote this text")
    replaced_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Invitation(Base):
    """Somebody was asked to answer a question because they know about it."""

    __tablename__ = "question_invitation"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: a reminder of the portal")
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=clock.now)
    declined_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
