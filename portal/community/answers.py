"""What people do with answers: give, edit, find useful, accept.

One answer of a question is accepted, by its asker alone; taking it back is a fact too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import update

from analytics.events import Name
from portal.community import pictures, policies, questions, texts
from portal.community.models import Answer, Question
from portal.community.pictures import Upload
from portal.core import clock, limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import services as people
from portal.talk import follows, votes
from portal.talk.models import Voice

PER_HOUR = 60
TELL = "community.tell_followers"


def get(actor: Actor, question: Question, answer_id: int) -> Answer:
    """Return an answer to this very question, or refuse (NotFound): hidden, foreign and unknown look the same."""
    answer = db.session.get(Answer, answer_id)
    if answer is None or answer.question_id != question.id or not policies.can_see(actor, answer):
        raise NotFound("")
    return answer


def give(actor: Actor, question: Question, *, body: str, uploads: Sequence[Upload] = ()) -> Answer:
    """Answer a question. Records `answer.given`; tells the asker, and by a job who follows; the author follows it.

    Refuses who may not (Forbidden), an empty and an overlong text (Invalid, `body`), too many in an hour (TooMany).
    """
    if not policies.can_answer(actor, question):
        raise Forbidden(_("Sign in to answer.") if not actor.is_signed_in else _("This question was taken away."))
    body = texts.body_of(body)
    limits.spend("answer", str(actor.person_id), limit=PER_HOUR, seconds=3600)
    questions.hold(question)
    is_first, now = question.first_answer_at is None, clock.now()
    answer = Answer(question=question, author_id=actor.person_id, body=body, html="", created_at=now)
    db.session.add(answer)
    db.session.flush()
    pictures.add(actor, answer, uploads)
    texts.render(actor, answer)
    question.last_activity_at = now
    questions.settle(question)
    ledger.record(
        Name.ANSWER_GIVEN,
        actor=actor,
        subject=answer.ref,
        topic=questions.about(question),
        question=question.id,
        hours=questions.hours_since(question) if is_first else None,
    )
    if question.asker_id in follows.followers(question.ref):
        notifications.tell([question.asker_id], "question_answered", subject=answer.ref, words=body, actor=actor)
    follows.follow_by_doing([actor.person_id], question.ref)
    _tell_followers(actor, "followed_answered", answer)
    questions.follow_in_search(question)
    return answer


def edit(
    actor: Actor,
    answer: Answer,
    *,
    version: int,
    body: str,
    uploads: Sequence[Upload] = (),
    gone: Collection[int] = (),
) -> None:
    """Put an answer otherwise; what it said stays in its history. Records `answer.edited`.

    Refuses who may not (Forbidden), a text that somebody else saved over since `version` (texts.Collision), and an
    empty one (Invalid, `body`). The same again changes nothing.
    """
    if not policies.can_edit(actor, answer):
        raise Forbidden(_("The author and editors change an answer."))
    words = {"body": texts.body_of(body)}
    if not texts.rewrite(actor, answer, words, version=version, uploads=uploads, gone=gone):
        return
    topic = questions.about(answer.question)
    ledger.record(Name.ANSWER_EDITED, actor=actor, subject=answer.ref, topic=topic, version=answer.version)
    questions.follow_in_search(answer.question)


def find_useful(actor: Actor, answer: Answer, *, is_on: bool) -> None:
    """Say that an answer is useful, or take it back; everybody once, nobody of their own (Forbidden)."""
    if not policies.can_vote(actor, answer):
        actor.require_self()
        raise Forbidden(_("Others say whether your answer is useful."))
    topic = questions.about(answer.question)
    if not votes.cast(actor, answer.ref, voice=Voice.USEFUL, is_on=is_on, topic=topic):
        return
    step = 1 if is_on else -1
    db.session.execute(update(Answer).where(Answer.id == answer.id).values(n_votes=Answer.n_votes + step))
    db.session.refresh(answer, ["n_votes"])


def accept(actor: Actor, answer: Answer, *, is_on: bool = True) -> None:
    """Say that this answer solved it, in place of any other; or take that back. Records `answer.accepted`.

    Refuses everybody but the asker (Forbidden), and an answer that was taken away (Conflict). Tells the author, and by
    a job who follows the question.
    """
    question = answer.question
    if not policies.can_accept(actor, question):
        actor.require_self()
        raise Forbidden(_("The asker says which answer solved it."))
    questions.hold(question)
    db.session.refresh(answer)
    if answer.removed_at is not None:
        raise Conflict(_("This answer was taken away in the meantime."))
    if (question.accepted_answer_id == answer.id) == is_on:
        return
    question.accepted_answer_id = answer.id if is_on else None
    question.accepted_at = clock.now() if is_on else None
    question.last_activity_at = clock.now()
    questions.settle(question)
    ledger.record(
        Name.ANSWER_ACCEPTED,
        actor=actor,
        subject=question.ref,
        topic=questions.about(question),
        answer=answer.id,
        is_on=is_on,
        hours=questions.hours_since(question),
    )
    questions.follow_in_search(question)
    if is_on:
        notifications.tell([answer.author_id], "answer_accepted", subject=answer.ref, actor=actor)
        _tell_followers(actor, "followed_solved", answer)


def _tell_followers(actor: Actor, kind: str, answer: Answer) -> None:
    """Plan the news for who follows, since they may be many; who is told at once does not count."""
    payload = {"kind": kind, "answer": answer.id, "by": actor.person_id}
    jobs.enqueue(TELL, payload, key=f"{TELL}:{kind}:{answer.id}")


def tell_followers(kind: str, *, answer_id: int, by: int | None) -> int:
    """Tell who follows a question of an answer that still stands; returns how many.

    Its asker is told of answers apart, the author of an answer of their own being accepted.
    """
    answer, actor = db.session.get(Answer, answer_id), people.actor_for(by or 0)
    if answer is None or answer.removed_at is not None or actor is None:
        return 0
    if kind == "followed_solved" and answer.question.accepted_answer_id != answer.id:
        return 0
    following = set(follows.followers(answer.question.ref)) - {answer.question.asker_id, answer.author_id}
    return notifications.tell(following, kind, subject=answer.ref, words=answer.body, actor=actor)
