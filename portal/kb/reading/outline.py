"""What readers may find at all, counted once for everybody: how many articles a topic holds, and which are the newest.

Counting goes over every article, so each process keeps what it counted until an article changes. It is kept by access
key; what one reader is told is put together from the keys that are theirs. Every change of an article that shows here
gives the stamp a new value in its own transaction, so no process tells of an article longer than it may be seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nlargest
from itertools import groupby
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import CTE, ColumnElement, String, cast, event, func, inspect, literal, null, or_, select
from sqlalchemy.orm import ORMExecuteState

from portal.core import options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.importing import Outcome
from portal.imports.models import ImportLine, ImportRun
from portal.kb.models import Article, Category, Status

STAMP = "articles"
KEPT = 12
"""How many of the newest are remembered of each access key: as many as any page shows, and some."""
TOGETHER = 5
"""So many articles of one import are told in one line."""
_SHOWS = ("status", "category_id", "category", "access_key", "slug", "title", "changed_at", "published_at")


@dataclass(frozen=True, order=True)
class News:
    """An article that is new or has changed; or many that came with one import."""

    at: dt.datetime
    id: int
    """Of the import where there are many."""
    slug: str
    """Of the topic where there are many; empty where the reader may not know it, or there is none."""
    title: str
    is_new: bool
    n: int = 1
    topics: tuple[int, ...] = ()
    """Where the many are."""


@dataclass(frozen=True)
class _Outline:
    counts: dict[tuple[str, int], int]
    """By access key and topic."""
    newest: dict[str, list[News]]
    """By access key."""
    together: dict[str, list[News]]
    """What came in numbers with one import, by access key."""


def n_in(actor: Actor, category_id: int) -> int:
    """Return how many articles of this very topic the actor finds; no query while no article changed."""
    counts = _current().counts
    return sum(counts.get((key, category_id), 0) for key in actor.keys)


def latest(actor: Actor, *, limit: int) -> list[News]:
    """Return what is new or changed, newest first; no query while no article changed."""
    current = _current()
    newest = [news for key in actor.keys for news in current.newest.get(key, ())]
    together = [news for key in actor.keys for news in current.together.get(key, ())]
    found = nlargest(limit, [*newest, *_joined(together)])
    return _with_topics(actor, found) if any(news.topics for news in found) else found


def _joined(together: Iterable[News]) -> list[News]:
    """Put what one import brought under several access keys together, as far as it is this reader's."""

    def which(news: News) -> tuple[int, bool]:
        return news.id, news.is_new

    made = []
    for _which, group in groupby(sorted(together, key=which), which):
        same = list(group)
        topics = tuple(sorted({topic for news in same for topic in news.topics}))
        made.append(replace(max(same), n=sum(news.n for news in same), topics=topics))
    return made


def _with_topics(actor: Actor, found: Iterable[News]) -> list[News]:
    """Name the topic in which everything of an import lies, where there is one and this reader sees it."""
    rows = {row.id: row for row in db.session.execute(select(Category)).scalars()}

    def line(topic_id: int | None) -> list[int]:
        row = rows.get(topic_id or 0)
        return [] if row is None else [*line(row.parent_id), row.id]

    def named(news: News) -> News:
        common = [ids[0] for ids in zip(*map(line, news.topics), strict=False) if len(set(ids)) == 1]
        topic = rows[common[-1]] if common else None
        if topic is None or not actor.sees(topic.access_key):
            return news
        return replace(news, slug=topic.slug, title=topic.title)

    return [named(news) if news.topics else news for news in found]


def _current() -> _Outline:
    db.session.flush()  # what is counted below must not hold more than its stamp tells
    return _outline(str(db.engine.url), options.stamp(STAMP))


@lru_cache(maxsize=4)
def _outline(database: str, stamp: str) -> _Outline:
    is_up = Article.status == Status.PUBLISHED.value
    counted = (
        select(Article.access_key, Article.category_id, func.count())
        .where(is_up)
        .group_by(Article.access_key, Article.category_id)
    )
    came = _came()
    together, runs = _together(came)
    place = func.row_number().over(partition_by=came.c.access_key, order_by=(came.c.at.desc(), came.c.id.desc()))
    alone = select(came, place.label("place")).where(or_(came.c.run.is_(None), came.c.run.not_in(runs))).subquery()
    found = (
        select(Article.access_key, alone.c.at, Article.id, Article.slug, Article.title, alone.c.is_new)
        .join(alone, alone.c.id == Article.id)
        .where(alone.c.place <= KEPT)
    )
    newest: dict[str, list[News]] = {}
    for key, when, article_id, slug, title, is_new in db.session.execute(found):
        newest.setdefault(key, []).append(News(when, article_id, slug, title, is_new))
    return _Outline({(key, category): n for key, category, n in db.session.execute(counted)}, newest, together)


def _came() -> CTE:
    """Return when each article came or changed, and with which import if it was one."""
    at = func.coalesce(Article.changed_at, Article.published_at)
    columns = (
        Article.id,
        Article.access_key,
        Article.category_id,
        at.label("at"),
        Article.changed_at.is_(None).label("is_new"),
        _run(at).label("run"),
    )
    return select(*columns).where(Article.status == Status.PUBLISHED.value, at.is_not(None)).cte()


def _run(at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the import in the course of which an article came to be as it is."""
    if db.session.execute(select(ImportLine.run_id).limit(1)).first() is None:
        return null()
    is_its = ImportLine.subject == literal("article:") + cast(Article.id, String)
    query = select(func.max(ImportLine.run_id)).join(ImportRun, ImportRun.id == ImportLine.run_id)
    query = query.where(is_its, ImportLine.outcome.in_((Outcome.CREATED.value, Outcome.CHANGED.value)))
    query = query.where(ImportLine.undone.is_(None), ImportRun.created_at <= at)
    query = query.where(or_(ImportRun.finished_at.is_(None), ImportRun.finished_at >= at))
    return query.correlate(Article).scalar_subquery()


def _together(came: CTE) -> tuple[dict[str, list[News]], list[int]]:
    """Return what came in numbers, by access key, and the imports it came with."""
    groups = (
        select(came.c.run, came.c.access_key, came.c.is_new, came.c.category_id, func.count(), func.max(came.c.at))
        .where(came.c.run.is_not(None))
        .group_by(came.c.run, came.c.access_key, came.c.is_new, came.c.category_id)
    )
    rows = db.session.execute(groups).all()
    numbers: dict[int, int] = {}
    for run, _key, _is_new, _category, n, _at in rows:
        numbers[run] = numbers.get(run, 0) + n
    runs = sorted(run for run, n in numbers.items() if n >= TOGETHER)
    found: dict[str, list[News]] = {}
    for run, key, is_new, category, n, at in rows:
        if run in runs:
            found.setdefault(key, []).append(News(at, run, "", "", is_new, n, (category,)))
    return found, runs


@event.listens_for(Session, "before_flush")
def _on_flush(session: Session, *context: Any) -> None:
    born_or_gone = any(isinstance(row, Article) for row in (*session.new, *session.deleted))
    if born_or_gone or any(_shows_changed(row) for row in session.dirty):
        options.touch(STAMP)


@event.listens_for(Session, "do_orm_execute")
def _on_execute(state: ORMExecuteState) -> None:
    if not state.is_select and state.bind_mapper is inspect(Article):  # UPDATE, INSERT, DELETE of many at once
        options.touch(STAMP)


def _shows_changed(row: object) -> bool:
    if not isinstance(row, Article):
        return False
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in _SHOWS)
