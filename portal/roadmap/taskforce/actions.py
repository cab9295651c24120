"""Open actions: who does what until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.people.models import Person
from portal.roadmap import policies
from portal.roadmap.taskforce.models import Action, Member

TITLE = 300
RECENT = dt.timedelta(days=28)


def can_settle(actor: Actor, action: Action) -> bool:
    """The task force, and who is to do it."""
    is_own = actor.person_id is not None and action.owner_id == actor.person_id
    return action.done_at is None and (is_own or policies.may_steer(actor))


def get(actor: Actor, action_id: int) -> Action:
    """Return an action to the task force and to whose it is; refuses (NotFound) everybody else."""
    found = db.session.get(Action, action_id)
    is_own = found is not None and actor.person_id is not None and found.owner_id == actor.person_id
    if found is None or not (is_own or policies.may_steer(actor)):
        raise NotFound(_("There is no such action."))
    return found


def add(
    actor: Actor, title: str, *, due_on: dt.date | None, owner: Person | None = None, source: Ref | None = None
) -> Action:
    """Write down what somebody is to do. Records `action.set`."""
    if not policies.may_steer(actor):
        raise Forbidden(_("Actions are given by the task force."))
    return give(actor, title, due_on=due_on, owner_id=owner.id if owner else None, source=source)


def give(
    actor: Actor, title: str, *, due_on: dt.date | None, owner_id: int | None = None, source: Ref | None = None
) -> Action:
    """Write down an action that follows from something this actor may decide: the caller has asked."""
    title = " ".join(title.split())
    if not title:
        raise Invalid(_("Say in a line what is to be done."), field="title")
    if len(title) > TITLE:
        raise Invalid(_("Please keep it under %(n)s characters.", n=TITLE), field="title")
    if due_on is None:
        raise Invalid(_("By when? An action without a day is a wish."), field="due_on")
    row = Action(
        title=title,
        owner_id=owner_id,
        due_on=due_on,
        source=str(source) if source else "",
        created_by_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    ledger.record(Name.ACTION_SET, actor=actor, subject=row.ref, due_on=due_on.isoformat())
    return row


def settle(actor: Actor, action: Action, *, outcome: str = "") -> None:
    """Tick an action off, with what came of it. Records `action.done`. Refuses (Conflict) one that is done."""
    if action.done_at is not None:
        raise Conflict(_("This is done already."))
    if not can_settle(actor, action):
        raise Forbidden(_("Actions are ticked off by whose they are and by the task force."))
    action.done_at, action.done_by_id = clock.now(), actor.person_id
    action.outcome = " ".join(outcome.split())[:TITLE]
    ledger.record(Name.ACTION_DONE, actor=actor, subject=action.ref, is_late=clock.today() > action.due_on)
    db.session.flush()


def open_ones(*, source: Ref | None = None, owner_id: int | None = None) -> Sequence[Action]:
    """Return what is to be done, what is due first first; one query."""
    query = select(Action).options(joinedload(Action.owner)).where(Action.done_at.is_(None))
    if source is not None:
        query = query.where(Action.source == str(source))
    if owner_id is not None:
        query = query.where(Action.owner_id == owner_id)
    return db.session.execute(query.order_by(Action.due_on, Action.id).limit(200)).scalars().all()


def concern(actor: Actor) -> tuple[bool, bool]:
    """Return whether something is to be done by them, and whether they hold a seat; one query."""
    has_actions, is_member = db.session.execute(_concern(), {"person": actor.person_id}).one()
    return has_actions, is_member and not actor.is_acting_for


@cache
def _concern() -> Select[bool, bool]:
    """The statement stands on every home page, so it is built once."""
    mine = select(Action.id).where(Action.owner_id == bindparam("person"), Action.done_at.is_(None)).exists()
    seat = select(Member.seat).where(Member.person_id == bindparam("person"), Member.left_on.is_(None)).exists()
    return select(mine, seat)


def done_lately() -> Sequence[Action]:
    """Return what was done in the last four weeks, the newest first; one query."""
    query = select(Action).options(joinedload(Action.owner)).where(Action.done_at >= clock.now() - RECENT)
    return db.session.execute(query.order_by(Action.done_at.desc(), Action.id.desc()).limit(20)).scalars().all()


def of(source: Ref) -> Sequence[Action]:
    """Return everything that came of something, done or not; one query."""
    query = select(Action).options(joinedload(Action.owner)).where(Action.source == str(source))
    return db.session.execute(query.order_by(Action.due_on, Action.id).limit(200)).scalars().all()
