"""Somebody of the desk is away: what is answered to them meanwhile goes to their stand-in, or back to the queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.people.models import Person
from portal.tickets.models import OutOfOffice

LONGEST = dt.timedelta(days=400)


def of(person_id: int | None) -> OutOfOffice | None:
    """Return when somebody is or will be away; none once it is over."""
    found = db.session.get(OutOfOffice, person_id) if person_id is not None else None
    return found if found is not None and found.ends_at > clock.now() else None


def is_away(found: OutOfOffice | None) -> bool:
    return found is not None and found.starts_at <= clock.now() < found.ends_at


def now(ids: Collection[int]) -> dict[int, OutOfOffice]:
    """Return who of these people is away now; one query."""
    at = clock.now()
    query = select(OutOfOffice).where(OutOfOffice.person_id.in_(ids), OutOfOffice.starts_at <= at)
    query = query.where(OutOfOffice.ends_at > at).options(joinedload(OutOfOffice.stand_in))
    return {row.person_id: row for row in db.session.execute(query).scalars()}


def say(actor: Actor, *, starts_at: dt.datetime, ends_at: dt.datetime, stand_in: Person | None) -> OutOfOffice:
    """Say when one is away and who stands in. Refuses what ends before it begins, or is over (Invalid)."""
    if actor.person_id is None:
        raise NotFound("")
    if ends_at <= starts_at:
        raise Invalid(_("It ends before it begins."), field="ends_on")
    if ends_at <= clock.now():
        raise Invalid(_("That is over already."), field="ends_on")
    if ends_at - starts_at > LONGEST:
        raise Invalid(_("A year is the longest."), field="ends_on")
    if stand_in is not None and stand_in.id == actor.person_id:
        raise Invalid(_("Choose somebody else."), field="stand_in")
    found = db.session.get(OutOfOffice, actor.person_id)
    if found is None:
        found = OutOfOffice(person_id=actor.person_id)
        db.session.add(found)
    found.starts_at, found.ends_at, found.stand_in_id = starts_at, ends_at, stand_in.id if stand_in else None
    db.session.flush()
    return found


def back(actor: Actor) -> None:
    """Say that one is back."""
    found = db.session.get(OutOfOffice, actor.person_id) if actor.person_id is not None else None
    if found is not None:
        db.session.delete(found)
        db.session.flush()


def goes_to(person_id: int) -> tuple[bool, Person | None]:
    """Return whether somebody is away now, and who has their tickets meanwhile; nobody means the queue.

    A stand-in who is away, too, passes nothing on: the queue has it then.
    """
    found = of(person_id)
    if found is None or not is_away(found):
        return False, None
    stand_in = found.stand_in
    if stand_in is None or not stand_in.is_active or is_away(of(stand_in.id)):
        return True, None
    return True, stand_in
