"""Lists for those who write: the drafts they may see, and the topics they may file them under."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.kb import policies
from portal.kb.models import Article, Category, Draft
from portal.people.audiences import visible


def draft_things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return drafts this actor may look at; two queries."""
    query = select(Draft).where(Draft.id.in_(ids)).options(joinedload(Draft.article).joinedload(Article.category))
    return {
        row.id: Thing(ref=row.ref, title=row.title or _("Untitled"), url=url_for("editing.edit", draft_id=row.id))
        for row in db.session.execute(query).scalars()
        if policies.can_see_draft(actor, row)
    }


def open_drafts(actor: Actor, *, limit: int = 50) -> list[Draft]:
    """Return the open drafts this actor may see, the last saved first; one query."""
    query = select(Draft).join(Draft.article).where(Draft.is_open.is_(True), visible(Article.access_key, actor))
    loads = (
        joinedload(Draft.article).joinedload(Article.category),
        joinedload(Draft.category),
        joinedload(Draft.saved_by),
        defer(Draft.body),
    )
    query = query.options(*loads).order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(limit)
    return [one for one in db.session.execute(query).scalars() if policies.can_see_draft(actor, one)]


def topics_to_write_in(actor: Actor) -> list[Category]:
    """Return the topics in which this actor may begin an article, in their order; one query."""
    query = select(Category).where(visible(Category.access_key, actor)).order_by(Category.position, Category.id)
    return [one for one in db.session.execute(query).scalars() if policies.can_write_in(actor, one)]


def topics_for(actor: Actor, draft: Draft) -> list[tuple[int, str]]:
    """Return id and name of the topics this actor may file a draft under, the one it is under now among them."""
    found = {
        one.id: one.title
        for one in topics_to_write_in(actor)
        if one.id == draft.category_id or policies.can_move_draft(actor, draft, one)
    }
    return list({**found, draft.category_id: topic_name(actor, draft.category)}.items())


def topic_name(actor: Actor, topic: Category) -> str:
    """Return what a topic is called; to who may not see it only that there is one."""
    return topic.title if actor.sees(topic.access_key) else _("A topic you may not see")
