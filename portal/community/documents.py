"""What the search index keeps of questions and tips.

A question is found by its title, by what was asked and by what was answered; the accepted answer comes first among its
passages. Whoever may read its topic finds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from portal.community import folding, policies
from portal.community.models import Answer, Question, Tip
from portal.core import markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref
from portal.kb.reading import documents as kb_documents
from portal.search.documents import Document, Passage

MOST_ANSWERS = 8
"""Of a question whose answers are searched: the accepted one and those most people found useful."""
AT_ONCE = 200


def questions(ids: Collection[int] | None) -> Iterator[Document]:
    """Yield the questions that stand; those taken away are missing, so the index drops them.

    One that was asked before is found under its original, by its title too.
    """
    paths = kb_documents.category_paths()
    query = select(Question).where(_is_found()).options(selectinload(Question.tags))
    if ids is not None:
        query = query.where(Question.id.in_(ids))
    rows = iter(db.session.execute(query.order_by(Question.id).execution_options(yield_per=AT_ONCE)).scalars())
    while some := list(islice(rows, AT_ONCE)):
        answered, titles = _answers(some), folding.titles([row.id for row in some])
        for row in some:
            yield Document(
                ref=row.ref,
                title=row.title,
                passages=tuple(_passages(row, answered[row.id])),
                category=paths[row.category_id],
                tags=tuple(sorted(tag.tag for tag in row.tags)),
                access_key=row.access_key,
                lines=tuple(titles.get(row.id, ())),
            )


def _is_found() -> ColumnElement[bool]:
    return Question.removed_at.is_(None) & ~folding.is_folded()


def _answers(asked: Iterable[Question]) -> dict[int, list[Answer]]:
    """Return the answers that stand, the accepted one first, then those most people found useful."""
    accepted = {row.accepted_answer_id for row in asked}
    query = select(Answer).where(Answer.question_id.in_([row.id for row in asked]), Answer.removed_at.is_(None))
    found: dict[int, list[Answer]] = defaultdict(list)
    for answer in db.session.execute(query.order_by(Answer.n_votes.desc(), Answer.id)).scalars():
        found[answer.question_id].append(answer)
    for answers in found.values():
        answers.sort(key=lambda answer: answer.id not in accepted)
    return found


def _passages(question: Question, answers: list[Answer]) -> Iterator[Passage]:
    is_solved = bool(answers) and answers[0].id == question.accepted_answer_id
    said = [(f"answer-{answer.id}", answer.html) for answer in answers[:MOST_ANSWERS]]
    for anchor, html in [*said[:is_solved], ("", question.html), *said[is_solved:]]:
        if words := markup.plain(html):
            yield Passage(text=words, anchor=anchor)


def n_questions() -> int:
    return db.session.execute(select(func.count()).select_from(Question).where(_is_found())).scalar_one()


def find_questions(actor: Actor, text: str, limit: int) -> list[Ref]:
    """Find questions by SQL alone while the index is being mended: every word in what was asked or answered."""
    query = select(Question.id).where(policies.shown(Question, actor), ~folding.is_folded())
    for word in text.split()[:8]:
        said = select(Answer.id).where(
            Answer.question_id == Question.id, Answer.removed_at.is_(None), Answer.body.icontains(word, autoescape=True)
        )
        asked = Question.title.icontains(word, autoescape=True) | Question.body.icontains(word, autoescape=True)
        query = query.where(asked | said.correlate(Question).exists())
    query = query.order_by(Question.last_activity_at.desc(), Question.id.desc()).limit(limit)
    return [Ref("question", i) for i in db.session.execute(query).scalars()]


def tips(ids: Collection[int] | None) -> Iterator[Document]:
    """Yield the tips that stand."""
    paths = kb_documents.category_paths()
    query = select(Tip).where(Tip.removed_at.is_(None)).options(selectinload(Tip.tags))
    if ids is not None:
        query = query.where(Tip.id.in_(ids))
    for row in db.session.execute(query.order_by(Tip.id).execution_options(yield_per=AT_ONCE)).scalars():
        yield Document(
            ref=row.ref,
            title=row.title,
            passages=(Passage(text=markup.plain(row.html)),),
            category=paths[row.category_id],
            tags=tuple(sorted(tag.tag for tag in row.tags)),
            access_key=row.access_key,
        )


def n_tips() -> int:
    return db.session.execute(select(func.count()).where(Tip.removed_at.is_(None))).scalar_one()


def find_tips(actor: Actor, text: str, limit: int) -> list[Ref]:
    """Find tips by SQL alone: every word in title or text."""
    query = select(Tip.id).where(policies.shown(Tip, actor))
    for word in text.split()[:8]:
        query = query.where(Tip.title.icontains(word, autoescape=True) | Tip.body.icontains(word, autoescape=True))
    return [Ref("tip", i) for i in db.session.execute(query.order_by(Tip.id.desc()).limit(limit)).scalars()]
