"""What of other features is filed under topics: whoever may read the topic may read it.

A feature declares its table where it is wired into the house. Whatever moves a topic or changes its audience brings the
access keys of everything filed under it in step, in the same transaction, and has the search index follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref
from portal.kb.models import Category
from portal.people.audiences import visible

_MODELS: dict[str, Any] = {}
_AROUND: dict[str, Callable[[Collection[int]], set[Ref]]] = {}
_TAGS: dict[str, Any] = {}


def declare(
    kind: str,
    model: Any,
    *,
    around: Callable[[Collection[int]], set[Ref]] | None = None,
    tags: Any = None,
) -> None:
    """Make known that things of this kind have `category_id`, `access_key`, `access_changed_at` and `removed_at`.

    `around` returns what else the index has to look at when these things are for other people. `tags` is the column
    of the table of their tags that says whose tag it is.
    """
    _MODELS[kind] = model
    if tags is not None:
        _TAGS[kind] = tags
    if around is not None:
        _AROUND[kind] = around


def rekey() -> set[Ref]:
    """Give everything that is filed the access key of its topic; returns these and what is around them."""
    changed: set[Ref] = set()
    for kind, model in _MODELS.items():
        ids = select(model.id).join(Category, Category.id == model.category_id)
        moved = list(db.session.execute(ids.where(model.access_key != Category.access_key)).scalars())
        for start in range(0, len(moved), 500):
            key = select(Category.access_key).where(Category.id == model.category_id).scalar_subquery()
            some = update(model).where(model.id.in_(moved[start : start + 500]))
            db.session.execute(some.values(access_key=key, access_changed_at=clock.now()))
            if kind in _AROUND:
                changed |= _AROUND[kind](moved[start : start + 500])
        changed |= {Ref(kind, i) for i in moved}
    return changed


def under(topics: Collection[int]) -> set[Ref]:
    """Return everything that is filed under these topics, whoever may see it."""
    return {
        Ref(kind, i)
        for kind, model in _MODELS.items()
        for i in db.session.execute(select(model.id).where(model.category_id.in_(topics))).scalars()
    }


def counts(actor: Actor, topic: Category) -> tuple[int, int]:
    """Return how much is filed under a topic, and how much of it this actor sees."""
    n = seen = 0
    for model in _MODELS.values():
        here = select(func.count()).select_from(model).where(model.category_id == topic.id)
        n += db.session.execute(here).scalar_one()
        seen += db.session.execute(here.where(visible(model.access_key, actor))).scalar_one()
    return n, seen


def tags_used(actor: Actor, tag: str = "") -> Counter[str]:
    """Return how many of the things filed here carry each tag, as far as this actor sees them; of one `tag` only."""
    found: Counter[str] = Counter()
    for kind, owner in _TAGS.items():
        model, table = _MODELS[kind], owner.class_
        query = select(table.tag, func.count()).join(model, model.id == owner)
        query = query.where(model.removed_at.is_(None), visible(model.access_key, actor))
        if tag:
            query = query.where(table.tag == tag)
        found.update(dict(db.session.execute(query.group_by(table.tag)).all()))
    return found


def retag(tag: str, to: str) -> set[Ref]:
    """Let everything that carries a tag carry the other instead, or none; returns what did."""
    changed: set[Ref] = set()
    for kind, owner in _TAGS.items():
        table = owner.class_
        ids = set(db.session.execute(select(owner).where(table.tag == tag)).scalars())
        there = set(db.session.execute(select(owner).where(table.tag == to)).scalars()) if to else ids
        if rows := [{owner.key: one, "tag": to} for one in sorted(ids - there)]:
            db.session.execute(insert(table), rows)
        db.session.execute(delete(table).where(table.tag == tag))
        changed |= {Ref(kind, i) for i in ids}
    return changed
