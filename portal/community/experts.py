"""Who might know, and calling to their mind what nobody has answered: after a day theirs, after three the editors'.

Each is told once of a question. What came from elsewhere, and what has waited so long that nobody waits any more, is
left alone.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update

from portal.community.models import Answer, Question, QuestionState
from portal.core import clock
from portal.core.actor import system
from portal.core.database import db
from portal.kb.models import Article, Status
from portal.notifications import services as notifications
from portal.people import queries as people
from portal.people.models import Person

LATELY = dt.timedelta(days=180)
FIRST, SECOND, LAST = dt.timedelta(hours=24), dt.timedelta(hours=72), dt.timedelta(days=30)
MOST = 5
AT_ONCE = 100
"""Questions of which people are reminded in one go; the rest comes in the next."""


def of(question: Question, *, limit: int = MOST) -> list[int]:
    """Return who answered most in this topic lately, then whose articles stand in it; never its asker; two queries."""
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
    known = [one for one in dict.fromkeys(found) if one is not None and one != question.asker_id]
    return known[:limit]


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
