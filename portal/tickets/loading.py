"""The one way to a ticket: 404 for who may not know of it, 403 for who may not do this to it."""

from __future__ import annotations

from functools import cache

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, NotFound
from portal.people.models import Person
from portal.tickets import policies
from portal.tickets.models import Message, Status, Ticket

MOST_HOPS = 20


def get(actor: Actor, ticket_id: int) -> Ticket:
    """Return a ticket the actor sees; to everybody else it is not there (NotFound)."""
    ticket = db.session.get(Ticket, ticket_id)
    if ticket is None or not policies.can_see(actor, ticket):
        raise NotFound("")
    return ticket


def for_page(actor: Actor, ticket_id: int) -> Ticket:
    """Return what `get` does, with what its page names; one query."""
    held = db.session.execute(_whole(at_desk=False), {"id": ticket_id}).scalar_one_or_none()
    return get(actor, held.id if held is not None else 0)


def for_desk_page(actor: Actor, ticket_id: int) -> Ticket:
    """Return what `for_desk` does, with what its page names; one query."""
    held = db.session.execute(_whole(at_desk=True), {"id": ticket_id}).scalar_one_or_none()
    return for_desk(actor, held.id if held is not None else 0)


@cache
def _whole(*, at_desk: bool) -> Select[Ticket]:
    named = [joinedload(Ticket.queue), joinedload(Ticket.assignee)]
    if at_desk:
        named.append(joinedload(Ticket.requester).joinedload(Person.department))
    return select(Ticket).where(Ticket.id == bindparam("id")).options(*named)


def for_desk(actor: Actor, ticket_id: int) -> Ticket:
    """Return a ticket the actor works; its requester and their colleagues are refused (Forbidden)."""
    ticket = get(actor, ticket_id)
    if not policies.is_desk(actor, ticket):
        raise Forbidden(_("Only the service desk does this."))
    return ticket


def message(actor: Actor, ticket: Ticket, message_id: int) -> Message:
    """Return something written on this ticket that the actor may read (NotFound otherwise)."""
    found = db.session.get(Message, message_id)
    if found is None or found.ticket_id != ticket.id or not policies.can_read(actor, found):
        raise NotFound("")
    return found


def final(ticket: Ticket) -> Ticket:
    """Return the ticket that this one went into, over as many merges as there were; itself when into none."""
    hops = 0
    while ticket.status == Status.MERGED and ticket.merged_into is not None and hops < MOST_HOPS:
        ticket, hops = ticket.merged_into, hops + 1
    return ticket
