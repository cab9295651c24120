"""A question that was asked before: it points to the original, whose answers then stand on its page and in the search.

Nothing is deleted and anybody who may say so may take it back. Whoever may not read the original learns nothing of it
but that there is one: to them the question has its own answers, and is found by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import selectinload

from analytics.events import Name
from portal.community import policies, queries, questions
from portal.community.models import Answer, Question
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import services as people
from portal.search import maintenance
from portal.search.documents import SearchRequest
from portal.search.engine import IndexUnusable
from portal.search.query import read
from portal.talk import follows

SHOWN = 3
"""Answers of the original on the page of the duplicate."""
FOUND = 8
_NUMBER = re.compile(r"(?:^|/questions/|#|\bquestion:)(\d{1,9})(?!\d)")


def can_point(actor: Actor, question: Question, *, answers: Sequence[Answer] | None = None) -> bool:
    """Its asker, moderators, and whoever answered it: they read it to its end.

    `answers` are all it has, for who has read them anyway.
    """
    if actor.person_id is None or question.removed_at is not None or not policies.can_see(actor, question):
        return False
    if policies.can_edit(actor, question):
        return True
    if answers is not None:
        has_answered = any(policies.is_own(actor, one) and one.removed_at is None for one in answers)
    else:
        has_answered = _answered(actor, question)
    return has_answered and policies.can_answer(actor, question)


def _answered(actor: Actor, question: Question) -> bool:
    mine = (Answer.question_id == question.id) & (Answer.author_id == actor.person_id) & Answer.removed_at.is_(None)
    return db.session.execute(select(Answer.id).where(mine).limit(1)).first() is not None


def point(actor: Actor, question: Question, *, to: Question) -> Question:
    """Point a question to the one that asks the same; returns where it points now, the end of any row of pointers.

    Those that pointed to it point there too. Its asker is told and follows the original. Records
    `question.marked_duplicate` of each. Refuses who may not (Forbidden), itself, what points back, and an original
    that is gone or hidden (Invalid, `of`).
    """
    if not can_point(actor, question):
        raise Forbidden(_("The asker, who answered, and editors say that it was asked before."))
    to = _end(actor, to)
    if to.id == question.id:
        raise Invalid(_("That is this very question, or one that points to it."), field="of")
    for row in sorted((question, to), key=lambda row: row.id):
        questions.hold(row)
    if to.duplicate_of_id is not None or to.removed_at is not None or not policies.can_see(actor, to):
        raise Conflict(_("The other question was changed in the meantime. Look at it again."))
    if question.duplicate_of_id == to.id:
        return to
    moved = _pointing_to(question)
    for row in (question, *moved):
        row.duplicate_of_id = to.id
        questions.settle(row)
        _record(actor, row, of=to)
    asker = people.actor_for(question.asker_id or 0)
    if asker is not None and policies.can_see(asker, to):
        follows.follow_by_doing([asker.person_id], to.ref)
    notifications.tell([question.asker_id], "question_duplicate", subject=to.ref, actor=actor)
    _follow_in_search(question, to, *moved)
    return to


def take_back(actor: Actor, question: Question) -> None:
    """Say that it is a question of its own after all. Records `question.marked_duplicate`.

    Refuses who may not (Forbidden), and one that points nowhere (Conflict).
    """
    if not can_point(actor, question):
        raise Forbidden(_("The asker, who answered, and editors say that it was asked before."))
    questions.hold(question)
    if question.duplicate_of_id is None:
        raise Conflict(_("It points to no other question any more."))
    former = db.session.get_one(Question, question.duplicate_of_id)
    question.duplicate_of_id = None
    questions.settle(question)
    _record(actor, question, of=None)
    _follow_in_search(question, former)


def _end(actor: Actor, to: Question) -> Question:
    """Return where the pointers of a question lead; hidden and unknown ones look the same (Invalid, `of`)."""
    while to.duplicate_of_id is not None:
        to = db.session.get_one(Question, to.duplicate_of_id)
    if to.removed_at is not None or not policies.can_see(actor, to):
        raise Invalid(_("There is no such question."), field="of")
    return to


def _pointing_to(question: Question) -> list[Question]:
    query = select(Question).where(Question.duplicate_of_id == question.id).order_by(Question.id)
    return list(db.session.execute(query.with_for_update()).scalars())


def _record(actor: Actor, question: Question, *, of: Question | None) -> None:
    facts = {"subject": question.ref, "topic": questions.about(question), "of": str(of.ref) if of else None}
    ledger.record(Name.QUESTION_MARKED_DUPLICATE, actor=actor, **facts)  # type: ignore[arg-type]


def _follow_in_search(*rows: Question) -> None:
    for row in rows:
        questions.follow_in_search(row)


def named(actor: Actor, words: str) -> Question:
    """Return the question somebody names by its number or address; refuses what names none they see (Invalid, `of`)."""
    found = _NUMBER.search(words.strip())
    try:
        return questions.get(actor, int(found[1]) if found else 0)
    except NotFound:
        raise Invalid(_("There is no such question."), field="of") from None


def candidates(actor: Actor, question: Question, words: str) -> list[Thing]:
    """Return questions that may ask the same, as far as this actor sees them; nothing while the search is down."""
    try:
        request = SearchRequest(text=read(words), kind="question", size=FOUND + 1)
        hits = maintenance.engine().search(request, actor.allowed_keys).hits
    except IndexUnusable:
        return []
    refs = [hit.ref for hit in hits if hit.ref != question.ref]
    things = load_things(actor, refs)
    return [things[ref] for ref in refs if ref in things][:FOUND]


# Reading


@dataclass(frozen=True)
class Original:
    """The question another one points to, as far as its reader may see it, with the answers that stand first."""

    question: Question
    answers: list[Answer]

    @property
    def n_more(self) -> int:
        return max(0, self.question.n_answers - len(self.answers))


def original_of(actor: Actor, question: Question) -> Original | None:
    """Return what the page of a duplicate shows on top; nothing where it stands for itself, to this reader."""
    if question.duplicate_of_id is None:
        return None
    load = select(Question).where(Question.id == question.duplicate_of_id).options(selectinload(Question.asker))
    found = db.session.execute(load).scalar_one()
    if found.removed_at is not None or not policies.can_see(actor, found):
        return None
    answers = [one for one in queries.answers(actor, found).rows if one.removed_at is None]
    return Original(found, answers[:SHOWN])


def same_as(actor: Actor, question: Question) -> list[Thing]:
    """Return the questions that point to this one, as far as the actor sees them."""
    found = db.session.execute(_pointers(), {"id": question.id}).scalars().all()
    if not found:
        return []
    refs = [Ref("question", one) for one in found]
    things = load_things(actor, refs)
    return [things[ref] for ref in refs if ref in things][:FOUND]


@cache
def _pointers() -> Select[Any]:
    """The statement, built once: it is asked on every page of a question."""
    query = select(Question.id).where(Question.duplicate_of_id == bindparam("id"), Question.removed_at.is_(None))
    return query.order_by(Question.id.desc()).limit(5 * FOUND)
