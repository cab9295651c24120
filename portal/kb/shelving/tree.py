"""The one tree of topics: how it stands, and who may read what hangs in it.

Who may read an article follows from its own audience and from those of all topics above it. Whatever moves a topic
or changes an audience calls `rekey` in the same transaction, so that no row says for a moment what is no longer true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy import func, select, update

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.kb import texts
from portal.kb.models import Article, Category, CategoryRedirect, Revision, Status
from portal.kb.shelving import filed
from portal.people import audiences
from portal.people import queries as people
from portal.people.audiences import visible

NOBODY = 0
"""Stands in for an audience that is gone: what was for it is for nobody, never for everybody."""
TAKEN_BACK = "-"
"""Address and audience of the topic that holds the archived texts of topics which an undone import had made.

Neither an address nor an audience of anybody's can be called so; what is for an audience that is not there is for
nobody.
"""
AT_ONCE = 500
REBUILD_FROM = 5000
"""From this many articles on the index is built anew rather than mended."""


@dataclass(frozen=True)
class Branch:
    """A topic with what this reader finds in it and in the topics below."""

    topic: Category
    n: int
    """Published articles in it, without those below."""
    n_drafts: int
    below: list[Branch] = field(default_factory=list)

    @property
    def n_all(self) -> int:
        return self.n + sum(branch.n_all for branch in self.below)


@dataclass(frozen=True)
class Rekeyed:
    """What got another access key: article, before, after."""

    articles: Mapping[int, tuple[str, str]]
    topics: Mapping[int, tuple[str, str]]


class _Known(dict[str, int]):
    def __missing__(self, slug: str) -> int:
        return NOBODY


def branches(actor: Actor) -> list[Branch]:
    """Return the tree as this actor sees it; three queries."""
    n_published = _counts(actor, Article.status == Status.PUBLISHED.value)
    n_drafts = _counts(actor, Article.status == Status.DRAFT.value)
    rows = list(db.session.execute(_in_order(actor)).scalars())
    children: dict[int | None, list[Category]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)

    def grow(parent_id: int | None) -> list[Branch]:
        return [
            Branch(row, n_published.get(row.id, 0), n_drafts.get(row.id, 0), grow(row.id))
            for row in children.get(parent_id, ())
        ]

    return grow(None)


def _counts(actor: Actor, condition: object) -> dict[int, int]:
    query = select(Article.category_id, func.count()).where(condition, visible(Article.access_key, actor))  # type: ignore[arg-type]
    return dict(db.session.execute(query.group_by(Article.category_id)).all())


def _in_order(actor: Actor):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a Select
    query = select(Category).where(visible(Category.access_key, actor))
    return query.order_by(Category.position, Category.id)


def flat(grown: Iterable[Branch], depth: int = 0) -> list[tuple[int, Branch]]:
    """Return branches as they are read from top to bottom, each with its depth."""
    found = []
    for branch in grown:
        found += [(depth, branch), *flat(branch.below, depth + 1)]
    return found


def below(topic: Category) -> set[int]:
    """Return the ids of a topic and of everything below it."""
    children: dict[int | None, list[int]] = {}
    for row in db.session.execute(select(Category.id, Category.parent_id)):
        children.setdefault(row.parent_id, []).append(row.id)
    found, waiting = {topic.id}, [topic.id]
    while waiting:
        new = [one for one in children.get(waiting.pop(), ()) if one not in found]
        found.update(new)
        waiting += new
    return found


def articles_in(ids: Collection[int]) -> set[Ref]:
    """Return all articles of these topics, whoever may see them."""
    query = select(Article.id).where(Article.category_id.in_(ids))
    return {Ref("article", i) for i in db.session.execute(query).scalars()}


def former(slug: str) -> CategoryRedirect | None:
    """Return what became of a topic that once had this address."""
    return db.session.get(CategoryRedirect, slug)


def moved_to(slug: str) -> Category | None:
    """Return the topic that has taken the place of this address."""
    entry = former(slug)
    return db.session.get(Category, entry.category_id) if entry is not None and entry.category_id else None


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the topics this actor may see; one query."""
    query = select(Category).where(Category.id.in_(ids), visible(Category.access_key, actor))
    return {
        row.id: Thing(ref=row.ref, title=row.title, url=url_for("kb.category", slug=row.slug), summary=row.summary)
        for row in db.session.execute(query).scalars()
    }


def rekey() -> Rekeyed:
    """Give every topic and article the access key that follows from the tree as it stands; the caller's transaction.

    Looks at all of them, whatever was changed: a row that was missed would show something to the wrong people.
    """
    db.session.flush()
    known = _Known(people.audience_ids())
    rows = list(db.session.execute(select(Category)).scalars())
    by_id = {row.id: row for row in rows}
    above = {row.id: texts.levels_above(row, by_id, known) for row in rows}
    topics = {}
    for row in rows:
        key = audiences.key_for(above[row.id])
        if key != row.access_key:
            topics[row.id] = (row.access_key, key)
            row.access_key = key
    db.session.flush()
    follow(filed.rekey())
    return Rekeyed(_rekey_articles(above, known), topics)


def _rekey_articles(above: Mapping[int, list[list[int] | str | None]], known: _Known) -> dict[int, tuple[str, str]]:
    changed: dict[int, tuple[str, str]] = {}
    by_key: dict[str, list[int]] = {}
    keys: dict[tuple[int, tuple[str, ...]], str] = {}
    query = select(Article.id, Article.category_id, Article.audience, Article.access_key)
    for article_id, category_id, audience, before in db.session.execute(query):
        place = (category_id, tuple(audience))
        if place not in keys:
            keys[place] = audiences.key_for([texts.level(audience, known), *above[category_id]])
        if keys[place] != before:
            changed[article_id] = (before, keys[place])
            by_key.setdefault(keys[place], []).append(article_id)
    for key, ids in by_key.items():
        for start in range(0, len(ids), AT_ONCE):
            some = Article.id.in_(ids[start : start + AT_ONCE])
            db.session.execute(update(Article).where(some).values(access_key=key))
            latest = (Revision.article_id == Article.id) & (Revision.n == Article.n_revisions)  # see `reopen_revision`
            up_now = select(Article.id).where(some, latest).correlate(Revision).exists()
            db.session.execute(update(Revision).where(up_now).values(access_key=key))
    return changed


def follow(refs: Collection[Ref]) -> None:
    """Have the search index follow, in the caller's transaction."""
    if len(refs) > REBUILD_FROM:
        jobs.enqueue("search.rebuild", {})
    elif refs:
        jobs.enqueue("search.update", {"refs": sorted(str(ref) for ref in refs)})


def is_within(key: str, other: str) -> bool:
    """Say whether whoever may read what has the first key may also read what has the other.

    >>> is_within("a3&a7", "a3"), is_within("a3", "a3+a7"), is_within("a3", "signed-in"), is_within("public", "a3")
    (True, True, True, False)
    """
    if other == audiences.PUBLIC or key == other:
        return True
    if key == audiences.PUBLIC:
        return False
    if other == audiences.SIGNED_IN:
        return True
    if key == audiences.SIGNED_IN:
        return False
    demands = [set(one.split("+")) for one in key.split("&")]
    return all(any(own <= set(one.split("+")) for own in demands) for one in other.split("&"))
