"""What tickets tell people, and how: its people hear of every step, the desk of what is new to it.

Mails about one ticket stand together as one thread, and answers to them go to the address of its queue.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.jobs import services as jobs
from portal.notifications import links
from portal.notifications import services as notifications
from portal.notifications.conversations import Conversation
from portal.notifications.kinds import MAIL, PORTAL, Kind
from portal.people import services as people
from portal.tickets import policies, queues
from portal.tickets.models import Message, MessageKind, Source, Ticket, TicketPerson

ARRIVED = "tickets.tell_arrived"
OUTSIDE = frozenset({"ticket_answered", "ticket_waiting", "ticket_resolved"})
"""What somebody without an account hears of."""

FIRST = ("ticket_opened",)
"""Holds until the next thing happens to the ticket."""

NEWS = (
    Kind(
        key="ticket_opened",
        text=_l("A ticket of mine has reached the service desk"),
        line=_l("The service desk has your ticket “%(title)s”"),
        template="emails/ticket_opened.txt",
        icon="inbox",
        tells_doer=True,
    ),
    Kind(
        key="ticket_added",
        text=_l("Somebody adds me to a ticket"),
        line=_l("%(who)s added you to the ticket “%(title)s”"),
        template="emails/ticket_added.txt",
        icon="people",
    ),
    Kind(
        key="ticket_answered",
        text=_l("The service desk answers a ticket of mine"),
        line=_l("%(who)s answered “%(title)s”"),
        template="emails/ticket_answered.txt",
        icon="answer",
    ),
    Kind(
        key="ticket_waiting",
        text=_l("The service desk waits for my answer"),
        line=_l("The service desk needs an answer from you: “%(title)s”"),
        template="emails/ticket_waiting.txt",
        icon="clock",
    ),
    Kind(
        key="ticket_resolved",
        text=_l("A ticket of mine is resolved"),
        line=_l("%(who)s resolved “%(title)s”"),
        template="emails/ticket_resolved.txt",
        icon="check",
    ),
    Kind(
        key="ticket_closed",
        text=_l("A ticket of mine is closed"),
        line=_l("“%(title)s” is closed"),
        template="emails/ticket_closed.txt",
        icon="lock",
    ),
    Kind(
        key="ticket_arrived",
        text=_l("A new ticket is in a queue I work"),
        line=_l("%(who)s handed over “%(title)s”"),
        template="emails/ticket_arrived.txt",
        icon="hand-over",
        channels=PORTAL,
    ),
    Kind(
        key="ticket_said",
        text=_l("Somebody writes on a ticket I work on"),
        line=_l("%(who)s wrote on “%(title)s”"),
        template="emails/ticket_said.txt",
        icon="question",
    ),
    Kind(
        key="ticket_given",
        text=_l("I am given a ticket"),
        line=_l("%(who)s gave you the ticket “%(title)s”"),
        template="emails/ticket_given.txt",
        icon="user",
    ),
    Kind(
        key="ticket_outside",
        text=_l("What the service desk writes to people without an account"),
        line=_l("%(who)s wrote on “%(title)s”"),
        template="emails/ticket_outside.txt",
        icon="mail",
        channels=MAIL,
        is_account_matter=True,
    ),
    Kind(
        key="ticket_bounced",
        text=_l("A mail of the desk on a ticket I work on comes back"),
        line=_l("A mail on “%(title)s” came back"),
        template="emails/ticket_bounced.txt",
        icon="warning",
        tells_doer=True,
    ),
    Kind(
        key="ticket_merged",
        text=_l("A ticket of mine goes into another one"),
        line=_l("%(who)s put your ticket together with “%(title)s”"),
        template="emails/ticket_merged.txt",
        icon="arrow-right",
    ),
    Kind(
        key="ticket_ended",
        text=_l("A ticket I work on is withdrawn"),
        line=_l("%(who)s withdrew “%(title)s”"),
        template="emails/ticket_ended.txt",
        icon="check",
    ),
    Kind(
        key="ticket_due_soon",
        text=_l("What is promised for a ticket I work on is due soon"),
        line=_l("“%(title)s” is due soon"),
        template="emails/ticket_due_soon.txt",
        icon="clock",
        channels=PORTAL,
    ),
    Kind(
        key="ticket_overdue",
        text=_l("What was promised for a ticket I work on is late"),
        line=_l("“%(title)s” is late"),
        template="emails/ticket_overdue.txt",
        icon="warning",
    ),
)


def tell_its_people(
    actor: Actor, ticket: Ticket, kind: str, *, about: Ref | None = None, words: str = "", by: str = "", **data: str
) -> None:
    """Tell the requester and the colleagues they added; who has no account by mail alone.

    `by` is the address of who wrote without an account.
    """
    tell_outside(actor, ticket, kind, about=about, words=words)
    added = db.session.execute(select(TicketPerson.person_id).where(TicketPerson.ticket_id == ticket.id)).scalars()
    told: dict[str, Any] = {"about": about, "words": words, "data": data, "mail": _from(by)}
    tell([ticket.requester_id, *added], kind, ticket, actor=actor, **told)


def tell_opened(
    ticket: Ticket, *, actor: Actor, about: Ref, words: str, is_first: bool, likely: Collection[Ref] = ()
) -> list[str]:
    """Tell the requester that their ticket is there, with pages that may answer it: each leads to one with a button."""
    mail = {"offers": _offers(ticket, likely)}
    told: dict[str, Any] = {"actor": actor, "about": about, "words": words, "is_first": is_first, "mail": mail}
    return tell([ticket.requester_id], "ticket_opened", ticket, **told)


def take_back(ticket: Ticket) -> None:
    """Let nobody be told any more that the desk has a ticket, or waits, once it was withdrawn."""
    who = [ticket.requester_id, *queues.workers(ticket.queue_id)]
    notifications.overtake(who, (*FIRST, "ticket_waiting", "ticket_arrived"), ticket.ref)


def _offers(ticket: Ticket, likely: Collection[Ref]) -> list[tuple[str, str]]:
    """Return titles and addresses of those of these pages that the requester may see."""
    reader = people.actor_for(ticket.requester_id) if likely and ticket.requester_id is not None else None
    if reader is None:
        return []
    with links.addressable():
        things = load_things(reader, likely)
    address = {ref: links.to("offered.show", ticket_id=ticket.id, kind=ref.kind, thing_id=ref.id) for ref in likely}
    return [(things[ref].title, address[ref]) for ref in likely if ref in things]


def tell_outside(actor: Actor, ticket: Ticket, kind: str, *, about: Ref | None, words: str) -> None:
    """Write to who mailed without an account what the desk says: words alone, for they see no page of ours.

    What colleagues who were added say is said to the desk.
    """
    if ticket.requester_id is not None or not ticket.sender_email or kind not in OUTSIDE:
        return
    if not policies.is_desk(actor, ticket):
        return
    notifications.write_outside(
        ticket.sender_email,
        "ticket_outside",
        values={"number": str(ticket.id), "title": ticket.subject, "words": words, "what": kind, "who": actor.name},
        conversation=_conversation(ticket, about),
    )


def tell_the_desk(
    actor: Actor, ticket: Ticket, kind: str, *, about: Ref | None = None, words: str = "", by: str = ""
) -> None:
    """Tell whoever works on it; while nobody does, everybody of its queue."""
    who = [ticket.assignee_id] if ticket.assignee_id is not None else queues.workers(ticket.queue_id)
    tell(who, kind, ticket, actor=actor, about=about, words=words, mail=_from(by))


def _from(address: str) -> dict[str, str]:
    """Name who wrote without an account by their address, for mails alone: what hangs behind the bell keeps none."""
    return {"who": address} if address else {}


def tell(
    who: Collection[int | None],
    kind: str,
    ticket: Ticket,
    *,
    actor: Actor,
    about: Ref | None = None,
    words: str = "",
    data: Mapping[str, str] | None = None,
    is_first: bool = False,
    mail: Mapping[str, Any] | None = None,
) -> list[str]:
    """Tell people about a ticket, in its thread of mails; returns the Message-IDs of those that go out.

    With `is_first` nothing was said before, so nothing is looked for. `mail` is for the mail's template alone.
    """
    if not any(one is not None for one in who):
        return []
    if kind not in FIRST and ticket.requester_id in who:
        notifications.overtake([ticket.requester_id], FIRST, ticket.ref)
    conversation = _conversation(ticket, about, is_first=is_first)
    notifications.tell(
        who,
        kind,
        subject=ticket.ref,
        data={"number": str(ticket.id), **(data or {})},
        words=words,
        actor=actor,
        conversation=conversation,
        mail=mail,
    )
    return conversation.ids


def _conversation(ticket: Ticket, about: Ref | None, *, is_first: bool = False) -> Conversation:
    earlier = () if is_first else _earlier(ticket)
    return Conversation(thread=ticket.ref, about=about or ticket.ref, earlier=earlier, reply_to=ticket.queue.email)


def _earlier(ticket: Ticket) -> tuple[str, ...]:
    """Return the Message-IDs of mails that came in on this ticket: the first, and the latest few."""
    came = Message.message_id.startswith("<") & (Message.via == Source.MAIL) & (Message.kind != MessageKind.NOTE)
    query = select(Message.message_id).where(Message.ticket_id == ticket.id, came).order_by(Message.at, Message.id)
    found = list(db.session.execute(query).scalars())
    return tuple(found[:1] + found[1:][-5:])


def plan_arrival(actor: Actor, ticket: Ticket) -> None:
    """Let the queue hear of a new ticket apart from the request that opened it: a queue may have many agents."""
    jobs.enqueue(ARRIVED, {"ticket": ticket.id, "by": actor.person_id})


def tell_arrived(payload: dict[str, Any]) -> None:
    """Tell everybody of the queue that a ticket is there, unless somebody has it by now."""
    ticket = db.session.get(Ticket, payload["ticket"])
    if ticket is None or not ticket.is_open or ticket.assignee_id is not None:
        return
    actor = people.actor_for(payload["by"]) if payload.get("by") else None
    tell(queues.workers(ticket.queue_id), "ticket_arrived", ticket, actor=actor or system("tickets"))
