"""Saying that a thing should be looked at, and what became of that.

One flag a person and thing; whoever flags again after it was decided opens it again. What is decided closes all open
flags of the thing at once, and everybody who flagged hears the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.core import clock, limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.talk.models import Flag

LONGEST = 1000
PER_HOUR = 20
SHOWN = 100


class Why(StrEnum):
    """Why somebody should look."""

    WRONG = "wrong"
    OUT_OF_DATE = "out_of_date"
    RUDE = "rude"
    PRIVATE = "private"
    DUPLICATE = "duplicate"
    OTHER = "other"


class Decision(StrEnum):
    """What was done about it."""

    REMOVED = "removed"
    EDITED = "edited"
    KEPT = "kept"


def can_flag(actor: Actor) -> bool:
    """Everybody signed in, and nobody in another's name."""
    return actor.person_id is not None and not actor.is_acting_for and actor.can(Permission.FEEDBACK_GIVE)


def flag(actor: Actor, thing: Ref, *, reason: str, comment: str = "", topic: Ref | None = None) -> Flag:
    """Say that a thing should be looked at. Records `thing.flagged`; the same again changes nothing.

    Refuses who may not (Forbidden), no reason and an overlong comment (Invalid, by field), too many (TooMany).
    """
    if not can_flag(actor) or actor.person_id is None:
        actor.require_self()
        raise Forbidden(_("Sign in first."))
    if reason not in set(Why):
        raise Invalid(_("Say what is wrong with it."), field="reason")
    comment = comment.strip()
    if len(comment) > LONGEST:
        raise Invalid(_("Please keep it under %(n)s characters.", n=LONGEST), field="comment")
    mine = (Flag.subject == str(thing)) & (Flag.person_id == actor.person_id)
    row = db.session.execute(select(Flag).where(mine).with_for_update()).scalar_one_or_none()
    if row is not None and row.closed_at is None and (row.reason, row.comment) == (reason, comment):
        return row
    limits.spend("flag", str(actor.person_id), limit=PER_HOUR, seconds=3600)
    if row is None:
        row = _begin(str(thing), actor.person_id)
    if row is None:  # another window of the same person said it at this instant
        return db.session.execute(select(Flag).where(mine)).scalar_one()
    row.reason, row.comment, row.created_at = reason, comment, clock.now()
    row.closed_at, row.closed_by_id, row.outcome, row.reply = None, None, "", ""
    db.session.flush()
    ledger.record(Name.THING_FLAGGED, actor=actor, subject=thing, topic=topic, reason=reason)
    return row


def _begin(subject: str, person_id: int) -> Flag | None:
    """Add the row of somebody's first flag; None where it is there by now."""
    row = Flag(subject=subject, person_id=person_id, reason="", comment="", created_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    return row


def waiting(kinds: Sequence[str]) -> list[Flag]:
    """Return the open flags of things of these kinds, those that wait longest first; one query."""
    query = select(Flag).where(Flag.closed_at.is_(None)).options(joinedload(Flag.person))
    some = [Flag.subject.startswith(f"{kind}:") for kind in kinds]
    condition = some[0]
    for one in some[1:]:
        condition |= one
    return list(db.session.execute(query.where(condition).order_by(Flag.created_at, Flag.id).limit(SHOWN)).scalars())


def of(thing: Ref) -> list[Flag]:
    """Return the open flags of a thing."""
    query = select(Flag).where(Flag.subject == str(thing), Flag.closed_at.is_(None)).order_by(Flag.id)
    return list(db.session.execute(query.with_for_update()).scalars())


def close(actor: Actor, thing: Ref, *, outcome: Decision, reply: str, topic: Ref | None = None) -> list[int]:
    """Decide about everything that was said of a thing; returns who said it. Records `flag.closed` for each.

    Refuses an overlong reply (Invalid, `reply`), and what somebody else has decided meanwhile (Conflict).
    """
    reply = reply.strip()
    if len(reply) > LONGEST:
        raise Invalid(_("Please keep it under %(n)s characters.", n=LONGEST), field="reply")
    rows = of(thing)
    if not rows:
        raise Conflict(_("Somebody else has decided this in the meantime."))
    for row in rows:
        row.closed_at, row.closed_by_id = clock.now(), actor.person_id
        row.outcome, row.reply = outcome.value, reply
        hours = int((row.closed_at - row.created_at).total_seconds() // 3600)
        facts = {"subject": thing, "topic": topic, "outcome": outcome.value, "hours": hours}
        ledger.record(Name.FLAG_CLOSED, actor=actor, **facts)  # type: ignore[arg-type]
    db.session.flush()
    return [row.person_id for row in rows]
