"""Reading articles and categories."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import request
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import NotFound
from portal.core.operations import cursors
from portal.core.operations.operation import PREFIX, Call, Operation, Reply
from portal.core.operations.shapes import as_moment, many, moment, page_of, text, thing
from portal.core.permissions import Permission
from portal.core.scopes import Scope
from portal.kb.api import shapes
from portal.kb.models import Article, ArticleTag, Category, Status
from portal.kb.reading import services
from portal.kb.reading.queries import HEAVY
from portal.people.audiences import visible

GROUP = "Articles"
CHANGED = func.coalesce(Article.changed_at, Article.published_at, Article.created_at)


def articles(call: Call) -> Reply:
    call.actor.require(Permission.ARTICLE_READ)
    after, limit = cursors.after("articles", call.query), call.query.get("limit", cursors.USUAL)
    query = (
        select(Article, CHANGED)
        .where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, call.actor))
        .options(joinedload(Article.category), selectinload(Article.tags), *HEAVY)
    )
    query = _filtered(query, call.query)
    if after is not None:
        at = dt.datetime.fromisoformat(after[0])
        query = query.where((at < CHANGED) | ((at == CHANGED) & (Article.id > after[1])))
    found = db.session.execute(query.order_by(CHANGED, Article.id).limit(limit + 1)).all()
    more = None
    if len(found) > limit:
        last, changed = found[limit - 1]
        more = cursors.make("articles", call.query, changed.isoformat(), last.id)
    return Reply(body={"items": [shapes.line(row) for row, _changed in found[:limit]], "next": more})


def _filtered(query: Any, asked: Mapping[str, Any]) -> Any:
    if "category" in asked:
        query = query.where(Article.category_id.in_(_with_all_below(asked["category"])))
    if "tag" in asked:
        query = query.where(Article.tags.any(ArticleTag.tag == asked["tag"].lower()))
    if "changed_since" in asked:
        query = query.where(as_moment(asked["changed_since"]) <= CHANGED)
    return query


def _with_all_below(slug: str) -> set[int]:
    """Return the ids of a category and those below it; of one nobody knows, none."""
    rows = list(db.session.execute(select(Category.id, Category.slug, Category.parent_id)))
    found = {row.id for row in rows if row.slug == slug}
    while more := {row.id for row in rows if row.parent_id in found} - found:
        found |= more
    return found


def article(call: Call) -> Reply:
    call.actor.require(Permission.ARTICLE_READ)
    try:
        return Reply(body=shapes.article(services.get(call.actor, call.path["slug"])))
    except NotFound:
        moved = services.moved_to(call.actor, call.path["slug"])
        if moved is None:
            raise
        where = f"{request.script_root}{PREFIX}/articles/{moved.slug}"
        return Reply(body={"slug": moved.slug}, status=301, location=where)


def categories(call: Call) -> Reply:
    call.actor.require(Permission.ARTICLE_READ)
    return Reply(body={"items": _seen(call.actor)})


def _seen(actor: Actor) -> list[dict[str, Any]]:
    """Return the categories this actor may know of: open to them, or with something in them that they may read."""
    counted = select(Article.category_id, func.count()).group_by(Article.category_id)
    counted = counted.where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
    n_in = dict(db.session.execute(counted).all())
    rows = list(db.session.execute(select(Category).order_by(Category.position, Category.id)).scalars())
    below: dict[int | None, list[Category]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)

    def total(category: Category) -> int:
        return n_in.get(category.id, 0) + sum(total(child) for child in below.get(category.id, ()))

    seen = {row.id: (row, n) for row in rows if (n := total(row)) or actor.sees(row.access_key)}
    return [
        {
            "slug": row.slug,
            "title": row.title,
            "summary": row.summary,
            "icon": row.icon,
            "parent": seen[row.parent_id][0].slug if row.parent_id in seen else None,
            "n_articles": n,
        }
        for row, n in seen.values()
    ]


OPERATIONS = (
    Operation(
        name="articles",
        method="GET",
        path="/articles",
        group=GROUP,
        summary="Published articles",
        about="Those changed longest ago come first. A program that keeps a copy reads to the end, and goes on the next"
        " day with `changed_since`: what changes meanwhile comes again at the end, and nothing is missed.",
        scope=Scope.READ,
        run=articles,
        query={
            "category": text("Only in this category and below it.", least=1, most=64),
            "tag": text("Only with this tag.", least=1, most=40),
            "changed_since": moment("Only those published or changed since."),
            **cursors.PARAMETERS,
        },
        answer=page_of(shapes.LINE),
    ),
    Operation(
        name="article",
        method="GET",
        path="/articles/{slug}",
        group=GROUP,
        summary="One article, with its text",
        about="Under a former short name the answer is 301 and leads to the present one. Pictures named in the text are"
        " given out to the same token.",
        scope=Scope.READ,
        run=article,
        at=shapes.AT,
        answer=shapes.ARTICLE,
        refusals=frozenset({301}),
        is_single=True,
    ),
    Operation(
        name="categories",
        method="GET",
        path="/categories",
        group=GROUP,
        summary="The tree of categories",
        scope=Scope.READ,
        run=categories,
        answer=thing("Categories", needed={"items": many(shapes.CATEGORY)}),
        is_single=True,
    ),
)
