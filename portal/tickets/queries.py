"""Reads of tickets for pages and lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload, with_expression

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.kb.models import Article, Category
from portal.people.audiences import visible
from portal.tickets import policies
from portal.tickets.models import OPEN, Message, MessageKind, Ticket, TrailItem

PAGE = 30

_said, _copied, _apart = aliased(Message), aliased(Message), aliased(Ticket)
_here = (_said.id == Message.copy_of_id) & (_said.ticket_id == Message.ticket_id)
_stands_here_already = select(_said.id).where(_here).exists() & Message.bounced_at.is_(None)
_went = (_apart.split_from_id == Message.ticket_id) & (_copied.copy_of_id == Message.id)
_goes_on_in = (
    select(func.max(_copied.ticket_id))
    .join(_apart, func.coalesce(_apart.merged_into_id, _apart.id) == _copied.ticket_id)
    .where(_went, _copied.ticket_id != Message.ticket_id)
    .scalar_subquery()
)


def conversation(actor: Actor, ticket: Ticket) -> list[Message]:
    """Return what is said on a ticket, oldest first, internal notes only to the desk; one query.

    What stands here as it was said, and as the copy of a ticket that came back, is returned once.
    """
    said = _conversation(with_notes=policies.is_desk(actor, ticket))
    return list(db.session.execute(said, {"ticket": ticket.id}).scalars())


@cache
def _conversation(*, with_notes: bool) -> Select[Message]:
    query = select(Message).where(Message.ticket_id == bindparam("ticket"), ~_stands_here_already)
    query = query.options(joinedload(Message.author), with_expression(Message.goes_on_in_id, _goes_on_in))
    query = query if with_notes else query.where(Message.kind != MessageKind.NOTE)
    return query.order_by(Message.at, Message.id)


def first_message(ticket: Ticket) -> Message:
    """Return what the ticket was opened with."""
    query = select(Message).where(Message.ticket_id == ticket.id, Message.kind == MessageKind.REQUEST)
    return db.session.execute(query.order_by(Message.id).limit(1)).scalar_one()


@dataclass(frozen=True)
class Tried:
    """One thing that went along, and the page it is about as far as this reader may see it."""

    item: TrailItem
    thing: Thing | None


def trail(actor: Actor, ticket: Ticket) -> list[Tried]:
    """Return what the requester tried before, in its order; two queries."""
    items = list(db.session.execute(_trail(), {"ticket": ticket.id}).scalars())
    refs = {item.id: Ref.parse(item.subject) for item in items if item.subject}
    things = load_things(actor, refs.values()) if refs else {}
    return [Tried(item, things.get(refs[item.id]) if item.id in refs else None) for item in items]


@cache
def _trail() -> Select[TrailItem]:
    mine = TrailItem.ticket_id == bindparam("ticket")
    return select(TrailItem).where(mine).order_by(TrailItem.position, TrailItem.id)


@dataclass(frozen=True)
class Line:
    """A ticket in a list of one's own, and when something its people may read was last said on it."""

    ticket: Ticket
    said_at: dt.datetime
    is_mine: bool


def open_of(actor: Actor, *, limit: int = 100) -> list[Line]:
    """Return the actor's open tickets and those they were added to, those that wait for them first; one query."""
    return _lines(actor, is_open=True, limit=limit)


def ended_of(actor: Actor, *, before: int | None = None) -> list[Line]:
    """Return a page of what is solved, closed or withdrawn, the newest first; `before` is the last one's number."""
    return _lines(actor, is_open=False, limit=PAGE, before=before)


def _lines(actor: Actor, *, is_open: bool, limit: int, before: int | None = None) -> list[Line]:
    given = {"person": actor.person_id, "limit": limit, "before": before}
    rows = db.session.execute(_own(is_open=is_open, is_later=before is not None), given).all()
    return [Line(ticket, at or ticket.opened_at, ticket.requester_id == actor.person_id) for ticket, at in rows]


@cache
def _own(*, is_open: bool, is_later: bool) -> Select[Ticket, dt.datetime | None]:
    said = select(func.max(Message.at)).where(Message.ticket_id == Ticket.id, Message.kind != MessageKind.NOTE)
    query = select(Ticket, said.correlate(Ticket).scalar_subquery()).options(joinedload(Ticket.requester))
    statuses = [one.value for one in OPEN]
    wanted = Ticket.status.in_(statuses) if is_open else Ticket.status.not_in(statuses)
    query = query.where(policies.owned(bindparam("person", type_=Integer)), wanted)
    if is_later:
        query = query.where(Ticket.id < bindparam("before", type_=Integer))
    return query.order_by(Ticket.id.desc()).limit(bindparam("limit", type_=Integer))


def n_open(actor: Actor) -> int:
    query = select(func.count()).select_from(Ticket).where(policies.own(actor))
    return db.session.execute(query.where(Ticket.status.in_([one.value for one in OPEN]))).scalar_one()


def topics_for(actor: Actor) -> list[Category]:
    """Return the topics this actor sees, in their order; one query."""
    query = select(Category).where(visible(Category.access_key, actor)).order_by(Category.position, Category.id)
    return list(db.session.execute(query).scalars())


def topic(actor: Actor, category_id: int) -> Category | None:
    """Return a topic this actor sees; none for any other."""
    found = db.session.get(Category, category_id) if category_id else None
    return found if found is not None and actor.sees(found.access_key) else None


def articles_by_slug(actor: Actor, slugs: Collection[str]) -> list[int]:
    """Return the numbers of those of these articles that the actor sees, in their order; one query."""
    if not slugs:
        return []
    wanted = or_(*(Article.slug == slug[:120] for slug in slugs))
    query = select(Article.slug, Article.id).where(wanted, visible(Article.access_key, actor))
    found = dict(db.session.execute(query).all())
    return [found[slug] for slug in slugs if slug in found]
