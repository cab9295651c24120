"""How tickets look to programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from portal.core.operations.shapes import Schema, choice, many, maybe, moment, text, thing, whole, yes_no
from portal.core.refs import Ref
from portal.files.models import Attachment
from portal.notifications.links import absolute
from portal.tickets.holding import BODY
from portal.tickets.models import Message, MessageKind, Priority, Source, Status, Ticket

GROUP = "Tickets"
AT = {"number": whole("Number of the ticket.", least=1, example=17)}
WORDS = text("Markdown, as in a comment.", least=1, most=BODY)

_LINE: dict[str, Schema] = {
    "number": whole(),
    "subject": text(),
    "status": choice(*(status.value for status in Status)),
    "priority": choice(*(priority.value for priority in Priority)),
    "source": choice(*(source.value for source in Source), about="How it came."),
    "queue": text("Short name of its queue."),
    "category": maybe(text("Short name of its topic.")),
    "requester": maybe(text("Mail address of whose ticket it is.")),
    "assignee": maybe(text("Mail address of who works on it.")),
    "opened_at": moment(),
    "updated_at": moment(),
    "first_response_due_at": maybe(moment()),
    "resolution_due_at": maybe(moment()),
    "resolved_at": maybe(moment()),
    "closed_at": maybe(moment()),
    "version": whole("Grows with every change."),
    "url": text("Its page in the portal."),
}
LINE = thing("TicketLine", "A ticket without what is said on it.", needed=_LINE)
FILE = thing("TicketFile", needed={"name": text(), "media_type": text(), "bytes": whole(), "url": text()})
MESSAGE = thing(
    "TicketMessage",
    needed={
        "id": whole(),
        "kind": choice(*(kind.value for kind in MessageKind), about="Notes are the desk's alone."),
        "by": maybe(text("Mail address of who wrote it.")),
        "is_by_desk": yes_no(),
        "body": text(),
        "at": moment(),
        "via": choice(*(source.value for source in Source)),
        "files": many(FILE),
    },
)
TICKET = thing("Ticket", needed={**_LINE, "messages": many(MESSAGE, "Oldest first; notes for the desk only.")})


def line(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket as a program sees it in a list."""
    return {
        "number": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "priority": ticket.priority,
        "source": ticket.source,
        "queue": ticket.queue.slug,
        "category": ticket.category.slug if ticket.category else None,
        "requester": ticket.requester.email if ticket.requester else ticket.sender_email or None,
        "assignee": ticket.assignee.email if ticket.assignee else None,
        **{
            name: at.isoformat() if (at := getattr(ticket, name)) else None
            for name in (
                *("opened_at", "updated_at", "first_response_due_at", "resolution_due_at"),
                *("resolved_at", "closed_at"),
            )
        },
        "version": ticket.version,
        "url": absolute(url_for("tickets.show", ticket_id=ticket.id)),
    }


def whole_ticket(
    ticket: Ticket, messages: Sequence[Message], files: Mapping[Ref, Sequence[Attachment]]
) -> dict[str, Any]:
    """Return a ticket with what its reader may read of it."""
    return {**line(ticket), "messages": [message(one, files.get(one.ref, ())) for one in messages]}


def message(row: Message, files: Sequence[Attachment] = ()) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "by": row.author.email if row.author else row.sender_email or None,
        "is_by_desk": row.is_by_desk,
        "body": row.body,
        "at": row.at.isoformat(),
        "via": row.via,
        "files": [
            {
                "name": one.download_name,
                "media_type": one.media_type,
                "bytes": one.size,
                "url": absolute(url_for("files.download", attachment_id=one.id, name=one.download_name)),
            }
            for one in files
        ],
    }
