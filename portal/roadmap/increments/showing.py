"""Requirements, and the sessions in which people see whether they are met: examples first, demos, then acceptance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.ledger import services as ledger
from portal.roadmap.increments import plans
from portal.roadmap.increments.models import Attendance, Increment, Requirement, Session, SessionKind
from portal.roadmap.models import Item

TITLE, EXAMPLE, LEARNED = 200, 2000, 4000
MOST_PEOPLE = 100_000


# Requirements


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an increment has to do."""

    title: str
    example: str = ""
    item_id: int | None = None
    shown_in_id: int | None = None


def require(actor: Actor, increment: Increment, wanted: Wanted) -> Requirement:
    """Write down a requirement. Refuses (Invalid, by field) what cannot be."""
    plans.require(actor)
    row = Requirement(increment_id=increment.id, title="")
    _set(increment, row, wanted)
    db.session.add(row)
    _note(actor, increment, "requirement")
    return row


def get_requirement(increment: Increment, requirement_id: int) -> Requirement:
    found = db.session.get(Requirement, requirement_id)
    if found is None or found.increment_id != increment.id or found.removed_at is not None:
        raise NotFound(_("There is no such requirement."))
    return found


def put_otherwise(actor: Actor, increment: Increment, row: Requirement, wanted: Wanted) -> None:
    """Change a requirement. One that was accepted has to be accepted again when its words change."""
    plans.require(actor)
    before = (row.title, row.example)
    _set(increment, row, wanted)
    if (row.title, row.example) != before:
        row.accepted_by_id = row.accepted_at = None
    _note(actor, increment, "requirement")


def drop(actor: Actor, increment: Increment, row: Requirement) -> None:
    """Take a requirement away; it stays on record."""
    plans.require(actor)
    row.removed_at = clock.now()
    _note(actor, increment, "requirement")


def accept(actor: Actor, increment: Increment, row: Requirement, *, is_on: bool) -> None:
    """Say that a requirement is met, or take that back. Records `requirement.accepted`.

    Refuses (Invalid) one that nobody was shown: one accepts what one has seen.
    """
    plans.require(actor)
    if is_on and row.shown_in_id is None:
        raise Invalid(_("Nobody was shown this yet. Say first in which session it was."))
    row.accepted_by_id = actor.person_id if is_on else None
    row.accepted_at = clock.now() if is_on else None
    ledger.record(Name.REQUIREMENT_ACCEPTED, actor=actor, subject=increment.ref, is_on=is_on)
    db.session.flush()


def _set(increment: Increment, row: Requirement, wanted: Wanted) -> None:
    title, example = " ".join(wanted.title.split()), wanted.example.replace("\r\n", "\n").strip()
    if not title:
        raise Invalid(_("Say in a line what it has to do."), field="title")
    if len(title) > TITLE:
        raise Invalid(_("Please keep it under %(n)s characters.", n=TITLE), field="title")
    if len(example) > EXAMPLE:
        raise Invalid(_("Please keep it under %(n)s characters.", n=EXAMPLE), field="example")
    if wanted.item_id is not None:
        item = db.session.get(Item, wanted.item_id)
        if item is None or item.increment_id != increment.id:
            raise Invalid(_("Choose an item that this increment ships."), field="item_id")
    if wanted.shown_in_id is not None:
        shown = get_session(increment, wanted.shown_in_id)
        if shown.on > clock.today():
            raise Invalid(_("That session has not been yet."), field="shown_in_id")
    row.title, row.example, row.item_id, row.shown_in_id = title, example, wanted.item_id, wanted.shown_in_id


def requirements(ids: Collection[int]) -> Sequence[Requirement]:
    """Return the requirements of some increments; one query."""
    query = select(Requirement).where(Requirement.increment_id.in_(ids), Requirement.removed_at.is_(None))
    loaded = (joinedload(Requirement.item), joinedload(Requirement.shown_in), joinedload(Requirement.accepted_by))
    return db.session.execute(query.options(*loaded).order_by(Requirement.id)).scalars().all() if ids else []


# Sessions


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A session as somebody plans it, or tells how it was."""

    kind: str
    title: str
    on: dt.date | None
    invited: str = ""
    n_invited: int | None = None
    n_attended: int | None = None
    learned: str = ""


def hold(actor: Actor, increment: Increment, meeting: Meeting) -> Session:
    """Plan a session, or note one that was held."""
    plans.require(actor)
    row = Session(increment_id=increment.id)
    _set_session(row, meeting)
    db.session.add(row)
    _note(actor, increment, "session")
    return row


def tell(actor: Actor, increment: Increment, row: Session, meeting: Meeting) -> None:
    """Change a session: when it is, or how it was."""
    plans.require(actor)
    _set_session(row, meeting)
    _note(actor, increment, "session")


def get_session(increment: Increment, session_id: int) -> Session:
    found = db.session.get(Session, session_id)
    if found is None or found.increment_id != increment.id:
        raise NotFound(_("There is no such session."))
    return found


def _set_session(row: Session, meeting: Meeting) -> None:
    title = " ".join(meeting.title.split())
    if meeting.kind not in set(SessionKind):
        raise Invalid(_("Choose from the list."), field="kind")
    if not title:
        raise Invalid(_("What is it about?"), field="title")
    if meeting.on is None:
        raise Invalid(_("On which day?"), field="on")
    for field in ("n_invited", "n_attended"):
        number = getattr(meeting, field)
        if number is not None and not 0 <= number <= MOST_PEOPLE:
            raise Invalid(_("Write how many people, from 0 on."), field=field)
    if meeting.n_attended is not None and meeting.on > clock.today():
        raise Invalid(_("It has not been yet: nobody can be counted."), field="n_attended")
    row.kind, row.title, row.on = meeting.kind, title[:160], meeting.on
    row.invited, row.n_invited = " ".join(meeting.invited.split())[:200], meeting.n_invited
    row.n_attended, row.learned = meeting.n_attended, meeting.learned.replace("\r\n", "\n").strip()[:LEARNED]


def can_attend(actor: Actor, row: Session) -> bool:
    """Everybody for themselves, from the day on which it is."""
    return actor.person_id is not None and not actor.is_acting_for and row.on <= clock.today()


def attend(actor: Actor, increment: Increment, row: Session, *, is_on: bool) -> None:
    """Say that one was there, or take it back; nobody does so for others. Records `session.attended`."""
    if not can_attend(actor, row):
        raise Forbidden(_("People say themselves whether they were there, from the day on."))
    mine = (Attendance.session_id == row.id, Attendance.person_id == actor.person_id)
    was = db.session.execute(select(func.count()).where(*mine)).scalar_one() > 0
    if was == is_on:
        return
    if is_on:
        db.session.add(Attendance(session_id=row.id, person_id=actor.person_id))
    else:
        db.session.execute(delete(Attendance).where(*mine))
    ledger.record(Name.SESSION_ATTENDED, actor=actor, subject=increment.ref, is_on=is_on)
    db.session.flush()


@dataclass(frozen=True, kw_only=True)
class Held:
    """A session with who was there: the larger of what was counted and how many say so themselves."""

    row: Session
    n_said: int
    was_there: bool
    """Whoever looks has said that they were."""

    @property
    def n(self) -> int | None:
        return max(self.row.n_attended or 0, self.n_said) if self.row.n_attended is not None or self.n_said else None

    @property
    def is_past(self) -> bool:
        return self.row.on <= clock.today()


def sessions(actor: Actor, ids: Collection[int]) -> list[Held]:
    """Return the sessions of some increments by their day; two queries."""
    if not ids:
        return []
    query = select(Session).where(Session.increment_id.in_(ids)).order_by(Session.on, Session.id)
    rows = db.session.execute(query).scalars().all()
    mine = func.sum(case((Attendance.person_id == (actor.person_id or 0), 1), else_=0))
    counted = select(Attendance.session_id, func.count(), mine).where(
        Attendance.session_id.in_([row.id for row in rows])
    )
    found = {key: (n, own) for key, n, own in db.session.execute(counted.group_by(Attendance.session_id))}
    return [
        Held(row=row, n_said=found.get(row.id, (0, 0))[0], was_there=bool(found.get(row.id, (0, 0))[1])) for row in rows
    ]


def _note(actor: Actor, increment: Increment, field: str) -> None:
    db.session.flush()
    ledger.record(Name.INCREMENT_CHANGED, actor=actor, subject=increment.ref, fields=[field], reason="")
