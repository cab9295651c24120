"""The start of an article, made of a resolved ticket: what was searched for as its title, what the desk wrote as its
text, and nobody in it. Whoever goes on writing reads it anyway; but what is not there cannot be overlooked.
"""

from __future__ import annotations

import re

from sqlalchemy import or_, select

from portal.core.actor import Actor
from portal.core.database import db
from portal.kb.models import Category, Draft
from portal.kb.prose.nobody import Names, nobody_in, without_formulas
from portal.kb.writing import giving_back as kb
from portal.people.models import Person
from portal.talk import follows
from portal.tickets.models import Message, MessageKind, Ticket, TicketPerson, TrailItem, TrailKind


def begin(actor: Actor, ticket: Ticket, category: Category) -> Draft:
    """Begin the draft; its requester hears when it is published. Records `article.drafted`."""
    follow(ticket)
    asked = searches(ticket)
    title = asked[0] if asked else nobody_in(ticket.subject, names_around(ticket))
    title = title[:1].upper() + title[1:]
    return kb.begin(actor, category=category, title=title, body=text(ticket), sources=[ticket.ref], queries=asked)


def follow(ticket: Ticket) -> None:
    """Let its requester hear what becomes of what they asked, unless they chose otherwise."""
    follows.follow_by_doing([ticket.requester_id], ticket.ref)


def searches(ticket: Ticket) -> list[str]:
    """Return what the requester searched for in vain, as they handed it over, without what names anybody."""
    query = select(TrailItem.text).where(TrailItem.ticket_id == ticket.id, TrailItem.kind == TrailKind.SEARCH.value)
    query = query.where((TrailItem.n_results == 0) | TrailItem.n_results.is_(None))
    rows = db.session.execute(query.order_by(TrailItem.position, TrailItem.id)).scalars().all()
    names = names_around(ticket) if rows else Names(frozenset())
    found = (nobody_in(row, names) for row in rows)
    return [one for one in dict.fromkeys(found) if re.search(r"\w", re.sub(r"\[\w+\]", "", one))]


def text(ticket: Ticket) -> str:
    """Return what the desk wrote that says most, as the body of an article."""
    query = select(Message.body).where(Message.ticket_id == ticket.id, Message.is_by_desk.is_(True))
    query = query.where(Message.kind == MessageKind.REPLY.value).order_by(Message.at.desc(), Message.id.desc())
    said = list(db.session.execute(query).scalars())
    longest = max(said, key=len, default="")
    return without_formulas(nobody_in(longest, names_around(ticket)))


def names_around(ticket: Ticket) -> Names:
    """Return the names of everybody in the portal, and of the people on this ticket; two queries."""
    everybody = db.session.execute(select(Person.name)).scalars()
    wrote = select(Message.author_id).where(Message.ticket_id == ticket.id)
    added = select(TicketPerson.person_id).where(TicketPerson.ticket_id == ticket.id)
    on_it = or_(Person.id == ticket.requester_id, Person.id.in_(wrote), Person.id.in_(added))
    return Names.of(everybody, db.session.execute(select(Person.name).where(on_it)).scalars())
