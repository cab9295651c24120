"""Mail that nobody could place by rule: somebody of the desk says where it belongs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, or_, select, true

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.people.models import Person
from portal.tickets import lifecycle, loading, policies, queries, queues
from portal.tickets.mail import belonging, dealing, reading, taking
from portal.tickets.mail.reading import Mail
from portal.tickets.models import IncomingMail, Outcome, Queue, QueueMember, Source, Status, Ticket

PAGE = 30
VIEWS: dict[str, tuple[Outcome, ...]] = {
    "waiting": (Outcome.TRIAGE, Outcome.FAILED),
    "automatic": (Outcome.AUTOMATIC,),
    "refused": (Outcome.REFUSED,),
}
OPEN = frozenset({Outcome.TRIAGE, Outcome.FAILED, Outcome.AUTOMATIC, Outcome.REFUSED})
"""What somebody can still place."""
SPAM = "spam"


@dataclass(frozen=True)
class Opened:
    """A mail somebody looks at."""

    row: IncomingMail
    mail: Mail | None
    """None where the mail itself is kept no more."""
    person: Person | None
    """Whose address it bears; no proof that it is theirs."""


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for mails the actor sorts: those to queues they work, and those to none."""
    if actor.can(Permission.TICKET_MANAGE):
        return true()
    return _seen_by(actor.person_id or 0)


def _seen_by(person: Any) -> ColumnElement[bool]:
    own = select(QueueMember.queue_id).where(QueueMember.person_id == person)
    return or_(IncomingMail.queue_id.in_(own), IncomingMail.queue_id.is_(None))


def require(actor: Actor) -> None:
    """Refuse (Forbidden) who is not of the desk."""
    if not policies.is_agent(actor):
        raise Forbidden(_("The queue is for the people of the service desk."))


def listing(actor: Actor, view: str, *, before: int | None = None) -> list[IncomingMail]:
    """Return a page of mails, the newest first; one query."""
    query = select(IncomingMail).where(IncomingMail.outcome.in_([one.value for one in VIEWS[view]]), seen(actor))
    if before:
        query = query.where(IncomingMail.id < before)
    return list(db.session.execute(query.order_by(IncomingMail.id.desc()).limit(PAGE)).scalars())


def n_waiting(actor: Actor) -> int:
    """Return how many mails wait for somebody like this actor."""
    query = _n_waiting(is_everybody=actor.can(Permission.TICKET_MANAGE))
    return db.session.execute(query, {"person": actor.person_id}).scalar_one()


@cache
def _n_waiting(*, is_everybody: bool) -> Select[int]:
    waiting = IncomingMail.outcome.in_([one.value for one in VIEWS["waiting"]])
    query = select(func.count()).select_from(IncomingMail).where(waiting)
    return query if is_everybody else query.where(_seen_by(bindparam("person", type_=Integer)))


def get(actor: Actor, mail_id: int) -> IncomingMail:
    """Return a mail the actor sorts (NotFound for every other)."""
    row = db.session.execute(select(IncomingMail).where(IncomingMail.id == mail_id, seen(actor))).scalar_one_or_none()
    if row is None or row.outcome not in OPEN | {Outcome.TICKET, Outcome.REPLY}:
        raise NotFound("")
    return row


def opened(row: IncomingMail) -> Opened:
    """Return the mail as it can be read."""
    raw = taking.raw_of(row)
    person = db.session.execute(select(Person).where(Person.email == row.sender, Person.is_active)).scalar_one_or_none()
    return Opened(row, reading.read(raw) if raw else None, person)


def meant(actor: Actor, mail: Mail) -> Ticket | None:
    """Return the ticket that a mail names, if the actor works it; no proof that its sender may write there."""
    belongs = belonging.to(mail)
    return belongs.ticket if belongs is not None and policies.is_desk(actor, belongs.ticket) else None


def _hold(actor: Actor, row: IncomingMail) -> Mail:
    """Take the mail for the rest of the transaction; refuses (Conflict) what somebody else has placed."""
    _hold_row(actor, row)
    raw = taking.raw_of(row)
    if not raw:
        raise Conflict(_("This mail is kept no more."))
    return reading.read(raw)


def _placed(actor: Actor, row: IncomingMail, outcome: Outcome, ticket: Ticket | None = None, *, why: str = "") -> None:
    row.outcome, row.reason = outcome.value, why
    row.ticket_id = ticket.id if ticket is not None else None
    row.handled_at, row.handled_by_id = clock.now(), actor.person_id
    dealing.record(row, actor)


def make_ticket(
    actor: Actor, row: IncomingMail, *, person: Person | None, queue: Queue | None = None, subject: str = ""
) -> Ticket:
    """Open a ticket from a mail, for somebody known or for its sender. Records `ticket.opened` and `mail.taken`.

    Refuses a queue the actor does not work (Forbidden) and a mail without a sender and a person (Invalid).
    """
    mail = _hold(actor, row)
    if person is None and not row.sender:
        raise Invalid(_("Nobody is named as its sender. Say whose it is."), field="person")
    request = lifecycle.Request(
        subject=subject or mail.subject or _("Mail without a subject"),
        body=mail.said,
        requester=person,
        sender_email="" if person is not None else row.sender,
        source=Source.MAIL,
        queue=queue or queues.default(),
        message_id=mail.message_id,
    )
    if person is None and not policies.can_log(actor, request.queue or queues.default()):
        raise Forbidden(_("Choose a queue you work."))
    ticket = lifecycle.open_ticket(actor, request)
    message = queries.first_message(ticket)
    if person is None:
        message.author_id = None
    dealing.finish(message, mail)
    _placed(actor, row, Outcome.TICKET, ticket)
    return ticket


def tie(actor: Actor, row: IncomingMail, number: int) -> Ticket:
    """Put a mail onto a ticket the actor works, in its sender's name. Records `ticket.replied` and `mail.taken`.

    What it says is then read by everybody who sees the ticket, so the actor answers for it.
    """
    mail = _hold(actor, row)
    try:
        ticket = loading.final(loading.for_desk(actor, number))
    except (NotFound, Forbidden):
        raise Invalid(_("There is no ticket with this number that you work."), field="number") from None
    if not ticket.is_open and ticket.status != Status.RESOLVED:
        raise Conflict(_("This ticket is closed. Open a new one and name its number, and it is found again."))
    dealing.write_for(ticket, row.sender, mail)
    _placed(actor, row, Outcome.REPLY, ticket)
    return ticket


def refuse(actor: Actor, row: IncomingMail, *, is_spam: bool = False) -> None:
    """Put a mail aside without an answer. Records `mail.taken`; it can be taken up again while it is kept."""
    _hold_row(actor, row)
    _placed(actor, row, Outcome.REFUSED, why=SPAM if is_spam else "refused")


def _hold_row(actor: Actor, row: IncomingMail) -> None:
    require(actor)
    db.session.refresh(row, with_for_update=True)
    if row.outcome not in OPEN:
        raise Conflict(_("Somebody else has dealt with this mail in the meantime."))


def working(actor: Actor) -> Collection[Queue]:
    """Return the queues the actor can put a ticket into."""
    return [queue for queue in queues.active() if policies.works(actor, queue.id)]
