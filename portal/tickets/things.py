"""Tickets and what is said on them, as others may show them: only to who may see them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.tickets import policies
from portal.tickets.models import Message, MessageKind, Ticket
from portal.tickets.policies import Reach


def tickets(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the tickets this actor may see; one query."""
    given = {"ids": list(ids), "person": actor.person_id}
    rows = db.session.execute(_tickets(policies.reach(actor)), given).scalars()
    return {row.id: thing(row) for row in rows}


@cache
def _tickets(reach: Reach) -> Select[Ticket]:
    """Return the statement for those of some tickets that a person sees, as `policies.seen` says; built once."""
    person = bindparam("person", type_=Integer)
    seen = or_(policies.owned(person), policies.within(reach, person))
    return select(Ticket).where(Ticket.id.in_(bindparam("ids", expanding=True)), seen)


def thing(ticket: Ticket) -> Thing:
    return Thing(
        ref=ticket.ref,
        title=ticket.subject,
        url=url_for("tickets.show", ticket_id=ticket.id),
        meta={"number": ticket.id, "status": ticket.status, "merged_into": ticket.merged_into_id},
    )


def messages(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return what is said on tickets this actor may see, internal notes only to the desk; one query."""
    readable = or_(policies.at_desk(actor), (Message.kind != MessageKind.NOTE) & policies.own(actor))
    query = select(Message).join(Ticket, Ticket.id == Message.ticket_id).where(Message.id.in_(ids), readable)
    rows = db.session.execute(query.options(joinedload(Message.ticket))).scalars()
    return {
        row.id: Thing(
            ref=row.ref,
            title=_("Message on “%(title)s”", title=row.ticket.subject),
            url=url_for("tickets.show", ticket_id=row.ticket_id, _anchor=f"message-{row.id}"),
        )
        for row in rows
    }
