"""Reads of tickets for pages and lists."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.tickets import policies
from portal.tickets.models import Message, MessageKind, Ticket


def conversation(actor: Actor, ticket: Ticket) -> list[Message]:
    """Return what is said on a ticket, oldest first, internal notes only to the desk; one query."""
    query = select(Message).where(Message.ticket_id == ticket.id).options(joinedload(Message.author))
    if not policies.is_desk(actor, ticket):
        query = query.where(Message.kind != MessageKind.NOTE)
    return list(db.session.execute(query.order_by(Message.at, Message.id)).scalars())
