"""Every step of an idea or item, with its reason and the evidence as it stood: the changelog is made of these."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref
from portal.roadmap.models import StatusNote

CHECK = "check"
"""Field of the notes that say whether a gap has closed; `after` begins with the day."""


def write(
    actor: Actor,
    subject: Ref,
    *,
    field: str,
    before: str = "",
    after: str = "",
    reason: str = "",
    is_public: bool = False,
    frozen: dict[str, Any] | None = None,
) -> StatusNote:
    """Keep one step."""
    note = StatusNote(
        subject=str(subject),
        at=clock.now(),
        person_id=actor.person_id,
        field=field,
        before=before,
        after=after,
        reason=reason,
        is_public=is_public,
        frozen=frozen or {},
    )
    db.session.add(note)
    db.session.flush()
    return note


def of(subject: Ref, *, fields: Collection[str] = (), only_public: bool = False) -> Sequence[StatusNote]:
    """Return the steps of a thing, the newest first; one query."""
    query = select(StatusNote).where(StatusNote.subject == str(subject))
    if fields:
        query = query.where(StatusNote.field.in_(fields))
    if only_public:
        query = query.where(StatusNote.is_public)
    return db.session.execute(query.order_by(StatusNote.at.desc(), StatusNote.id.desc()).limit(200)).scalars().all()


def latest(subjects: Collection[Ref], *, fields: Collection[str]) -> dict[Ref, StatusNote]:
    """Return the newest step of each of these things, of some fields; one query."""
    query = select(StatusNote).where(
        StatusNote.subject.in_([str(ref) for ref in subjects]), StatusNote.field.in_(fields)
    )
    found: dict[Ref, StatusNote] = {}
    if subjects:
        for note in db.session.execute(query.order_by(StatusNote.at, StatusNote.id)).scalars():
            found[Ref.parse(note.subject)] = note
    return found
