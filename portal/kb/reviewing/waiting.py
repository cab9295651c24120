"""What waits for a second pair of eyes: drafts that were sent to review, and wiki changes nobody has looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import defer, joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb import policies
from portal.kb.models import Article, Category, Draft, Mode, Revision, State, Status
from portal.people.audiences import visible

MOST = 100
WAITING = (State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED, State.SCHEDULED)


@dataclass(frozen=True)
class Waiting:
    """The drafts of the page of reviews, each in one place: what waits for me first."""

    for_me: list[Draft]
    for_anybody: list[Draft]
    mine: list[Draft]
    others: list[Draft]
    """Approved, waiting for its time, or sent back: nothing to decide there."""

    @property
    def n(self) -> int:
        return len(self.for_me) + len(self.for_anybody)


def drafts(actor: Actor) -> Waiting:
    """Return what waits, the longest waiting first; one query. Readers see what they were asked, and their own."""
    query = select(Draft).join(Draft.article).where(Draft.is_open.is_(True), visible(Article.access_key, actor))
    query = query.where(Draft.state.in_([state.value for state in WAITING]))
    if not actor.can(Permission.ARTICLE_REVIEW):
        query = query.where(
            or_(
                Draft.reviewer_id == actor.person_id,
                Draft.submitted_by_id == actor.person_id,
                Draft.created_by_id == actor.person_id,
            )
        )
    loads = (joinedload(Draft.article).joinedload(Article.category), joinedload(Draft.category), defer(Draft.body))
    people = (joinedload(Draft.submitted_by), joinedload(Draft.reviewer))
    query = query.options(*loads, *people).order_by(Draft.submitted_at, Draft.id).limit(MOST)
    found = Waiting([], [], [], [])
    for draft in db.session.execute(query).scalars():
        if policies.can_see_draft(actor, draft):
            _shelf(actor, draft, found).append(draft)
    return found


def _shelf(actor: Actor, draft: Draft, found: Waiting) -> list[Draft]:
    may_decide = draft.state == State.IN_REVIEW and policies.can_review(actor, draft)
    if may_decide and draft.reviewer_id == actor.person_id:
        return found.for_me
    if actor.person_id in draft.writers or draft.submitted_by_id == actor.person_id:
        return found.mine
    return found.for_anybody if may_decide and draft.reviewer_id is None else found.others


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return drafts this actor may look at, as reviews; two queries."""
    query = select(Draft).where(Draft.id.in_(ids)).options(joinedload(Draft.article).joinedload(Article.category))
    return {
        row.id: Thing(
            ref=Ref("review", row.id), title=row.title or _("Untitled"), url=url_for("review.show", draft_id=row.id)
        )
        for row in db.session.execute(query).scalars()
        if policies.can_see_draft(actor, row)
    }


@dataclass(frozen=True)
class Unseen:
    """Changes of one wiki article that no editor has looked at: all after `base`, up to `latest`."""

    article: Article
    base: int
    latest: Revision
    n: int


def unseen(actor: Actor) -> list[Unseen]:
    """Return the wiki articles whose changes nobody has looked at, the longest waiting first; two queries."""
    first = func.min(Revision.n).label("first")
    query = (
        select(Revision.article_id, first, func.count())
        .join(Article, Article.id == Revision.article_id)
        .join(Category, Category.id == Article.category_id)
        .where(Category.mode == Mode.WIKI.value, Article.status == Status.PUBLISHED.value)
        .where(visible(Article.access_key, actor), Revision.draft_id.is_not(None), Revision.looked_at.is_(None))
        .group_by(Revision.article_id)
        .order_by(func.min(Revision.created_at), Revision.article_id)
        .limit(MOST)
    )
    waiting = {article_id: (n, many) for article_id, n, many in db.session.execute(query)}
    if not waiting:
        return []
    latest = (
        select(Revision, Article)
        .join(Article, (Article.id == Revision.article_id) & (Article.n_revisions == Revision.n))
        .where(Article.id.in_(waiting))
        .options(joinedload(Revision.author), defer(Revision.body), defer(Article.body), defer(Article.html))
    )
    rows = {article.id: (revision, article) for revision, article in db.session.execute(latest)}
    return [
        Unseen(rows[article_id][1], first_n - 1, rows[article_id][0], many)
        for article_id, (first_n, many) in waiting.items()
        if article_id in rows
    ]
