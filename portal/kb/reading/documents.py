"""Articles as the search index keeps them, and finding some without it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import defer, selectinload

from portal.core import markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref
from portal.kb.models import Article, Category, Status
from portal.people.audiences import visible
from portal.search.documents import Document, Passage


def documents(ids: Collection[int] | None) -> Iterable[Document]:
    """Yield what the search index keeps; unpublished articles are missing, so the index drops them."""
    query = (
        select(Article)
        .where(Article.status == Status.PUBLISHED.value)
        .options(selectinload(Article.tags), defer(Article.html), defer(Article.body))
        .order_by(Article.id)
        .execution_options(yield_per=500)
    )
    if ids is not None:
        query = query.where(Article.id.in_(ids))
    paths = category_paths()
    for row in db.session.execute(query).scalars():
        yield Document(
            ref=row.ref,
            title=row.title,
            summary=row.summary,
            passages=tuple(Passage(text=text, anchor=anchor) for anchor, text in row.passages),
            category=paths[row.category_id],
            tags=tuple(tag.tag for tag in row.tags),
            platforms=tuple(row.platforms),
            access_key=row.access_key,
            verified_on=row.verified_at.date() if row.verified_at else None,
            steps=tuple(markup.plain(html) for platform, html in row.steps if platform == row.steps[0][0])[:4],
        )


def category_paths() -> dict[int, str]:
    """Return the path of slugs of every topic, such as `network/vpn`; one query."""
    rows = {row.id: row for row in db.session.execute(select(Category)).scalars()}

    def path(category: Category) -> str:
        above = rows.get(category.parent_id) if category.parent_id else None
        return f"{path(above)}/{category.slug}" if above else category.slug

    return {i: path(row) for i, row in rows.items()}


def n_published() -> int:
    query = select(func.count()).select_from(Article).where(Article.status == Status.PUBLISHED.value)
    return db.session.execute(query).scalar_one()


def fallback(actor: Actor, text: str, limit: int) -> list[Ref]:
    """Find articles by SQL alone while the index is being mended: every word in title or summary or body."""
    query = select(Article.id).where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
    for word in text.split()[:8]:
        query = query.where(
            Article.title.icontains(word, autoescape=True)
            | Article.summary.icontains(word, autoescape=True)
            | Article.body.icontains(word, autoescape=True)
        )
    return [Ref("article", i) for i in db.session.execute(query.order_by(Article.title).limit(limit)).scalars()]
