"""Who of the desk has a ticket open, and who is writing on it: each open page says so every fifteen seconds."""

from __future__ import annotations

import datetime as dt
from functools import cache

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.people.models import Person
from portal.tickets.models import Presence, Ticket

COUNTS_FOR = dt.timedelta(seconds=45)


def renew(actor: Actor, ticket: Ticket, *, is_writing: bool) -> None:
    """Note that the actor has it open, and forget who has not said so for a while."""
    now = clock.now()
    gone = (Presence.ticket_id == ticket.id) & (Presence.seen_at < now - COUNTS_FOR)
    db.session.execute(delete(Presence).where(gone))
    own = (Presence.ticket_id == ticket.id) & (Presence.person_id == actor.person_id)
    step = update(Presence).where(own).values(seen_at=now, is_writing=is_writing).returning(Presence.person_id)
    if db.session.execute(step).scalar() is not None or actor.person_id is None:
        return
    try:
        with db.session.begin_nested():
            here = Presence(ticket_id=ticket.id, person_id=actor.person_id, seen_at=now, is_writing=is_writing)
            db.session.add(here)
    except IntegrityError:
        return  # another window of the same person was faster, which says the same


def leave(actor: Actor, ticket: Ticket) -> None:
    """Note that the actor has closed it."""
    own = (Presence.ticket_id == ticket.id) & (Presence.person_id == actor.person_id)
    db.session.execute(delete(Presence).where(own))


def others(actor: Actor, ticket: Ticket) -> list[Presence]:
    """Return who else has it open, by name; one query."""
    here = {"ticket": ticket.id, "person": actor.person_id, "since": clock.now() - COUNTS_FOR}
    return list(db.session.execute(_others(), here).scalars())


@cache
def _others() -> Select[Presence]:
    query = select(Presence).join(Presence.person).options(contains_eager(Presence.person)).order_by(Person.name)
    still = (Presence.seen_at >= bindparam("since")) & (Presence.person_id != bindparam("person"))
    return query.where(Presence.ticket_id == bindparam("ticket"), still)
