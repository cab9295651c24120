"""Who else sees a ticket, and how its requester says it went."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.people.models import Person
from portal.tickets import holding, news, policies
from portal.tickets.models import Ticket, TicketPerson

MOST = 20
COMMENT = 2000


def of(ticket: Ticket) -> list[TicketPerson]:
    """Return the colleagues who were added, by name; one query."""
    return list(db.session.execute(_of(), {"ticket": ticket.id}).scalars())


@cache
def _of() -> Select[TicketPerson]:
    query = select(TicketPerson).join(TicketPerson.person).where(TicketPerson.ticket_id == bindparam("ticket"))
    return query.options(contains_eager(TicketPerson.person)).order_by(Person.name)


def require_change(actor: Actor, ticket: Ticket) -> None:
    """Refuse (Forbidden) who does not say who sees it."""
    if not policies.can_change_people(actor, ticket):
        raise Forbidden(_("Only who handed it over and the service desk say who sees it."))


def add(actor: Actor, ticket: Ticket, people: Iterable[Person]) -> int:
    """Let colleagues see a ticket, answer on it and hear of it; returns how many are new. Records `ticket.changed`."""
    require_change(actor, ticket)
    holding.hold(ticket)
    there = {row.person_id for row in of(ticket)} | {ticket.requester_id}
    new = [one for one in people if one.is_active and one.id not in there]
    if len(there) + len(new) > MOST:
        raise Invalid(_("%(n)s people are enough.", n=MOST), field="people")
    db.session.add_all(TicketPerson(ticket_id=ticket.id, person_id=one.id, added_by_id=actor.person_id) for one in new)
    db.session.flush()
    for one in new:
        holding.record(Name.TICKET_CHANGED, actor, ticket, field="people", after=str(one.id))
    news.tell([one.id for one in new], "ticket_added", ticket, actor=actor)
    return len(new)


def remove(actor: Actor, ticket: Ticket, person_id: int) -> None:
    """Let somebody see it no more; everybody may go themselves. Records `ticket.changed`."""
    if person_id != actor.person_id:
        require_change(actor, ticket)
    holding.hold(ticket)
    row = db.session.get(TicketPerson, (ticket.id, person_id))
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        holding.record(Name.TICKET_CHANGED, actor, ticket, field="people", before=str(person_id))


def rate(actor: Actor, ticket: Ticket, *, rating: int, comment: str = "") -> None:
    """Say how it went, 1 to 5, or change what was said. Records `ticket.rated`; the same twice is once.

    Refuses everybody but the requester (Forbidden), and what is not solved yet (Conflict).
    """
    if not policies.is_requester(actor, ticket):
        raise Forbidden(_("Only who handed it over says how it went."))
    actor.require_self()
    if not policies.can_rate(actor, ticket):
        raise Conflict(_("Once it is solved you can say how it went."))
    if not 1 <= rating <= 5:
        raise Invalid(_("Choose one of the five."), field="rating")
    comment = comment.strip()
    if len(comment) > COMMENT:
        raise Invalid(_("Please keep it under %(n)s characters.", n=COMMENT), field="comment")
    if (ticket.rating, ticket.rating_comment) == (rating, comment):
        return
    holding.hold(ticket)
    ticket.rating, ticket.rating_comment, ticket.rated_at = rating, comment, clock.now()
    db.session.flush()
    holding.record(Name.TICKET_RATED, actor, ticket, rating=rating, has_comment=bool(comment))
