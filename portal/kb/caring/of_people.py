"""Rows about people who wait for an editor: whoever asked for a look, said what was missing, suggested a change."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, case, func, or_
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.desk import DAYS_AGO, ME, DeskAct, DeskRow, DeskRows, Given, first, rows
from portal.core.i18n import ago
from portal.core.paths import path
from portal.core.permissions import Permission
from portal.kb.caring import hiding, met
from portal.kb.models import Article, DeskMet, Draft, State, Suggestion
from portal.kb.writing import suggestions
from portal.people.audiences import holds
from portal.people.models import Person
from portal.talk import queries as talk
from portal.talk.models import Solution

KINDS = {
    "review": _l("Texts to look at"),
    "feedback": _l("Readers who wait"),
    "suggestion": _l("Suggestions"),
}
QUOTED = 120


def ask(given: Given) -> list[Select[Any]]:
    """Ask for who waits."""
    found = [_feedback(given), _suggestions(given)]
    return [_reviews(given), *found] if given.can(Permission.ARTICLE_REVIEW) else found


def _reviews(given: Given) -> Select[Any]:
    is_asked = func.coalesce(Draft.reviewer_id == ME, False)
    is_own = or_(Draft.created_by_id == ME, Draft.saved_by_id == ME, Draft.submitted_by_id == ME)
    query = rows(
        "review",
        Draft.id,
        **met.at_least(1),
        is_late=Draft.submitted_at < DAYS_AGO,
        is_flagged=is_asked,
        title=Draft.title,
        who=Person.name,
        at=func.coalesce(Draft.submitted_at, Draft.saved_at),
        n=hiding.is_moved(),
        m=case((is_asked, 1), else_=0),
    )
    query = query.join_from(Draft, Article, Article.id == Draft.article_id)
    query = query.outerjoin(Person, Person.id == Draft.submitted_by_id)
    query = query.outerjoin(DeskMet, met.is_of("article", Draft.article_id))
    query = query.where(Draft.is_open.is_(True), Draft.state == State.IN_REVIEW.value)
    query = query.where(holds(Article.access_key, given.keys))
    query = query.where(or_(is_asked, and_(Draft.reviewer_id.is_(None), ~func.coalesce(is_own, False))))
    return first(query, Draft.submitted_at, Draft.id)


def _feedback(given: Given) -> Select[Any]:
    query = rows(
        "feedback",
        Solution.id,
        **met.at_least(1),
        is_late=Solution.changed_at < DAYS_AGO,
        is_flagged=Solution.is_solved.is_(False),
        title=Article.title,
        slug=Article.slug,
        who=Person.name,
        at=Solution.changed_at,
        note=func.substr(Solution.comment, 1, 2 * QUOTED),
    )
    query = query.join_from(Solution, Article, Article.id == met.number_of("article", Solution.subject))
    query = query.join(Person, Person.id == Solution.person_id)
    query = query.outerjoin(DeskMet, DeskMet.subject == Solution.subject)
    query = query.where(talk.wants_a_person(), talk.is_open(), met.is_up(Article, given))
    if not given.can(Permission.FEEDBACK_REPLY):
        query = query.where(Article.owner_id == ME)
    return first(query, Solution.changed_at, Solution.id)


def _suggestions(given: Given) -> Select[Any]:
    article = aliased(Article)
    query = rows(
        "suggestion",
        Suggestion.id,
        **met.at_least(1),
        is_late=Suggestion.created_at < DAYS_AGO,
        title=article.title,
        who=Person.name,
        at=Suggestion.created_at,
    )
    query = query.join_from(Suggestion, article, article.id == Suggestion.article_id)
    query = query.join(Person, Person.id == Suggestion.person_id)
    query = query.outerjoin(DeskMet, met.is_of("article", Suggestion.article_id))
    query = query.where(met.is_up(article, given))
    if not given.can(Permission.ARTICLE_WRITE):
        query = query.where(article.owner_id == ME)
    return first(query.where(suggestions.is_waiting()), Suggestion.created_at, Suggestion.id)


def draw(actor: Actor, row: Any) -> DeskRow:
    """Say who waits for what."""
    return {"review": _review, "feedback": _said, "suggestion": _suggested}[row.kind](row)


def _waits(is_late: bool) -> str:
    return _("waits for more than three days") if is_late else ""


def _review(row: Any) -> DeskRow:
    who, url = first_name(row.who), path("review.show", draft_id=row.id)
    asks = _("%(who)s asks you, %(when)s", who=who, when=ago(row.at))
    return DeskRow(
        icon="eye",
        title=_("Look at “%(title)s”", title=row.title or _("Untitled")),
        url=url,
        why=asks if row.m else _("%(who)s wrote it, %(when)s", who=who, when=ago(row.at)),
        overdue=_waits(row.is_late),
        flagged=_("asks you") if row.m else "",
        is_urgent=bool(row.m),
        act=DeskAct(label=_("Look at it"), url=url),
    )


def _said(row: Any) -> DeskRow:
    url = f"{path('kb.feedback', scope='all')}#feedback-{row.id}"
    return DeskRow(
        icon="flag",
        title=_("Answer %(name)s about “%(title)s”", name=first_name(row.who), title=row.title),
        url=url,
        why=_("“%(words)s”, %(when)s", words=short(row.note), when=ago(row.at)),
        overdue=_waits(row.is_late),
        flagged=_("it did not help") if row.is_flagged else "",
        is_urgent=True,
        act=DeskAct(label=_("Answer"), url=url),
        more=lambda: [DeskAct(label=_("Read it"), url=path("kb.article", slug=row.slug))],
    )


def _suggested(row: Any) -> DeskRow:
    url = path("suggestions.one", suggestion_id=row.id)
    return DeskRow(
        icon="pencil",
        title=_("Decide on a suggestion for “%(title)s”", title=row.title),
        url=url,
        why=_("%(name)s, %(when)s", name=first_name(row.who), when=ago(row.at)),
        overdue=_waits(row.is_late),
        act=DeskAct(label=_("Decide"), url=url),
    )


def first_name(name: str) -> str:
    """Return what somebody is called among colleagues; the name may be gone."""
    return name.split(" ")[0] if name else _("Somebody")


def short(words: str) -> str:
    """Return the beginning of what somebody said, on one line."""
    words = " ".join(words.split())
    return words if len(words) <= QUOTED else words[: QUOTED - 1].rsplit(" ", 1)[0] + "…"


ROWS = DeskRows(kinds=KINDS, ask=ask, draw=draw, keep=hiding.keep, order=10)
