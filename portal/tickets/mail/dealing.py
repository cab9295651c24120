"""Dealing with a mail that was taken: a reply, a ticket, a bounce, a machine's, or something to look at."""

from __future__ import annotations

import datetime as dt
import io

from flask_babel import gettext as _
from sqlalchemy import func, select

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Invalid
from portal.files import services as files
from portal.ledger import services as ledger
from portal.tickets import lifecycle, policies, queries
from portal.tickets.mail import answering, belonging, plain, returned, verdicts
from portal.tickets.mail.belonging import Belongs
from portal.tickets.mail.reading import Mail
from portal.tickets.models import IncomingMail, Message, Outcome, Source, Status, Ticket
from portal.tickets.opening import SUBJECT, says_nothing

SAME_PER_HOUR = 3
"""So often the same sender writes under the same subject before it is taken for two machines that answer each other."""
RECEIPTS_PER_HOUR = 3
"""So many receipts an hour somebody gets; the tickets are opened all the same."""

UNKNOWN = "unknown"
NOT_THEIRS = "not_theirs"
NO_KEY = "no_key"
FORGED = "forged"
MANY_SENDERS = "senders"
BROKEN = "broken"
TOO_MANY = "too_many"
LOOP = "loop"
OWN = "own"


def deal(row: IncomingMail, mail: Mail) -> None:
    """Deal with a mail that nobody has dealt with. Records `mail.taken`, and what the steps on the ticket record."""
    if row.outcome != Outcome.NEW:
        return
    ticket = _deal(row, mail)
    row.ticket_id = ticket.id if ticket is not None else row.ticket_id
    row.handled_at = clock.now()
    record(row, system("mail"))


def record(row: IncomingMail, actor: Actor) -> None:
    """Write down what became of a mail."""
    db.session.flush()
    ticket = db.session.get(Ticket, row.ticket_id) if row.ticket_id is not None else None
    ledger.record(Name.MAIL_TAKEN, actor=actor, subject=ticket.ref if ticket else None, outcome=row.outcome)


def _deal(row: IncomingMail, mail: Mail) -> Ticket | None:
    if mail.bounce is not None:
        row.outcome, row.reason = Outcome.BOUNCE.value, f"{mail.bounce.code} {mail.bounce.words}".strip()
        return returned.take(mail.bounce)
    belongs = belonging.to(mail)
    if sign := _machine(row, mail, belongs):
        return _leave(row, Outcome.AUTOMATIC, sign, belongs)
    if why := _doubt(mail):
        return _leave(row, Outcome.TRIAGE, why)
    known = belonging.sender(mail)
    if known is None and belongs is not None and _is_outsiders(mail, belongs):
        write_for(belongs.ticket, mail.sender, mail)
        row.outcome = Outcome.REPLY.value
        return belongs.ticket
    if known is None:
        return _leave(row, Outcome.TRIAGE, UNKNOWN)
    _person, actor = known
    if belongs is not None:
        if not belonging.may_answer(actor, mail, belongs):
            return _leave(row, Outcome.TRIAGE, NOT_THEIRS)
        if policies.can_reply(actor, belongs.ticket):
            return _reply(row, mail, actor, belongs.ticket) if belongs.has_key else _leave(row, Outcome.TRIAGE, NO_KEY)
    if not policies.can_open(actor):
        return _leave(row, Outcome.TRIAGE, UNKNOWN)
    return _open(row, mail, actor, earlier=belongs.ticket if belongs else None)


def _is_outsiders(mail: Mail, belongs: Belongs) -> bool:
    """Say whether somebody without an account answers a mail about the ticket that was made of theirs."""
    ticket = belongs.ticket
    is_theirs = ticket.requester_id is None and ticket.sender_email == mail.sender
    return belongs.has_key and is_theirs and (ticket.is_open or ticket.status == Status.RESOLVED)


def write_for(ticket: Ticket, sender: str, mail: Mail) -> None:
    """Write a mail onto a ticket in the name of whoever bears its address, or of the address itself.

    The caller has made sure that it may be read there. Records `ticket.replied`.
    """
    known = belonging.sender(mail)
    message = lifecycle.reply(
        known[1] if known is not None else system("mail"),
        ticket,
        body=mail.said or _no_words(),
        via=Source.MAIL,
        sender_email=sender or "?",
        message_id=mail.message_id,
    )
    finish(message, mail)


def _leave(row: IncomingMail, outcome: Outcome, why: str, belongs: Belongs | None = None) -> Ticket | None:
    row.outcome, row.reason = outcome.value, why
    return belongs.ticket if belongs is not None and belongs.has_key else None


def _machine(row: IncomingMail, mail: Mail, belongs: Belongs | None) -> str:
    """Return by what a machine wrote it; empty for a person."""
    opts = options.get()
    if belonging.is_own(mail.sender, opts.mail_from):
        return OWN
    if mail.automatic:
        return mail.automatic
    since = row.received_at - dt.timedelta(hours=1)
    lately = (
        select(func.count())
        .select_from(IncomingMail)
        .where(IncomingMail.received_at > since, IncomingMail.received_at <= row.received_at, IncomingMail.id != row.id)
    )
    by_sender = lately.where(IncomingMail.sender == mail.sender)
    if _n(by_sender) >= opts.mails_per_hour:
        return TOO_MANY
    if belongs is not None and _n(lately.where(IncomingMail.ticket_id == belongs.ticket.id)) >= opts.mails_per_hour:
        return TOO_MANY
    is_new = belongs is None and mail.subject
    return LOOP if is_new and _n(by_sender.where(IncomingMail.subject == mail.subject)) >= SAME_PER_HOUR else ""


def _n(query: object) -> int:
    return int(db.session.execute(query).scalar_one())  # type: ignore[call-overload]


def _doubt(mail: Mail) -> str:
    """Return why somebody has to look before it goes anywhere."""
    if not mail.is_whole:
        return BROKEN
    if not mail.sender:
        return MANY_SENDERS
    return FORGED if verdicts.is_forged(mail, options.get().mail_judge) else ""


def _reply(row: IncomingMail, mail: Mail, actor: Actor, ticket: Ticket) -> Ticket:
    message = lifecycle.reply(actor, ticket, body=mail.said or _no_words(), via=Source.MAIL, message_id=mail.message_id)
    finish(message, mail)
    row.outcome = Outcome.REPLY.value
    return ticket


def _open(row: IncomingMail, mail: Mail, actor: Actor, *, earlier: Ticket | None) -> Ticket:
    is_quiet = _has_receipts(mail.sender, row.received_at)
    request = lifecycle.Request(
        subject=_("Mail without a subject") if says_nothing(mail.subject[:SUBJECT]) else mail.subject[:SUBJECT],
        body=mail.said,
        source=Source.MAIL,
        queue=belonging.queue_of(mail),
        message_id=mail.message_id,
        likely=[] if is_quiet else answering.likely(actor, mail),
        is_quiet=is_quiet,
    )
    ticket = lifecycle.open_ticket(actor, request)
    finish(queries.first_message(ticket), mail)
    if earlier is not None:
        words = _("This mail answers ticket %(number)s, which is closed.", number=earlier.id)
        lifecycle.note(system("mail"), ticket, body=words)
    row.outcome = Outcome.TICKET.value
    return ticket


def _has_receipts(sender: str, at: dt.datetime) -> bool:
    opened = (
        select(func.count())
        .select_from(IncomingMail)
        .where(
            IncomingMail.sender == sender,
            IncomingMail.outcome == Outcome.TICKET,
            IncomingMail.handled_at > at - dt.timedelta(hours=1),
        )
    )
    return _n(opened) >= RECEIPTS_PER_HOUR


def finish(message: Message, mail: Mail) -> None:
    """Show a mail as the plain text it is, keep what it quoted, hang its files on it; the desk hears what stayed."""
    message.html = plain.html(message.body)
    message.rest = mail.rest
    left = _hang(message, mail)
    if mail.n_left_out:
        left.append(_("%(n)s more files", n=mail.n_left_out))
    if left:
        words = _("Not taken from this mail: %(files)s.", files="; ".join(left))[:5000]
        lifecycle.note(system("mail"), message.ticket, body=words)
    db.session.flush()


def _hang(message: Message, mail: Mail) -> list[str]:
    by = Actor(person_id=message.author_id)
    left = []
    for file in mail.files:
        try:
            files.keep(by, io.BytesIO(file.content), file.name, on=message.ref)
        except Invalid as refusal:
            left.append(f"{file.name} ({refusal.message})")
    return left


def _no_words() -> str:
    return _("(No words of their own.)")
