"""Reads for lists and pages: each a fixed number of queries, whatever the number of rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import defer, joinedload

from analytics.priorities import trending
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref
from portal.kb.models import Category
from portal.roadmap import evidence, notes, ordering, policies
from portal.roadmap.evidence import Known
from portal.roadmap.models import FINISHED, GOING, Column, Idea, IdeaState, Item, ItemState, StatusNote
from portal.talk.models import Comment, Vote

PAGE = 20
DONE = 12
"""Finished items on the board; older ones stand in the changelog."""
MONTH = dt.timedelta(days=30)
MOST_TRENDING = 1_000


class Shelf(StrEnum):
    """A list of ideas."""

    TRENDING = "trending"
    WANTED = "wanted"
    NEW = "new"
    ANSWERED = "answered"
    OWN = "own"


@dataclass(frozen=True)
class Listing:
    """One page of a list, and whether there is another."""

    rows: Sequence[Any] = ()
    has_more: bool = False


def ideas(
    actor: Actor, *, shelf: Shelf = Shelf.TRENDING, topics: Collection[int] = (), words: str = "", page: int = 1
) -> Listing:
    """Return one page of a list of ideas, as far as this actor sees them."""
    query = on_shelf(actor, shelf)
    if query is None:
        return Listing()
    if topics:
        query = query.where(Idea.category_id.in_(topics))
    for word in words.split()[:8]:
        query = query.where(
            or_(Idea.title.icontains(word, autoescape=True), Idea.body.icontains(word, autoescape=True))
        )
    if shelf is Shelf.TRENDING:
        return _trending(query, page)
    order = {
        Shelf.WANTED: (Idea.n_votes.desc(), Idea.created_at.desc(), Idea.id.desc()),
        Shelf.ANSWERED: (Idea.answered_at.desc(), Idea.id.desc()),
    }.get(shelf, (Idea.created_at.desc(), Idea.id.desc()))
    query = query.options(*_FOR_LIST).order_by(*order).limit(PAGE + 1).offset((page - 1) * PAGE)
    rows = list(db.session.execute(query).scalars())
    return Listing(rows[:PAGE], has_more=len(rows) > PAGE)


_FOR_LIST = (joinedload(Idea.person), joinedload(Idea.category), defer(Idea.body), defer(Idea.html))


def on_shelf(actor: Actor, shelf: Shelf) -> Select[Any] | None:
    """Return the ideas of a list, unordered; None where it can hold none."""
    query = select(Idea).where(policies.shown(actor))
    if shelf in (Shelf.TRENDING, Shelf.WANTED):
        return query.where(Idea.state.in_((IdeaState.PROPOSED.value, IdeaState.TRIAGED.value)))
    if shelf is Shelf.ANSWERED:
        return query.where(Idea.state != IdeaState.PROPOSED)
    if shelf is Shelf.OWN:
        return query.where(Idea.person_id == actor.person_id) if actor.person_id is not None else None
    return query


def _trending(query: Select[Any], page: int) -> Listing:
    """Order by what was said in the last thirty days; of very many, those of the newest."""
    rows = query.with_only_columns(Idea.id, Idea.created_at).order_by(Idea.id.desc()).limit(MOST_TRENDING)
    made: dict[int, dt.datetime] = dict(db.session.execute(rows).all())
    voted, said, now = _lately(Vote.subject, Vote.at), _lately(Comment.subject, Comment.created_at), clock.now()

    def heat(number: int) -> float:
        age = (now - made[number]).total_seconds() / 3600
        return trending(votes=voted.get(number, 0), comments=said.get(number, 0), age_hours=age)

    order = sorted(made, key=lambda number: (-heat(number), -number))[(page - 1) * PAGE : page * PAGE + 1]
    if not order:
        return Listing()
    found = select(Idea).where(Idea.id.in_(order)).options(*_FOR_LIST)
    there = {idea.id: idea for idea in db.session.execute(found).scalars()}
    return Listing([there[number] for number in order[:PAGE]], has_more=len(order) > PAGE)


def _lately(subject: Any, at: Any) -> dict[int, int]:
    query = select(subject, func.count()).where(subject.startswith("idea:"), at >= clock.now() - MONTH)
    return {Ref.parse(text).id: n for text, n in db.session.execute(query.group_by(subject))}


def topics_with(actor: Actor) -> list[tuple[Category, int]]:
    """Return the topics that hold ideas this actor sees, with how many; one query."""
    query = select(Category, func.count(Idea.id)).join(Idea, Idea.category_id == Category.id)
    query = query.where(policies.shown(actor)).group_by(Category.id).order_by(Category.position, Category.id)
    return [(topic, n) for topic, n in db.session.execute(query)]


def waiting(actor: Actor, *, limit: int = 50) -> Listing:
    """Return the ideas nobody has answered, those that wait longest first."""
    query = select(Idea).where(policies.shown(actor), Idea.state == IdeaState.PROPOSED).options(*_FOR_LIST)
    rows = list(db.session.execute(query.order_by(Idea.created_at, Idea.id).limit(limit + 1)).scalars())
    return Listing(rows[:limit], has_more=len(rows) > limit)


def same_as(actor: Actor, idea: Idea) -> Sequence[Idea]:
    """Return the ideas that were pointed to this one."""
    query = select(Idea).where(Idea.duplicate_of_id == idea.id, policies.shown(actor)).options(*_FOR_LIST)
    return db.session.execute(query.order_by(Idea.id).limit(20)).scalars().all()


# The board


@dataclass(frozen=True, kw_only=True)
class Card:
    """An item as the board shows it."""

    item: Item
    known: Sequence[Known] = ()
    n_wanting: int = 0
    """Who wants the ideas it came from, of those its reader may see."""
    last: StatusNote | None = None
    """The newest check, or the newest step."""


@dataclass(frozen=True, kw_only=True)
class Board:
    """Now, next, later, done."""

    columns: dict[str, list[Card]] = field(default_factory=dict)
    n_done: int = 0


def _items(actor: Actor) -> Select[Any]:
    query = select(Item).outerjoin(Category, Category.id == Item.category_id).where(policies.is_of_topic_seen(actor))
    return query.options(joinedload(Item.owner), joinedload(Item.category), defer(Item.body), defer(Item.html))


def board(actor: Actor) -> Board:
    """Return what stands on the roadmap for this actor."""
    going = _items(actor).where(Item.state.in_(GOING))
    going = going.order_by(*ordering.as_placed()).limit(300)
    done = _items(actor).where(Item.state.in_(FINISHED)).order_by(Item.delivered_at.desc(), Item.id.desc())
    rows = list(db.session.execute(going).scalars())
    finished = list(db.session.execute(done.limit(DONE)).scalars())
    made = {card.item.id: card for card in cards(actor, [*rows, *finished])}
    columns = {column.value: [made[row.id] for row in rows if row.column == column.value] for column in Column}
    columns["done"] = [made[row.id] for row in finished]
    return Board(columns=columns)


def cards(actor: Actor, rows: Sequence[Item]) -> list[Card]:
    """Return items with what they rest on, who wants them and what was last said; four queries.

    Wishes count of ideas that this actor may see: a number must not tell that there are others.
    """
    ids = [row.id for row in rows]
    known = evidence.of(ids)
    wanted = select(Idea.item_id, func.sum(Idea.n_votes + 1)).where(Idea.item_id.in_(ids), policies.shown(actor))
    wanting = dict(db.session.execute(wanted.group_by(Idea.item_id)).all()) if ids else {}
    last = notes.latest([row.ref for row in rows], fields=("state", notes.CHECK))
    return [
        Card(item=row, known=known.get(row.id, ()), n_wanting=int(wanting.get(row.id, 0)), last=last.get(row.ref))
        for row in rows
    ]


def drafts(actor: Actor) -> list[Card]:
    """Return the items in triage, the oldest first."""
    query = _items(actor).where(Item.state == ItemState.DRAFT).order_by(Item.created_at, Item.id).limit(100)
    return cards(actor, list(db.session.execute(query).scalars()))


def choosable(actor: Actor) -> list[Item]:
    """Return the items an idea can become part of."""
    query = _items(actor).where(Item.state != ItemState.STOPPED).order_by(Item.title, Item.id).limit(300)
    return list(db.session.execute(query).scalars())


def standing(actor: Actor, *, before_id: int | None, limit: int) -> list[Item]:
    """Return items that left triage, the newest first, from below a number on: for programs."""
    query = _items(actor).where(Item.state != ItemState.DRAFT)
    if before_id is not None:
        query = query.where(Item.id < before_id)
    return list(db.session.execute(query.order_by(Item.id.desc()).limit(limit)).scalars())


@dataclass(frozen=True, kw_only=True)
class Change:
    """A line of the changelog."""

    note: StatusNote
    item: Item


def changelog(actor: Actor, *, page: int = 1) -> Listing:
    """Return what happened to items, the newest first, for everybody who may read their topics."""
    is_item = StatusNote.subject == literal("item:") + cast(Item.id, String)
    query = select(StatusNote, Item).join(Item, is_item).outerjoin(Category, Category.id == Item.category_id)
    query = query.where(and_(StatusNote.is_public, StatusNote.field.in_(("state", notes.CHECK))))
    query = query.where(policies.is_of_topic_seen(actor)).options(defer(Item.body), defer(Item.html))
    query = query.order_by(StatusNote.at.desc(), StatusNote.id.desc()).limit(PAGE + 1).offset((page - 1) * PAGE)
    rows = [Change(note=note, item=item) for note, item in db.session.execute(query)]
    return Listing(rows[:PAGE], has_more=len(rows) > PAGE)
