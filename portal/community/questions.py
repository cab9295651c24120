"""What people do with questions: ask, read, edit, say that they have the same problem.

Loading decides 404 or 403, once for every page. Whatever changes what search finds asks the index to follow, in the
same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.community import folding, pictures, policies, texts
from portal.community.models import Answer, Question, QuestionState
from portal.community.pictures import Upload
from portal.core import clock, limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.kb.models import Category
from portal.ledger import services as ledger
from portal.talk import follows, solutions, votes
from portal.talk.models import Solution, Voice

PER_HOUR = 10


def get(actor: Actor, question_id: int) -> Question:
    """Return the question or refuse (NotFound): one that is hidden and one that never was look the same."""
    question = db.session.execute(_by_id(), {"id": question_id}).unique().scalar_one_or_none()
    if question is None or not policies.can_see(actor, question):
        raise NotFound("")
    return question


@cache
def _by_id() -> Select[*tuple[Any, ...]]:
    loads = (joinedload(Question.asker), joinedload(Question.category), joinedload(Question.tags))
    return select(Question).where(Question.id == bindparam("id")).options(*loads)


def ask(
    actor: Actor,
    *,
    title: str,
    body: str = "",
    category_id: int | None,
    tags: str | Sequence[str] = (),
    uploads: Sequence[Upload] = (),
    search: str | None = None,
) -> Question:
    """Ask one's colleagues. Records `question.asked`; the asker follows it.

    Refuses what is not whole (Invalid, by field), who may not ask (Forbidden), and too many in an hour (TooMany).
    """
    if not policies.can_ask(actor):
        raise Forbidden(_("Sign in to ask."))
    words = {"title": texts.title_of(title), "body": texts.body_of(body, is_needed=False)}
    topic = texts.topic_of(actor, category_id)
    named = texts.tags_of(tags)
    limits.spend("question", str(actor.person_id), limit=PER_HOUR, seconds=3600)
    now = clock.now()
    question = Question(
        **words,
        asker_id=actor.person_id,
        category=topic,
        access_key=topic.access_key,
        state=QuestionState.OPEN.value,
        created_at=now,
        last_activity_at=now,
    )
    texts.put_tags(question, named)
    db.session.add(question)
    db.session.flush()
    pictures.add(actor, question, uploads)
    texts.render(actor, question)
    follows.follow_by_doing([actor.person_id], question.ref)
    ledger.record(Name.QUESTION_ASKED, actor=actor, subject=question.ref, topic=topic.ref, search=search)
    follow_in_search(question)
    return question


def edit(
    actor: Actor,
    question: Question,
    *,
    version: int,
    title: str,
    body: str,
    tags: str | Sequence[str],
    category_id: int | None = None,
    uploads: Sequence[Upload] = (),
    gone: Collection[int] = (),
) -> None:
    """Put the question otherwise; what it said stays in its history. Records `question.edited`.

    Moderators may also file it under another topic. Refuses who may not (Forbidden), a text that somebody else saved
    over since `version` (texts.Collision), and what is not whole (Invalid, by field). The same again changes nothing.
    """
    if not policies.can_edit(actor, question):
        raise Forbidden(_("The asker and editors change a question."))
    words = {"title": texts.title_of(title), "body": texts.body_of(body, is_needed=False)}
    more: dict[str, Any] = {"tags": texts.tags_of(tags), "uploads": uploads, "gone": gone}
    topic = texts.moved(actor, question, category_id, refusal=_("Editors put a question under another topic."))
    if not texts.rewrite(actor, question, words, version=version, topic=topic, **more):
        return
    ledger.record(Name.QUESTION_EDITED, actor=actor, subject=question.ref, topic=topic.ref, version=question.version)
    follow_in_search(question)


def same_here(actor: Actor, question: Question, *, is_on: bool) -> None:
    """Say "same problem here", or take it back; whoever says so follows the question."""
    if not policies.can_say_same(actor, question):
        actor.require_self()
        raise Forbidden(_("This is your own question."))
    if not votes.cast(actor, question.ref, voice=Voice.SAME, is_on=is_on, topic=question.category.ref):
        return
    step = 1 if is_on else -1
    db.session.execute(update(Question).where(Question.id == question.id).values(n_same=Question.n_same + step))
    db.session.refresh(question, ["n_same"])
    if is_on:
        follows.follow_by_doing([actor.person_id], question.ref)


def note_view(actor: Actor, question: Question, *, via: str | None, search: str | None, rank: int | None) -> None:
    """Observe that the question was opened, with how many answers, and which result or suggestion led there."""
    facts: dict[str, Any] = {"actor": actor, "subject": question.ref, "topic": question.category.ref}
    ledger.observe(Name.QUESTION_VIEWED, **facts, n_results=question.n_answers, via=via, search=search, rank=rank)
    note_opening(facts, via=via, search=search, rank=rank)


def note_opening(facts: dict[str, Any], *, via: str | None, search: str | None, rank: int | None) -> None:
    """Observe which search or which list of suggestions something was opened from."""
    if via == "search" and search:
        ledger.observe(Name.SEARCH_RESULT_OPENED, **facts, search=search, rank=rank)
    elif via in ("suggestion", "form"):
        surface = "form" if via == "form" else "home"
        ledger.observe(Name.SUGGESTION_OPENED, **facts, surface=surface, search=search, rank=rank)


def said_about(question: Question) -> int:
    """Return what an answer to "Did this solve it?" is about: the accepted answer, 0 while none is.

    So readers are asked anew when the asker accepts another one, and not when somebody mends a typing error.
    """
    return question.accepted_answer_id or 0


def said(actor: Actor, question: Question) -> Solution | None:
    """Return what this reader said about what the question has for an answer now."""
    return solutions.of(actor, question.ref, version=said_about(question))


def solved(
    actor: Actor,
    question: Question,
    *,
    is_solved: bool,
    reason: str | None = None,
    comment: str | None = None,
    via: str = "article",
) -> Solution:
    """Say whether the answers solved it for a reader. The asker accepts an answer instead (Forbidden).

    Refuses a question nobody has answered (Forbidden).
    """
    if policies.is_own(actor, question):
        raise Forbidden(_("Accept the answer that solved it; then everybody sees which one it was."))
    if not question.n_answers:
        raise Forbidden(_("Nobody has answered this yet."))
    return solutions.mark(
        actor,
        question.ref,
        version=said_about(question),
        solved=is_solved,
        reason=reason,
        comment=comment,
        via=via,
        topic=question.category.ref,
    )


def settle(question: Question) -> None:
    """Bring state and counts in step with the answers that stand; the caller holds the question's row."""
    standing = (Answer.question_id == question.id) & Answer.removed_at.is_(None)
    n, first = db.session.execute(select(func.count(), func.min(Answer.created_at)).where(standing)).one()
    accepted = question.accepted_answer_id
    is_solved = (
        accepted is not None
        and db.session.execute(select(Answer.id).where(standing, Answer.id == accepted)).first() is not None
    )
    question.n_answers, question.first_answer_at = n, first
    if question.duplicate_of_id is not None:
        question.state = QuestionState.DUPLICATE.value
    elif is_solved:
        question.state = QuestionState.SOLVED.value
    else:
        question.state = (QuestionState.ANSWERED if n else QuestionState.OPEN).value
    db.session.flush()


def hold(question: Question) -> None:
    """Let one at a time change what hangs on a question, and read it as it stands now."""
    # The row alone is locked first: read again with the people it was loaded with, PostgreSQL would lock none of it.
    db.session.execute(select(Question.id).where(Question.id == question.id).with_for_update())
    db.session.refresh(question)


def follow_in_search(question: Question) -> None:
    """Have the index follow, in this transaction, with what is found under it or over it."""
    jobs.enqueue("search.update", {"refs": sorted(str(ref) for ref in folding.around([question.id]))})


def topics_for(actor: Actor) -> list[Category]:
    """Return the topics this actor may ask in, in their order; refuses who may not ask (Forbidden)."""
    actor.require(Permission.QUESTION_ASK)
    query = select(Category).order_by(Category.position, Category.id)
    return [row for row in db.session.execute(query).scalars() if policies.can_ask_in(actor, row)]


def hours_since(question: Question) -> int:
    return int((clock.now() - question.created_at).total_seconds() // 3600)


def about(question: Question) -> Ref:
    """Return the topic a fact about this question belongs to."""
    return Ref("category", question.category_id)
