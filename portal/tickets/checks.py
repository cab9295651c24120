"""What `dity doctor` asks of tickets: each of the latest has its fact in the ledger and its mail on the way or sent."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from sqlalchemy import String, cast, func, literal, select

from analytics.events import Name
from portal.core import clock, options
from portal.core.database import db
from portal.core.feature import Health
from portal.ledger.models import LedgerEntry
from portal.notifications.models import OutboxMail
from portal.people.models import Person
from portal.tickets.models import Message, MessageKind, Source, Ticket

LATEST = 500


def whole() -> Health:
    """A ticket, its fact and its mail are one transaction: one without the other means that something was lost."""
    newest = db.session.execute(select(func.max(Ticket.id))).scalar() or 0
    without_fact, without_mail = _without_fact(newest - LATEST), _without_mail(newest - LATEST)
    if without_fact or without_mail:
        return Health(
            is_ok=False,
            detail=_(
                "tickets without their fact: %(facts)s; without their mail: %(mails)s",
                facts=_told(without_fact),
                mails=_told(without_mail),
            ),
            advice=_("Something was taken out of the database by hand, or it was damaged. Compare with a backup."),
        )
    return Health(is_ok=True, detail=_("the latest have their facts and their mails"))


def _without_fact(after: int) -> list[int]:
    fact = select(literal(1)).where(
        LedgerEntry.subject == literal("ticket:") + cast(Ticket.id, String),
        LedgerEntry.name == Name.TICKET_OPENED.value,
    )
    query = select(Ticket.id).where(Ticket.id > after, ~fact.exists())
    return list(db.session.execute(query.order_by(Ticket.id).limit(LATEST)).scalars())


def _without_mail(after: int) -> list[int]:
    """Only what a mail went out for, and only while sent mail is kept."""
    since = clock.now() - dt.timedelta(days=max(options.get().keep_mail_days - 1, 0))
    mail = select(literal(1)).where(OutboxMail.message_id == Message.message_id)
    query = (
        select(Ticket.id)
        .join(Message, Message.ticket_id == Ticket.id)
        .join(Person, Person.id == Ticket.requester_id)
        .where(Ticket.id > after, Ticket.opened_at > since, Person.erased_at.is_(None))
        .where(Message.kind == MessageKind.REQUEST, Message.via != Source.MAIL, Message.message_id != "")
        .where(~mail.exists())
    )
    return list(db.session.execute(query.order_by(Ticket.id).limit(LATEST)).scalars())


def _told(numbers: list[int]) -> str:
    return ", ".join(f"#{number}" for number in numbers[:5]) + (" …" if len(numbers) > 5 else "") or "0"
