"""Who might know, and calling to their mind what nobody has answered: after a day theirs, after three the editors'.

Each is told once of a question. What came from elsewhere, and what has waited so long that nobody waits any more, is
left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from sqlalchemy import func, select, update

from portal.community.models import Answer, Invitation, Question, QuestionState
from portal.core import clock
from portal.core.actor import system
from portal.core.database import db
from portal.kb.models import Article, Status
from portal.notifications import services as notifications
from portal.people import queries as people
from portal.people.models import Person

LATELY = dt.timedelta(days=180)
_AWAY: list[Callable[[Collection[int]], Collection[int]]] = []
FIRST, SECOND, LAST = dt.timedelta(hours=24), dt.timedelta(hours=72), dt.timedelta(days=30)
MOST = 5
AT_ONCE = 100
"""Questions of which people are reminded in one go; the rest comes in the next."""


def leave_out(who_is_away: Callable[[Collection[int]], Collection[int]]) -> None:
    """Let `who_is_away(ids)` say who of these people is not there now; told once by a feature that knows."""
    if who_is_away not in _AWAY:
        _AWAY.append(who_is_away)


def away(ids: Collection[int]) -> set[int]:
    """Return who of these people is not there now."""
    return {one for ask in _AWAY for one in ask(ids)} if ids else set()


def of(question: Question, *, limit: int = MOST) -> list[int]:
    """Return who answered most in this topic lately, then whose articles stand in it; a fixed number of queries.

    Never its asker, who is away, and who said that they cannot help with it.
    """
    n = func.count(Answer.id)
    answered = select(Answer.author_id).join(Question, Question.id == Answer.question_id)
    answered = answered.join(Person, Person.id == Answer.author_id).where(
        Question.category_id == question.category_id,
        Answer.removed_at.is_(None),
        Answer.created_at >= clock.now() - LATELY,
        Person.is_active,
    )
    found = list(db.session.execute(answered.group_by(Answer.author_id).order_by(n.desc(), Answer.author_id)).scalars())
    owned = select(Article.owner_id).join(Person, Person.id == Article.owner_id)
    owned = owned.where(Article.category_id == question.category_id, Article.status == Status.PUBLISHED.value)
    owned = owned.where(Person.is_active).group_by(Article.owner_id).order_by(func.count().desc(), Article.owner_id)
    found += list(db.session.execute(owned).scalars())
    said_no = select(Invitation.person_id).where(
        Invitation.question_id == question.id, Invitation.declined_at.is_not(None)
    )
    known = [one for one in dict.fromkeys(found) if one is not None and one != question.asker_id]
    gone = away(known) | (set(db.session.execute(said_no).scalars()) if known else set())
    return [one for one in known if one not in gone][:limit]


def n_answers(question: Question, ids: Collection[int]) -> dict[int, int]:
    """Return how often each of these people answered in the question's topic lately; one query."""
    query = select(Answer.author_id, func.count()).join(Question, Question.id == Answer.question_id)
    query = query.where(
        Question.category_id == question.category_id,
        Answer.author_id.in_(ids),
        Answer.removed_at.is_(None),
        Answer.created_at >= clock.now() - LATELY,
    )
    return {one: n for one, n in db.session.execute(query.group_by(Answer.author_id)) if one is not None}


def remind() -> int:
    """Remind of what nobody has answered; returns of how many questions somebody was told. Safe to run twice."""
    editors = [person.id for person in people.with_role("editor")]
    return _remind(0, after=FIRST) + _remind(1, after=SECOND, editors=editors)


def _remind(n: int, *, after: dt.timedelta, editors: list[int] | None = None) -> int:
    now = clock.now()
    query = select(Question).where(
        Question.state == QuestionState.OPEN.value,
        Question.origin == "portal",
        Question.removed_at.is_(None),
        Question.reminded_n == n,
        Question.created_at <= now - after,
        Question.created_at > now - LAST,
    )
    rows = db.session.execute(query.order_by(Question.created_at, Question.id).limit(AT_ONCE)).scalars().all()
    told = 0
    for question in rows:
        mine = update(Question).where(Question.id == question.id, Question.reminded_n == n).values(reminded_n=n + 1)
        if db.session.execute(mine.returning(Question.id)).scalar() is None:
            continue  # another runner was here first
        who = of(question) if editors is None else [one for one in editors if one != question.asker_id]
        told += bool(notifications.tell(who, "question_waits", subject=question.ref, actor=system("community")))
    return told
