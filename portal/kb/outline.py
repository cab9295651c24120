"""What readers may find at all, counted once for everybody: how many articles a topic holds, and which are the newest.

Counting goes over every article, so each process keeps what it counted until an article changes. It is kept by access
key; what one reader is told is put together from the keys that are theirs. Every change of an article that shows here
gives the stamp a new value in its own transaction, so no process tells of an article longer than it may be seen.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import ORMExecuteState

from portal.core import options
from portal.core.actor import Actor
from portal.core.database import db
from portal.kb.models import Article, Status

STAMP = "articles"
KEPT = 12
"""How many of the newest are remembered of each access key: as many as any page shows, and some."""
_SHOWS = ("status", "category_id", "category", "access_key", "slug", "title", "changed_at", "published_at")


@dataclass(frozen=True, order=True)
class News:
    """An article that is new or has changed."""

    at: dt.datetime
    id: int
    slug: str
    title: str
    is_new: bool


@dataclass(frozen=True)
class _Outline:
    counts: dict[tuple[str, int], int]
    """By access key and topic."""
    newest: dict[str, list[News]]
    """By access key."""


def n_in(actor: Actor, category_id: int) -> int:
    """Return how many articles of this very topic the actor finds; no query while no article changed."""
    counts = _current().counts
    return sum(counts.get((key, category_id), 0) for key in actor.keys)


def latest(actor: Actor, *, limit: int) -> list[News]:
    """Return what is new or changed, newest first; no query while no article changed."""
    newest = _current().newest
    return nlargest(limit, (news for key in actor.keys for news in newest.get(key, ())))


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
    at = func.coalesce(Article.changed_at, Article.published_at)
    place = func.row_number().over(partition_by=Article.access_key, order_by=(at.desc(), Article.id.desc()))
    placed = select(Article.id, place.label("place")).where(is_up, at.is_not(None)).subquery()
    found = (
        select(Article.access_key, at, Article.id, Article.slug, Article.title, Article.changed_at.is_(None))
        .join(placed, placed.c.id == Article.id)
        .where(placed.c.place <= KEPT)
    )
    newest: dict[str, list[News]] = {}
    for key, when, article_id, slug, title, is_new in db.session.execute(found):
        newest.setdefault(key, []).append(News(when, article_id, slug, title, is_new))
    return _Outline({(key, category): n for key, category, n in db.session.execute(counted)}, newest)


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
