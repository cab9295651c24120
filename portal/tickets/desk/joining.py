"""Two tickets about one thing become one; one about two things becomes two. Nothing that was said is lost, or leaves
the sight of those who could read it: what becomes a ticket of its own stands there and stays where it was said.
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.files import queries as attached
from portal.files import services as files
from portal.people.models import Person
from portal.tickets import holding, lifecycle, loading, news, policies, queries
from portal.tickets.models import (
    Message,
    MessageKind,
    Priority,
    Source,
    Status,
    Ticket,
    TicketArticle,
    TicketPerson,
    TrailItem,
)
from portal.tickets.opening import Request, open_ticket

_SAID = ("author_id", "sender_email", "is_by_desk", "body", "html", "rest", "at", "via")


def find(actor: Actor, words: str) -> Ticket:
    """Return the ticket somebody names by its number (Invalid for none they work), the one it went into if it did."""
    digits = words.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Invalid(_("Write the number of a ticket."), field="number")
    try:
        return loading.for_desk(actor, loading.final(loading.for_desk(actor, int(digits))).id)
    except (NotFound, Forbidden):
        raise Invalid(_("You work no ticket with this number."), field="number") from None


def merge(actor: Actor, source: Ticket, *, into: Ticket, lock: int | None = None) -> None:
    """Let one ticket go into another: what was said stands there in order, its people see that one from now on, and its
    address leads there. Records `ticket.merged`.

    Refuses a ticket and itself (Invalid), what is over (Conflict), and who does not work both (Forbidden).
    """
    if source.id == into.id:
        raise Invalid(_("A ticket cannot go into itself."), field="number")
    if not policies.is_desk(actor, into):
        raise Forbidden(_("Only the service desk does this."))
    if into.id < source.id:  # by number, so that two who merge at the same instant wait for one another in order
        holding.hold(into)
    holding.take(actor, source, lock)
    if into.id > source.id:
        holding.hold(into)
    if into.status in (Status.CLOSED, Status.WITHDRAWN):
        raise Conflict(_("The other ticket is closed. Open it again first."))
    if into.parent_id == source.id:
        into.parent_id = source.parent_id
    earlier, now = source.opened_at, clock.now()
    _move_messages(source, into)
    _move_people(source, into, by=actor)
    _move_the_rest(source, into)
    lifecycle.end_pause(source)
    source.status, source.closed_at = Status.MERGED.value, now
    source.merged_into_id, source.merged_into = into.id, into
    source.resolution_due_at = source.first_response_due_at = None
    if source.first_response_at is not None and into.first_response_at is None:
        into.first_response_at = max(source.first_response_at, min(into.opened_at, earlier))
        into.status = Status.OPEN.value if into.status == Status.NEW else into.status
    db.session.flush()
    holding.record(Name.TICKET_MERGED, actor, source, into=into.id)
    told = [source.requester_id] if source.requester_id != into.requester_id else []
    news.tell(told, "ticket_merged", into, actor=actor, data={"before": str(source.id)})


def _move_messages(source: Ticket, into: Ticket) -> None:
    """Move what was said; each message keeps the number of the ticket it was first written on."""
    known = select(Message.copy_of_id).where(Message.ticket_id == into.id, Message.copy_of_id.is_not(None))
    twice = (Message.ticket_id == source.id) & Message.copy_of_id.in_(known)
    db.session.execute(
        update(Message).where(twice).values(copy_of_id=None).execution_options(synchronize_session=False)
    )
    origin = func.coalesce(Message.split_from_id, source.id)
    step = update(Message).where(Message.ticket_id == source.id).values(ticket_id=into.id, split_from_id=origin)
    db.session.execute(step.execution_options(synchronize_session=False))
    db.session.expire_all()


def _move_people(source: Ticket, into: Ticket, *, by: Actor) -> None:
    there = set(db.session.execute(select(TicketPerson.person_id).where(TicketPerson.ticket_id == into.id)).scalars())
    added = db.session.execute(select(TicketPerson.person_id).where(TicketPerson.ticket_id == source.id)).scalars()
    new = {source.requester_id, *added} - there - {into.requester_id, None}
    db.session.execute(delete(TicketPerson).where(TicketPerson.ticket_id == source.id))
    db.session.add_all(TicketPerson(ticket_id=into.id, person_id=one, added_by_id=by.person_id) for one in new)
    db.session.flush()


def _move_the_rest(source: Ticket, into: Ticket) -> None:
    """Move what was tied, what was tried and what hangs below; what both have stays once."""
    tied = select(TicketArticle.subject, TicketArticle.kind).where(TicketArticle.ticket_id == into.id)
    known = {(subject, kind) for subject, kind in db.session.execute(tied)}
    for row in db.session.execute(select(TicketArticle).where(TicketArticle.ticket_id == source.id)).scalars():
        if (row.subject, row.kind) in known:
            db.session.delete(row)
        else:
            row.ticket_id = into.id
    last = select(func.coalesce(func.max(TrailItem.position), -1)).where(TrailItem.ticket_id == into.id)
    start = db.session.execute(last).scalar_one() + 1
    step = update(TrailItem).where(TrailItem.ticket_id == source.id)
    step = step.values(ticket_id=into.id, position=TrailItem.position + start)
    db.session.execute(step.execution_options(synchronize_session=False))
    below = (
        update(Ticket)
        .where(Ticket.parent_id == source.id, Ticket.id != into.id)
        .values(parent_id=into.parent_id or into.id)
    )
    db.session.execute(below.execution_options(synchronize_session=False))
    into.split_from_id = None if into.split_from_id == source.id else into.split_from_id
    apart = update(Ticket).where(Ticket.split_from_id == source.id).values(split_from_id=into.id)
    db.session.execute(apart.execution_options(synchronize_session=False))
    db.session.flush()


def split(actor: Actor, ticket: Ticket, messages: Collection[int], *, subject: str, lock: int | None = None) -> Ticket:
    """Let chosen messages stand on a ticket of their own, too, of who wrote the first of them. Records `ticket.split`.

    Refuses none and all of them (Invalid), what is not on this ticket (Invalid), and what is over (Conflict).
    """
    holding.take(actor, ticket, lock)
    query = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.at, Message.id)
    there = list(db.session.execute(query).scalars())
    chosen = [one for one in there if one.id in messages]
    if not chosen or len(chosen) < len(set(messages)):
        raise Invalid(_("Choose what goes into the new ticket."), field="messages")
    if len(chosen) == len(there):
        raise Invalid(_("Leave at least one message here."), field="messages")
    first = next((one for one in chosen if one.kind != MessageKind.NOTE), None)
    if first is None:
        raise Invalid(_("Choose at least one message that its people may read."), field="messages")
    request = Request(
        subject=subject,
        body=first.body[: holding.BODY],
        requester=_whose(ticket, first),
        sender_email=ticket.sender_email,
        source=Source(ticket.source),
        queue=ticket.queue,
        category=ticket.category,
        priority=Priority(ticket.priority),
    )
    made = open_ticket(actor, request)
    opening, hung = queries.first_message(made), attached.on([one.ref for one in chosen])
    for one in chosen:
        copy = _stand_there_too(one, opening if one is first else Message(kind=one.kind), made)
        files.copy(one.ref, copy.ref, only=[file.id for file in hung.get(one.ref, ())])
    made.split_from_id = ticket.id
    db.session.flush()
    holding.record(Name.TICKET_SPLIT, actor, ticket, into=made.id)
    return made


def _whose(ticket: Ticket, first: Message) -> Person | None:
    """Return who asked: whoever wrote it, unless the desk did."""
    return ticket.requester if first.is_by_desk or first.author is None else first.author


def _stand_there_too(said: Message, there: Message, made: Ticket) -> Message:
    """Let a message of the new ticket say what was said on this one."""
    for name in _SAID:
        setattr(there, name, getattr(said, name))
    there.message_id = said.message_id if said.via == Source.MAIL else there.message_id
    there.ticket, there.copy_of_id, there.split_from_id = made, said.id, said.split_from_id or said.ticket_id
    db.session.add(there)
    db.session.flush()
    return there
