"""Announcements as readers meet them, and as those who write them see them listed.

On the many days without one no page asks for any: when the next begins and the last ends is kept in each process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, defer, joinedload

from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.home import policies, put_away
from portal.home.models import Announcement
from portal.kb.models import Article, Status
from portal.people.audiences import holds, visible
from portal.people.models import Department, Person

STAMP = "announcements"
COOKIE = "announcements-away"
KEPT = dt.timedelta(days=366)
SHOWN_AT_ONCE = 2
PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Told:
    """An announcement as one reader meets it."""

    id: int
    title: str
    html: Markup
    version: str
    sender: str
    from_at: dt.datetime
    article_title: str = ""
    article_slug: str = ""
    """Empty when there is none, or none this reader may see."""

    @property
    def ref(self) -> Ref:
        return Ref("announcement", self.id)


def current(actor: Actor) -> list[Told]:
    """Return what is announced to this actor now and was not put away on this device, newest first; one query or none.

    One that names somebody as its sender who has not agreed is announced to nobody.
    """
    now = clock.now()
    spans = _spans(str(db.engine.url), options.stamp(STAMP)) if actor.is_signed_in else ()
    if not any(begins <= now < ends for begins, ends in spans):
        return []
    rows = db.session.execute(_up(actor.keys), {"now": now})
    away = put_away.versions(COOKIE)
    return [told for row in rows if (told := _told(row)).version not in away][:SHOWN_AT_ONCE]


@lru_cache(maxsize=64)
def _spans(database: str, stamp: str) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    if not stamp:
        return ()
    query = select(Announcement.from_at, Announcement.ends_at).where(_counts())
    return tuple((row.from_at, row.ends_at) for row in db.session.execute(query))


def _counts() -> Any:
    return and_(Announcement.ended_at.is_(None), Announcement.agreed_at.is_not(None))


@lru_cache(maxsize=256)
def _up(keys: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Return the statement for what is announced now to whoever has these keys; built once for each set of them."""
    is_up = and_(_counts(), Announcement.from_at <= bindparam("now"), Announcement.ends_at > bindparam("now"))
    order = (Announcement.from_at.desc(), Announcement.id.desc())
    return _columns(keys).where(is_up, holds(Announcement.access_key, keys)).order_by(*order)


def _columns(keys: frozenset[str]) -> Select[*tuple[Any, ...]]:
    of: tuple[InstrumentedAttribute[Any], ...] = (
        Announcement.id,
        Announcement.title,
        Announcement.html,
        Announcement.n_changes,
        Announcement.from_at,
    )
    may_read = and_(
        Article.id == Announcement.article_id, Article.status == Status.PUBLISHED.value, holds(Article.access_key, keys)
    )
    names = (Person.name.label("person"), Department.name.label("department"))
    article = (Article.title.label("article_title"), Article.slug.label("article_slug"))
    query = select(*of, *names, *article).outerjoin(Person, Person.id == Announcement.sender_id)
    return query.outerjoin(Department, Department.id == Announcement.department_id).outerjoin(Article, may_read)


def _told(row: Any) -> Told:
    return Told(
        id=row.id,
        title=row.title,
        html=Markup(row.html),  # noqa: S704 - cleaned when it was stored
        version=f"{row.id}.{row.n_changes}",
        sender=row.person or row.department or "",
        from_at=row.from_at,
        article_title=row.article_title or "",
        article_slug=row.article_slug or "",
    )


def one(actor: Actor, announcement: Announcement) -> Told:
    """Return one announcement as this actor reads it; the caller has seen that they may."""
    row = db.session.execute(_columns(actor.keys).where(Announcement.id == announcement.id)).one()
    return _told(row)


def is_told_to(actor: Actor, announcement: Announcement) -> bool:
    """Say whether it is, or was, an announcement to this actor: begun, agreed to, and theirs to see."""
    has_begun = announcement.agreed_at is not None and announcement.from_at <= clock.now()
    return actor.is_signed_in and has_begun and actor.sees(announcement.access_key)


def listed(actor: Actor, *, are_over: bool, before_id: int | None = None) -> list[Announcement]:
    """Return what whoever writes announcements may see of them, newest first; one query."""
    now = clock.now()
    is_over = or_(Announcement.ended_at.is_not(None), Announcement.ends_at <= now)
    loads = (joinedload(Announcement.sender), joinedload(Announcement.department), joinedload(Announcement.created_by))
    query = select(Announcement).where(is_over if are_over else ~is_over, _is_theirs(actor))
    if before_id is not None:
        query = query.where(Announcement.id < before_id)
    query = query.options(*loads, defer(Announcement.body)).order_by(Announcement.id.desc()).limit(PAGE)
    return list(db.session.execute(query).scalars())


def _is_theirs(actor: Actor) -> Any:
    own = or_(Announcement.created_by_id == actor.person_id, Announcement.sender_id == actor.person_id)
    return or_(visible(Announcement.access_key, actor), own)


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return announcements this actor may read; who is asked for their name, and who asked, may earlier."""
    query = select(Announcement).where(Announcement.id.in_(ids), _is_theirs(actor)).options(defer(Announcement.body))
    return {
        row.id: Thing(ref=row.ref, title=row.title, url=url_for("announcements.read", announcement_id=row.id))
        for row in db.session.execute(query).scalars()
        if is_told_to(actor, row) or policies.can_see_early(actor, row)
    }
