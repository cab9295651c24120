"""Queues: who works them, under which address, in which hours, with which promises."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid, NotFound
from portal.people import queries as people
from portal.people.models import Person
from portal.tickets.levels import anew
from portal.tickets.managing import changes
from portal.tickets.models import OPEN, BusinessHours, Priority, Queue, QueueMember, ServiceLevel, Ticket

ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}")
LONGEST_PROMISE = 60 * 24 * 366
Promised = tuple[int | None, int | None]
"""Working minutes until a first answer, and until it is solved."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A queue as somebody wants it."""

    name: str
    summary: str = ""
    email: str = ""
    hours: BusinessHours | None = None
    is_default: bool = False
    is_active: bool = True
    members: Sequence[Person] = ()
    levels: Mapping[Priority, Promised] = field(default_factory=dict)


def every() -> list[Queue]:
    """Return all queues with their members, in their order; two queries."""
    query = select(Queue).order_by(Queue.is_active.desc(), Queue.position, Queue.name, Queue.id)
    query = query.options(selectinload(Queue.members).joinedload(QueueMember.person), selectinload(Queue.hours))
    return list(db.session.execute(query).scalars())


def n_open() -> dict[int, int]:
    """Return how many open tickets each queue has; one query."""
    query = select(Ticket.queue_id, func.count()).where(Ticket.status.in_([one.value for one in OPEN]))
    return dict(db.session.execute(query.group_by(Ticket.queue_id)).all())


def get(queue_id: int) -> Queue:
    found = db.session.get(Queue, queue_id)
    if found is None:
        raise NotFound("")
    return found


def agents(queue: Queue | None) -> list[Person]:
    """Return who may work a queue: agents and administrators, and who does by now."""
    found = {one.id: one for one in people.with_role("agent", "admin")}
    for row in queue.members if queue else ():
        found.setdefault(row.person_id, row.person)
    return sorted(found.values(), key=lambda one: one.name)


def save(actor: Actor, queue: Queue | None, wanted: Wanted) -> Queue:
    """Add or change a queue. Records `queue.changed`; open tickets are promised anew where that differs.

    Refuses who does not manage the desk (Forbidden), what cannot be (Invalid, by field), and to leave the portal
    without a default queue (Conflict).
    """
    changes.manage(actor)
    _check(queue, wanted)
    before = told(queue) if queue is not None else None
    is_first = db.session.execute(select(Queue.id).where(Queue.is_default).limit(1)).first() is None
    if queue is None:
        last = db.session.execute(select(func.max(Queue.position))).scalar() or 0
        queue = Queue(slug=changes.free_slug(Queue, wanted.name), name=wanted.name, position=last + 1, is_default=False)
        db.session.add(queue)
    if queue.is_default and not wanted.is_default:
        raise Conflict(_("One queue takes what fits nowhere else. Make another one the default instead."))
    queue.name, queue.summary = changes.named(wanted.name), " ".join(wanted.summary.split())[:300]
    queue.email, queue.hours, queue.is_active = wanted.email.strip().casefold(), wanted.hours, wanted.is_active
    queue.is_default = wanted.is_default or is_first
    db.session.flush()
    if queue.is_default:
        db.session.execute(update(Queue).where(Queue.id != queue.id, Queue.is_default).values(is_default=False))
    _set_members(queue, wanted.members)
    _set_levels(queue, wanted.levels)
    db.session.flush()
    after = told(queue)
    changes.record(actor, "queue", queue.name, before=before, after=after)
    if before is not None and any(before[key] != after[key] for key in ("hours", "promises")):
        anew.plan([queue.id])
    return queue


def _check(queue: Queue | None, wanted: Wanted) -> None:
    changes.named(wanted.name)
    email = wanted.email.strip().casefold()
    if email and not ADDRESS.fullmatch(email):
        raise Invalid(_("This is not an e-mail address."), field="email")
    same = select(Queue.id).where(Queue.email == email, Queue.id != (queue.id if queue else 0))
    if email and db.session.execute(same).first():
        raise Invalid(_("Another queue has this address."), field="email")
    if wanted.is_default and not wanted.is_active:
        raise Invalid(_("The default queue cannot be put away."), field="is_active")
    for priority, promised in wanted.levels.items():
        for kind, minutes in zip(("first", "resolution"), promised, strict=True):
            if minutes is not None and not 0 < minutes <= LONGEST_PROMISE:
                raise Invalid(_("Promise between a minute and a year."), field=f"{priority.value}_{kind}")


def _set_members(queue: Queue, members: Sequence[Person]) -> None:
    wanted = {one.id for one in members}
    queue.members = [row for row in queue.members if row.person_id in wanted]
    there = {row.person_id for row in queue.members}
    queue.members += [QueueMember(person_id=one.id, person=one) for one in members if one.id not in there]


def _set_levels(queue: Queue, levels: Mapping[Priority, Promised]) -> None:
    known = {row.priority: row for row in queue.levels}
    kept = []
    for priority, (first, resolution) in levels.items():
        if first is None and resolution is None:
            continue
        row = known.get(priority.value) or ServiceLevel(priority=priority.value)
        row.first_response_minutes, row.resolution_minutes = first, resolution
        kept.append(row)
    queue.levels = kept


def told(queue: Queue) -> dict[str, object]:
    """Return a queue as the audit log tells it."""
    levels = {row.priority: row for row in queue.levels}
    promises = [
        f"{one.value} {_or_none(levels[one].first_response_minutes)}/{_or_none(levels[one].resolution_minutes)} min"
        for one in Priority
        if one.value in levels
    ]
    return {
        "name": queue.name,
        "summary": queue.summary,
        "address": queue.email,
        "hours": queue.hours.name if queue.hours else "",
        "default": queue.is_default,
        "in use": queue.is_active,
        "members": sorted(row.person.name for row in queue.members),
        "promises": promises,
    }


def _or_none(minutes: int | None) -> str:
    return "–" if minutes is None else str(minutes)
