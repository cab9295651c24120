"""What editors decide about rows of their desk: who sees to one, and what is put out of sight, why and for how long.

A decision holds for the whole desk, and everybody sees whose it was. What is put aside for good comes back when twice
as many people meet it as then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.kb.caring import rows
from portal.kb.models import DeskMark
from portal.kb.shelving import inventory
from portal.ledger import services as ledger
from portal.ledger.queries import MIN_PEOPLE
from portal.notifications import services as notifications
from portal.people import queries as people_queries
from portal.people import services as people
from portal.people.models import Person

LONGEST = 300
_EVERY = select(DeskMark)
WEEKS = (1, 4, 26)
EVER = 0
"""Instead of weeks: until it grows."""
LASTING = frozenset({"gap", "slip", "twins", "unread", "answer", "question"})
"""Kinds that may be put aside for good; the others are about something that comes round again."""
TIMES = {1: _l("For a week"), 4: _l("For four weeks"), 26: _l("For half a year"), EVER: _l("Until it grows")}


class Reason(StrEnum):
    """Why a row is put aside."""

    LATER = "later"
    ANSWERED = "answered"
    FINE = "fine"
    NOT_OURS = "not_ours"
    OTHER = "other"


REASONS = {
    Reason.LATER: _l("Not now"),
    Reason.ANSWERED: _l("It is answered elsewhere already"),
    Reason.FINE: _l("It is right as it is"),
    Reason.NOT_OURS: _l("It is not for us to answer"),
    Reason.OTHER: _l("Something else"),
}


def of(keys: Collection[str] | None = None) -> dict[str, DeskMark]:
    """Return what was decided, about these rows or (None) about all; one query."""
    query = _EVERY if keys is None else _EVERY.where(DeskMark.key.in_(keys))
    return {mark.key: mark for mark in db.session.execute(query).scalars()}


def is_aside(mark: DeskMark | None, row: Any) -> bool:
    """Tell whether a row is out of sight."""
    if mark is None or mark.aside_at is None:
        return False
    if mark.aside_until is not None:
        return mark.aside_until > inventory.today()
    return bool(row.people < 2 * max(mark.aside_people, MIN_PEOPLE))


def put_aside(actor: Actor, key: str, *, reason: str, words: str = "", weeks: int) -> None:
    """Put a row out of sight, for everybody. Records `desk_row.put_aside`.

    Refuses a row this actor does not have (NotFound), no reason or time, and "something else" without words (Invalid).
    """
    row = rows.get(actor, key)
    words = " ".join(words.split())
    if reason not in set(Reason):
        raise Invalid(_("Say why."), field="reason")
    if reason == Reason.OTHER and not words:
        raise Invalid(_("Say it in a few words."), field="words")
    if len(words) > LONGEST:
        raise Invalid(_("Please keep it under %(n)s characters.", n=LONGEST), field="words")
    if weeks not in times(key):
        raise Invalid(_("Say for how long."), field="weeks")
    mark = _mark(key)
    mark.aside_by_id, mark.aside_at, mark.aside_people = actor.person_id, clock.now(), row.people
    mark.aside_until = inventory.today() + dt.timedelta(weeks=weeks) if weeks else None
    mark.reason, mark.words = reason, words
    db.session.flush()
    until = mark.aside_until.isoformat() if mark.aside_until else None
    ledger.record(Name.DESK_ROW_PUT_ASIDE, actor=actor, subject=rows.ref(key), row=key, reason=reason, until=until)


def bring_back(actor: Actor, key: str) -> None:
    """Put a row onto the desk again. Records `desk_row.brought_back`; refuses one that is there (Conflict)."""
    rows.get(actor, key)
    mark = _mark(key)
    if mark.aside_at is None:
        raise Conflict(_("It stands on the desk already."))
    mark.aside_by_id, mark.aside_at, mark.aside_until, mark.reason, mark.words = None, None, None, "", ""
    mark.changed_at = clock.now()
    db.session.flush()
    ledger.record(Name.DESK_ROW_BROUGHT_BACK, actor=actor, subject=rows.ref(key), row=key)


def assign(actor: Actor, key: str, person: Person | None) -> bool:
    """Let a colleague see to a row, or nobody in particular, and tell them; False if nothing changes.

    Records `desk_row.assigned`. Refuses a row this actor does not have (NotFound), and who could not do it: no editor,
    or not to see what it is about (Invalid, `person`).
    """
    rows.get(actor, key)
    if person is not None:
        other = people.actor_for(person.id)
        if other is None or not rows.has(other, key):
            raise Invalid(_("%(name)s does not have this on their desk.", name=person.first_name), field="person")
    mark = _mark(key)
    before, after = mark.assignee_id, person.id if person else None
    if before == after:
        return False
    mark.assignee_id, mark.assigned_by_id, mark.assigned_at = after, actor.person_id, clock.now()
    mark.changed_at = clock.now()
    db.session.flush()
    ledger.record(Name.DESK_ROW_ASSIGNED, actor=actor, subject=rows.ref(key), row=key, before=before, after=after)
    notifications.tell([after], "desk_row_given", subject=rows.ref(key), actor=actor)
    return True


def colleagues() -> list[Person]:
    """Return whom a row may be given to: everybody with a desk; one query."""
    return people_queries.with_role("editor", "admin")


def times(key: str) -> list[int]:
    """Return for how many weeks a row may be put aside."""
    return [*WEEKS, *([EVER] if key.partition(":")[0] in LASTING else [])]


def _mark(key: str) -> DeskMark:
    mark = db.session.get(DeskMark, key, with_for_update=True)
    if mark is None:
        mark = DeskMark(key=key)
        db.session.add(mark)
    return mark
