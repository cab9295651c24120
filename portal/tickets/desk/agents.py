"""Who works where: the queues somebody works, and to whom a ticket can be given."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.people.models import Person
from portal.tickets.models import Queue, QueueMember


def queues(actor: Actor) -> list[Queue]:
    """Return the queues the actor works, in their order; one query."""
    query = select(Queue).where(Queue.is_active).order_by(Queue.position, Queue.name, Queue.id)
    if not actor.can(Permission.TICKET_MANAGE):
        query = query.where(Queue.id.in_(select(QueueMember.queue_id).where(QueueMember.person_id == actor.person_id)))
    return list(db.session.execute(query).scalars())


def of(queue_ids: Collection[int]) -> list[Person]:
    """Return who works any of these queues, by name; one query."""
    query = select(Person).join(QueueMember, QueueMember.person_id == Person.id)
    query = query.where(QueueMember.queue_id.in_(queue_ids), Person.is_active).distinct()
    return list(db.session.execute(query.order_by(Person.name, Person.id)).scalars())


def person(number: int) -> Person | None:
    """Return whom a form means, nobody for 0; refuses whoever is not here (Invalid)."""
    if number == 0:
        return None
    found = db.session.get(Person, number)
    if found is None or not found.is_active:
        raise Invalid(_("Choose somebody who works this queue."), field="assignee")
    return found
