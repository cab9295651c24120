"""Rows about people who wait for an editor: whoever asked for a look, said what was missing, suggested a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from analytics.content import Work
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.desk import MOST, DeskAct, DeskRow, DeskRows, numbers
from portal.core.i18n import ago
from portal.core.permissions import Permission
from portal.kb import policies
from portal.kb.caring import met
from portal.kb.models import Article, DeskMet, Draft, State, Status, Suggestion
from portal.kb.writing import suggestions
from portal.people.audiences import visible
from portal.talk.models import Solution

KINDS = {
    "review": _l("Texts to look at"),
    "feedback": _l("Readers who wait"),
    "suggestion": _l("Suggestions"),
}
TOO_LONG = dt.timedelta(hours=72)
"""Who waits longer waits too long."""
QUOTED = 120


def find(actor: Actor) -> list[Work]:
    """Return who waits; three queries."""
    return [*_reviews(actor), *_feedback(actor), *_suggestions(actor)]


def _is_late(since: dt.datetime | None) -> bool:
    return since is not None and clock.now() - since > TOO_LONG


def _reviews(actor: Actor) -> Iterator[Work]:
    if not actor.can(Permission.ARTICLE_REVIEW):
        return
    query = select(Draft.id, Draft.submitted_at, Draft.reviewer_id, Draft.written_by, *met.COUNTED)
    query = query.join(Draft.article).outerjoin(DeskMet, met.is_of(met.ref("article", Draft.article_id)))
    query = query.where(Draft.is_open.is_(True), Draft.state == State.IN_REVIEW.value)
    query = query.where(visible(Article.access_key, actor), Draft.submitted_by_id != actor.person_id)
    query = query.where(or_(Draft.reviewer_id.is_(None), Draft.reviewer_id == actor.person_id))
    for row in db.session.execute(query.order_by(Draft.submitted_at, Draft.id).limit(MOST)):
        if actor.person_id in row.written_by and row.reviewer_id is None:
            continue
        is_asked = row.reviewer_id == actor.person_id
        yield met.work(f"review:{row.id}", row, least=1, overdue=_is_late(row.submitted_at), flagged=is_asked)


def _is_open() -> Any:
    unanswered = or_(Solution.replied_at.is_(None), Solution.replied_at < Solution.changed_at)
    return (Solution.comment != "") & unanswered


def _feedback(actor: Actor) -> Iterator[Work]:
    query = select(Solution.id, Solution.changed_at, Solution.is_solved, *met.COUNTED)
    query = query.join(Article, Solution.subject == met.ref("article", Article.id))
    query = query.outerjoin(DeskMet, met.is_of(Solution.subject)).where(_is_open(), _answerable(actor))
    for row in db.session.execute(query.order_by(Solution.changed_at, Solution.id).limit(MOST)):
        late, flagged = _is_late(row.changed_at), not row.is_solved
        yield met.work(f"feedback:{row.id}", row, least=1, overdue=late, flagged=flagged)


def _answerable(actor: Actor) -> Any:
    """Published articles of which this actor answers the readers."""
    found = (Article.status == Status.PUBLISHED.value) & visible(Article.access_key, actor)
    return found if actor.can(Permission.FEEDBACK_REPLY) else found & (Article.owner_id == actor.person_id)


def _suggestions(actor: Actor) -> Iterator[Work]:
    query = select(Suggestion.id, Suggestion.created_at, *met.COUNTED)
    query = query.outerjoin(DeskMet, met.is_of(met.ref("article", Suggestion.article_id)))
    query = query.where(suggestions.to_decide(actor))
    for row in db.session.execute(query.order_by(Suggestion.created_at, Suggestion.id).limit(MOST)):
        yield met.work(f"suggestion:{row.id}", row, least=1, overdue=_is_late(row.created_at))


def draw(actor: Actor, keys: Collection[str]) -> dict[str, DeskRow]:
    """Return the rows of whom waits; a query a kind, and one for the articles of feedback."""
    return {
        **_drawn_reviews(actor, numbers(keys, "review")),
        **_drawn_feedback(actor, numbers(keys, "feedback")),
        **_drawn_suggestions(actor, numbers(keys, "suggestion")),
    }


def _waits(since: dt.datetime | None) -> str:
    return _("waits for more than three days") if _is_late(since) else ""


def _drawn_reviews(actor: Actor, ids: list[int]) -> dict[str, DeskRow]:
    if not ids:
        return {}
    query = select(Draft).where(Draft.id.in_(ids))
    query = query.options(joinedload(Draft.article).joinedload(Article.category), joinedload(Draft.submitted_by))
    rows = db.session.execute(query).scalars()
    return {f"review:{row.id}": _review(actor, row) for row in rows if policies.can_see_draft(actor, row)}


def _review(actor: Actor, draft: Draft) -> DeskRow:
    who = draft.submitted_by.first_name if draft.submitted_by else _("Somebody")
    at, is_asked = ago(draft.submitted_at or draft.saved_at), draft.reviewer_id == actor.person_id
    asks = _("%(who)s asks you, %(when)s", who=who, when=at)
    url = url_for("review.show", draft_id=draft.id)
    return DeskRow(
        icon="eye",
        title=_("Look at “%(title)s”", title=draft.title or _("Untitled")),
        url=url,
        why=asks if is_asked else _("%(who)s wrote it, %(when)s", who=who, when=at),
        overdue=_waits(draft.submitted_at),
        flagged=_("asks you") if is_asked else "",
        is_urgent=is_asked,
        acts=(DeskAct(label=_("Look at it"), url=url),),
    )


def _drawn_feedback(actor: Actor, ids: list[int]) -> dict[str, DeskRow]:
    if not ids:
        return {}
    query = select(Solution, Article.title, Article.slug).options(joinedload(Solution.person))
    query = query.join(Article, Solution.subject == met.ref("article", Article.id))
    query = query.where(Solution.id.in_(ids), _answerable(actor))
    return {f"feedback:{said.id}": _said(said, title, slug) for said, title, slug in db.session.execute(query)}


def _said(said: Solution, title: str, slug: str) -> DeskRow:
    url = url_for("kb.feedback", scope="all", _anchor=f"feedback-{said.id}")
    return DeskRow(
        icon="flag",
        title=_("Answer %(name)s about “%(title)s”", name=said.person.first_name, title=title),
        url=url,
        why=_("“%(words)s”, %(when)s", words=short(said.comment), when=ago(said.changed_at)),
        overdue=_waits(said.changed_at),
        flagged="" if said.is_solved else _("it did not help"),
        is_urgent=True,
        acts=(DeskAct(label=_("Answer"), url=url), DeskAct(label=_("Read it"), url=url_for("kb.article", slug=slug))),
    )


def _drawn_suggestions(actor: Actor, ids: list[int]) -> dict[str, DeskRow]:
    if not ids:
        return {}
    query = select(Suggestion).where(Suggestion.id.in_(ids), suggestions.to_decide(actor)).options(*suggestions.loads())
    return {f"suggestion:{row.id}": _suggested(row) for row in db.session.execute(query).scalars()}


def _suggested(row: Suggestion) -> DeskRow:
    url = url_for("suggestions.one", suggestion_id=row.id)
    return DeskRow(
        icon="pencil",
        title=_("Decide on a suggestion for “%(title)s”", title=row.article.title),
        url=url,
        why=_("%(name)s, %(when)s", name=row.person.first_name, when=ago(row.created_at)),
        overdue=_waits(row.created_at),
        acts=(DeskAct(label=_("Decide"), url=url),),
    )


def short(words: str) -> str:
    """Return the beginning of what somebody said, on one line."""
    words = " ".join(words.split())
    return words if len(words) <= QUOTED else words[: QUOTED - 1].rsplit(" ", 1)[0] + "…"


ROWS = DeskRows(kinds=KINDS, find=find, draw=draw, order=10)
