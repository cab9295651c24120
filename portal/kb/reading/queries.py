"""Reads for lists: each a fixed number of queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import url_for
from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased, defer

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Outline, Thing
from portal.core.refs import Ref
from portal.kb.models import Article, ArticleTag, Category, Status
from portal.kb.models.articles import is_check_due
from portal.kb.reading import families, outline
from portal.people.audiences import holds
from portal.people.models import Person
from portal.talk import queries as talk

PAGE = 30
NEAR = 12
"""How many neighbours of an article are remembered, so that four stay when some may not be seen."""
HEAVY = (
    defer(Article.html),
    defer(Article.body),
    defer(Article.passages),
    defer(Article.headings),
    defer(Article.steps),
)


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return published articles this actor may see, as others may show them; two queries."""
    rows = db.session.execute(_with_ids(actor.keys), {"ids": list(ids)}) if ids else ()
    return {thing.ref.id: thing for thing in _things(rows)}


@lru_cache(maxsize=256)
def _listed(keys: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Return the statement for what lists show of published articles; built once for each set of keys."""
    return (
        select(
            Article.id,
            Article.slug,
            Article.title,
            Article.summary,
            Article.n_steps,
            Article.version,
            Article.verified_at,
            Article.review_by,
            Category.id.label("category_id"),
            Category.slug.label("category_slug"),
            Category.title.label("category_title"),
            Person.name.label("checked_by"),
        )
        .join(Category, Category.id == Article.category_id)
        .outerjoin(Person, Person.id == Article.verified_by_id)
        .where(Article.status == Status.PUBLISHED.value, holds(Article.access_key, keys))
    )


@lru_cache(maxsize=256)
def _with_ids(keys: frozenset[str]) -> Select[*tuple[Any, ...]]:
    return _listed(keys).where(Article.id.in_(bindparam("ids", expanding=True)))


def _things(rows: Iterable[Any]) -> list[Thing]:
    """Turn rows of `_listed` into things, with their proof (checked, solved); one query."""
    listed = list(rows)
    said = talk.tallies({Ref("article", row.id): row.version for row in listed})
    return [_thing(row, said) for row in listed]


def thing_of(article: Article) -> Thing:
    """Return a loaded article with its proof; one query."""
    topic, by = article.category, article.verified_by
    row = SimpleNamespace(
        id=article.id,
        slug=article.slug,
        title=article.title,
        summary=article.summary,
        n_steps=article.n_steps,
        version=article.version,
        verified_at=article.verified_at,
        review_by=article.review_by,
        category_id=topic.id,
        category_slug=topic.slug,
        category_title=topic.title,
        checked_by=by.name if by else None,
    )
    return _things([row])[0]


def _thing(row: Any, said: Mapping[Ref, talk.Tally]) -> Thing:
    ref = Ref("article", row.id)
    tally = said.get(ref)
    return Thing(
        ref=ref,
        title=row.title,
        url=url_for("kb.article", slug=row.slug),
        summary=row.summary,
        meta={
            "slug": row.slug,
            "category": row.category_title,
            "category_slug": row.category_slug,
            "topic": Ref("category", row.category_id),
            "checked_on": row.verified_at,
            "checked_by": (row.checked_by or "").split(" ")[0],
            "is_check_due": is_check_due(row.verified_at, row.review_by),
            "n_solved": tally.n_solved if tally else 0,
            "n_said": tally.n_said if tally else 0,
            "n_steps": row.n_steps,
            "version": row.version,
        },
    )


@dataclass(frozen=True)
class Shelf:
    """A category with the number of articles this actor finds in it, those below included."""

    category: Category
    n: int


def shelves(actor: Actor, parent_id: int | None = None) -> list[Shelf]:
    """Return the categories below one (None: the top), with counts of what this actor may see; empty ones left out."""
    rows = list(db.session.execute(select(Category).order_by(Category.position, Category.id)).scalars())
    children: dict[int | None, list[Category]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)

    def total(category: Category) -> int:
        return outline.n_in(actor, category.id) + sum(total(child) for child in children.get(category.id, ()))

    return [Shelf(row, n) for row in children.get(parent_id, ()) if (n := total(row))]


def get_category(slug: str) -> Category | None:
    return db.session.execute(select(Category).where(Category.slug == slug)).scalar_one_or_none()


def in_category(actor: Actor, category: Category, *, page: int = 1, tag: str = "") -> tuple[list[Thing], int]:
    """Return one page of a category's articles by title, and how many there are; two queries, three with a tag."""
    everything = query = _listed(actor.keys).where(Article.category_id == category.id)
    if tag:
        query = query.where(Article.tags.any(ArticleTag.tag == tag))
    if (in_own := families.in_own_language(actor)) is not None:
        query = query.where(in_own)
    if query is everything:
        n = outline.n_in(actor, category.id)
    else:
        n = db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = db.session.execute(query.order_by(Article.title).limit(PAGE).offset((page - 1) * PAGE))
    return _things(rows), n


def related(actor: Actor, article: Article, *, limit: int = 4) -> list[Row[int, str, str]]:
    """Return id, slug and title of the articles nearest to this one: most shared tags, then its category; one query.

    Which they are is remembered for up to an hour; what of them this actor may see is asked anew.
    """
    hour = int(clock.now().timestamp() // 3600)
    near = _near(str(db.engine.url), article.id, article.checksum, hour)
    if not near:
        return []
    rows = db.session.execute(_titles_of(actor.keys), {"ids": near})
    return sorted(rows, key=lambda row: near.index(row.id))[:limit]


@lru_cache(maxsize=256)
def _titles_of(keys: frozenset[str]) -> Select[*tuple[Any, ...]]:
    is_open = (Article.status == Status.PUBLISHED.value) & holds(Article.access_key, keys)
    return select(Article.id, Article.slug, Article.title).where(
        Article.id.in_(bindparam("ids", expanding=True)), is_open
    )


@lru_cache(maxsize=20_000)
def _near(database: str, article_id: int, checksum: str, hour: int) -> tuple[int, ...]:
    """Return the ids of the articles nearest to one, the nearest first, whoever may see them."""
    own = aliased(ArticleTag)
    shared = (
        select(func.count())
        .select_from(ArticleTag)
        .join(own, (own.tag == ArticleTag.tag) & (own.article_id == article_id))
        .where(ArticleTag.article_id == Article.id)
        .correlate(Article)
        .scalar_subquery()
    )
    category = select(Article.category_id).where(Article.id == article_id).scalar_subquery()
    candidates = select(ArticleTag.article_id).join(own, (own.tag == ArticleTag.tag) & (own.article_id == article_id))
    query = (
        select(Article.id)
        .where(Article.status == Status.PUBLISHED.value, Article.id != article_id)
        .where(Article.id.in_(candidates) | (Article.category_id == category))
        .order_by(shared.desc(), (Article.category_id == category).desc(), Article.title)
        .limit(NEAR)
    )
    return tuple(db.session.execute(query).scalars())


def owned_by(person_id: int) -> list[Ref]:
    """Return the published articles somebody owns."""
    query = select(Article.id).where(Article.owner_id == person_id, Article.status == Status.PUBLISHED.value)
    return [Ref("article", i) for i in db.session.execute(query).scalars()]


def outlines(ids: Collection[int]) -> dict[int, Outline]:
    """Return what other systems may be told of articles, whatever became of them; one query."""
    query = select(Article.id, Article.slug, Article.access_key).where(Article.id.in_(ids))
    return {
        i: Outline(slug=slug, url=url_for("kb.article", slug=slug), access_key=access_key)
        for i, slug, access_key in db.session.execute(query)
    }
