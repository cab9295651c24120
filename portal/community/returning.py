"""What an import of questions writes, and how it is taken back: whole, unless somebody has touched it since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select

from portal.community import questions, texts
from portal.community.models import Answer, EarlierText, Invitation, Question
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.importing import Ground, Made, Outcome, Undone
from portal.core.refs import Ref
from portal.kb.importing import undoing
from portal.kb.shelving import tree
from portal.talk.models import Comment, Flag, Follow, Solution, Vote

IMPORTED = "import"
_AT_ONCE = 400


def why_kept() -> str:
    return _("Somebody has touched it in the portal since.")


def touched(ids: Iterable[int]) -> set[int]:
    """Return which of these imported questions somebody has answered, changed or spoken about since."""
    found: set[int] = set()
    every = list(ids)
    for start in range(0, len(every), _AT_ONCE):
        found |= set(_touched(every[start : start + _AT_ONCE]))
    return found


def _touched(ids: Collection[int]) -> Iterator[int]:
    one = Question.id.in_(ids)
    changed = (Question.version > 1) | Question.removed_at.is_not(None) | Question.asker_id.is_not(None)
    linked = Question.duplicate_of_id.is_not(None) | Question.article_id.is_not(None)
    chosen = Question.accepted_answer_id.is_not(None) | (Question.n_same > 0)
    yield from db.session.execute(select(Question.id).where(one, or_(changed, linked, chosen))).scalars()
    pointed = db.session.execute(select(Question.duplicate_of_id).where(Question.duplicate_of_id.in_(ids))).scalars()
    yield from (one for one in pointed if one is not None)
    yield from db.session.execute(select(Invitation.question_id).where(Invitation.question_id.in_(ids))).scalars()
    answers = select(Answer.question_id).where(Answer.question_id.in_(ids))
    ours = (Answer.version > 1) | Answer.author_id.is_not(None) | Answer.removed_at.is_not(None) | (Answer.n_votes > 0)
    yield from db.session.execute(answers.where(ours)).scalars()
    pairs = db.session.execute(select(Answer.id, Answer.question_id).where(Answer.question_id.in_(ids)))
    of_answer = {row.id: row.question_id for row in pairs}
    about = {str(Ref("question", i)): i for i in ids} | {str(Ref("answer", a)): q for a, q in of_answer.items()}
    names = list(about)
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        for model in (Comment, Vote, Flag, Solution, Follow):
            subject: Any = model.subject
            for name in db.session.execute(select(subject).where(subject.in_(some))).scalars():
                yield about[name]


def picture(question: Question) -> dict[str, Any]:
    """Return how an imported question stands, for an undo."""
    said = select(Answer.body).where(Answer.question_id == question.id).order_by(Answer.id)
    return {"title": question.title, "body": question.body, "answers": list(db.session.execute(said).scalars())}


def write(actor: Actor, question: Question, *, title: str, body: str, answers: Sequence[str]) -> None:
    """Let a question and its answers say this; nobody has touched them."""
    question.title, question.body = title, body
    db.session.add(question)
    db.session.flush()
    texts.render(actor, question)
    db.session.execute(delete(Answer).where(Answer.question_id == question.id))
    for text in answers:
        answer = Answer(question=question, body=text, html="", created_at=clock.now())
        db.session.add(answer)
        db.session.flush()
        texts.render(actor, answer)
    db.session.flush()
    questions.settle(question)


def undo(actor: Actor, made: Made) -> Undone:
    """Take one question back, unless somebody has touched it since. What the ledger tells of it stays, as all facts."""
    question = db.session.get(Question, made.subject.id, with_for_update=True)
    if question is None:
        return Undone(reason=_("It is gone."))
    if touched([question.id]):
        return Undone(reason=why_kept())
    if made.outcome is Outcome.CREATED:
        db.session.execute(delete(EarlierText).where(EarlierText.subject == str(question.ref)))
        db.session.execute(delete(Answer).where(Answer.question_id == question.id))
        db.session.expire(question)
        db.session.delete(question)
        db.session.flush()
        return Undone()
    was = made.before
    write(actor, question, title=was["title"], body=was["body"], answers=was["answers"])
    return Undone(left={})


def after(actor: Actor, subjects: Iterable[Ref], ground: Sequence[Ground]) -> Mapping[Ref, str]:
    """Have the index follow, and take back the topic that was made; returns what stays, with the reason."""
    gone = list(subjects)
    tree.follow([one for one in gone if one.kind == "question"])
    return undoing.after(actor, [], ground)
