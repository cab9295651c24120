"""Which ticket a mail belongs to, and whether its sender may write there.

A Message-ID of ours in what a mail answers is a key: nobody has it who has had no mail of this ticket. With it the
ticket's people write there, and the desk by what it was sent itself. A number in the subject, or a mail that came in
before, says only which ticket is meant: the sender's address is a claim, so somebody looks first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.notifications.conversations import thread_of
from portal.notifications.models import OutboxMail
from portal.people import queries as people
from portal.people import services
from portal.people.models import Person
from portal.tickets import loading, policies, queues
from portal.tickets.mail.reading import Mail
from portal.tickets.models import Message, MessageKind, Queue, Source, Ticket

_NUMBER = re.compile(r"\[#(\d{1,9})\]")


@dataclass(frozen=True)
class Belongs:
    """The ticket a mail is about, and whether it answers a mail of ours about it."""

    ticket: Ticket
    has_key: bool


def to(mail: Mail) -> Belongs | None:
    """Return the ticket that a mail is about, the one it went into where it was merged; None for a new matter."""
    for message_id in reversed(mail.refers_to):
        ref = thread_of(message_id)
        if ref is not None and ref.kind == "ticket" and (ticket := db.session.get(Ticket, ref.id)) is not None:
            return Belongs(loading.final(ticket), has_key=True)
    found = _of_mail_that_came(mail) or _of_number(mail)
    return Belongs(loading.final(found), has_key=False) if found is not None else None


def _of_mail_that_came(mail: Mail) -> Ticket | None:
    if not mail.refers_to:
        return None
    came = Message.message_id.in_(mail.refers_to) & (Message.via == Source.MAIL) & (Message.kind != MessageKind.NOTE)
    query = select(Ticket).join(Message, Message.ticket_id == Ticket.id).where(came).order_by(Message.id.desc())
    return db.session.execute(query.limit(1)).scalars().first()


def _of_number(mail: Mail) -> Ticket | None:
    found = _NUMBER.search(mail.subject)
    return db.session.get(Ticket, int(found[1])) if found else None


def may_answer(actor: Actor, mail: Mail, belongs: Belongs) -> bool:
    """Say whether this person is one of those who write on the ticket by mail.

    Of the desk it is only who answers a mail that they got themselves: a forged one would reach the requester as the
    desk's word.
    """
    if policies.is_among(actor, belongs.ticket):
        return True
    if not belongs.has_key or not policies.is_desk(actor, belongs.ticket):
        return False
    own = (OutboxMail.message_id.in_(mail.refers_to)) & (OutboxMail.person_id == actor.person_id)
    return db.session.execute(select(OutboxMail.id).where(own).limit(1)).first() is not None


def sender(mail: Mail) -> tuple[Person, Actor] | None:
    """Return the active person whose address the mail bears."""
    person = people.by_email(mail.sender) if mail.sender else None
    actor = services.actor_for(person.id) if person is not None else None
    return (person, actor) if person is not None and actor is not None else None


def queue_of(mail: Mail) -> Queue | None:
    """Return the queue whose address the mail was sent to."""
    wanted = {bare(address) for address in mail.recipients}
    return next((queue for queue in queues.active() if queue.email and bare(queue.email) in wanted), None)


def bare(address: str) -> str:
    """Return an address in small letters without what was added behind a plus."""
    name, _at, host = address.strip().lower().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def is_own(address: str, mail_from: str) -> bool:
    """Say whether an address is one of the portal's: mail from there is its own coming back."""
    own = {bare(mail_from), *(bare(queue.email) for queue in queues.active() if queue.email)}
    return bool(address) and bare(address) in own
