"""Questions, answers and tips as others may show them: title, address, and how far they are."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from portal.community import policies
from portal.community.models import Answer, Question, QuestionState, Tip
from portal.core import markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb.models import Category
from portal.people.audiences import holds
from portal.people.models import Person
from portal.talk import queries as talk
from portal.talk.models import Comment
from portal.talk.policies import can_restore as may_restore

_Accepted = aliased(Answer)


def words_of(title: str) -> str:
    """Return the words of a title as they stand in an address."""
    return markup.slug(title)


def address(question_id: int, title: str, **more: Any) -> str:
    return _address("questions", question_id, title, more)


def tip_address(tip_id: int, title: str, **more: Any) -> str:
    return _address("tips", tip_id, title, more)


def _address(place: str, row_id: int, title: str, more: dict[str, Any]) -> str:
    """Put an address together as the router would, which takes ten times as long; lists have many."""
    anchor = more.pop("_anchor", "")
    query = urlencode({name: value for name, value in more.items() if value is not None})
    path = f"{request.script_root}/{place}/{row_id}-{quote(words_of(title))}"
    return f"{path}{'?' if query else ''}{query}{'#' if anchor else ''}{anchor}"


def questions(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the questions this actor may see; two queries."""
    if not ids or not actor.can(Permission.QUESTION_READ):
        return {}
    asked = _questions(actor.keys, actor.can(Permission.QUESTION_MODERATE))
    rows = list(db.session.execute(asked, {"ids": list(ids), "person": actor.person_id}))
    tallies = talk.tallies({Ref("question", row.id): row.accepted_answer_id or 0 for row in rows})
    return {row.id: _question(row, tallies.get(Ref("question", row.id))) for row in rows}


@lru_cache(maxsize=256)
def _questions(keys: frozenset[str], is_moderator: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement, built once for each set of keys."""
    accepted = and_(_Accepted.id == Question.accepted_answer_id, _Accepted.removed_at.is_(None))
    query = (
        select(
            Question.id,
            Question.title,
            Question.excerpt,
            Question.state,
            Question.n_answers,
            Question.accepted_answer_id,
            _Accepted.excerpt.label("accepted"),
            Category.id.label("category_id"),
            Category.slug.label("category_slug"),
            Category.title.label("category_title"),
        )
        .join(Category, Category.id == Question.category_id)
        .outerjoin(_Accepted, accepted)
        .where(Question.id.in_(bindparam("ids", expanding=True)), holds(Question.access_key, keys))
    )
    if not is_moderator:
        query = query.where(Question.removed_at.is_(None) | (Question.asker_id == bindparam("person")))
    return query


def _question(row: Any, tally: talk.Tally | None) -> Thing:
    is_solved = row.state == QuestionState.SOLVED
    return Thing(
        ref=Ref("question", row.id),
        title=row.title,
        url=address(row.id, row.title),
        summary=row.accepted or row.excerpt,
        meta={
            "category": row.category_title,
            "category_slug": row.category_slug,
            "topic": Ref("category", row.category_id),
            "state": row.state,
            "n_answers": row.n_answers,
            "words": [_("Asked before") if row.state == QuestionState.DUPLICATE else n_answers(row.n_answers)],
            "good": _("Solved") if is_solved else None,
            "n_solved": tally.n_solved if tally else 0,
            "n_said": tally.n_said if tally else 0,
        },
    )


def n_answers(n: int) -> str:
    return ngettext("%(num)s answer", "%(num)s answers", n) if n else _("No answer yet")


def answers(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the answers this actor may see, under the titles of their questions; three queries."""
    query = select(Answer.id, Answer.question_id, Answer.excerpt).where(Answer.id.in_(ids))
    rows = list(db.session.execute(query.where(policies.seen(Answer, actor)))) if ids else []
    asked = questions(actor, {row.question_id for row in rows})
    return {
        row.id: Thing(
            ref=Ref("answer", row.id),
            title=about.title,
            url=f"{about.url}#answer-{row.id}",
            summary=row.excerpt,
            meta={"topic": about.meta["topic"], "question": about.ref},
        )
        for row in rows
        if (about := asked.get(row.question_id)) is not None
    }


def comments(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the comments below what this actor may see, under the titles of their questions; as many queries as that.

    One that was taken away is shown to whoever may bring it back.
    """
    rows = list(db.session.execute(select(Comment).where(Comment.id.in_(ids))).scalars()) if ids else []
    shown = [row for row in rows if row.removed_at is None or may_restore(actor, row)]
    about = {row.id: Ref.parse(row.subject) for row in shown}
    found = {
        kind: load(actor, {ref.id for ref in about.values() if ref.kind == kind})
        for kind, load in (("question", questions), ("answer", answers))
    }
    return {
        row.id: Thing(
            ref=Ref("comment", row.id),
            title=thing.title,
            url=f"{thing.url.partition('#')[0]}#comment-{row.id}",
            meta={"topic": thing.meta["topic"]},
        )
        for row in shown
        if (thing := found.get(about[row.id].kind, {}).get(about[row.id].id)) is not None
    }


def tips(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the tips this actor may see; one query."""
    if not ids or not actor.can(Permission.QUESTION_READ):
        return {}
    given = {"ids": list(ids), "person": actor.person_id}
    rows = db.session.execute(_tips(actor.keys, actor.can(Permission.QUESTION_MODERATE)), given)
    return {row.id: _tip(row) for row in rows}


@lru_cache(maxsize=256)
def _tips(keys: frozenset[str], is_moderator: bool) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Tip.id,
            Tip.title,
            Tip.excerpt,
            Tip.n_thanks,
            Person.name.label("author"),
            Category.id.label("category_id"),
            Category.slug.label("category_slug"),
            Category.title.label("category_title"),
        )
        .join(Category, Category.id == Tip.category_id)
        .join(Person, Person.id == Tip.author_id)
        .where(Tip.id.in_(bindparam("ids", expanding=True)), holds(Tip.access_key, keys))
    )
    if not is_moderator:
        query = query.where(Tip.removed_at.is_(None) | (Tip.author_id == bindparam("person")))
    return query


def _tip(row: Any) -> Thing:
    return Thing(
        ref=Ref("tip", row.id),
        title=row.title,
        url=tip_address(row.id, row.title),
        summary=row.excerpt,
        meta={
            "category": row.category_title,
            "category_slug": row.category_slug,
            "topic": Ref("category", row.category_id),
            "words": [_("by %(name)s", name=row.author.split(" ")[0])],
            "good": ngettext("%(num)s thank-you", "%(num)s thank-yous", row.n_thanks) if row.n_thanks else None,
        },
    )
