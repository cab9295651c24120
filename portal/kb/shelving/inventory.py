"""Every article as an editor sees the shelf: filtered, sorted, by the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Permission
from portal.kb.models import Article, Category, Status
from portal.kb.shelving.ownership import LIGHT
from portal.people.audiences import visible
from portal.people.models import Person

PAGE = 40
SOON = dt.timedelta(days=14)
SORTS = ("check", "title", "changed", "owner")
DUE = ("overdue", "soon", "never")
ME, NOBODY, LEFT = "me", "nobody", "left"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What of the shelf is shown; empty means all of it."""

    q: str = ""
    topic: str = ""
    owner: str = ""
    """`me`, `nobody`, `left` (somebody who is gone) or the number of a person."""
    state: str = ""
    due: str = ""
    risk: str = ""
    language: str = ""
    sort: str = "check"

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Filter:
        """Read an address; what nobody offered counts as not chosen."""
        found = cls(**{name: arguments.get(name, "")[:64] for name in asdict(cls()) if name in arguments})
        return replace(
            found,
            sort=found.sort if found.sort in SORTS else "check",
            due=found.due if found.due in DUE else "",
            state=found.state if found.state in set(Status) else "",
        )

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """Return what stands in an address for this filter with some of it changed."""
        values = {**asdict(self), **changes}
        return {name: value for name, value in values.items() if value and not (name == "sort" and value == "check")}


def today() -> dt.date:
    return clock.today(options.get().default_timezone)


def is_overdue(day: dt.date) -> ColumnElement[bool]:
    """Published, and the day to look again has passed."""
    return and_(Article.status == Status.PUBLISHED.value, Article.review_by.is_not(None), Article.review_by < day)


def find(actor: Actor, chosen: Filter, *, page: int = 1) -> tuple[list[Article], int]:
    """Return one page of the articles this actor looks after, and how many there are; two queries.

    Editors look after all they see, everybody else after their own.
    """
    query = _filtered(actor, chosen)
    n = db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    query = query.options(joinedload(Article.category), joinedload(Article.owner), joinedload(Article.verified_by))
    query = query.options(*LIGHT).order_by(*_order(chosen)).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.execute(query).scalars()), n


def _filtered(actor: Actor, chosen: Filter) -> Select[Article]:
    query = select(Article).join(Article.category).outerjoin(Article.owner)
    query = query.where(visible(Article.access_key, actor))
    if not actor.can(Permission.ARTICLE_WRITE):
        query = query.where(Article.owner_id == actor.person_id)
    query = query.where(Article.status == chosen.state if chosen.state else Article.status != Status.ARCHIVED.value)
    if chosen.q:
        query = query.where(Article.title.icontains(chosen.q, autoescape=True))
    if chosen.topic:
        query = query.where(Category.slug == chosen.topic)
    if chosen.risk:
        query = query.where(Article.risk == chosen.risk)
    if chosen.language:
        own = options.get().default_locale
        is_own = Article.language.in_(("", own)) if chosen.language == own else Article.language == chosen.language
        query = query.where(is_own)
    if chosen.owner:
        query = query.where(_owned_by(actor, chosen.owner))
    return query.where(_due(chosen.due)) if chosen.due else query


def _owned_by(actor: Actor, owner: str) -> ColumnElement[bool]:
    if owner == ME:
        return Article.owner_id == actor.person_id
    if owner == NOBODY:
        return Article.owner_id.is_(None)
    if owner == LEFT:
        return Person.is_active.is_(False)
    return Article.owner_id == int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 10 else false()


def _due(due: str) -> ColumnElement[bool]:
    day = today()
    is_published = Article.status == Status.PUBLISHED.value
    if due == "never":
        return and_(is_published, Article.verified_at.is_(None))
    if due == "soon":
        return and_(is_published, Article.review_by >= day, Article.review_by <= day + SOON)
    return or_(is_overdue(day), and_(is_published, Article.verified_at.is_(None)))


def _order(chosen: Filter) -> tuple[Any, ...]:
    by = {
        "title": (func.lower(Article.title),),
        "changed": (func.coalesce(Article.changed_at, Article.published_at, Article.created_at).desc(),),
        "owner": (Article.owner_id.is_not(None), func.lower(Person.name)),
    }
    # What is published and was never checked comes first, then by the day it is due; drafts come last.
    usual = (
        Article.status != Status.PUBLISHED.value,
        Article.verified_at.is_not(None),
        Article.review_by.is_(None),
        Article.review_by,
    )
    return (*by.get(chosen.sort, usual), Article.id)


def languages(actor: Actor) -> list[str]:
    """Return the languages there are articles in beside the portal's own; one query."""
    query = select(Article.language).where(visible(Article.access_key, actor)).distinct()
    own = options.get().default_locale
    return sorted({own, *(code for code in db.session.execute(query).scalars() if code)})
