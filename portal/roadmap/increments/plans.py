"""Planning an increment and keeping to it, or saying why not: what was planned first always stands beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.kb.models import Category
from portal.ledger import services as ledger
from portal.people.models import Person
from portal.roadmap import notes, policies
from portal.roadmap.increments.models import Increment, Milestone, State
from portal.roadmap.models import Item, ItemState

NAME, PURPOSE, TITLE, REASON = 120, 2000, 160, 600
MOST_MONEY = 2_000_000_000
DATED = ("starts_on", "ends_on")
NEXT: dict[str, tuple[State, ...]] = {
    State.PLANNED: (State.STARTED, State.STOPPED),
    State.STARTED: (State.DELIVERED, State.STOPPED),
    State.DELIVERED: (),
    State.STOPPED: (),
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What somebody plans."""

    name: str
    purpose: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    budget_planned: int | None = None
    budget_spent: int | None = None
    is_public: bool = False
    owner: Person | None = None


def can_see(actor: Actor, increment: Increment) -> bool:
    """Everybody what is public; the rest those who steer."""
    if not actor.can(Permission.ROADMAP_READ):
        return False
    return increment.is_public or policies.may_steer(actor)


def get(actor: Actor, increment_id: int) -> Increment:
    """Return an increment or refuse (NotFound): one that is not shown and one that never was look the same."""
    found = db.session.get(Increment, increment_id)
    if found is None or not can_see(actor, found):
        raise NotFound(_("There is no such increment."))
    return found


def get_to_steer(actor: Actor, increment_id: int) -> Increment:
    """Return an increment to those who steer; refuses (Forbidden) who may only read it."""
    found = get(actor, increment_id)
    require(actor)
    return found


def require(actor: Actor) -> None:
    if not policies.may_steer(actor):
        raise Forbidden(_("Increments are planned by the task force."))


def plan(actor: Actor, wanted: Plan) -> Increment:
    """Plan an increment. Records `increment.planned`. Refuses (Invalid) by field."""
    require(actor)
    values = _settled(wanted)
    starts_on, ends_on = wanted.starts_on, wanted.ends_on
    if starts_on is None or ends_on is None:  # what is missing was refused above
        raise Invalid(_("When does it start?"), field="starts_on")
    row = Increment(
        **values,
        state=State.PLANNED.value,
        first_starts_on=starts_on,
        first_ends_on=ends_on,
        created_by_id=actor.person_id,
        created_at=clock.now(),
        version=1,
    )
    db.session.add(row)
    db.session.flush()
    ledger.record(
        Name.INCREMENT_PLANNED,
        actor=actor,
        subject=row.ref,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
    )
    return row


def change(actor: Actor, increment: Increment, wanted: Plan, *, version: int, reason: str = "") -> list[str]:
    """Change a plan; returns which fields. Records `increment.changed`.

    A date that moves needs a reason (Invalid, `reason`), which everybody reads. Refuses (Conflict) an increment that
    is over, and who saw an older one.
    """
    require(actor)
    if increment.state == State.STOPPED:
        raise Conflict(_("This increment was stopped. What it was stays as it was."))
    settled, reason = _settled(wanted), " ".join(reason.split())[:REASON]
    changed = [name for name, value in settled.items() if getattr(increment, name) != value]
    moved = [name for name in changed if name in DATED]
    if moved and increment.state == State.DELIVERED:
        raise Conflict(_("This increment is delivered; its dates stay as they were."))
    if moved and not reason:
        raise Invalid(_("A date moves. Say why; everybody can read it."), field="reason")
    if not changed:
        return []
    take(increment, version=version)
    for name in moved:
        before, after = getattr(increment, name).isoformat(), settled[name].isoformat()
        notes.write(actor, increment.ref, field=name, before=before, after=after, reason=reason)
    for name in changed:
        setattr(increment, name, settled[name])
    ledger.record(Name.INCREMENT_CHANGED, actor=actor, subject=increment.ref, fields=sorted(changed), reason=reason)
    db.session.flush()
    return changed


def take(increment: Increment, *, version: int) -> None:
    """Let the next state be ours; of several who change at once one is first, the others are refused (Conflict)."""
    first = update(Increment).where(Increment.id == increment.id, Increment.version == version)
    if db.session.execute(first.values(version=version + 1).returning(Increment.id)).scalar() is None:
        raise Conflict(_("Somebody else changed this increment meanwhile. Nothing was overwritten."))
    db.session.refresh(increment)


def move(actor: Actor, increment: Increment, to: str, *, reason: str = "") -> None:
    """Start, deliver or stop. Records `increment.moved`. Stopping needs a reason; what cannot follow is refused."""
    require(actor)
    if to not in NEXT[increment.state]:
        raise Conflict(_("That cannot follow from where the increment stands."))
    reason = " ".join(reason.split())[:REASON]
    if to == State.STOPPED and not reason:
        raise Invalid(_("Say why it is stopped; everybody can read it."), field="reason")
    take(increment, version=increment.version)
    before, increment.state = increment.state, State(to).value
    if to == State.STARTED:
        increment.started_on = clock.today()
    if to == State.DELIVERED:
        increment.delivered_on = clock.today()
    notes.write(actor, increment.ref, field="state", before=before, after=to, reason=reason)
    ledger.record(Name.INCREMENT_MOVED, actor=actor, subject=increment.ref, before=before, after=to)
    db.session.flush()


def _settled(wanted: Plan) -> dict[str, Any]:
    name = " ".join(wanted.name.split())
    if not name:
        raise Invalid(_("How is it called?"), field="name")
    if len(name) > NAME:
        raise Invalid(_("Please keep it under %(n)s characters.", n=NAME), field="name")
    purpose = wanted.purpose.replace("\r\n", "\n").strip()
    if not purpose:
        raise Invalid(_("Say what people can do afterwards that they cannot do now."), field="purpose")
    if len(purpose) > PURPOSE:
        raise Invalid(_("Please keep it under %(n)s characters.", n=PURPOSE), field="purpose")
    if wanted.starts_on is None:
        raise Invalid(_("When does it start?"), field="starts_on")
    if wanted.ends_on is None:
        raise Invalid(_("When is it to be delivered?"), field="ends_on")
    if wanted.ends_on < wanted.starts_on:
        raise Invalid(_("It cannot be delivered before it starts."), field="ends_on")
    for field in ("budget_planned", "budget_spent"):
        money = getattr(wanted, field)
        if money is not None and not 0 <= money <= MOST_MONEY:
            raise Invalid(_("Write an amount from 0 on, without cents."), field=field)
    values = {field.name: getattr(wanted, field.name) for field in fields(wanted) if field.name != "owner"}
    return values | {"name": name, "purpose": purpose, "owner_id": wanted.owner.id if wanted.owner else None}


# Milestones


def add_milestone(actor: Actor, increment: Increment, title: str, *, due_on: dt.date | None) -> Milestone:
    """Add a day by which something is there."""
    require(actor)
    title = " ".join(title.split())
    if not title:
        raise Invalid(_("What is there by then?"), field="title")
    if due_on is None:
        raise Invalid(_("By when?"), field="due_on")
    row = Milestone(increment_id=increment.id, title=title[:TITLE], due_on=due_on, first_due_on=due_on)
    db.session.add(row)
    db.session.flush()
    return row


def get_milestone(increment: Increment, milestone_id: int) -> Milestone:
    found = db.session.get(Milestone, milestone_id)
    if found is None or found.increment_id != increment.id:
        raise NotFound(_("There is no such milestone."))
    return found


def put_off(actor: Actor, increment: Increment, row: Milestone, *, due_on: dt.date | None, reason: str) -> None:
    """Give a milestone another day, with a reason that everybody reads."""
    require(actor)
    reason = " ".join(reason.split())[:REASON]
    if row.done_on is not None:
        raise Conflict(_("This milestone was reached."))
    if due_on is None or due_on == row.due_on:
        raise Invalid(_("Which other day?"), field="due_on")
    if not reason:
        raise Invalid(_("A date moves. Say why; everybody can read it."), field="reason")
    before, row.due_on = row.due_on, due_on
    notes.write(actor, row.ref, field="due_on", before=before.isoformat(), after=due_on.isoformat(), reason=reason)
    ledger.record(Name.INCREMENT_CHANGED, actor=actor, subject=increment.ref, fields=["milestone"], reason=reason)
    db.session.flush()


def reach(actor: Actor, increment: Increment, row: Milestone) -> None:
    """Say that a milestone was reached today."""
    require(actor)
    if row.done_on is None:
        row.done_on = clock.today()
        ledger.record(Name.INCREMENT_CHANGED, actor=actor, subject=increment.ref, fields=["milestone"], reason="")
        db.session.flush()


def milestones(ids: Collection[int]) -> Sequence[Milestone]:
    """Return the milestones of some increments by their day; one query."""
    query = select(Milestone).where(Milestone.increment_id.in_(ids)).order_by(Milestone.due_on, Milestone.id)
    return db.session.execute(query).scalars().all() if ids else []


# Items


def ship(actor: Actor, increment: Increment, item_ids: Collection[int]) -> None:
    """Let the increment ship exactly these of the items this actor may see."""
    require(actor)
    wanted = set(item_ids)
    there = {item.id for item in offered(actor, increment)}
    if not wanted <= there:
        raise Invalid(_("Choose from the list."), field="items")
    # What this actor may not see stays as it is.
    db.session.execute(
        update(Item).where(Item.increment_id == increment.id, Item.id.in_(there - wanted)).values(increment_id=None)
    )
    db.session.execute(update(Item).where(Item.id.in_(wanted)).values(increment_id=increment.id))
    ledger.record(Name.INCREMENT_CHANGED, actor=actor, subject=increment.ref, fields=["items"], reason="")
    db.session.flush()


def offered(actor: Actor, increment: Increment) -> Sequence[Item]:
    """Return items it ships, and those it could: out of triage, not stopped, of no other increment; one query.

    As far as this actor may read their topics.
    """
    free = Item.increment_id.is_(None) & Item.state.not_in([ItemState.DRAFT.value, ItemState.STOPPED.value])
    query = select(Item).outerjoin(Category, Category.id == Item.category_id).where(policies.is_of_topic_seen(actor))
    query = query.where((Item.increment_id == increment.id) | free).order_by(Item.title)
    return db.session.execute(query.limit(300)).scalars().all()


def shipped(actor: Actor, ids: Collection[int]) -> Sequence[Item]:
    """Return the items of some increments that this actor may see; one query."""
    if not ids:
        return []
    query = select(Item).options(joinedload(Item.category)).where(Item.increment_id.in_(ids)).order_by(Item.id)
    return [item for item in db.session.execute(query).scalars() if policies.can_see_item(actor, item)]


def listing(actor: Actor) -> Sequence[Increment]:
    """Return the increments this actor may see: what is under way first, then what comes, then what is over."""
    if not actor.can(Permission.ROADMAP_READ):
        return []
    query = select(Increment).options(joinedload(Increment.owner)).order_by(Increment.starts_on, Increment.id)
    if not policies.may_steer(actor):
        query = query.where(Increment.is_public)
    order = [State.STARTED, State.PLANNED, State.DELIVERED, State.STOPPED]
    return sorted(db.session.execute(query.limit(200)).scalars(), key=lambda one: order.index(State(one.state)))
