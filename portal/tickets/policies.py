"""Who may see and do what with a ticket. Used by services and by templates, so that a button never lies.

A ticket is seen by its requester, the colleagues they added, the agents of its queue, and whoever manages the desk.
Internal notes are the desk's alone, by every door.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db, unindexed
from portal.core.permissions import Permission
from portal.people import services as people
from portal.people.models import Person
from portal.tickets.models import Message, MessageKind, Queue, QueueMember, Status, Ticket, TicketPerson

REOPEN_WITHIN = dt.timedelta(days=14)
"""So long an answer opens a resolved ticket again."""


def can_open(actor: Actor) -> bool:
    return actor.person_id is not None and actor.can(Permission.TICKET_OPEN)


def can_log(actor: Actor, queue: Queue) -> bool:
    """Opening a ticket for somebody else: the desk does, in queues it works."""
    return works(actor, queue.id)


def is_agent(actor: Actor) -> bool:
    """Say whether the actor is of the desk at all, whatever queues they work."""
    return actor.can(Permission.TICKET_WORK) or actor.can(Permission.TICKET_MANAGE)


def works(actor: Actor, queue_id: int) -> bool:
    """Say whether the actor works this queue: as one of its agents, or by managing the desk."""
    if actor.can(Permission.TICKET_MANAGE):
        return True
    if actor.person_id is None or not actor.can(Permission.TICKET_WORK):
        return False
    key = (queue_id, actor.person_id)
    found = db.session.get(QueueMember, key)
    if found is not None:  # held for as long as the session lasts, which by itself would ask again each time
        db.session.info.setdefault("queue_members", {})[key] = found
    return found is not None


def is_desk(actor: Actor, ticket: Ticket) -> bool:
    """Say whether the actor stands on the desk's side of this ticket."""
    return works(actor, ticket.queue_id)


def is_requester(actor: Actor, ticket: Ticket) -> bool:
    return actor.person_id is not None and actor.person_id == ticket.requester_id


def acts_for_desk(actor: Actor, ticket: Ticket) -> bool:
    """Say whether what the actor does to it is the desk's doing: agents hand over things of their own, too."""
    return is_desk(actor, ticket) and not is_requester(actor, ticket)


def is_among(actor: Actor, ticket: Ticket) -> bool:
    """Say whether it is the actor's own ticket, or one they were added to."""
    if is_requester(actor, ticket):
        return True
    return actor.person_id is not None and db.session.get(TicketPerson, (ticket.id, actor.person_id)) is not None


def can_see(actor: Actor, ticket: Ticket) -> bool:
    return is_requester(actor, ticket) or is_desk(actor, ticket) or is_among(actor, ticket)


def can_read(actor: Actor, message: Message) -> bool:
    """Internal notes only from the desk's side; everything else whoever sees the ticket."""
    if message.kind == MessageKind.NOTE:
        return is_desk(actor, message.ticket)
    return can_see(actor, message.ticket)


def can_reply(actor: Actor, ticket: Ticket) -> bool:
    """While it is open, and on a resolved one as long as an answer opens it again."""
    return can_see(actor, ticket) and (ticket.is_open or _may_go_on(ticket) or _is_resolved_to_desk(actor, ticket))


def _is_resolved_to_desk(actor: Actor, ticket: Ticket) -> bool:
    return ticket.status == Status.RESOLVED and is_desk(actor, ticket)


def can_note(actor: Actor, ticket: Ticket) -> bool:
    return is_desk(actor, ticket) and ticket.status != Status.MERGED


def can_work(actor: Actor, ticket: Ticket) -> bool:
    """Resolving, waiting, assigning, moving, changing: the desk, while the ticket is open."""
    return is_desk(actor, ticket) and ticket.is_open


def can_reopen(actor: Actor, ticket: Ticket) -> bool:
    """Its people for fourteen days, also one they withdrew; the desk whatever is resolved."""
    return (_may_go_on(ticket) and is_among(actor, ticket)) or _is_resolved_to_desk(actor, ticket)


def _may_go_on(ticket: Ticket) -> bool:
    ended = ticket.resolved_at if ticket.status == Status.RESOLVED else ticket.closed_at
    is_over = ticket.status in (Status.RESOLVED, Status.WITHDRAWN)
    return is_over and ended is not None and clock.now() - ended <= REOPEN_WITHIN


def can_withdraw(actor: Actor, ticket: Ticket) -> bool:
    return is_requester(actor, ticket) and ticket.is_open


def can_rate(actor: Actor, ticket: Ticket) -> bool:
    """The requester, once it is resolved; nobody says in another's name how it went."""
    is_over = ticket.status in (Status.RESOLVED, Status.CLOSED)
    return is_over and is_requester(actor, ticket) and not actor.is_acting_for


def can_change_people(actor: Actor, ticket: Ticket) -> bool:
    """Who else sees it is for the requester to say, and for the desk that works it."""
    return (is_requester(actor, ticket) or is_desk(actor, ticket)) and ticket.status != Status.MERGED


def can_be_assigned(person: Person, queue: Queue) -> bool:
    """Agents of the queue, and whoever manages the desk."""
    actor = people.actor_for(person.id)
    return actor is not None and works(actor, queue.id)


class Reach(Enum):
    """Which tickets somebody works."""

    ALL = "all"
    QUEUES = "those of their queues"
    NONE = "none"


def reach(actor: Actor) -> Reach:
    if actor.can(Permission.TICKET_MANAGE):
        return Reach.ALL
    return Reach.QUEUES if actor.person_id is not None and actor.can(Permission.TICKET_WORK) else Reach.NONE


def within(reach: Reach, person: Any) -> ColumnElement[bool]:
    """Return the condition for tickets within the reach of a person: of one, or of a place for one."""
    if reach is not Reach.QUEUES:
        return true() if reach is Reach.ALL else false()
    return unindexed(Ticket.queue_id).in_(select(QueueMember.queue_id).where(QueueMember.person_id == person))


def owned(person: Any) -> ColumnElement[bool]:
    """Return the condition for tickets that are a person's own, or that they were added to."""
    added = select(TicketPerson.ticket_id).where(TicketPerson.person_id == person)
    return or_(Ticket.requester_id == person, Ticket.id.in_(added))


def own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for tickets that are the actor's own, or that they were added to."""
    return owned(actor.person_id) if actor.person_id is not None else false()


def at_desk(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for tickets that the actor works."""
    return within(reach(actor), actor.person_id)


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for tickets the actor may see: what `can_see` says of one, of many."""
    return or_(own(actor), at_desk(actor))
