"""Queues, and where a ticket lands."""

from __future__ import annotations

from functools import cache

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from portal.core.database import db
from portal.core.permissions import Role
from portal.people import queries as people
from portal.people.models import Person
from portal.tickets.models import Queue, QueueMember, RequestTemplate

FIRST = "service-desk"


def first() -> Queue | None:
    """Return the queue for what fits nowhere else; none while the portal has no queue yet."""
    return db.session.execute(_first()).scalar_one_or_none()


@cache
def _first() -> Select[Queue]:
    return select(Queue).where(Queue.is_active).order_by(Queue.is_default.desc(), Queue.position, Queue.id).limit(1)


def default() -> Queue:
    """Return the queue for what fits nowhere else; a portal without queues gets one, so that handing over works."""
    if (found := first()) is not None:
        return found
    try:
        with db.session.begin_nested():
            made = Queue(slug=FIRST, name=_("Service desk"), is_default=True)
            db.session.add(made)
        return made
    except IntegrityError:  # somebody else made it at this moment, or it was put away
        made = db.session.execute(select(Queue).where(Queue.slug == FIRST)).scalar_one()
        made.is_active = made.is_default = True
        db.session.flush()
        return made


def for_request(template: RequestTemplate | None) -> Queue:
    """Return where a request lands: where its template says, else with the default queue."""
    if template is not None and template.queue is not None and template.queue.is_active:
        return template.queue
    return default()


def active() -> list[Queue]:
    query = select(Queue).where(Queue.is_active).order_by(Queue.position, Queue.name, Queue.id)
    return list(db.session.execute(query).scalars())


def workers(queue_id: int) -> list[int]:
    """Return the ids of who works a queue; of one without agents, the administrators' who must hear of it."""
    query = select(QueueMember.person_id).join(Person, Person.id == QueueMember.person_id)
    found = list(db.session.execute(query.where(QueueMember.queue_id == queue_id, Person.is_active)).scalars())
    return found or [one.id for one in people.with_role(Role.ADMIN.value)]


def has_workers() -> bool:
    """Say whether anybody works any queue."""
    return db.session.execute(select(QueueMember.queue_id).limit(1)).first() is not None
