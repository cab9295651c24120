"""Opening a ticket, whatever way it came: the form, a mail, a call, a program, a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category

from flask_babel import gettext as _

from analytics.events import Name
from portal.core import clock, limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.refs import Ref
from portal.kb.models import Category
from portal.ledger import services as ledger
from portal.people import services as people
from portal.people.models import Person
from portal.tickets import holding, news, policies, queues
from portal.tickets.levels import promises
from portal.tickets.models import (
    HandOver,
    MessageKind,
    Priority,
    Queue,
    RequestTemplate,
    Source,
    Status,
    Ticket,
    TicketPerson,
    TrailItem,
    TrailKind,
)

SUBJECT = 200
MOST_TRAIL = 40
PER_HOUR = 20
"""So many tickets an hour somebody outside the desk hands over."""
_UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters by name that nobody sees."""
SPOKEN = (Source.CALL, Source.WALK_IN)
"""Who calls or walks in has had a first answer when the ticket is written down."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One thing the requester tried before and lets the desk know."""

    kind: TrailKind
    text: str
    subject: Ref | None = None
    n_results: int | None = None
    at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody hands over. Without a requester it is the actor's own; without a queue it lands by itself."""

    subject: str
    body: str = ""
    requester: Person | None = None
    sender_email: str = ""
    """Who mailed, while nobody we know; the ticket has no requester then."""
    source: Source = Source.PORTAL
    queue: Queue | None = None
    category: Category | None = None
    priority: Priority = Priority.NORMAL
    template: RequestTemplate | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    people: Sequence[Person] = ()
    """Colleagues who see it and may reply."""
    trail: Sequence[Tried] = ()
    shown: Sequence[Ref] = ()
    """Suggestions that were shown on the form and did not help."""
    hand_over: HandOver | None = None
    """The form it was begun in; it ends with the ticket, whether it was stored before or not."""
    incident: Ref | None = None
    external_id: str | None = None
    message_id: str = ""
    """Of the mail it came by."""
    likely: Sequence[Ref] = ()
    """Pages that may answer it, offered with the receipt."""
    is_quiet: bool = False
    """Without a receipt: who writes on and on, perhaps as a machine, gets no answer each time."""


def spend(actor: Actor) -> None:
    """Count one handing over; refuse (TooMany) the one above the limit. The desk writes down what many say."""
    if not policies.is_agent(actor):
        limits.spend("ticket", str(actor.person_id), limit=PER_HOUR, seconds=3600)


def open_ticket(actor: Actor, request: Request) -> Ticket:
    """Open a ticket, promise a time, and tell its requester and the queue. Records `ticket.opened`.

    Refuses a ticket without a subject (Invalid), one in somebody else's name from whoever does not work the queue,
    and people who may not hand over (Forbidden).
    """
    queue = request.queue or queues.for_request(request.template)
    requester_id = _requester(actor, request, queue)
    subject = _subject(request.subject)
    body = holding.said(request.body) if request.body.strip() else ""
    now = clock.now()
    ticket = Ticket(
        subject=subject,
        requester_id=requester_id,
        sender_email=request.sender_email if requester_id is None else "",
        opened_by_id=actor.person_id if actor.person_id != requester_id else None,
        source=request.source.value,
        external_id=request.external_id,
        category_id=request.category.id if request.category else None,
        queue=queue,
        priority=request.priority.value,
        status=Status.NEW.value,
        template_id=request.template.id if request.template else None,
        given=dict(request.given),
        opened_at=now,
        updated_at=now,
        incident=str(request.incident) if request.incident else None,
        version=1,
    )
    promises.renew(ticket)
    if request.source in SPOKEN:
        ticket.first_response_at, ticket.status = now, Status.OPEN.value
    db.session.add(ticket)
    db.session.flush()
    if request.hand_over is not None:
        _end(request.hand_over, ticket, request.trail)
    author = actor if requester_id == actor.person_id else _as_requester(requester_id)
    first = holding.write(
        author,
        ticket,
        MessageKind.REQUEST,
        body,
        is_by_desk=False,
        via=request.source,
        sender_email=ticket.sender_email,
        message_id=request.message_id,
    )
    _keep_trail(ticket, request.trail)
    added = [one.id for one in request.people if one.is_active and one.id != requester_id]
    db.session.add_all(TicketPerson(ticket_id=ticket.id, person_id=one, added_by_id=actor.person_id) for one in added)
    db.session.flush()
    _record(actor, ticket, request)
    is_first = not request.message_id
    about: dict[str, Any] = {"actor": actor, "about": first.ref, "words": body, "is_first": is_first}
    mails = [] if request.is_quiet else news.tell_opened(ticket, likely=request.likely, **about)
    if is_first and mails:
        first.message_id = mails[0]
    news.tell(added, "ticket_added", ticket, **about)
    news.plan_arrival(actor, ticket)
    return ticket


def _requester(actor: Actor, request: Request, queue: Queue) -> int | None:
    """Return whose ticket it becomes, and refuse who may not open it for them."""
    if request.requester is None and not request.sender_email:
        if not policies.can_open(actor):
            raise Forbidden(_("Sign in to hand something over."))
        return actor.person_id
    requester_id = request.requester.id if request.requester else None
    if requester_id is not None and requester_id == actor.person_id:
        return requester_id
    if not policies.can_log(actor, queue):
        raise Forbidden(_("Only the service desk opens tickets for others."))
    return requester_id


def _as_requester(person_id: int | None) -> Actor:
    found = people.actor_for(person_id) if person_id is not None else None
    return found or Actor(person_id=person_id)


def says_nothing(words: str) -> bool:
    """Say whether nobody could read these words, nor click on them: there are none, or none that can be seen.

    >>> says_nothing(" \u200b\u202e\u3164"), says_nothing("?")
    (True, False)
    """
    return not any(sign.isprintable() and not sign.isspace() and sign not in _UNSEEN for sign in words)


def _subject(words: str) -> str:
    words = " ".join("".join(sign for sign in words if sign.isspace() or category(sign) != "Cc").split())
    if says_nothing(words):
        raise Invalid(_("Say in a few words what is wrong."), field="subject")
    if len(words) > SUBJECT:
        raise Invalid(_("Please keep it under %(n)s characters.", n=SUBJECT), field="subject")
    return words


def told(trail: Sequence[Tried]) -> list[dict[str, Any]]:
    """Return what was tried as the row of a form keeps it."""
    return [{"kind": one.kind, "text": one.text, "subject": str(one.subject or "")} for one in trail]


def _end(begun: HandOver, ticket: Ticket, trail: Sequence[Tried]) -> None:
    """Note what became of the form; it is stored with what is flushed next."""
    begun.trail, begun.ended_at, begun.ticket_id = told(trail), ticket.opened_at, ticket.id
    db.session.add(begun)


def _keep_trail(ticket: Ticket, trail: Sequence[Tried]) -> None:
    db.session.add_all(
        TrailItem(
            ticket_id=ticket.id,
            position=position,
            kind=one.kind.value,
            text=" ".join(one.text.split())[:300],
            subject=str(one.subject) if one.subject else None,
            n_results=one.n_results,
            at=one.at,
        )
        for position, one in enumerate(trail[:MOST_TRAIL])
    )


def _record(actor: Actor, ticket: Ticket, request: Request) -> None:
    on_behalf = ticket.requester_id is not None and ticket.requester_id != actor.person_id
    requester = ledger.visitor_of(Actor(person_id=ticket.requester_id)) if on_behalf else None
    tried = dict.fromkeys(str(one.subject) for one in request.trail[:MOST_TRAIL] if one.subject)
    holding.record(
        Name.TICKET_OPENED,
        actor,
        ticket,
        source=ticket.source,
        requester=requester,
        hand_over=request.hand_over.id if request.hand_over is not None else None,
        queue=ticket.queue_id,
        shown=[str(ref) for ref in request.shown],
        trail=list(tried),
        incident=ticket.incident,
    )
