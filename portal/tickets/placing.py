"""Whose a ticket is: who works on it, in which queue, and how pressing it is. Like the other verbs, none commits."""

from __future__ import annotations

from flask_babel import gettext as _

from analytics.events import Name
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.people.models import Person
from portal.tickets import holding, news, policies
from portal.tickets.levels import promises
from portal.tickets.models import Priority, Queue, Ticket


def assign(actor: Actor, ticket: Ticket, *, person: Person | None, lock: int | None = None) -> None:
    """Give a ticket to somebody, or to nobody. Records `ticket.assigned`; refuses who does not work its queue."""
    holding.take(actor, ticket, lock)
    if person is not None and not policies.can_be_assigned(person, ticket.queue):
        raise Invalid(_("Choose somebody who works this queue."), field="assignee")
    if ticket.assignee_id == (person.id if person else None):
        return
    ticket.assignee = person
    db.session.flush()
    holding.record(Name.TICKET_ASSIGNED, actor, ticket, person=ticket.assignee_id, queue=ticket.queue_id)
    if person is not None:
        news.tell([person.id], "ticket_given", ticket, actor=actor)


def move(actor: Actor, ticket: Ticket, *, queue: Queue, lock: int | None = None) -> None:
    """Put a ticket into another queue, whose promises count from now on. Records `ticket.moved`.

    Whoever had it keeps it only if they work that queue too.
    """
    holding.take(actor, ticket, lock)
    if not queue.is_active:
        raise Invalid(_("Choose a queue from the list."), field="queue")
    before = ticket.queue_id
    if before == queue.id:
        return
    ticket.queue = queue
    if ticket.assignee is not None and not policies.can_be_assigned(ticket.assignee, queue):
        ticket.assignee = None
    db.session.flush()
    promises.renew(ticket)
    holding.record(Name.TICKET_MOVED, actor, ticket, before=before, after=queue.id)
    if ticket.assignee_id is None:
        news.plan_arrival(actor, ticket)


def prioritise(actor: Actor, ticket: Ticket, *, priority: Priority, lock: int | None = None) -> None:
    """Say how pressing it is; what is promised follows. Records `ticket.changed`."""
    holding.take(actor, ticket, lock)
    before = ticket.priority
    if before == priority:
        return
    ticket.priority = priority.value
    db.session.flush()
    promises.renew(ticket)
    holding.record(Name.TICKET_CHANGED, actor, ticket, field="priority", before=before, after=ticket.priority)
