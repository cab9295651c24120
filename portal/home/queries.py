"""Reads for the front door. Notices are one query; one's own things are a fixed number, whatever the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, false, func, select
from sqlalchemy.orm import defer, joinedload

from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Outline, Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.home import policies
from portal.home.models import Incident, IncidentEcho
from portal.kb.models import Article, Category, Status
from portal.kb.reading import documents as kb_documents
from portal.ledger.queries import MIN_PEOPLE
from portal.notifications.models import Notification
from portal.people.audiences import holds, visible
from portal.people.models import Person
from portal.talk.models import Comment, Solution

SHOWN_AT_ONCE = 4
HISTORY_PAGE = 20
PAGE = 20
STAMP = "incidents"
"""Renewed with every change of a notice (`core.options.touch`)."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A notice as one reader sees it."""

    incident: Incident
    n_people: int
    """How many said "me too", this reader included."""
    is_mine: bool
    """This reader said it."""
    article_title: str = ""
    article_slug: str = ""
    """Empty when there is none, or none this reader may see."""

    @property
    def n_others(self) -> int:
        """How many others said it; 0 while so few did that each would be somebody."""
        n = self.n_people - self.is_mine
        return n if n >= MIN_PEOPLE else 0


def notices(actor: Actor, *, slug: str = "", topic: str = "", words: str = "") -> list[Shown]:
    """Return the notices that are up and this actor may see, in one query.

    Those of the topic of the article `slug`, or of the topic asked for, come first; then those that speak of the
    words searched for; then the newest.
    """
    if _last_end(str(db.engine.url), options.stamp(STAMP)) <= clock.now():
        return []
    query = _hanging(actor.keys, actor.is_signed_in, "topic" if topic else "article" if slug else "")
    given = {"now": clock.now(), "person": actor.person_id, "here": topic or slug}
    found = [_as_shown(row) for row in db.session.execute(query, given)]
    if words:
        found.sort(key=lambda shown: -_n_shared(words, shown.incident))
    return found[:SHOWN_AT_ONCE]


@lru_cache(maxsize=256)
def _hanging(keys: frozenset[str], is_signed_in: bool, near: str) -> Select[*tuple[Any, ...]]:
    """Return the statement for notices that are up, those near an article or a topic first; built once."""
    order: list[Any] = [Incident.since_at.desc(), Incident.id.desc()]
    if near:
        of_article = select(Article.category_id).where(Article.slug == bindparam("here"))
        of_topic = select(Category.id).where(Category.slug == bindparam("here"))
        here = of_article if near == "article" else of_topic
        order.insert(0, case((Incident.category_id.in_(here), 0), else_=1))
    is_up = and_(Incident.ended_at.is_(None), Incident.ends_at > bindparam("now"))
    shown = _shown_to(keys, is_signed_in, bindparam("person", type_=Integer))
    return shown.where(is_up).order_by(*order).limit(50)


@lru_cache(maxsize=64)
def _last_end(database: str, stamp: str) -> dt.datetime:
    """Return when the last notice that is up comes down, so that pages ask for none on the many days without."""
    query = select(func.max(Incident.ends_at)).where(Incident.ended_at.is_(None))
    return db.session.execute(query).scalar() or dt.datetime.min.replace(tzinfo=dt.UTC)


def notice(actor: Actor, incident_id: int) -> Shown | None:
    """Return one notice that is up, None when it is over or not this actor's to see."""
    row = db.session.execute(_shown(actor).where(_is_up(), Incident.id == incident_id)).first()
    return _as_shown(row) if row else None


def all_notices(actor: Actor) -> list[Shown]:
    """Return every notice that is up, for whoever tends them; one query."""
    query = _shown(actor).where(_is_up()).order_by(Incident.since_at.desc(), Incident.id.desc())
    query = query.options(joinedload(Incident.created_by), joinedload(Incident.category))
    return [_as_shown(row) for row in db.session.execute(query)]


def past_notices(actor: Actor, *, before_id: int | None = None) -> list[Shown]:
    """Return notices that are over, newest first; one query."""
    query = _shown(actor).where(~_is_up()).options(joinedload(Incident.created_by))
    if before_id is not None:
        query = query.where(Incident.id < before_id)
    return [_as_shown(row) for row in db.session.execute(query.order_by(Incident.id.desc()).limit(HISTORY_PAGE))]


def _shown(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _shown_to(actor.keys, actor.is_signed_in, actor.person_id)


def _shown_to(keys: frozenset[str], is_signed_in: bool, person: Any) -> Select[*tuple[Any, ...]]:
    said = (IncidentEcho.incident_id == Incident.id) & IncidentEcho.withdrawn_at.is_(None)
    n_people = select(func.count()).select_from(IncidentEcho).where(said).correlate(Incident).scalar_subquery()
    is_mine = select(1).where(said, IncidentEcho.person_id == person).correlate(Incident).exists()
    may_read = and_(
        Article.id == Incident.article_id,
        Article.status == Status.PUBLISHED.value,
        holds(Article.access_key, keys),
    )
    return (
        select(Incident, n_people, is_mine if is_signed_in else false(), Article.title, Article.slug)
        .outerjoin(Article, may_read)
        .where(holds(Incident.access_key, keys))
    )


def _is_up() -> ColumnElement[bool]:
    return and_(Incident.ended_at.is_(None), Incident.ends_at > clock.now())


def _as_shown(row: Any) -> Shown:
    incident, n_people, is_mine, title, slug = row
    return Shown(
        incident=incident, n_people=n_people, is_mine=bool(is_mine), article_title=title or "", article_slug=slug or ""
    )


def _n_shared(words: str, incident: Incident) -> int:
    said = f"{incident.title} {incident.body}".casefold()
    return sum(word in said for word in set(words.casefold().split()) if len(word) > 2)


def outlines(ids: Collection[int]) -> dict[int, Outline]:
    """Return what other systems may be told of notices, over or not; one query."""
    query = select(Incident.id, Incident.access_key).where(Incident.id.in_(ids))
    return {i: Outline(url=url_for("home.index"), access_key=key) for i, key in db.session.execute(query)}


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return notices as others may show them; those who tend them are led to where that is done."""
    query = select(Incident).where(Incident.id.in_(ids), visible(Incident.access_key, actor))
    return {
        row.id: Thing(
            ref=row.ref,
            title=row.title,
            url=url_for("incidents.edit", incident_id=row.id)
            if policies.can_declare(actor) and row.is_up
            else url_for("home.index", _anchor=f"notice-{row.id}"),
            summary=row.body,
        )
        for row in db.session.execute(query).scalars()
    }


def topics(actor: Actor) -> list[Category]:
    """Return the topics this actor may see, in their order."""
    query = select(Category).where(visible(Category.access_key, actor))
    return list(db.session.execute(query.order_by(Category.position, Category.id)).scalars())


def find_articles(actor: Actor, text: str, *, limit: int = 6) -> list[Thing]:
    """Return the published answer with this address or slug, else those that hold all these words."""
    text = text.strip()
    slug = urlsplit(text).path.rstrip("/").rpartition("/")[2] if "/" in text else text
    if named := by_slug(actor, [slug]):
        return named
    refs = kb_documents.fallback(actor, text, limit)
    found = load_things(actor, refs)
    return [found[ref] for ref in refs if ref in found]


def by_slug(actor: Actor, slugs: Iterable[str]) -> list[Thing]:
    """Return the answers with these slugs that this actor may see, in the order of the slugs."""
    wanted = [slug for slug in slugs if slug][:5]
    if not wanted:
        return []
    ids = {slug: i for i, slug in db.session.execute(select(Article.id, Article.slug).where(Article.slug.in_(wanted)))}
    found = load_things(actor, [Ref("article", i) for i in ids.values()])
    return [found[ref] for slug in wanted if slug in ids and (ref := Ref("article", ids[slug])) in found]


def unread(actor: Actor, *, limit: int) -> list[tuple[Notification, str]]:
    """Return what this person was told and has not opened, newest first, each with the first name of who did it."""
    rows = db.session.execute(_unread(), {"person": actor.person_id, "limit": limit})
    return [(row, (name or "").split(" ")[0]) for row, name in rows]


@cache
def _unread() -> Select[*tuple[Any, ...]]:
    return (
        select(Notification, Person.name)
        .outerjoin(Person, Person.id == Notification.by_id)
        .where(Notification.person_id == bindparam("person"), Notification.read_at.is_(None))
        .order_by(Notification.id.desc())
        .limit(bindparam("limit"))
    )


def said_by(person_id: int, *, before_id: int | None = None) -> list[Solution]:
    """Return what one person said about things, newest first, with who answered."""
    query = select(Solution).options(joinedload(Solution.replied_by)).where(Solution.person_id == person_id)
    if before_id is not None:
        query = query.where(Solution.id < before_id)
    return list(db.session.execute(query.order_by(Solution.id.desc()).limit(PAGE)).scalars())


def notes_by(person_id: int, *, before_id: int | None = None) -> list[Comment]:
    """Return the notes one person wrote that still stand, newest first."""
    query = (
        select(Comment).options(defer(Comment.html)).where(Comment.person_id == person_id, Comment.removed_at.is_(None))
    )
    if before_id is not None:
        query = query.where(Comment.id < before_id)
    return list(db.session.execute(query.order_by(Comment.id.desc()).limit(PAGE)).scalars())
