"""Putting a ticket where it belongs: person, priority, queue and topic in one go."""

from __future__ import annotations

from flask_babel import gettext as _

from analytics.events import Name
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.people.models import Person
from portal.tickets import holding, placing, queries
from portal.tickets.models import Priority, Queue, Ticket


def place(
    actor: Actor,
    ticket: Ticket,
    *,
    assignee: Person | None,
    priority: Priority,
    queue_id: int,
    category_id: int | None,
    lock: int | None = None,
) -> None:
    """Change what differs; each change is a fact of its own. Refuses as each of the verbs does.

    Whoever has the ticket and does not work the new queue loses it, unless somebody who does is chosen with it.
    """
    before = ticket.assignee_id
    if lock is not None:
        holding.hold(ticket, lock)
    if (category_id or None) != ticket.category_id:
        file_under(actor, ticket, category_id=category_id)
    if priority != ticket.priority:
        placing.prioritise(actor, ticket, priority=priority)
    if queue_id != ticket.queue_id:
        move(actor, ticket, queue_id=queue_id)
    wanted = assignee.id if assignee is not None else None
    if wanted != before:
        placing.assign(actor, ticket, person=assignee)


def claim(actor: Actor, ticket: Ticket, *, had: int | None) -> None:
    """Take a ticket oneself, as it was seen with somebody (`had`, 0 for nobody). Records `ticket.assigned`.

    Of several who take it at the same instant one has it; the others are told who (Conflict).
    """
    holding.take(actor, ticket)
    if had is not None and (ticket.assignee_id or 0) not in (had, actor.person_id):
        name = ticket.assignee.name if ticket.assignee is not None else _("nobody")
        raise Conflict(_("It was given to %(name)s a moment ago.", name=name))
    placing.assign(actor, ticket, person=db.session.get(Person, actor.person_id))


def move(actor: Actor, ticket: Ticket, *, queue_id: int) -> None:
    """Put it into another queue, named by its number (Invalid for none)."""
    queue = db.session.get(Queue, queue_id)
    if queue is None:
        raise Invalid(_("Choose a queue from the list."), field="queue")
    placing.move(actor, ticket, queue=queue)


def file_under(actor: Actor, ticket: Ticket, *, category_id: int | None) -> None:
    """Say what it is about. Records `ticket.changed`; refuses a topic the actor does not see (Invalid)."""
    holding.take(actor, ticket)
    topic = queries.topic(actor, category_id or 0)
    if category_id and topic is None:
        raise Invalid(_("Choose a topic from the list."), field="topic")
    before = ticket.category_id
    if before == category_id:
        return
    ticket.category_id = category_id
    db.session.flush()
    words = {"before": str(before) if before else None, "after": str(category_id) if category_id else None}
    holding.record(Name.TICKET_CHANGED, actor, ticket, field="topic", **words)
