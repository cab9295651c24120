"""Taking back an import of tickets: what nobody has touched since goes, or is again as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.importing import Ground, Made, Outcome, Undone
from portal.core.refs import Ref
from portal.tickets.models import Message, MessageKind, Ticket

_KEPT = (
    "subject",
    "status",
    "priority",
    "requester_id",
    "sender_email",
    "category_id",
    "queue_id",
    "knowledge",
    "knowledge_reason",
)
_MOMENTS = ("opened_at", "updated_at", "resolved_at", "closed_at")


def picture(ticket: Ticket) -> dict[str, Any]:
    """Return how an imported ticket stands, for an undo."""
    first = first_message(ticket)
    moments = {name: at.isoformat() for name in _MOMENTS if (at := getattr(ticket, name)) is not None}
    kept = {name: getattr(ticket, name) for name in _KEPT}
    return {"kept": kept, "moments": moments, "body": first.body if first else "", "html": first.html if first else ""}


def first_message(ticket: Ticket) -> Message | None:
    query = select(Message).where(Message.ticket_id == ticket.id, Message.kind == MessageKind.REQUEST)
    return db.session.execute(query.order_by(Message.id).limit(1)).scalar_one_or_none()


def undo(actor: Actor, made: Made) -> Undone:
    """Take one ticket back, unless somebody has worked on it since. What the ledger tells of it stays, as all facts."""
    ticket = db.session.get(Ticket, made.subject.id)
    if ticket is None:
        return Undone(reason=_("It is gone."))
    if ticket.version > 1:
        return Undone(reason=_("Somebody has worked on it in the portal since."))
    if made.outcome is Outcome.CREATED:
        db.session.execute(delete(Message).where(Message.ticket_id == ticket.id))
        db.session.delete(ticket)
        db.session.flush()
        return Undone()
    _restore(ticket, made.before)
    return Undone(left={})


def _restore(ticket: Ticket, was: Mapping[str, Any]) -> None:
    for name, value in was["kept"].items():
        setattr(ticket, name, value)
    for name in _MOMENTS:
        at = was["moments"].get(name)
        setattr(ticket, name, dt.datetime.fromisoformat(at) if at else None)
    if (first := first_message(ticket)) is not None:
        first.body, first.html = was["body"], was["html"]
        first.author_id, first.sender_email, first.at = ticket.requester_id, ticket.sender_email, ticket.opened_at
    db.session.flush()


def after(actor: Actor, subjects: Iterable[Ref], ground: Sequence[Ground]) -> Mapping[Ref, str]:
    """Nothing follows, and nothing was made for them."""
    return {}
