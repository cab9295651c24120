"""What the community puts on the editors' list: flags to decide, questions nobody answers, answers worth an article."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, distinct, false, func, or_

from portal.community.models import Answer, Question, QuestionState, Tip
from portal.community.things import address, tip_address
from portal.core.actor import Actor
from portal.core.desk import A_DAY_AGO, DAYS_AGO, DeskAct, DeskRow, DeskRows, Given, first, rows
from portal.core.i18n import ago
from portal.core.paths import path
from portal.core.permissions import Permission
from portal.kb.caring import met
from portal.kb.caring.of_people import short
from portal.kb.models import DeskMet
from portal.ledger.queries import MIN_PEOPLE
from portal.people.audiences import holds
from portal.talk.models import Flag

KINDS = {
    "flag": _l("Flags"),
    "question": _l("Questions without an answer"),
    "answer": _l("Answers worth an article"),
}
WRITING = 2
"""Effort of making an article of an answer: an hour."""


def ask(given: Given) -> list[Select[Any]]:
    """Ask for what of the community is to be done."""
    found = [_questions(given), _answers(given)]
    return [*_flags(given), *found] if given.can(Permission.QUESTION_MODERATE) else found


def _shown(given: Given, model: type[Question] | type[Tip]) -> Any:
    if not given.can(Permission.QUESTION_READ):
        return false()
    return model.removed_at.is_(None) & holds(model.access_key, given.keys)


def _flags(given: Given) -> list[Select[Any]]:
    """Ask for what is flagged, each thing once, by the number of the first flag that is open."""
    found = []
    for model in (Question, Answer, Tip):
        about: Any = Question if model is Answer else model
        since = func.min(Flag.created_at)
        query = rows(
            "flag",
            func.min(Flag.id),
            people=func.count(distinct(Flag.person_id)),
            is_late=since < DAYS_AGO,
            is_flagged=True,
            title=func.max(about.title),
            slug=func.max(Flag.subject),
            at=since,
            note=func.max(func.substr(Flag.comment, 1, 240)),
            n=func.max(about.id),
        )
        query = query.join_from(Flag, model, model.id == met.number_of(model.__tablename__, Flag.subject))
        if model is Answer:
            query = query.join(Question, Question.id == Answer.question_id).where(Answer.removed_at.is_(None))
        query = query.where(Flag.closed_at.is_(None), _shown(given, about)).group_by(Flag.subject)
        found.append(first(query, since))
    return found


def _questions(given: Given) -> Select[Any]:
    """A question is its colleagues' alone for a day."""
    query = rows(
        "question",
        Question.id,
        people=1 + Question.n_same,
        is_late=Question.created_at < DAYS_AGO,
        title=Question.title,
        at=Question.created_at,
        n=Question.n_same,
    )
    query = query.where(_shown(given, Question), Question.state == QuestionState.OPEN.value)
    return first(query.where(Question.created_at < A_DAY_AGO), Question.created_at, Question.id)


def _answers(given: Given) -> Select[Any]:
    """Solved questions that several people had or came to, and of which no article was made."""
    query = rows("answer", Question.id, **met.at_least(1 + Question.n_same), effort=WRITING, title=Question.title)
    query = query.outerjoin_from(Question, DeskMet, met.is_of("question", Question.id))
    query = query.where(_shown(given, Question), Question.state == QuestionState.SOLVED.value)
    query = query.where(Question.article_id.is_(None), Question.accepted_answer_id.is_not(None))
    query = query.where(or_(met.PEOPLE >= MIN_PEOPLE, Question.n_same >= MIN_PEOPLE - 1))
    return first(query, met.PEOPLE.desc(), Question.id)


def draw(actor: Actor, row: Any) -> DeskRow:
    """Say what is to be done."""
    return {"flag": _flagged, "question": _unanswered, "answer": _worth}[row.kind](row)


def _flagged(row: Any) -> DeskRow:
    kind, _colon, number = row.slug.partition(":")
    url = url_for("flags.index", _anchor=f"flag-title-{kind}-{number}")
    there = tip_address(row.n, row.title) if kind == "tip" else address(row.n, row.title)
    more = ngettext("%(num)s person flagged it", "%(num)s people flagged it", row.people)
    said = _("“%(words)s”, %(when)s", words=short(row.note), when=ago(row.at))
    return DeskRow(
        icon="flag",
        title=_("Decide on the flag on “%(title)s”", title=row.title),
        url=url,
        why=_("%(n)s: %(said)s", n=more, said=said) if row.note else f"{more}, {ago(row.at)}",
        overdue=_("waits for more than three days") if row.is_late else "",
        flagged=_("flagged"),
        is_urgent=True,
        act=DeskAct(label=_("Decide"), url=url),
        more=lambda: [DeskAct(label=_("Read it"), url=there)],
    )


def _unanswered(row: Any) -> DeskRow:
    url = address(row.id, row.title)
    same = ngettext("%(num)s more has the same problem", "%(num)s more have the same problem", row.n)
    asked = _("asked %(when)s, and nobody has answered", when=ago(row.at))
    return DeskRow(
        icon="question",
        title=_("Answer the question “%(title)s”", title=row.title),
        url=url,
        why=f"{asked}; {same}" if row.n else asked,
        overdue=_("waits for more than three days") if row.is_late else "",
        act=DeskAct(label=_("Answer"), url=f"{url}#your-answer"),
    )


def _worth(row: Any) -> DeskRow:
    url = address(row.id, row.title)
    return DeskRow(
        icon="answer",
        title=_("Make the answer to “%(title)s” an article", title=row.title),
        url=url,
        why=_("several people had the question, and its answer was accepted"),
        act=DeskAct(label=_("Make it an article"), url=path("questions.choose_article", question_id=row.id)),
        more=lambda: [DeskAct(label=_("Read it"), url=url)],
    )


ROWS = DeskRows(kinds=KINDS, ask=ask, draw=draw, order=20)
