"""Tending the tree of topics. Whatever a change means for who may read what happens in the same transaction."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Column, delete, func, select, update

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Base, db
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb import four_eyes
from portal.kb.models import Article, Category, CategoryRedirect, Draft, Mode, Origin
from portal.kb.prose import slugs
from portal.kb.shelving import filed, tree
from portal.ledger import services as ledger
from portal.people import audiences
from portal.people import queries as people

TITLE, SUMMARY, SLUG = 120, 300, 64
ICONS = (
    "folder", "key", "wifi", "mail", "calendar", "video", "print", "laptop", "phone", "monitor", "globe", "shield",
    "lock", "download", "upload", "paperclip", "image", "door", "people", "user", "hand-over", "heart", "cart",
    "building", "map", "settings", "bars", "steps", "question", "tip",
)  # fmt: skip
"""The drawings offered for topics."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an editor says of a topic."""

    title: str
    slug: str = ""
    """Its address; empty keeps it, or makes one from the title."""
    summary: str = ""
    icon: str = "folder"
    parent_id: int | None = None
    audience: tuple[str, ...] = ()
    mode: str = Mode.EDITORIAL.value
    needs_second: bool = False


@dataclass(frozen=True)
class Effect:
    """What a change does to who may read what."""

    n_articles: int
    """Of those the actor sees."""
    opens: bool
    """Somebody may read something that they could not."""
    closes: bool
    loses_sight: bool
    """The actor will not see the topic any more."""

    @property
    def is_any(self) -> bool:
        return self.opens or self.closes


class NotSure(Invalid):
    """The change decides who reads what; it has to be said twice."""

    def __init__(self, effect: Effect) -> None:
        super().__init__(_("This changes who may read what. Please look at it once more, and say that it is meant."))
        self.field, self.effect = "is_sure", effect


def get(actor: Actor, topic_id: int) -> Category:
    """Return the topic for whoever tends topics (else Forbidden); hidden and unknown look the same (NotFound)."""
    actor.require(Permission.TOPIC_MANAGE)
    topic = db.session.get(Category, topic_id)
    if topic is None or not actor.sees(topic.access_key):
        raise NotFound("")
    return topic


def add(actor: Actor, wanted: Wanted) -> Category:
    """Add a topic as the last one below its parent. Records `topic.created`."""
    actor.require(Permission.TOPIC_MANAGE)
    values = _checked(actor, wanted, None)
    last = select(func.max(Category.position)).where(Category.parent_id == values["parent_id"])
    topic = Category(
        **values, origin=Origin.PORTAL.value, position=(db.session.execute(last).scalar() or 0) + 1, access_key=""
    )
    _take_address(topic.slug)
    db.session.add(topic)
    tree.rekey()
    facts: dict[str, Any] = {"title": topic.title, "audience": list(topic.audience)}
    ledger.record(Name.TOPIC_CREATED, actor=actor, subject=topic.ref, **facts)
    return topic


def change(actor: Actor, topic: Category, wanted: Wanted, *, is_sure: bool = False) -> set[Ref]:
    """Change a topic and return the articles the index has to follow. Records `topic.changed` with before and after.

    Refuses what cannot be (Invalid, by field), and once what changes who may read something (NotSure).
    """
    actor.require(Permission.TOPIC_MANAGE)
    values = _checked(actor, wanted, topic)
    before = {name: getattr(topic, name) for name, value in values.items() if getattr(topic, name) != value}
    if not before:
        return set()
    if "slug" in before:
        _take_address(values["slug"])
        _leave_address(topic.slug, topic.id)
    for name in before:
        setattr(topic, name, values[name])
    topic.origin = Origin.PORTAL.value
    if before.get("needs_second"):
        four_eyes.keep_asking(topic)
    rekeyed = tree.rekey()
    _ask_twice(actor, rekeyed, topic, is_sure=is_sure)
    refs = {Ref("article", i) for i in rekeyed.articles}
    others: set[Ref] = set()
    if {"slug", "parent_id"} & before.keys():
        refs |= tree.articles_in(tree.below(topic))
        others = filed.under(tree.below(topic))
    tree.follow(refs | others)
    after = {name: values[name] for name in before}
    ledger.record(
        Name.TOPIC_CHANGED,
        actor=actor,
        subject=topic.ref,
        before=before,
        after=after,
        n_articles=len(rekeyed.articles) or None,
    )
    return refs


def _checked(actor: Actor, wanted: Wanted, topic: Category | None) -> dict[str, Any]:
    title, summary = " ".join(wanted.title.split()), " ".join(wanted.summary.split())
    if not title:
        raise Invalid(_("Give the topic a name."), field="title")
    for name, text, longest in (("title", title, TITLE), ("summary", summary, SUMMARY)):
        if len(text) > longest:
            raise Invalid(_("Please keep this under %(n)s characters.", n=longest), field=name)
    if wanted.mode not in set(Mode):
        raise Invalid(_("Say who may change articles here."), field="mode")
    if wanted.icon not in ICONS and (topic is None or wanted.icon != topic.icon):
        raise Invalid(_("Choose a picture from the list."), field="icon")
    return {
        "title": title,
        "slug": _address(wanted.slug.strip() or (topic.slug if topic else free_address(title)), topic),
        "summary": summary,
        "icon": wanted.icon,
        "parent_id": _parent_id(actor, wanted.parent_id, topic),
        "audience": _audience(wanted.audience),
        "mode": wanted.mode,
        "needs_second": wanted.needs_second,
    }


def _address(slug: str, topic: Category | None) -> str:
    if not slugs.SLUG.fullmatch(slug) or len(slug) > SLUG:
        raise Invalid(_("Use small letters, digits and hyphens, such as “phones-and-tablets”."), field="slug")
    taken = db.session.execute(select(Category.id).where(Category.slug == slug)).scalar()
    if taken is not None and (topic is None or taken != topic.id):
        raise Invalid(_("Another topic has this address."), field="slug")
    return slug


def free_address(title: str) -> str:
    """Return an address made from a topic's name that no topic has or had."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: SLUG - 4].strip("-") or "topic"
    slug, n = base, 2
    while db.session.execute(select(Category.id).where(Category.slug == slug)).first() or tree.former(slug):
        slug, n = f"{base}-{n}", n + 1
    return slug


def _parent_id(actor: Actor, parent_id: int | None, topic: Category | None) -> int | None:
    if parent_id is None:
        return None
    parent = db.session.get(Category, parent_id)
    if parent is None or not actor.sees(parent.access_key):
        raise Invalid(_("Choose a topic from the list."), field="parent_id")
    if topic is not None and parent.id in tree.below(topic):
        raise Invalid(_("A topic cannot stand below itself."), field="parent_id")
    return parent.id


def _audience(slugs: tuple[str, ...]) -> list[str]:
    known = people.audience_ids()
    if any(slug != audiences.PUBLIC and slug not in known for slug in slugs):
        raise Invalid(_("Choose an audience from the list."), field="audience")
    return sorted(set(slugs))


def _take_address(slug: str) -> None:
    db.session.execute(delete(CategoryRedirect).where(CategoryRedirect.slug == slug))


def _leave_address(slug: str, to: int | None) -> None:
    db.session.merge(CategoryRedirect(slug=slug, category_id=to, created_at=clock.now()))


def _ask_twice(actor: Actor, rekeyed: tree.Rekeyed, topic: Category, *, is_sure: bool) -> None:
    effect = _effect(actor, rekeyed, topic)
    if (effect.is_any or effect.loses_sight) and not is_sure:
        raise NotSure(effect)


def _effect(actor: Actor, rekeyed: tree.Rekeyed, topic: Category) -> Effect:
    seen = [keys for keys in rekeyed.articles.values() if actor.sees(keys[0])]
    moves = [*rekeyed.articles.values(), *rekeyed.topics.values()]
    # Keys that came into being with this change are in nobody's hands yet, so they are asked for anew.
    sees_it = not actor.is_signed_in or topic.access_key in audiences.allowed_keys(actor)
    return Effect(
        n_articles=len(seen),
        opens=any(not tree.is_within(after, before) for before, after in moves),
        closes=any(not tree.is_within(before, after) for before, after in moves),
        loses_sight=not sees_it,
    )


def move(actor: Actor, topic: Category, *, up: bool) -> None:
    """Let a topic change places with the one above or below it, among those of one parent that the actor sees."""
    actor.require(Permission.TOPIC_MANAGE)
    query = select(Category).where(Category.parent_id == topic.parent_id)
    row = list(db.session.execute(query.order_by(Category.position, Category.id)).scalars())
    places = sorted({one.position for one in row})
    if len(places) < len(row):
        places = list(range(len(row)))
    seen = [one for one in row if actor.sees(one.access_key)]
    at = seen.index(topic) + (-1 if up else 1)
    if not 0 <= at < len(seen):
        return
    row.remove(topic)
    row.insert(row.index(seen[at]) + (0 if up else 1), topic)
    before = topic.position
    for one, place in zip(row, places, strict=True):
        one.position = place
    topic.origin = Origin.PORTAL.value
    db.session.flush()
    after = {"position": topic.position}
    ledger.record(Name.TOPIC_CHANGED, actor=actor, subject=topic.ref, before={"position": before}, after=after)


def merge(actor: Actor, topic: Category, into: Category, *, is_sure: bool = False) -> set[Ref]:
    """Put everything of one topic into another; its address leads there from then on. Records `topic.merged`.

    Returns the articles the index has to follow.

    Refuses a topic itself and what stands below it, and one with another rule on who has to look, for merging would
    lift the rule unseen (Invalid); and once what changes who may read something (NotSure).
    """
    actor.require(Permission.TOPIC_MANAGE)
    if into.id in tree.below(topic):
        raise Invalid(_("Choose a topic that is not below this one."), field="into")
    if topic.needs_second != into.needs_second:
        raise Invalid(
            _("In one of the two a second person looks at every text. Give both the same rule first."), "into"
        )
    refs, others = tree.articles_in(tree.below(topic)), filed.under(tree.below(topic))
    gone, title, slug = topic.id, topic.title, topic.slug
    _point(topic.id, to=into.id)
    _leave_address(slug, into.id)
    db.session.expire_all()
    db.session.delete(db.session.get_one(Category, gone))
    rekeyed = tree.rekey()
    _ask_twice(actor, rekeyed, into, is_sure=is_sure)
    refs |= {Ref("article", i) for i in rekeyed.articles}
    tree.follow(refs | others)
    ledger.record(
        Name.TOPIC_MERGED,
        actor=actor,
        subject=into.ref,
        title=title,
        slug=slug,
        into=into.title,
        n_articles=len(refs),
    )
    return refs


def _point(topic_id: int, *, to: int) -> None:
    """Let everything that points at one topic point at another, of whatever feature it is."""
    # By its class, so that what is counted of articles is counted anew (see `outline`).
    db.session.execute(update(Article).where(Article.category_id == topic_id).values(category_id=to))
    for column in _pointers():
        db.session.execute(update(column.table).where(column == topic_id).values({column.name: to}))


def _pointers() -> list[Column[Any]]:
    mine = Category.__table__
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is mine for key in column.foreign_keys)
    ]


@dataclass(frozen=True)
class InTheWay:
    """What keeps a topic from being deleted, as far as the actor sees it."""

    n_topics: int
    n_articles: int
    n_drafts: int
    n_filed: int
    """Questions, tips and whatever else is filed here, also what was taken away."""
    is_hidden: bool
    """There is something that the actor does not see."""

    @property
    def is_any(self) -> bool:
        return bool(self.n_topics or self.n_articles or self.n_drafts or self.n_filed or self.is_hidden)


def in_the_way(actor: Actor, topic: Category) -> InTheWay:
    """Return what is still in a topic: topics, articles of any state, texts being written, what else is filed there."""
    topics = list(db.session.execute(select(Category.access_key).where(Category.parent_id == topic.id)).scalars())
    articles = list(db.session.execute(select(Article.access_key).where(Article.category_id == topic.id)).scalars())
    elsewhere = select(Article.access_key).join(Draft, Draft.article_id == Article.id)
    elsewhere = elsewhere.where(Draft.category_id == topic.id, Draft.is_open.is_(True), Article.category_id != topic.id)
    written = list(db.session.execute(elsewhere).scalars())
    n_topics, n_articles, n_written = (sum(map(actor.sees, keys)) for keys in (topics, articles, written))
    n_filed, n_filed_seen = filed.counts(actor, topic)
    n_all = len(topics) + len(articles) + len(written) + n_filed
    n_seen = n_topics + n_articles + n_written + n_filed_seen
    return InTheWay(n_topics, n_articles, n_written, n_filed_seen, is_hidden=n_seen < n_all)


def remove(actor: Actor, topic: Category) -> None:
    """Delete an empty topic; one with anything in it is refused (Conflict). Records `topic.deleted`."""
    actor.require(Permission.TOPIC_MANAGE)
    if in_the_way(actor, topic).is_any:
        raise Conflict(_("There is still something in this topic. Move it, or merge the topic into another one."))
    # What was written for it once and has been published elsewhere since belongs to where it stands now.
    place = select(Article.category_id).where(Article.id == Draft.article_id).scalar_subquery()
    db.session.execute(update(Draft).where(Draft.category_id == topic.id).values(category_id=place))
    for column in _pointers():
        if column.nullable and column.table.name not in ("category", "category_redirect"):
            db.session.execute(update(column.table).where(column == topic.id).values({column.name: None}))
    ref, title, slug = topic.ref, topic.title, topic.slug
    db.session.execute(delete(CategoryRedirect).where(CategoryRedirect.category_id == topic.id))
    db.session.delete(topic)
    _leave_address(slug, None)
    db.session.flush()
    ledger.record(Name.TOPIC_DELETED, actor=actor, subject=ref, title=title, slug=slug)


def as_wanted(topic: Category, **changes: Any) -> Wanted:
    """Return a topic as it stands, in the words of `change`, with some of them changed."""
    now = Wanted(
        title=topic.title,
        slug=topic.slug,
        summary=topic.summary,
        icon=topic.icon,
        parent_id=topic.parent_id,
        audience=tuple(topic.audience),
        mode=topic.mode,
        needs_second=topic.needs_second,
    )
    return replace(now, **changes)
