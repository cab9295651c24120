"""Ideas and items as others may show them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from sqlalchemy import or_, select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Outline, Thing
from portal.core.refs import Ref
from portal.kb.models import Category
from portal.people.audiences import visible
from portal.roadmap import policies
from portal.roadmap.models import Idea, IdeaState, Item, ItemState


def idea_address(idea_id: int, **more: Any) -> str:
    return _address(f"/ideas/{idea_id}", more)


def item_address(item_id: int, **more: Any) -> str:
    return _address(f"/roadmap/items/{item_id}", more)


def _address(path: str, more: dict[str, Any]) -> str:
    query = urlencode({name: value for name, value in more.items() if value is not None})
    return f"{request.script_root}{path}{'?' if query else ''}{query}"


def state_words(state: str) -> str:
    """Return what became of an idea, in a word or two."""
    return {
        IdeaState.PROPOSED: _("Not answered yet"),
        IdeaState.TRIAGED: _("Taken up"),
        IdeaState.DECLINED: _("Declined, with the reason"),
        IdeaState.DUPLICATE: _("Proposed before"),
    }[IdeaState(state)]


def ideas(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the ideas this actor may see; one query."""
    if not ids:
        return {}
    query = select(Idea.id, Idea.title, Idea.excerpt, Idea.state, Idea.category_id, Category.title.label("topic"))
    query = query.join(Category, Category.id == Idea.category_id)
    query = query.where(Idea.id.in_(ids), visible(Idea.access_key, actor))
    if not policies.may_steer(actor):
        query = query.where(or_(Idea.removed_at.is_(None), Idea.person_id == (actor.person_id or 0)))
    return {
        row.id: Thing(
            ref=Ref("idea", row.id),
            title=row.title,
            url=idea_address(row.id),
            summary=row.excerpt,
            meta={
                "category": row.topic,
                "topic": Ref("category", row.category_id),
                "words": [state_words(row.state)],
                "good": None,
            },
        )
        for row in db.session.execute(query)
    }


def items(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the items this actor may see; one query."""
    if not ids:
        return {}
    query = select(Item.id, Item.title, Item.summary, Item.category_id)
    query = query.outerjoin(Category, Category.id == Item.category_id)
    query = query.where(Item.id.in_(ids), policies.is_of_topic_seen(actor))
    if not policies.may_steer(actor):
        query = query.where(Item.state != ItemState.DRAFT)
    return {
        row.id: Thing(
            ref=Ref("item", row.id),
            title=row.title,
            url=item_address(row.id),
            summary=row.summary,
            meta={"topic": Ref("category", row.category_id) if row.category_id else None},
        )
        for row in db.session.execute(query)
    }


def idea_outlines(ids: Collection[int]) -> dict[int, Outline]:
    """Outline these ideas for other systems, by number and address; one query."""
    query = select(Idea.id, Idea.access_key).where(Idea.id.in_(ids), Idea.removed_at.is_(None))
    return {number: Outline(url=idea_address(number), access_key=key) for number, key in db.session.execute(query)}


def item_outlines(ids: Collection[int]) -> dict[int, Outline]:
    """Outline these items for other systems; what is in triage is not told. One query."""
    query = select(Item.id, Category.access_key).outerjoin(Category, Category.id == Item.category_id)
    query = query.where(Item.id.in_(ids), Item.state != ItemState.DRAFT)
    return {
        number: Outline(url=item_address(number), access_key=key or "signed-in")
        for number, key in db.session.execute(query)
    }
