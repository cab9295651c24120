"""Listing tickets and reading one, as far as whoever asks may see them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.database import db
from portal.core.operations import cursors
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import choice, page_of, text
from portal.core.scopes import Scope
from portal.files import queries as files
from portal.tickets import loading, policies, queries
from portal.tickets.api import shapes
from portal.tickets.models import Queue, Status, Ticket

OWN, DESK = "own", "desk"


def tickets(call: Call) -> Reply:
    who, limit = call.actor, call.query.get("limit", cursors.USUAL)
    after = cursors.after("tickets", call.query)
    wanted = policies.at_desk(who) if call.query.get("whose") == DESK else policies.own(who)
    query = select(Ticket).join(Queue, Queue.id == Ticket.queue_id).where(wanted)
    if "status" in call.query:
        query = query.where(Ticket.status == call.query["status"])
    if "queue" in call.query:
        query = query.where(Queue.slug == call.query["queue"])
    if after is not None:
        query = query.where(Ticket.id < after[0])
    query = query.options(
        joinedload(Ticket.queue), joinedload(Ticket.requester), joinedload(Ticket.assignee), joinedload(Ticket.category)
    )
    rows = list(db.session.execute(query.order_by(Ticket.id.desc()).limit(limit + 1)).scalars())
    more = cursors.make("tickets", call.query, rows[limit - 1].id) if len(rows) > limit else None
    return Reply(body={"items": [shapes.line(row) for row in rows[:limit]], "next": more})


def ticket(call: Call) -> Reply:
    who = call.actor
    found = loading.get(who, call.path["number"])
    said = queries.conversation(who, found)
    return Reply(body=shapes.whole_ticket(found, said, files.on([one.ref for one in said])))


OPERATIONS = (
    Operation(
        name="tickets",
        method="GET",
        path="/tickets",
        group=shapes.GROUP,
        summary="Tickets, the newest first",
        about="One's own and those one was added to; for the service desk those of the queues it works, too.",
        scope=Scope.TICKETS,
        run=tickets,
        query={
            "whose": choice(OWN, DESK, about="Own ones (if left out), or those of the queues one works."),
            "status": choice(*(status.value for status in Status)),
            "queue": text("Short name of a queue.", least=1, most=64),
            **cursors.PARAMETERS,
        },
        answer=page_of(shapes.LINE),
    ),
    Operation(
        name="ticket",
        method="GET",
        path="/tickets/{number}",
        group=shapes.GROUP,
        summary="One ticket, with what is said on it",
        about="Internal notes only for who works its queue.",
        scope=Scope.TICKETS,
        run=ticket,
        at=shapes.AT,
        answer=shapes.TICKET,
        is_single=True,
    ),
)
