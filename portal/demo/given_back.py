"""What Dara finished, the articles that came late, and what colleagues say should be looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from portal.community import moderating
from portal.community.models import Answer, Question, Tip
from portal.core import clock
from portal.core.database import db
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.timeline import Do
from portal.kb.models import Article, Change, Draft, State
from portal.notifications import links
from portal.talk.flags import Decision

HOUR = dt.timedelta(hours=1)


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield when Dara had written what was missing, and when somebody flagged what."""
    for slug, days in story.LATE.items():
        yield story.days_before(at, days) + dt.timedelta(minutes=1), partial(_write_down, cast, slug)
    flagged = story.days_before(at, 12, hour=10)
    yield flagged, partial(_flag_oldest_tip, cast)
    yield story.in_office(flagged + 5 * HOUR), partial(_keep_oldest_tip, cast)
    yield story.days_before(at, 4, hour=14), partial(_flag_answer, cast)
    yield story.days_before(at, 1, hour=11), partial(_flag_question, cast)


def _write_down(cast: Cast, slug: str) -> None:
    """Keep the draft of which a late article was made, as the editor would have left it."""
    article, dara = db.session.get_one(Article, cast.ref(f"article:{slug}").id), cast.actor("dara")
    now, begun = clock.now(), clock.now() - dt.timedelta(days=1)
    db.session.add(
        Draft(
            article_id=article.id, is_open=None, state=State.PUBLISHED.value, title=article.title, body=article.body,
            summary=article.summary, category_id=article.category_id, change=Change.MINOR.value, based_on=0,
            queries=story.words_for(slug, article.title), written_by=[dara.person_id],
            created_by_id=dara.person_id, created_at=begun, saved_by_id=dara.person_id, saved_at=now, closed_at=now,
        )
    )  # fmt: skip
    db.session.flush()


def _oldest_tip() -> Tip:
    return db.session.execute(select(Tip).order_by(Tip.id).limit(1)).scalar_one()


def _flag_oldest_tip(cast: Cast) -> None:
    words = "Is this still so with the new copier?"
    moderating.flag(cast.actor("keiko"), _oldest_tip(), reason="out_of_date", comment=words)


def _keep_oldest_tip(cast: Cast) -> None:
    with links.addressable():
        reply = "I tried it this morning: it still works. Thank you for asking."
        moderating.decide(cast.actor("dara"), "tip", _oldest_tip().id, outcome=Decision.KEPT.value, reply=reply)


def _flag_answer(cast: Cast) -> None:
    """Let two people doubt an answer that nobody accepted."""
    query = select(Answer).join(Question, Question.id == Answer.question_id)
    query = query.where(Question.accepted_answer_id.is_(None)).order_by(Answer.id).limit(1)
    answer = db.session.execute(query).scalar_one()
    for who, comment in (("orla", "This was true of the old scanner only."), ("mia", "")):
        one = cast.actor(who)
        if answer.author_id != one.person_id:
            moderating.flag(one, answer, reason="wrong", comment=comment)


def _flag_question(cast: Cast) -> None:
    query = select(Question).where(Question.removed_at.is_(None)).order_by(Question.id.desc()).limit(1)
    question = db.session.execute(query).scalar_one()
    moderating.flag(cast.actor("eli"), question, reason="duplicate", comment="We had this in spring, I think.")
