"""The order in which items stand in their column: by hand, with a reason, beside the order of their scores.

An item that nobody has placed stands behind those that were, by its date. Placing one settles the whole column, so that
what was looked at is what stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, case, select

from analytics.events import Name
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.ledger import services as ledger
from portal.roadmap import notes, policies, scoring
from portal.roadmap.models import GOING, Column, Item
from portal.roadmap.scoring import Place

FIELD = "position"
"""Of the notes that say where an item was put; their numbers count what was seen by who put it."""


def as_placed() -> tuple[ColumnElement[object], ...]:
    """Return the SQL for the order within a column: by hand, then what was started, then by date."""
    is_unplaced = case((Item.position == 0, 1), else_=0)
    return (is_unplaced, Item.position, Item.state.desc(), Item.due_on, Item.id)  # type: ignore[return-value]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An item at its place, and where its score would have it among the same items."""

    item: Item
    place: int
    by_score: int | None
    """None without a score."""
    is_tied: bool


def standing(actor: Actor) -> dict[str, list[Standing]]:
    """Return the items of each column in the order in which they stand, as far as this actor sees them."""
    ties, rest = scoring.by_rice(actor)
    found = {place.item.id: place.item for place in (*(one for tie in ties for one in tie), *rest)}
    rows = db.session.execute(select(Item.id).where(Item.id.in_(found), Item.state.in_(GOING)).order_by(*as_placed()))
    items = [found[number] for number in rows.scalars()]
    columns = {column.value: [item for item in items if item.column == column] for column in Column}
    return {name: _beside_scores(column, ties) for name, column in columns.items()}


def _beside_scores(column: Sequence[Item], ties: Iterable[Sequence[Place]]) -> list[Standing]:
    here = {item.id for item in column}
    ranks: dict[int, tuple[int, bool]] = {}
    for tie in ties:
        among = [place.item.id for place in tie if place.item.id in here]
        ranks |= dict.fromkeys(among, (len(ranks) + 1, len(among) > 1))
    found = []
    for n, item in enumerate(column, start=1):
        rank, is_tied = ranks.get(item.id, (None, False))
        found.append(Standing(item=item, place=n, by_score=rank, is_tied=is_tied))
    return found


def seen(column: Iterable[Standing]) -> str:
    """Return the order somebody looked at, to be given back when they place something."""
    return ",".join(str(one.item.id) for one in column)


def put(actor: Actor, item: Item, *, place: int, reason: str, was_seen: str) -> None:
    """Put an item at a place of its column, with a reason that stands on it. Records `item.changed`.

    Refuses who does not steer (Forbidden), what stands in no column, a place that is not there and a missing reason
    (Invalid), and whoever saw another order (Conflict).
    """
    if not policies.may_steer(actor):
        raise Forbidden(_("The task force looks after the roadmap."))
    db.session.execute(select(Item.id).where(*_together(item)).with_for_update())
    column = standing(actor)[item.column] if item.is_going else []
    here = next((one.place for one in column if one.item.id == item.id), None)
    if here is None:
        raise Invalid(_("Only what stands on the roadmap has a place there."), field="place")
    if was_seen != seen(column):
        raise Conflict(_("Somebody has ordered this column meanwhile. Nothing was changed; look at it first."))
    if not 1 <= place <= len(column):
        raise Invalid(_("Choose from the list."), field="place")
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say in a line why. Everybody can read it."), field="reason")
    if place == here:
        return
    _settle(item, column[place - 1].item, is_behind=place > here)
    db.session.flush()
    notes.write(actor, item.ref, field=FIELD, before=str(here), after=str(place), reason=reason, is_public=True)
    ledger.record(Name.ITEM_CHANGED, actor=actor, subject=item.ref, fields=[FIELD], reason=reason)


def _together(item: Item) -> tuple[ColumnElement[bool], ...]:
    """Return the SQL for what stands in the same column, seen or not."""
    return (Item.column == item.column, Item.state.in_(GOING))


def _settle(item: Item, other: Item, *, is_behind: bool) -> None:
    """Number the whole column, also what this actor does not see, with the item right before or behind another."""
    query = select(Item).where(*_together(item)).order_by(*as_placed())
    rows = [row for row in db.session.execute(query).scalars() if row.id != item.id]
    rows.insert(rows.index(other) + is_behind, item)
    for n, row in enumerate(rows, start=1):
        row.position = n
