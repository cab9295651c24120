"""A mail of the desk that did not arrive: it stands on the ticket, and who works on it hears of it."""

from __future__ import annotations

from analytics.events import Name
from portal.core import clock
from portal.core.actor import system
from portal.core.database import db
from portal.core.refs import Ref
from portal.notifications import services as notifications
from portal.notifications.letters import one_line
from portal.notifications.models import OutboxMail
from portal.tickets import holding, news
from portal.tickets.mail.bounces import Bounce
from portal.tickets.models import Message, Ticket, TicketPerson


def take(bounce: Bounce) -> Ticket | None:
    """Note that a mail came back, on the person and on the ticket; returns the ticket, if it was a ticket's mail."""
    if not bounce.is_final:
        mail = notifications.by_message_id(bounce.ids)
    else:
        error = f"{bounce.code} {bounce.words}".strip() or "came back"
        mail = notifications.came_back(bounce.ids, code=bounce.code, error=error)
    message = _told_by(mail) if mail is not None else None
    return message.ticket if message is not None else None


def mark(mail: OutboxMail) -> None:
    """Mark on the ticket that a mail to its people did not arrive. Records `ticket.reply_bounced`, once a message."""
    message = _told_by(mail)
    if message is None or message.bounced_at is not None or not _is_to_its_people(mail, message.ticket):
        return
    ticket, why = message.ticket, one_line(mail.last_error or "")[:300]
    message.bounced_at, message.bounce = clock.now(), why
    db.session.flush()
    holding.record(Name.TICKET_REPLY_BOUNCED, system("mail"), ticket, message=message.id)
    if message.is_by_desk:
        who = [ticket.assignee_id or message.author_id]
        more = {"address": mail.to}
        news.tell(who, "ticket_bounced", ticket, actor=system("mail"), about=ticket.ref, words=why, mail=more)


def _told_by(mail: OutboxMail) -> Message | None:
    about = Ref.parse(mail.about) if mail.about else None
    return db.session.get(Message, about.id) if about is not None and about.kind == "ticket_message" else None


def _is_to_its_people(mail: OutboxMail, ticket: Ticket) -> bool:
    if mail.person_id is None or mail.person_id == ticket.requester_id:
        return True
    return db.session.get(TicketPerson, (ticket.id, mail.person_id)) is not None
