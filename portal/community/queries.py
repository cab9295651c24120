"""Reads for lists and pages: each a fixed number of queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload

from portal.community import policies
from portal.community.models import Answer, Invitation, Question, QuestionState, QuestionTag, Tip, TipTag
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Permission
from portal.kb.models import Article, Category, Status
from portal.people.audiences import visible
from portal.people.models import Person

PAGE = 20
ANSWERS = 20
"""Answers on one page of a question."""
MIGHT_KNOW = 3
OPEN = (QuestionState.OPEN.value, QuestionState.ANSWERED.value)


class Shelf(StrEnum):
    """A list of questions."""

    NEWEST = "newest"
    UNANSWERED = "unanswered"
    FOR_ME = "for-me"
    """Open ones about what this person answers, writes about or was asked to help with."""
    SOLVED = "solved"
    OWN = "own"


@dataclass(frozen=True)
class Listing:
    """One page of a list, and whether there is another."""

    rows: list[Any] = field(default_factory=list)
    has_more: bool = False


def listing(
    actor: Actor, *, shelf: Shelf = Shelf.NEWEST, topics: Collection[int] = (), tag: str = "", page: int = 1
) -> Listing:
    """Return one page of a list of questions, as far as this actor sees them; two queries."""
    query = on_shelf(actor, shelf)
    if query is None:
        return Listing()
    if topics:
        query = query.where(Question.category_id.in_(topics))
    if tag:
        query = query.where(Question.tags.any(QuestionTag.tag == tag))
    order = Question.created_at
    if shelf is Shelf.SOLVED:
        order = Question.accepted_at  # type: ignore[assignment]
    # What waits for its first answer climbs the longer it waits.
    first = (order.asc(), Question.id.asc()) if shelf is Shelf.UNANSWERED else (order.desc(), Question.id.desc())
    query = query.order_by(*first)
    return _page(query.options(*_FOR_LIST), page)


_FOR_LIST = (joinedload(Question.asker), joinedload(Question.category), defer(Question.body), defer(Question.html))


def on_shelf(actor: Actor, shelf: Shelf) -> Select[Any] | None:
    """Return the questions of a list, unordered, as far as this actor sees them; None where it can hold none."""
    query = select(Question).where(policies.shown(Question, actor))
    if shelf is Shelf.UNANSWERED:
        return query.where(Question.state == QuestionState.OPEN.value)
    if shelf is Shelf.SOLVED:
        return query.where(Question.state == QuestionState.SOLVED.value)
    if shelf is Shelf.OWN:
        return query.where(Question.asker_id == actor.person_id) if actor.person_id is not None else None
    if shelf is Shelf.FOR_ME:
        return query.where(*_for(actor.person_id)) if actor.person_id is not None else None
    return query


def _for(person_id: Any) -> list[ColumnElement[bool]]:
    """Return the SQL for "they might know": open, not theirs, not answered by them, about what they know of.

    They know of a topic in which they answered, wrote a tip, or look after an article; or they were asked to help. Of a
    person, or of a place for one.
    """
    answered = select(Answer.question_id).where(Answer.author_id == person_id, Answer.removed_at.is_(None))
    known = (
        select(Question.category_id)
        .where(Question.id.in_(answered))
        .union(
            select(Tip.category_id).where(Tip.author_id == person_id, Tip.removed_at.is_(None)),
            select(Article.category_id).where(Article.owner_id == person_id, Article.status == Status.PUBLISHED.value),
        )
    )
    asked_of = select(Invitation.question_id).where(Invitation.person_id == person_id, Invitation.declined_at.is_(None))
    return [
        Question.state.in_(OPEN),
        or_(Question.asker_id.is_(None), Question.asker_id != person_id),
        Question.id.not_in(answered),
        or_(Question.category_id.in_(known.scalar_subquery()), Question.id.in_(asked_of)),
    ]


def might_know(actor: Actor, *, limit: int = MIGHT_KNOW) -> list[Question]:
    """Return the newest questions nobody has answered and this person might know about; one query."""
    if actor.person_id is None or not actor.can(Permission.QUESTION_READ):
        return []
    query = _might_know(actor.keys)
    return list(db.session.execute(query, {"person": actor.person_id, "limit": limit}).scalars())


@lru_cache(maxsize=256)
def _might_know(keys: frozenset[str]) -> Select[Question]:
    """Return the statement for whoever has these access keys, put together once."""
    query = select(Question).where(policies.standing(Question, keys), *_for(bindparam("person", type_=Integer)))
    query = query.where(Question.state == QuestionState.OPEN.value).options(*_FOR_LIST)
    return query.order_by(Question.created_at.desc(), Question.id.desc()).limit(bindparam("limit", type_=Integer))


def tips(actor: Actor, *, topics: Collection[int] = (), tag: str = "", page: int = 1) -> Listing:
    """Return one page of tips, the newest first; two queries."""
    query = select(Tip).where(policies.shown(Tip, actor))
    if topics:
        query = query.where(Tip.category_id.in_(topics))
    if tag:
        query = query.where(Tip.tags.any(TipTag.tag == tag))
    loads = (joinedload(Tip.author), joinedload(Tip.category), defer(Tip.body), defer(Tip.html))
    return _page(query.options(*loads).order_by(Tip.created_at.desc(), Tip.id.desc()), page)


def _page(query: Select[Any], page: int) -> Listing:
    found = list(db.session.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE)).scalars())
    return Listing(found[:PAGE], has_more=len(found) > PAGE)


def latest_tips(actor: Actor, *, limit: int) -> list[Tip]:
    """Return the newest tips, to stand beside the questions; one query."""
    query = (
        select(Tip).where(policies.shown(Tip, actor)).options(joinedload(Tip.author), defer(Tip.body), defer(Tip.html))
    )
    return list(db.session.execute(query.order_by(Tip.created_at.desc(), Tip.id.desc()).limit(limit)).scalars())


def topics_with(actor: Actor, model: type[Question] | type[Tip]) -> list[tuple[Category, int]]:
    """Return the topics that hold questions or tips this actor sees, with how many; in their order; one query."""
    shown = select(model.category_id, func.count().label("n")).where(policies.shown(model, actor))
    counted = shown.group_by(model.category_id).subquery()
    query = select(Category, counted.c.n).join(counted, counted.c.category_id == Category.id)
    query = query.order_by(Category.position, Category.id)
    return [(topic, count) for topic, count in db.session.execute(query)]


def answers(actor: Actor, question: Question, *, page: int = 1, is_whole: bool = False) -> Listing:
    """Return one page of answers: the accepted one, then those most people found useful, then the oldest.

    With `is_whole` they come with the text as it was written, not only as it is shown.
    """
    given = {
        "question": question.id,
        "accepted": question.accepted_answer_id or 0,
        "person": actor.person_id,
        "skipped": (page - 1) * ANSWERS,
    }
    query = _answers(actor.can(Permission.QUESTION_MODERATE), is_whole)
    found = list(db.session.execute(query, given).scalars())
    return Listing(found[:ANSWERS], has_more=len(found) > ANSWERS)


@cache
def _answers(is_moderator: bool, is_whole: bool) -> Select[Any]:
    """Return the statement, built once: building it takes longer than asking it."""
    query = (
        select(Answer)
        .outerjoin(Person, Person.id == Answer.author_id)
        .options(contains_eager(Answer.author), *(() if is_whole else (defer(Answer.body),)))
        .where(Answer.question_id == bindparam("question"))
        .order_by(*_order())
        .limit(ANSWERS + 1)
        .offset(bindparam("skipped"))
    )
    if is_moderator:
        return query
    return query.where(Answer.removed_at.is_(None) | (Answer.author_id == bindparam("person", type_=Integer)))


def _order() -> tuple[ColumnElement[Any], ...]:
    is_accepted = and_(Answer.id == bindparam("accepted"), Answer.removed_at.is_(None))
    is_gone = Answer.removed_at.is_not(None)
    return is_accepted.desc(), is_gone.asc(), Answer.n_votes.desc(), Answer.created_at.asc(), Answer.id.asc()


def page_of(actor: Actor, question: Question, answer: Answer) -> int:
    """Return on which page of a question an answer stands."""
    query = select(Answer.id).where(Answer.question_id == question.id, policies.seen(Answer, actor))
    given = {"accepted": question.accepted_answer_id or 0}
    ids = list(db.session.execute(query.order_by(*_order()), given).scalars())
    return ids.index(answer.id) // ANSWERS + 1 if answer.id in ids else 1


def made_article(actor: Actor, article_id: int | None) -> Any:
    """Return slug and title of the article that was made of a post, if this actor may read it."""
    if article_id is None:
        return None
    query = select(Article.slug, Article.title).where(
        Article.id == article_id, Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor)
    )
    return db.session.execute(query).first()
