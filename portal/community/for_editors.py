"""What the community puts on the editors' list: flags to decide, questions nobody answers, answers worth an article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import and_, or_, select

from analytics.content import Work
from portal.community import moderating, policies
from portal.community.models import Question, QuestionState
from portal.community.moderating import Case
from portal.community.things import address
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.desk import MOST, DeskAct, DeskRow, DeskRows, numbers
from portal.core.i18n import ago
from portal.core.permissions import Permission
from portal.kb.caring import met
from portal.kb.caring.of_people import TOO_LONG, short
from portal.kb.models import DeskMet
from portal.ledger.queries import MIN_PEOPLE

KINDS = {
    "flag": _l("Flags"),
    "question": _l("Questions without an answer"),
    "answer": _l("Answers worth an article"),
}
SOON = dt.timedelta(hours=24)
"""So long colleagues have a question to themselves."""
WRITING = 2
"""Effort of making an article of an answer: an hour."""


def find(actor: Actor) -> list[Work]:
    """Return what of the community is to be done; a fixed number of queries."""
    return [*_flags(actor), *_questions(actor), *_answers(actor)]


def _cases(actor: Actor) -> dict[int, Case]:
    """Return what is flagged, each by the number of the first flag that is open."""
    if not actor.can(Permission.QUESTION_MODERATE):
        return {}
    return {min(flag.id for flag in case.flags): case for case in moderating.waiting(actor)}


def _flags(actor: Actor) -> Iterator[Work]:
    for number, case in _cases(actor).items():
        n, since = len({flag.person_id for flag in case.flags}), min(flag.created_at for flag in case.flags)
        late = clock.now() - since > TOO_LONG
        yield Work(item=f"flag:{number}", people=n, met=0, lost=0, is_overdue=late, is_flagged=True)


def _questions(actor: Actor) -> Iterator[Work]:
    query = select(Question.id, Question.created_at, Question.n_same).where(policies.shown(Question, actor))
    query = query.where(Question.state == QuestionState.OPEN.value, Question.created_at < clock.now() - SOON)
    for row in db.session.execute(query.order_by(Question.created_at, Question.id).limit(MOST)):
        late = clock.now() - row.created_at > TOO_LONG
        yield Work(item=f"question:{row.id}", people=1 + row.n_same, met=0, lost=0, is_overdue=late)


def _answers(actor: Actor) -> Iterator[Work]:
    """Solved questions that several people had or came to, and of which no article was made."""
    query = select(Question.id, Question.n_same, *met.COUNTED).where(policies.shown(Question, actor))
    query = query.outerjoin(DeskMet, met.is_of(met.ref("question", Question.id)))
    query = query.where(Question.state == QuestionState.SOLVED.value, Question.article_id.is_(None))
    often = or_(met.people() >= MIN_PEOPLE, Question.n_same >= MIN_PEOPLE - 1)
    query = query.where(and_(often, Question.accepted_answer_id.is_not(None)))
    for row in db.session.execute(query.order_by(met.people().desc(), Question.id).limit(MOST)):
        yield met.work(f"answer:{row.id}", row, least=1 + row.n_same, effort=WRITING)


def draw(actor: Actor, keys: Collection[str]) -> dict[str, DeskRow]:
    """Return these rows; a query for questions, and those of flags."""
    found: dict[str, DeskRow] = {}
    if flagged := numbers(keys, "flag"):
        cases = _cases(actor)
        found |= {f"flag:{number}": _flagged(cases[number]) for number in flagged if number in cases}
    ids = [*numbers(keys, "question"), *numbers(keys, "answer")]
    query = select(Question.id, Question.title, Question.created_at, Question.n_same, Question.state)
    query = query.where(Question.id.in_(ids), policies.shown(Question, actor))
    for row in db.session.execute(query) if ids else ():
        url = address(row.id, row.title)
        if row.state == QuestionState.SOLVED.value:
            found[f"answer:{row.id}"] = _worth(row.id, row.title, url)
        else:
            found[f"question:{row.id}"] = _unanswered(row.title, url, row.created_at, row.n_same)
    return found


def _flagged(case: Case) -> DeskRow:
    first = min(case.flags, key=lambda flag: flag.created_at)
    url = url_for("flags.index", _anchor=f"flag-title-{case.thing.ref.kind}-{case.thing.ref.id}")
    said = _("“%(words)s”, %(when)s", words=short(first.comment), when=ago(first.created_at))
    n = len({flag.person_id for flag in case.flags})
    more = ngettext("%(num)s person flagged it", "%(num)s people flagged it", n)
    return DeskRow(
        icon="flag",
        title=_("Decide on the flag on “%(title)s”", title=case.thing.title),
        url=url,
        why=_("%(n)s: %(said)s", n=more, said=said) if first.comment else f"{more}, {ago(first.created_at)}",
        overdue=_("waits for more than three days"),
        flagged=_("flagged"),
        is_urgent=True,
        acts=(DeskAct(label=_("Decide"), url=url), DeskAct(label=_("Read it"), url=case.thing.url)),
    )


def _unanswered(title: str, url: str, at: dt.datetime, n_same: int) -> DeskRow:
    same = ngettext("%(num)s more has the same problem", "%(num)s more have the same problem", n_same)
    asked = _("asked %(when)s, and nobody has answered", when=ago(at))
    return DeskRow(
        icon="question",
        title=_("Answer the question “%(title)s”", title=title),
        url=url,
        why=f"{asked}; {same}" if n_same else asked,
        overdue=_("waits for more than three days"),
        acts=(DeskAct(label=_("Answer"), url=f"{url}#your-answer"),),
    )


def _worth(number: int, title: str, url: str) -> DeskRow:
    return DeskRow(
        icon="answer",
        title=_("Make the answer to “%(title)s” an article", title=title),
        url=url,
        why=_("several people had the question, and its answer was accepted"),
        acts=(
            DeskAct(label=_("Make it an article"), url=url_for("questions.choose_article", question_id=number)),
            DeskAct(label=_("Read it"), url=url),
        ),
    )


ROWS = DeskRows(kinds=KINDS, find=find, draw=draw, order=20)
