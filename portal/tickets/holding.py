"""What every verb on a ticket does first and last: take the ticket, write a message, record the fact."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from analytics.events import Name
from portal.core import clock, limits, markup
from portal.core.actor import Actor
from portal.core.arguments import ROW
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.ledger import services as ledger
from portal.notifications import links
from portal.tickets import policies
from portal.tickets.models import Message, MessageKind, Source, Status, Ticket

BODY = 10_000
REPLIES_PER_HOUR = 60
"""So many answers an hour somebody gives on tickets of theirs; each is a mail to others."""


class Collision(Conflict):
    """Somebody changed the ticket in between. `ticket` is as it stands now."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(_("Somebody else has changed this ticket in the meantime. Nothing was overwritten."))
        self.ticket = ticket


def hold(ticket: Ticket, lock: int | None = None) -> None:
    """Take the ticket for the rest of this transaction, so that of two at the same instant one is second.

    `lock` is the version somebody saw: another one meanwhile is a Collision. Without it nothing was looked at that
    could be out of date, and only what stands now counts. Refuses a ticket that went into another (Conflict).
    """
    db.session.flush()
    if lock is not None and abs(lock) > ROW:  # no ticket ever was at that version, and no database takes the number
        raise Collision(ticket)
    step = update(Ticket).where(Ticket.id == ticket.id).values(version=Ticket.version + 1, updated_at=clock.now())
    if lock is not None:
        step = step.where(Ticket.version == lock)
    step = step.returning(Ticket.id).execution_options(synchronize_session=False)
    taken = db.session.execute(step).scalar()
    db.session.refresh(ticket)
    if taken is None:
        raise Collision(ticket)
    if ticket.status == Status.MERGED:
        raise Conflict(_("This ticket went into another one. Go on there."))


def take(actor: Actor, ticket: Ticket, lock: int | None = None) -> None:
    """Hold the ticket for somebody of the desk who works on it; refuses others (Forbidden) and what is over."""
    if not policies.is_desk(actor, ticket):
        raise Forbidden(_("Only the service desk does this."))
    hold(ticket, lock)
    if not policies.is_desk(actor, ticket):
        raise Forbidden(_("This ticket went to another queue."))
    if not ticket.is_open:
        raise Conflict(_("This ticket is not open any more."))


def spend(actor: Actor, *, is_by_desk: bool) -> None:
    """Count one answer of a ticket's people; refuse (TooMany) the one above the limit."""
    if not is_by_desk:
        limits.spend("ticket_reply", str(actor.person_id), limit=REPLIES_PER_HOUR, seconds=3600)


def said(body: str, *, field: str = "body") -> str:
    """Return what somebody wrote, without the space around it; refuses nothing at all and too much (Invalid)."""
    body = body.strip()
    if not body:
        raise Invalid(_("Write a line first."), field=field)
    if len(body) > BODY:
        raise Invalid(_("Please keep it under %(n)s characters.", n=BODY), field=field)
    return body


def write(
    actor: Actor,
    ticket: Ticket,
    kind: MessageKind,
    body: str,
    *,
    is_by_desk: bool,
    via: Source = Source.PORTAL,
    sender_email: str = "",
    message_id: str = "",
    copy_of: Message | None = None,
) -> Message:
    """Put words on the ticket. What is too much or cannot be rendered is refused (Invalid, `body`)."""
    message = Message(
        ticket_id=ticket.id,
        ticket=ticket,
        kind=kind.value,
        author_id=actor.person_id,
        sender_email=sender_email,
        is_by_desk=is_by_desk,
        body=body,
        html=markup.render_comment_safely(body).html if body else "",
        at=clock.now(),
        via=via.value,
        message_id=message_id,
        copy_of_id=copy_of.id if copy_of else None,
    )
    db.session.add(message)
    db.session.flush()
    return message


def record(name: Name, actor: Actor, ticket: Ticket, **props: Any) -> None:
    """Write the fact into the transaction of the change."""
    topic = Ref("category", ticket.category_id) if ticket.category_id is not None else None
    ledger.record(name, actor=actor, subject=ticket.ref, topic=topic, **props)


def sees(actor: Actor, thing: Ref) -> bool:
    """Say whether the actor sees a thing of whatever feature; in jobs and commands, too."""
    with links.addressable():
        return thing in load_things(actor, [thing])
