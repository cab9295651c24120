"""One trouble that many report: the reports hang below one ticket, which is answered and resolved once for all of them.

Every report gets its own reply, fact and mail. A few are answered at once; many by a job, some at a time, which begins
where it left off whenever it is stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, select

from analytics.events import Name
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid, Refusal
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.people import services as people
from portal.tickets import holding, lifecycle, policies
from portal.tickets.desk import scopes
from portal.tickets.models import Knowledge, Message, Ticket

ANSWER = "tickets.answer_reports"
AT_ONCE = 50
"""So many are answered within the request, and in each go of the job."""
KNOWN = "incident"
NAMED = 50


def of(parent: Ticket, *, limit: int = 20) -> list[Ticket]:
    """Return the latest reports of an incident; one query."""
    query = select(Ticket).where(Ticket.parent_id == parent.id).order_by(Ticket.id.desc()).limit(limit)
    return list(db.session.execute(query).scalars())


def n_open(parent: Ticket) -> int:
    return db.session.execute(_n_open(), {"parent": parent.id}).scalar_one()


@cache
def _n_open() -> Select[int]:
    below = (Ticket.parent_id == bindparam("parent")) & scopes.is_open
    return select(func.count()).select_from(Ticket).where(below)


def tie(actor: Actor, ticket: Ticket, *, parent: Ticket | None, lock: int | None = None) -> None:
    """Hang a ticket below another as one more report of it, or take it off. Records `ticket.parented`.

    Refuses circles and a second storey (Invalid), what is over (Conflict), and who does not work both (Forbidden).
    """
    if parent is not None and parent.id < ticket.id:  # by number: of two who tie each to the other one is second
        holding.hold(parent)
    holding.take(actor, ticket, lock)
    if ticket.parent_id == (parent.id if parent else None):
        return
    if parent is not None and parent.id > ticket.id:
        holding.hold(parent)
    if parent is not None:
        if not policies.can_work(actor, parent):
            raise Conflict(_("The other ticket is not open any more."))
        if parent.id == ticket.id:
            raise Invalid(_("A ticket cannot report itself."), field="number")
        if parent.parent_id is not None:
            words = _("No. %(number)s is itself a report of No. %(other)s.", number=parent.id, other=parent.parent_id)
            raise Invalid(words, field="number")
        if of(ticket, limit=1):
            raise Invalid(_("Others report this ticket; it cannot be a report itself."), field="number")
    ticket.parent_id = parent.id if parent else None
    db.session.flush()
    holding.record(Name.TICKET_PARENTED, actor, ticket, parent=ticket.parent_id)


def know(actor: Actor, ticket: Ticket, *, incident: Ref | None, lock: int | None = None) -> None:
    """Say which trouble that everybody is told of a ticket belongs to, or none. Records `ticket.parented`."""
    holding.take(actor, ticket, lock)
    if incident is not None and (incident.kind != KNOWN or not holding.sees(actor, incident)):
        raise Invalid(_("This notice is not there any more."), field="incident")
    before, ticket.incident = ticket.incident, str(incident) if incident else None
    db.session.flush()
    if before != ticket.incident:
        holding.record(Name.TICKET_PARENTED, actor, ticket, parent=ticket.parent_id)


@dataclass(frozen=True)
class Round:
    """One go of answering reports."""

    n_answered: int
    last: int
    """The number of the last report looked at; the next go begins behind it."""
    left: tuple[int, ...]
    """Reports that could not be answered."""
    is_over: bool


def answer(actor: Actor, parent: Ticket, said: Message, *, resolve: bool = False) -> Round:
    """Give every open report what was said on the incident, and resolve it with that if wished.

    Those that one go does not reach follow by a job.
    """
    first = _go(actor, parent, said, resolve=resolve, after=0)
    _plan(actor, parent, said, first, resolve=resolve, left=())
    return first


def go_on(payload: dict[str, Any]) -> None:
    """Answer some more of the reports, and come again while there are any."""
    actor = people.actor_for(payload["by"])
    parent, said = db.session.get(Ticket, payload["ticket"]), db.session.get(Message, payload["said"])
    if actor is None or parent is None or said is None:
        return
    some = _go(actor, parent, said, resolve=payload["resolve"], after=payload["after"])
    _plan(actor, parent, said, some, resolve=payload["resolve"], left=payload["left"])


def _go(actor: Actor, parent: Ticket, said: Message, *, resolve: bool, after: int) -> Round:
    """Answer as many reports as one go takes; a report that has this reply already is passed over."""
    has_it = select(Message.ticket_id).where(Message.copy_of_id == said.id)
    query = select(Ticket.id).where(Ticket.parent_id == parent.id, scopes.is_open, Ticket.id > after)
    query = query.where(Ticket.id.not_in(has_it)).order_by(Ticket.id).limit(AT_ONCE)
    numbers = list(db.session.execute(query).scalars())
    left = []
    for number in numbers:
        try:
            with db.session.begin_nested():
                _say(actor, db.session.get_one(Ticket, number), said, resolve=resolve)
        except Refusal:
            left.append(number)
    last = numbers[-1] if numbers else after
    return Round(len(numbers) - len(left), last, tuple(left), is_over=len(numbers) < AT_ONCE)


def _say(actor: Actor, report: Ticket, said: Message, *, resolve: bool) -> None:
    if resolve:
        lifecycle.resolve(actor, report, knowledge=_same(said.ticket), body=said.body, copy_of=said)
    else:
        lifecycle.reply(actor, report, body=said.body, copy_of=said)


def _same(parent: Ticket) -> Knowledge | None:
    """Return what the reports leave behind: what the incident does, which is told once."""
    return Knowledge(parent.knowledge) if parent.knowledge else None


def _plan(actor: Actor, parent: Ticket, said: Message, some: Round, *, resolve: bool, left: Sequence[int]) -> None:
    """Let the next go follow; after the last one, note on the incident which reports could not be answered."""
    left = [*left, *some.left]
    if not some.is_over:
        payload = {"by": actor.person_id, "ticket": parent.id, "said": said.id, "resolve": resolve}
        jobs.enqueue(ANSWER, {**payload, "after": some.last, "left": left}, key=f"{ANSWER}:{said.id}:{some.last}")
    elif left:
        numbers = ", ".join(f"#{number}" for number in left[:NAMED])
        lifecycle.note(actor, parent, body=_("Could not be answered with the others: %(numbers)s", numbers=numbers))
