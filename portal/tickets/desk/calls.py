"""Somebody calls or walks in: who it is, found while they say their name, and a ticket in their name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.people import queries as known
from portal.people import services as people
from portal.people.models import Person
from portal.tickets import lifecycle, placing, policies
from portal.tickets.models import Queue, Source, Ticket

FOUND = 8
LAST = 3
SHORTEST = 2
SPOKEN = (Source.CALL, Source.WALK_IN)


def find(words: str) -> list[Person]:
    """Return whom somebody may mean: every word begins a part of the name, or the mail address; one query."""
    words = " ".join(words.split())
    if len(words) < SHORTEST:
        return []
    query = select(Person).where(Person.is_active, Person.erased_at.is_(None))
    for word in words.split()[:4]:
        begins = Person.name.istartswith(word, autoescape=True) | Person.name.icontains(f" {word}", autoescape=True)
        query = query.where(or_(begins, Person.email.istartswith(word, autoescape=True)))
    query = query.options(joinedload(Person.department), joinedload(Person.site))
    return list(db.session.execute(query.order_by(Person.name, Person.id).limit(FOUND)).scalars())


def last_tickets(actor: Actor, people_ids: Collection[int]) -> dict[int, list[Ticket]]:
    """Return the last few tickets of each of these people that the actor works; one query."""
    found: dict[int, list[Ticket]] = {number: [] for number in people_ids}
    if not found:
        return found
    query = select(Ticket).where(Ticket.requester_id.in_(list(found)), policies.at_desk(actor))
    for ticket in db.session.execute(query.order_by(Ticket.id.desc()).limit(FOUND * 20)).scalars():
        if ticket.requester_id is not None and len(found[ticket.requester_id]) < LAST:
            found[ticket.requester_id].append(ticket)
    return found


@dataclass(frozen=True, kw_only=True)
class Call:
    """What somebody said at the phone or at the desk, and what was answered."""

    subject: str
    body: str = ""
    source: Source = Source.CALL
    requester: Person | None = None
    name: str = ""
    """Of somebody not known yet."""
    email: str = ""
    queue: Queue | None = None
    answer: str = ""
    """What helped, where it was solved at once."""
    is_solved: bool = False


def log(actor: Actor, call: Call) -> Ticket:
    """Open a ticket in the name of whoever called, and resolve it at once if it is solved. Records `ticket.opened`.

    Somebody not known yet is named by their mail address and gets everything by mail. Refuses nobody (Invalid).
    """
    requester, email, body = call.requester, "", call.body
    if requester is None:
        email = people.clean_email(call.email)
        requester = known.by_email(email)
        if requester is not None and not requester.is_active:
            requester = None
        if requester is None:
            name = people.clean_name(call.name)
            body = f"{_('From: %(name)s (%(email)s)', name=name, email=email)}\n\n{body}".strip()
    if call.source not in SPOKEN:
        raise Invalid(_("Say whether they called or walked in."), field="source")
    request = lifecycle.Request(
        subject=call.subject,
        body=body,
        requester=requester,
        sender_email=email if requester is None else "",
        source=call.source,
        queue=call.queue,
    )
    ticket = lifecycle.open_ticket(actor, request)
    mine = db.session.get(Person, actor.person_id) if actor.person_id is not None else None
    if mine is not None and policies.can_be_assigned(mine, ticket.queue):
        placing.assign(actor, ticket, person=mine)
    if call.is_solved:
        lifecycle.resolve(actor, ticket, body=call.answer)
    elif call.answer.strip():
        lifecycle.reply(actor, ticket, body=call.answer)
    return ticket


def of_queue(queues: Sequence[Queue], number: int) -> Queue | None:
    """Return the queue a form names, of those one works."""
    return next((one for one in queues if one.id == number), None)
