"""What the task force does with items: make, change, score, and move them along; nothing moves without a reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.community import texts
from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.refs import Ref
from portal.kb import texts as articles
from portal.ledger import services as ledger
from portal.people.models import Person
from portal.roadmap import asking, evidence, notes, policies, telling
from portal.roadmap.models import Column, Item, ItemState

SUMMARY = 300
STOPPED, STARTED, DELIVERED = ItemState.STOPPED.value, ItemState.STARTED.value, ItemState.DELIVERED.value
COLUMNS = tuple(column.value for column in Column)
ON = {
    ItemState.DRAFT: (*COLUMNS, STOPPED),
    ItemState.PLANNED: (*COLUMNS, STARTED, STOPPED),
    ItemState.STARTED: (DELIVERED, *COLUMNS, STOPPED),
    ItemState.STOPPED: COLUMNS,
}
"""Where an item can go from each state; what was delivered stays delivered, and is checked."""
SCORES = ("reach", "impact", "confidence", "effort", "foretold", "foretold_low", "foretold_high")
POINTS = ("value_points", "urgency_points", "risk_points", "size_points")
FIBONACCI = (1, 2, 3, 5, 8, 13, 20)
IMPACTS = (3.0, 2.0, 1.0, 0.5, 0.25)


@dataclass(frozen=True, kw_only=True)
class About:
    """What stands on an item."""

    title: str
    summary: str = ""
    body: str = ""
    category_id: int | None = None
    owner_id: int | None = None
    due_on: dt.date | None = None
    effort: float | None = None


def get(actor: Actor, item_id: int) -> Item:
    """Return the item or refuse (NotFound): one that is hidden and one that never was look the same."""
    query = select(Item).where(Item.id == item_id).options(joinedload(Item.category), joinedload(Item.owner))
    item = db.session.execute(query).scalar_one_or_none()
    if item is None or not policies.can_see_item(actor, item):
        raise NotFound("")
    return item


def steered(actor: Actor, item_id: int) -> Item:
    """Return an item this actor may change; refuses as `get`, and who does not steer (Forbidden)."""
    item = get(actor, item_id)
    _require(actor)
    return item


def _require(actor: Actor) -> None:
    if not policies.may_steer(actor):
        raise Forbidden(_("The task force looks after the roadmap."))


def make(actor: Actor, about: About) -> Item:
    """Begin an item in triage, where only those who steer see it. Records `item.made`; refuses as `change`."""
    _require(actor)
    item = Item(created_at=clock.now(), created_by_id=actor.person_id)
    _put(actor, item, about)
    db.session.add(item)
    db.session.flush()
    notes.write(actor, item.ref, field="state", after=item.state)
    ledger.record(Name.ITEM_MADE, actor=actor, subject=item.ref, topic=topic_of(item))
    return item


def change(actor: Actor, item: Item, about: About, *, version: int) -> None:
    """Change what stands on an item. Records `item.changed`.

    Refuses who does not steer (Forbidden), what is not whole (Invalid), whoever saw an older one (Conflict), and
    taking owner or date off an item that left triage (Invalid).
    """
    _require(actor)
    if item.state != ItemState.DRAFT and item.state != ItemState.STOPPED:
        _require_whole(about.owner_id, about.due_on)
    before = _standing(item)
    _take(item, version)
    _put(actor, item, about)
    db.session.flush()
    if fields := [name for name, value in _standing(item).items() if value != before[name]]:
        if "due_on" in fields:
            was, now = (str(row["due_on"] or "") for row in (before, _standing(item)))
            notes.write(actor, item.ref, field="due_on", before=was, after=now, is_public=item.state != ItemState.DRAFT)
        ledger.record(Name.ITEM_CHANGED, actor=actor, subject=item.ref, fields=fields, reason="")


def _take(item: Item, version: int) -> None:
    mine = update(Item).where(Item.id == item.id, Item.version == version).values(version=version + 1)
    if db.session.execute(mine.returning(Item.id)).scalar() is None:
        raise Conflict(_("Somebody has changed this item too. Nothing was overwritten; look at it first."))
    db.session.refresh(item, ["version"])


def _standing(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in About.__dataclass_fields__}


def _put(actor: Actor, item: Item, about: About) -> None:
    title = texts.title_of(about.title)
    summary = " ".join(about.summary.split())
    if len(summary) > SUMMARY:
        raise Invalid(_("Please keep this under %(n)s characters.", n=SUMMARY), field="summary")
    body = texts.body_of(about.body, is_needed=False)
    topic = texts.topic_of(actor, about.category_id) if about.category_id else None
    owner = db.session.get(Person, about.owner_id) if about.owner_id else None
    if about.owner_id and (owner is None or not owner.is_active):
        raise Invalid(_("Choose somebody who is here."), field="owner_id")
    if about.effort is not None and not 0.5 <= about.effort <= 1_000:
        raise Invalid(_("From half a week on."), field="effort")
    item.title, item.summary, item.body = title, summary, body
    item.category, item.category_id = topic, topic.id if topic else None
    item.owner, item.owner_id = owner, owner.id if owner else None
    item.due_on, item.effort = about.due_on, about.effort
    item.html = markup.render_safely(body, limit=texts.BODY, links=articles.address_for(actor), scope="m").html


def _require_whole(owner_id: int | None, due_on: dt.date | None) -> None:
    if owner_id is None:
        raise Invalid(_("Who answers for it? An item on the roadmap has an owner."), field="owner_id")
    if due_on is None:
        raise Invalid(_("By when? An item on the roadmap has a date."), field="due_on")


def score(actor: Actor, item: Item, values: dict[str, float | None], *, reason: str) -> None:
    """Set a score by hand, or let it follow from the evidence again (None). Records `item.changed`, with the reason.

    Refuses a change without a reason, and values that cannot be (Invalid).
    """
    _require(actor)
    changed = {name: value for name, value in values.items() if name in SCORES and getattr(item, name) != value}
    if not changed:
        return
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say in a line why the evidence is not followed here; it stands on the item."), field="reason")
    for name, value in changed.items():
        if value is not None and not _is_possible(name, value):
            raise Invalid(_("This is not a number it can have."), field=name)
    expected = [changed.get(name, getattr(item, name)) for name in ("foretold_low", "foretold", "foretold_high")]
    known = [value for value in expected if value is not None]
    if known and (len(known) < len(expected) or known != sorted(known)):
        raise Invalid(_("Write all three: at least, probably, at most."), field="foretold")
    for name, value in changed.items():
        was = getattr(item, name)
        setattr(item, name, value)
        notes.write(actor, item.ref, field=name, before=_said(was), after=_said(value), reason=reason)
    db.session.flush()
    ledger.record(Name.ITEM_CHANGED, actor=actor, subject=item.ref, fields=sorted(changed), reason=reason)


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _is_possible(name: str, value: float) -> bool:
    if name == "impact":
        return value in IMPACTS
    if name == "confidence":
        return 0 < value <= 1
    return (0.5 if name == "effort" else 0) <= value <= 1_000_000


def weigh(actor: Actor, item: Item, points: dict[str, int | None]) -> None:
    """Set what the steering group gave, by which WSJF orders. Records `item.changed`."""
    _require(actor)
    changed = {name: points.get(name) for name in POINTS if points.get(name) != getattr(item, name)}
    for name, value in changed.items():
        if value is not None and value not in FIBONACCI:
            raise Invalid(_("Choose from the list."), field=name)
        before = getattr(item, name)
        setattr(item, name, value)
        notes.write(actor, item.ref, field=name, before=str(before or ""), after=str(value or ""))
    if changed:
        db.session.flush()
        ledger.record(Name.ITEM_CHANGED, actor=actor, subject=item.ref, fields=sorted(changed), reason="")


def ways(item: Item) -> tuple[str, ...]:
    """Return where the item can go from here."""
    return tuple(way for way in ON.get(ItemState(item.state), ()) if way != item.place)


def move(actor: Actor, item: Item, *, to: str, reason: str) -> None:
    """Move an item along, with a reason everybody reads, and keep the evidence as it stands. Records `item.moved`.

    `to` is now, next, later, started, delivered or stopped. Nothing leaves triage without evidence that says
    something, an owner and a date (Invalid). Who proposed, wants or follows it is told.
    """
    _require(actor)
    if to not in ways(item):
        raise Invalid(_("It cannot go there from where it is."), field="to")
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say in a line why. Everybody can read it."), field="reason")
    if to != STOPPED:
        _require_whole(item.owner_id, item.due_on)
        known = evidence.of([item.id]).get(item.id, [])
        asking.refresh([each.row for each in known])
        known = evidence.of([item.id]).get(item.id, [])
        if not known:
            raise Invalid(_("No evidence, no leaving triage: tie a figure to it first."), field="to")
        if item.state == ItemState.DRAFT and all(each.holds is None for each in known):
            raise Invalid(
                _("Its evidence says nothing yet: there is not enough data. Wait, or tie other evidence."), field="to"
            )
    before = item.place
    _settle(item, to)
    item.version += 1
    db.session.flush()
    copy = evidence.frozen(item)
    notes.write(
        actor, item.ref, field="state", before=before, after=to, reason=reason,
        is_public=not (before == ItemState.DRAFT and to == STOPPED), frozen=copy,
    )  # fmt: skip
    ledger.record(Name.ITEM_MOVED, actor=actor, subject=item.ref, topic=topic_of(item), before=before, after=to)
    telling.of_move(actor, item, reason=reason)


def _settle(item: Item, to: str) -> None:
    if to in COLUMNS:
        _stand(item, to)
        item.state, item.started_at = ItemState.PLANNED.value, None
    elif to == STARTED:
        _stand(item, Column.NOW.value)
        item.state, item.started_at = STARTED, clock.now()
    elif to == DELIVERED:
        item.state, item.delivered_at = DELIVERED, clock.now()
    else:
        item.state = STOPPED


def _stand(item: Item, column: str) -> None:
    if item.column != column:
        item.column, item.position = column, 0


def topic_of(item: Item) -> Ref | None:
    return Ref("category", item.category_id) if item.category_id is not None else None
