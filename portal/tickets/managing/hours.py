"""Working hours and the days off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from analytics.workinghours import DAYS, WorkingHours
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid, NotFound
from portal.tickets.levels import anew
from portal.tickets.managing import changes
from portal.tickets.models import BusinessHours, Holiday, Queue

Week = Sequence[Sequence[Sequence[str]]]
MOST_HOLIDAYS = 1000


def every() -> list[BusinessHours]:
    """Return all hours with their days off, by name; two queries."""
    query = select(BusinessHours).options(selectinload(BusinessHours.holidays)).order_by(BusinessHours.name)
    return list(db.session.execute(query).scalars())


def get(hours_id: int) -> BusinessHours:
    found = db.session.get(BusinessHours, hours_id)
    if found is None:
        raise NotFound("")
    return found


def used_by(hours: BusinessHours) -> list[Queue]:
    query = select(Queue).where(Queue.hours_id == hours.id).order_by(Queue.position, Queue.name)
    return list(db.session.execute(query).scalars())


def save(actor: Actor, hours: BusinessHours | None, *, name: str, timezone: str, week: Week) -> BusinessHours:
    """Add or change working hours. Records `queue.changed`; what is promised in them is reckoned anew.

    Refuses who does not manage the desk (Forbidden), a name that is taken and hours that cannot be (Invalid).
    """
    changes.manage(actor)
    name = changes.named(name)
    same = select(BusinessHours.id).where(func.lower(BusinessHours.name) == name.lower())
    if db.session.execute(same.where(BusinessHours.id != (hours.id if hours else 0))).first():
        raise Invalid(_("Other hours have this name."), field="name")
    _check(week, timezone)
    before = told(hours) if hours is not None else None
    if hours is None:
        hours = BusinessHours(name=name)
        db.session.add(hours)
    hours.name, hours.timezone, hours.week = name, timezone, [[list(span) for span in day] for day in week]
    db.session.flush()
    _changed(actor, hours, before)
    return hours


def _check(week: Week, timezone: str) -> None:
    for place, spans in enumerate(week):
        alone: list[Sequence[Sequence[str]]] = [[] for _day in DAYS]
        alone[place] = spans
        try:
            WorkingHours.read(alone)
        except ValueError:
            problem = _("Write times as 09:00 and 17:00, the end after the beginning, without overlap.")
            raise Invalid(problem, field=f"day_{place}") from None
    if not any(week):
        raise Invalid(_("Somebody has to work at some time, or nothing can be promised."), field="day_0")
    try:
        WorkingHours.read(week, timezone=timezone)
    except ValueError:
        raise Invalid(_("Choose a time zone from the list."), field="timezone") from None


def add_holidays(actor: Actor, hours: BusinessHours, days: Mapping[dt.date, str]) -> int:
    """Add days off; a day that is one already gets the new name. Returns how many are new. Records `queue.changed`."""
    changes.manage(actor)
    known = {day.on: day for day in hours.holidays}
    if len(known.keys() | days.keys()) > MOST_HOLIDAYS:
        raise Invalid(_("%(n)s days off are enough.", n=MOST_HOLIDAYS), field="lines")
    before = told(hours)
    for on, name in sorted(days.items()):
        name = " ".join(name.split())[:120]
        if on in known:
            known[on].name = name or known[on].name
        else:
            hours.holidays.append(Holiday(on=on, name=name))
    db.session.flush()
    db.session.expire(hours, ["holidays"])
    _changed(actor, hours, before)
    return len(days.keys() - known.keys())


def remove_holidays(actor: Actor, hours: BusinessHours, ids: Iterable[int]) -> int:
    """Take days off away; returns how many were there. Records `queue.changed`."""
    changes.manage(actor)
    gone = set(ids)
    before, n = told(hours), len(hours.holidays)
    hours.holidays = [day for day in hours.holidays if day.id not in gone]
    db.session.flush()
    _changed(actor, hours, before)
    return n - len(hours.holidays)


def remove(actor: Actor, hours: BusinessHours) -> None:
    """Take hours away in which nobody works. Records `queue.changed`; refuses those in use (Conflict)."""
    changes.manage(actor)
    if used_by(hours):
        raise Conflict(_("A queue works in these hours. Give it others first."))
    before, name = told(hours), hours.name
    db.session.delete(hours)
    db.session.flush()
    changes.record(actor, "hours", name, before=before, after=None)


def _changed(actor: Actor, hours: BusinessHours, before: dict[str, object] | None) -> None:
    after = told(hours)
    changes.record(actor, "hours", hours.name, before=before, after=after)
    if before is not None and before != after:
        anew.plan(queue.id for queue in used_by(hours))


def told(hours: BusinessHours) -> dict[str, object]:
    """Return hours as the audit log tells them."""
    days = {
        name: [f"{begin}-{end}" for begin, end in spans] for name, spans in zip(DAYS, hours.week or (), strict=False)
    }
    off = [f"{day.on.isoformat()} {day.name}".strip() for day in hours.holidays]
    return {"name": hours.name, "time zone": hours.timezone, **days, "days off": off}
