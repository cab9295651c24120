"""Asking somebody by name to answer, because they know about it; and saying no to that, with a word or without.

Nobody is asked twice of a question, nor more often than a week bears; who is away is not offered, and no means no.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.community import experts, policies, questions
from portal.community.models import Answer, Invitation, Question
from portal.core import clock, limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Permission
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import naming
from portal.people import services as people
from portal.people.models import Person

MOST = 5
"""People asked of one question, those who said no apart."""
PER_DAY = 20
A_WEEK = dt.timedelta(days=7)
MOST_A_WEEK = 5
"""Invitations one person gets in seven days, from whomever."""
REASON = 500
OFFERED = 6


@dataclass(frozen=True)
class Offer:
    """Somebody who may know, and how often they answered in the topic lately."""

    person: Person
    n_answers: int


def can_invite(actor: Actor, question: Question) -> bool:
    """Its asker, and moderators, while it waits for the answer that solves it."""
    if actor.person_id is None or question.removed_at is not None or not policies.can_see(actor, question):
        return False
    return question.is_waiting and (policies.is_own(actor, question) or actor.can(Permission.QUESTION_MODERATE))


def of(question: Question) -> list[Invitation]:
    """Return who was asked, the first one first."""
    query = select(Invitation).where(Invitation.question_id == question.id).options(joinedload(Invitation.person))
    return list(db.session.execute(query.order_by(Invitation.at, Invitation.person_id)).scalars())


def offered(question: Question) -> list[Offer]:
    """Return who may know and can be asked now: not asked yet, not away, and not asked too often this week."""
    ids = experts.of(question, limit=2 * OFFERED)
    gone = {row.person_id for row in of(question)} | _often_asked(ids)
    ids = [one for one in ids if one not in gone and _may_answer(one, question)][:OFFERED]
    n = experts.n_answers(question, ids)
    rows = {row.id: row for row in db.session.execute(select(Person).where(Person.id.in_(ids))).scalars()}
    return [Offer(rows[one], n.get(one, 0)) for one in ids if one in rows]


def _may_answer(person_id: int, question: Question) -> bool:
    reader = people.actor_for(person_id)
    return reader is not None and policies.can_answer(reader, question)


def _often_asked(ids: Collection[int]) -> set[int]:
    """Return who of these people was asked as often as a week bears."""
    n = func.count()
    query = select(Invitation.person_id).where(Invitation.person_id.in_(ids), Invitation.at > clock.now() - A_WEEK)
    return set(db.session.execute(query.group_by(Invitation.person_id).having(n >= MOST_A_WEEK)).scalars())


def invite(actor: Actor, question: Question, words: str) -> Person:
    """Ask the one these words name to answer, and tell them. Records `expert.invited`; asked again nothing happens.

    Refuses who may not (Forbidden), what names nobody who may read it and answer, who is away or asked too often
    already, enough of them (Invalid, `who`), and too many in a day (TooMany).
    """
    if not can_invite(actor, question):
        raise Forbidden(_("The asker and editors ask somebody by name."))
    person = _meant(actor, words)
    questions.hold(question)
    asked = {row.person_id: row for row in of(question)}
    if person.id in asked:
        if asked[person.id].declined_at is not None:
            raise Invalid(_("%(name)s was asked and cannot help with this one.", name=person.name), field="who")
        return person
    _check(question, person, asked.values())
    limits.spend("invite", str(actor.person_id), limit=PER_DAY, seconds=86_400)
    row = Invitation(question_id=question.id, person_id=person.id, invited_by_id=actor.person_id, at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # of two who ask the same person at the same instant, one is first
        return person
    facts = {"subject": question.ref, "topic": questions.about(question), "person": person.id}
    ledger.record(Name.EXPERT_INVITED, actor=actor, **facts)  # type: ignore[arg-type]
    notifications.tell([person], "question_invited", subject=question.ref, words=question.body, actor=actor)
    return person


def _meant(actor: Actor, words: str) -> Person:
    if not words.strip():
        raise Invalid(_("Write the name or the address of a colleague."), field="who")
    found = naming.meant(actor, words, field="who")
    if not found:
        raise Invalid(_("That is you. Below, you can answer yourself."), field="who")
    if len(found) > 1:
        raise Invalid(_("One at a time, please."), field="who")
    return found[0]


def _check(question: Question, person: Person, asked: Collection[Invitation]) -> None:
    """Refuse whom nobody asks (Invalid, `who`)."""
    if person.id == question.asker_id:
        raise Invalid(_("%(name)s asked this.", name=person.name), field="who")
    if not _may_answer(person.id, question):
        raise Invalid(_("%(name)s cannot read this topic.", name=person.name), field="who")
    if person.id in experts.away([person.id]):
        raise Invalid(_("%(name)s is away at the moment.", name=person.name), field="who")
    if sum(row.declined_at is None for row in asked) >= MOST:
        raise Invalid(_("%(n)s people were asked. Give them a little time.", n=MOST), field="who")
    if _often_asked([person.id]):
        raise Invalid(_("%(name)s was asked often this week. Choose somebody else.", name=person.name), field="who")


def own(actor: Actor, question: Question) -> Invitation | None:
    """Return how this reader was asked to answer, while that stands and they have not."""
    if actor.person_id is None or not question.is_waiting:
        return None
    row = db.session.get(Invitation, (question.id, actor.person_id))
    if row is None or row.declined_at is not None:
        return None
    mine = (Answer.question_id == question.id) & (Answer.author_id == actor.person_id) & Answer.removed_at.is_(None)
    return None if db.session.execute(select(Answer.id).where(mine).limit(1)).first() else row


def decline(actor: Actor, question: Question, *, reason: str = "") -> None:
    """Say that one cannot help; who asked is told, with the reason where one is given. Records `expert.declined`.

    Refuses who was not asked, and who said so before (Conflict), and an overlong reason (Invalid, `reason`).
    """
    reason = " ".join(reason.split())
    if len(reason) > REASON:
        raise Invalid(_("Please keep it under %(n)s characters.", n=REASON), field="reason")
    mine = (Invitation.question_id == question.id) & (Invitation.person_id == actor.person_id)
    row = db.session.execute(select(Invitation).where(mine).with_for_update()).scalar_one_or_none()
    if row is None or row.declined_at is not None:
        raise Conflict(_("You are not asked to answer this any more."))
    row.declined_at = clock.now()
    db.session.flush()
    facts = {"subject": question.ref, "topic": questions.about(question), "has_reason": bool(reason)}
    ledger.record(Name.EXPERT_DECLINED, actor=actor, **facts)  # type: ignore[arg-type]
    told = [row.invited_by_id]
    notifications.tell(told, "invitation_declined", subject=question.ref, data={"reason": reason}, actor=actor)
