"""A form that somebody has begun: the files they chose so far, and how it ended.

Opening the form writes nothing. The row comes with the first thing sent: a file, a ticket, or "this solved it".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.community import suggesting
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.files import queries as files
from portal.files import services
from portal.files.models import Attachment
from portal.ledger import services as ledger
from portal.tickets import policies
from portal.tickets.models import HandOver
from portal.tickets.opening import Tried, told

MOST_FILES = 10


@dataclass(frozen=True)
class Upload:
    """A file as it arrives."""

    stream: BinaryIO | IO[bytes]
    name: str


def fresh(actor: Actor) -> HandOver:
    """Return what the actor begins now; stored with what becomes of it, or by `begin`."""
    if not policies.can_open(actor) or actor.person_id is None:
        raise Forbidden(_("Sign in to hand something over."))
    return HandOver(person_id=actor.person_id, started_at=clock.now(), trail=[])


def begin(actor: Actor) -> HandOver:
    """Note that the actor is about to hand over, so that files can hang on it."""
    begun = fresh(actor)
    db.session.add(begun)
    db.session.flush()
    return begun


def own(actor: Actor, number: object) -> HandOver | None:
    """Return what the actor has begun under this number and not ended; nothing for whatever else a form says."""
    digits = str(number or "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return None
    found = db.session.get(HandOver, int(digits))
    if found is None or found.person_id != actor.person_id or found.ended_at is not None:
        return None
    return found


def ref(begun: HandOver) -> Ref:
    return Ref("hand_over", begun.id)


def attach(actor: Actor, begun: HandOver, uploads: Iterable[Upload]) -> list[str]:
    """Keep files until the ticket is there; returns what is said of those that cannot be taken. The rest is kept."""
    return hang(actor, uploads, on=ref(begun), n=len(attached(begun)))


def hang(actor: Actor, uploads: Iterable[Upload], *, on: Ref, n: int = 0) -> list[str]:
    """Hang files on a thing that has `n` already; returns what is said of those that cannot be taken."""
    refused = []
    for upload in uploads:
        if n >= MOST_FILES:
            refused.append(_("%(name)s: %(n)s files are enough.", name=upload.name, n=MOST_FILES))
            continue
        try:
            services.store(actor, upload.stream, upload.name, on=on)
            n += 1
        except Invalid as refusal:
            refused.append(f"{upload.name}: {refusal.message}")
    return refused


def attached(begun: HandOver | None) -> list[Attachment]:
    return files.on([ref(begun)]).get(ref(begun), []) if begun is not None else []


def detach(begun: HandOver, file_id: int) -> None:
    """Take a file off again; one that is not there is off already."""
    for one in attached(begun):
        if one.id == file_id:
            db.session.delete(one)
    db.session.flush()


def hand_on(begun: HandOver, *, message: Ref) -> None:
    """Let the files go along to what was written first on the ticket."""
    services.move(ref(begun), message)


def solved(actor: Actor, begun: HandOver | None, thing: str, *, trail: Sequence[Tried] = ()) -> Thing:
    """Say that a suggestion solved it and no ticket is needed. Records `solution.marked` and `draft.abandoned`."""
    begun = begun or begin(actor)
    shown = suggesting.solved(actor, thing)
    _abandon(actor, begun, "solved", about=shown.ref, trail=trail)
    return shown


def known(actor: Actor, begun: HandOver | None, incident: Ref) -> None:
    """Note that it is a trouble the desk knows already, so no ticket is needed. Records `draft.abandoned`."""
    _abandon(actor, begun or begin(actor), "known_incident", about=incident, trail=())


def _abandon(actor: Actor, begun: HandOver, reason: str, *, about: Ref, trail: Sequence[Tried]) -> None:
    begun.ended_at, begun.solved_by, begun.trail = clock.now(), str(about), told(trail)
    for one in attached(begun):
        db.session.delete(one)
    db.session.flush()
    ledger.record(Name.DRAFT_ABANDONED, actor=actor, subject=about, hand_over=begun.id, reason=reason)


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return what this actor has begun, so that its files are theirs alone; one query."""
    query = select(HandOver).where(HandOver.id.in_(ids), HandOver.person_id == (actor.person_id or 0))
    return {
        row.id: Thing(ref=ref(row), title=_("What you began to write"), url="")
        for row in db.session.execute(query).scalars()
    }
