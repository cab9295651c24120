"""Questions whose right answer an editor has named: by them a change of words is tried before it holds."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from sqlalchemy import func, select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import load_things, registry
from portal.ledger.models import LedgerEntry
from portal.ledger.queries import MIN_PEOPLE
from portal.search.models import JudgedQuery
from portal.search.queries import COUNTED
from portal.search.query import read

LONGEST = 200
ANSWERS = 3
"""How many things may be right for one question."""
LOOKED_BACK = dt.timedelta(days=90)
CHOICES = 6
PAGE = 50
"""Questions on one page of the list."""


def judged(actor: Actor) -> list[tuple[JudgedQuery, list[Thing]]]:
    """Return the questions with those of their answers that this actor may see; two queries.

    A question whose answers are all hidden from them, or gone, comes without any.
    """
    rows = list(db.session.execute(select(JudgedQuery).order_by(func.lower(JudgedQuery.query))).scalars())
    refs = {Ref.parse(text) for row in rows for text in row.answers}
    things = load_things(actor, refs)
    return [(row, [things[ref] for ref in map(Ref.parse, row.answers) if ref in things]) for row in rows]


def frequent(*, limit: int) -> list[tuple[str, int]]:
    """Return what at least three people searched for in the last three months, most people first; one query."""
    typed = func.lower(LedgerEntry.props["query"].as_string())
    n_people = func.count(LedgerEntry.visitor.distinct())
    query = (
        select(typed, n_people)
        .where(LedgerEntry.name == Name.SEARCH_PERFORMED.value, LedgerEntry.at >= clock.now() - LOOKED_BACK)
        .where(LedgerEntry.actor_kind.in_(sorted(COUNTED)))
        .group_by(typed)
        .having(n_people >= MIN_PEOPLE)
        .order_by(n_people.desc(), typed)
        .limit(limit)
    )
    return [(text, n) for text, n in db.session.execute(query) if text]


def judge(actor: Actor, question: str, answer: Ref) -> JudgedQuery:
    """Say that this is a right answer to this question; up to three are. The caller has seen that the actor sees it."""
    actor.require(Permission.WORDS_MANAGE)
    question = read(question)
    if not question or len(question) > LONGEST:
        raise Invalid(_("Type a question as a colleague would, in at most 200 characters."), field="question")
    row = db.session.execute(select(JudgedQuery).where(JudgedQuery.query == question)).scalar_one_or_none()
    if row is None:
        row = JudgedQuery(query=question, answers=[], created_by_id=actor.person_id, created_at=clock.now())
        db.session.add(row)
    if str(answer) not in row.answers:
        if len(row.answers) >= ANSWERS:
            raise Invalid(_("Three right answers are enough for one question."), field="answer")
        row.answers = [*row.answers, str(answer)]
    db.session.flush()
    return row


def forget(actor: Actor, row_id: int) -> None:
    """Take a question off the list."""
    actor.require(Permission.WORDS_MANAGE)
    row = db.session.get(JudgedQuery, row_id)
    if row is None:
        raise NotFound("")
    db.session.delete(row)
    db.session.flush()


def find(actor: Actor, text: str) -> list[Thing]:
    """Return what has this address, else what holds all these words, as far as the actor may see it."""
    text = text.strip()
    tail = text.rstrip("/").rpartition("/")[2].partition("?")[0].partition("#")[0]
    is_address = "/" in text
    wanted = tail.replace("-", " ") if is_address else text
    refs = [ref for source in registry().sources.values() for ref in source.fallback(actor, wanted, CHOICES)]
    things = load_things(actor, refs)
    found = [things[ref] for ref in refs if ref in things]
    return [thing for thing in found if thing.url.rpartition("/")[2] == tail] or found if is_address else found
