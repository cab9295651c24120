"""Who looks after an article, and when it is to be checked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import defer, joinedload

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb.models import Article, Category, Origin, Risk, Status
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import queries as people_queries
from portal.people import services as people
from portal.people.audiences import visible
from portal.people.models import Person

SHELF = "shelf"
"""Kind of the thing that news about several articles of one keeper lead to: `shelf:` and the id of the person."""
FARTHEST = dt.timedelta(days=5 * 366)
LIGHT = (
    defer(Article.html),
    defer(Article.body),
    defer(Article.passages),
    defer(Article.headings),
    defer(Article.steps),
)
"""Articles for lists: without their texts."""


def days_until_check(risk: str) -> int:
    """Return after how many days an article of this risk is to be checked again."""
    opts = options.get()
    return {Risk.LOW: opts.review_days_low, Risk.HIGH: opts.review_days_high}.get(Risk(risk), opts.review_days_normal)


def next_check(article: Article, *, checked_on: dt.date) -> dt.date:
    """Return when an article checked on this day is due again: by its risk.

    A file that states two dates states an interval; it goes on while nobody rated the risk otherwise.
    """
    if article.origin == Origin.FILE and article.risk == Risk.NORMAL and article.review_by and article.verified_at:
        own = article.review_by - article.verified_at.date()
        if own > dt.timedelta(0):
            return checked_on + own
    return checked_on + dt.timedelta(days=days_until_check(article.risk))


def plan(actor: Actor, article: Article, *, risk: str, review_by: dt.date | None = None) -> None:
    """Say how much harm a mistake does, and with it when the next check is due; a day that is named wins.

    Records `article.review_planned`. Refuses who may not (Forbidden), a risk nobody knows and a day that is past or
    more than five years away (Invalid).
    """
    if not can_look_after(actor, article):
        raise Forbidden(_("Only editors plan checks."))
    if risk not in set(Risk):
        raise Invalid(_("Choose how much harm a mistake does."), field="risk")
    today = clock.today(options.get().default_timezone)
    if review_by is not None and review_by != article.review_by and not today <= review_by <= today + FARTHEST:
        raise Invalid(_("Choose a day from today on, within five years."), field="review_by")
    before = (article.risk, article.review_by)
    if review_by is None:
        since = article.verified_at.date() if article.verified_at else today
        review_by = since + dt.timedelta(days=days_until_check(risk))
    article.risk, article.review_by = risk, review_by
    if before == (article.risk, article.review_by):
        return
    db.session.flush()
    ledger.record(
        Name.ARTICLE_REVIEW_PLANNED,
        actor=actor,
        subject=article.ref,
        topic=Ref("category", article.category_id),
        risk=risk,
        review_by=review_by.isoformat(),
    )


def can_look_after(actor: Actor, article: Article) -> bool:
    return actor.is_signed_in and actor.can(Permission.ARTICLE_WRITE) and actor.sees(article.access_key)


def give(actor: Actor, articles: Sequence[Article], owner: Person | None) -> int:
    """Let somebody look after these articles from now on, or nobody; returns how many changed hands.

    Records `article.owner_changed` for each and tells the new owner once. Refuses who may not (Forbidden), somebody
    who has left, and somebody who may not see one of them (Invalid).
    """
    if not all(can_look_after(actor, article) for article in articles):
        raise Forbidden(_("Only editors say who looks after an article."))
    _refuse_unfit(articles, owner)
    changed = [article for article in articles if article.owner_id != (owner.id if owner else None)]
    for article in changed:
        before = article.owner_id
        article.owner, article.owner_id = owner, owner.id if owner else None
        article.is_owner_chosen = True
        ledger.record(
            Name.ARTICLE_OWNER_CHANGED,
            actor=actor,
            subject=article.ref,
            topic=Ref("category", article.category_id),
            before=before,
            after=article.owner_id,
        )
    db.session.flush()
    if owner is not None and changed:
        _tell_heir(actor, owner, changed)
    return len(changed)


def _refuse_unfit(articles: Sequence[Article], owner: Person | None) -> None:
    if owner is None:
        return
    found = people.actor_of(owner) if owner.is_active else None
    if found is None:
        raise Invalid(_("%(name)s has left.", name=owner.name), field="owner")
    hidden = [article.title for article in articles if not found.sees(article.access_key)]
    if hidden:
        raise Invalid(_("%(name)s may not see “%(title)s”.", name=owner.name, title=hidden[0]), field="owner")


def _tell_heir(actor: Actor, owner: Person, articles: Sequence[Article]) -> None:
    if len(articles) == 1:
        notifications.tell([owner], "article_given", subject=articles[0].ref, actor=actor)
    else:
        data = {"n": str(len(articles))}
        notifications.tell([owner], "articles_given", subject=Ref(SHELF, owner.id), data=data, actor=actor)


# Handing over everything of one person


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """Somebody who looks after articles that this actor may see."""

    person: Person
    n: int

    @property
    def has_left(self) -> bool:
        return not self.person.is_active


def keepers(actor: Actor) -> list[Keeper]:
    """Return who looks after how many articles, those who left first; two queries."""
    n = func.count()
    query = select(Article.owner_id, n).where(visible(Article.access_key, actor), _kept()).group_by(Article.owner_id)
    counts = dict(db.session.execute(query.where(Article.owner_id.is_not(None))).all())
    rows = db.session.execute(select(Person).where(Person.id.in_(counts)).order_by(Person.name)).scalars()
    found = [Keeper(person=person, n=counts[person.id]) for person in rows]
    return sorted(found, key=lambda keeper: not keeper.has_left)


def shelf_of(actor: Actor, person_id: int) -> dict[Category, list[Article]]:
    """Return what somebody looks after and this actor may see, by topic; one query. Nothing at all is NotFound."""
    query = select(Article).where(Article.owner_id == person_id, visible(Article.access_key, actor), _kept())
    query = query.join(Article.category).options(joinedload(Article.category), *LIGHT)
    found: dict[Category, list[Article]] = {}
    for article in db.session.execute(query.order_by(Category.position, Category.id, Article.title)).scalars():
        found.setdefault(article.category, []).append(article)
    if not found:
        raise NotFound("")
    return found


def shelf_things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return where somebody finds what they look after; everybody finds their own alone."""
    if actor.person_id not in ids or actor.person_id is None:
        return {}
    is_editor = actor.can(Permission.ARTICLE_WRITE)
    url = url_for("shelf.articles", owner="me") if is_editor else url_for("home.mine", _anchor="kept-title")
    return {actor.person_id: Thing(ref=Ref(SHELF, actor.person_id), title=_("What you look after"), url=url)}


def heirs() -> list[Person]:
    """Return the active people who could look after articles: editors first, then those who do already."""
    owning = select(Article.owner_id).where(Article.owner_id.is_not(None)).distinct()
    query = select(Person).where(Person.id.in_(owning), Person.is_active).order_by(Person.name)
    editors = people_queries.with_role("editor", "admin")
    return list({person.id: person for person in (*editors, *db.session.execute(query).scalars())}.values())


def hand_over(actor: Actor, person: Person, given: Mapping[int, Person]) -> int:
    """Give everything somebody looks after to others, by topic; returns how many. All of it or nothing.

    Each heir is told once with their number, and who had it too, unless they have left. Refuses a topic without an
    heir (Invalid).
    """
    actor.require(Permission.ARTICLE_WRITE)
    by_heir: dict[int, list[Article]] = {}
    heirs_by_id = {heir.id: heir for heir in given.values()}
    for category, articles in shelf_of(actor, person.id).items():
        if category.id not in given:
            raise Invalid(_("Choose who takes over “%(topic)s”.", topic=category.title), field=f"heir-{category.id}")
        by_heir.setdefault(given[category.id].id, []).extend(articles)
    n = sum(give(actor, articles, heirs_by_id[heir_id]) for heir_id, articles in by_heir.items())
    if n:
        who = ", ".join(heirs_by_id[heir_id].name for heir_id in by_heir if heir_id != person.id)
        data = {"n": str(n), "heirs": who}
        notifications.tell([person], "articles_taken", subject=Ref(SHELF, person.id), data=data, actor=actor)
    return n


def _kept() -> ColumnElement[bool]:
    return Article.status != Status.ARCHIVED.value


def chosen(actor: Actor, ids: Collection[int]) -> list[Article]:
    """Return those of these articles that this actor may see; the others are left out as if they were not there."""
    query = select(Article).where(Article.id.in_(ids), visible(Article.access_key, actor))
    query = query.options(joinedload(Article.category), joinedload(Article.owner), *LIGHT)
    return list(db.session.execute(query.order_by(Article.id)).scalars())
