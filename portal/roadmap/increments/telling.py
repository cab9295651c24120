"""The communication plan: what people are told, in whose name, by when, and whether it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from analytics.events import Name
from analytics.proportions import Share, wilson
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.ledger import services as ledger
from portal.roadmap.increments import plans
from portal.roadmap.increments.models import Increment, Message, Signer


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing people are to be told."""

    what: str
    audience: str
    signed_by: str
    channel: str
    due_on: dt.date | None


def add(actor: Actor, increment: Increment, line: Line) -> Message:
    """Plan to tell people something."""
    plans.require(actor)
    what, audience = " ".join(line.what.split()), " ".join(line.audience.split())
    if not what:
        raise Invalid(_("What are people told?"), field="what")
    if not audience:
        raise Invalid(_("Who is told?"), field="audience")
    if line.signed_by not in set(Signer):
        raise Invalid(_("In whose name?"), field="signed_by")
    if line.due_on is None:
        raise Invalid(_("By when?"), field="due_on")
    row = Message(
        increment_id=increment.id,
        what=what[:200],
        audience=audience[:120],
        signed_by=line.signed_by,
        channel=" ".join(line.channel.split())[:80],
        due_on=line.due_on,
    )
    db.session.add(row)
    _note(actor, increment)
    return row


def get(increment: Increment, message_id: int) -> Message:
    found = db.session.get(Message, message_id)
    if found is None or found.increment_id != increment.id:
        raise NotFound(_("There is no such line of the plan."))
    return found


def mark(actor: Actor, increment: Increment, row: Message, *, is_done: bool) -> None:
    """Say that people were told, or take that back."""
    plans.require(actor)
    row.done_on = clock.today() if is_done else None
    _note(actor, increment)


def remove(actor: Actor, increment: Increment, row: Message) -> None:
    """Take a line out of the plan; what was told stays."""
    plans.require(actor)
    if row.done_on is not None:
        raise Invalid(_("People were told already. Take that back first."))
    db.session.delete(row)
    _note(actor, increment)


def messages(ids: Collection[int]) -> Sequence[Message]:
    """Return the communication plans of some increments by day; one query."""
    query = select(Message).where(Message.increment_id.in_(ids)).order_by(Message.due_on, Message.id)
    return db.session.execute(query).scalars().all() if ids else []


def not_from_it() -> Share | None:
    """Return the share of all messages that are not in the name of IT, with its interval; None without any."""
    query = select(Message.signed_by, func.count()).group_by(Message.signed_by)
    counts: dict[str, int] = {row[0]: row[1] for row in db.session.execute(query)}
    n = sum(counts.values())
    return wilson(n - counts.get(Signer.IT.value, 0), n)


def _note(actor: Actor, increment: Increment) -> None:
    db.session.flush()
    ledger.record(Name.INCREMENT_CHANGED, actor=actor, subject=increment.ref, fields=["communication"], reason="")
