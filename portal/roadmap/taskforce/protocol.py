"""Minutes of the task force, with who was there and what was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from analytics.events import Name
from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.ledger import services as ledger
from portal.people.models import Person
from portal.roadmap import policies
from portal.roadmap.taskforce.models import Minutes, Presence, Resolution

TITLE, BODY, DECISION = 160, 40_000, 300
PER_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Record:
    """What somebody writes down of a meeting."""

    title: str
    held_on: dt.date | None
    body: str
    present: Collection[int] = ()


def get(actor: Actor, minutes_id: int) -> Minutes:
    """Return minutes to the task force; nobody else knows of them (NotFound)."""
    found = db.session.get(Minutes, minutes_id)
    if found is None or not policies.may_steer(actor):
        raise NotFound(_("There are no such minutes."))
    return found


def keep(actor: Actor, record: Record) -> Minutes:
    """Keep the minutes of a meeting. Records `minutes.kept`."""
    if not policies.may_steer(actor):
        raise Forbidden(_("Minutes are kept by the task force."))
    row = Minutes(author_id=actor.person_id, created_at=clock.now(), version=1)
    _set(row, record)
    db.session.add(row)
    db.session.flush()
    _seat(row, record.present)
    ledger.record(Name.MINUTES_KEPT, actor=actor, subject=row.ref)
    return row


def change(actor: Actor, row: Minutes, record: Record, *, version: int) -> None:
    """Put minutes otherwise. Records `minutes.changed`. Refuses (Conflict) who saw an older text."""
    if not policies.may_steer(actor):
        raise Forbidden(_("Minutes are kept by the task force."))
    _set(row, record)
    first = update(Minutes).where(Minutes.id == row.id, Minutes.version == version).values(version=version + 1)
    with db.session.no_autoflush:
        if db.session.execute(first.returning(Minutes.id)).scalar() is None:
            raise Conflict(_("Somebody else changed these minutes meanwhile. Nothing was overwritten."))
    _seat(row, record.present)
    ledger.record(Name.MINUTES_CHANGED, actor=actor, subject=row.ref)
    db.session.flush()


def _set(row: Minutes, record: Record) -> None:
    title = " ".join(record.title.split())
    if not title:
        raise Invalid(_("What was it about? A few words are enough."), field="title")
    if record.held_on is None:
        raise Invalid(_("On which day was it?"), field="held_on")
    if record.held_on > clock.today():
        raise Invalid(_("Minutes are written of what has been."), field="held_on")
    row.title, row.held_on, row.body = title[:TITLE], record.held_on, record.body.replace("\r\n", "\n").strip()
    row.html = markup.render_safely(row.body, limit=BODY).html if row.body else ""


def _seat(row: Minutes, present: Collection[int]) -> None:
    known = select(Person.id).where(Person.id.in_(list(present)))
    wanted = set(db.session.execute(known).scalars()) if present else set()
    db.session.execute(delete(Presence).where(Presence.minutes_id == row.id))
    db.session.add_all(Presence(minutes_id=row.id, person_id=person_id) for person_id in sorted(wanted))
    db.session.flush()


def present(row: Minutes) -> Sequence[Person]:
    """Return who was there, by name."""
    query = select(Person).join(Presence, Presence.person_id == Person.id).where(Presence.minutes_id == row.id)
    return db.session.execute(query.order_by(Person.name)).scalars().all()


def decide(actor: Actor, row: Minutes, text: str, *, why: str) -> Resolution:
    """Write down what was decided in a meeting, and why."""
    if not policies.may_steer(actor):
        raise Forbidden(_("Minutes are kept by the task force."))
    text, why = " ".join(text.split()), why.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(_("Say in a sentence what was decided."), field="text")
    if len(text) > DECISION:
        raise Invalid(_("Please keep it under %(n)s characters.", n=DECISION), field="text")
    if not why:
        raise Invalid(_("Say why: it is what people ask first."), field="why")
    made = Resolution(minutes_id=row.id, text=text, why=why[:4000], person_id=actor.person_id, at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made


def decided(row: Minutes) -> Sequence[Resolution]:
    query = select(Resolution).where(Resolution.minutes_id == row.id).order_by(Resolution.id)
    return db.session.execute(query).scalars().all()


def latest(*, limit: int = 5, page: int = 1) -> Sequence[Minutes]:
    """Return minutes, the newest first; one query."""
    query = select(Minutes).order_by(Minutes.held_on.desc(), Minutes.id.desc())
    return db.session.execute(query.limit(limit).offset((page - 1) * limit)).scalars().all()


def lately_decided(*, limit: int = 5) -> Sequence[tuple[Resolution, Minutes]]:
    """Return what was decided last, with the minutes it stands in; one query."""
    query = select(Resolution, Minutes).join(Minutes, Minutes.id == Resolution.minutes_id)
    rows = db.session.execute(query.order_by(Minutes.held_on.desc(), Resolution.id.desc()).limit(limit)).all()
    return [(resolution, minutes) for resolution, minutes in rows]
