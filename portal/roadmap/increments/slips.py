"""What was planned first beside what is planned now or happened, and why it moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.core import clock
from portal.core.database import db
from portal.people import queries as people
from portal.roadmap.increments.models import Increment, Milestone, State
from portal.roadmap.models import StatusNote


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One date: as it was planned first, as it stands, and by how many days that is late (below 0: early)."""

    first: dt.date
    now: dt.date
    is_done: bool
    """It happened; `now` is the day on which it did."""
    is_overdue: bool

    @property
    def days(self) -> int:
        return (self.now - self.first).days


def of_end(increment: Increment) -> Slip:
    """Return how late delivery is: a day that has gone by without it counts up to today."""
    return _slip(increment.first_ends_on, increment.ends_on, increment.delivered_on, _is_over(increment))


def of_start(increment: Increment) -> Slip:
    return _slip(increment.first_starts_on, increment.starts_on, increment.started_on, _is_over(increment))


def of_milestone(row: Milestone, increment: Increment) -> Slip:
    return _slip(row.first_due_on, row.due_on, row.done_on, _is_over(increment))


def _is_over(increment: Increment) -> bool:
    return increment.state in (State.STOPPED, State.DELIVERED)


def _slip(first: dt.date, planned: dt.date, happened: dt.date | None, is_over: bool) -> Slip:
    if happened is not None:
        return Slip(first=first, now=happened, is_done=True, is_overdue=False)
    is_overdue = not is_over and planned < clock.today()
    return Slip(first=first, now=clock.today() if is_overdue else planned, is_done=False, is_overdue=is_overdue)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change of a plan, in the order in which they were made."""

    note: StatusNote
    who: str
    what: str
    """Title of the milestone; empty: the increment itself."""


def history(increment: Increment, milestones: Sequence[Milestone]) -> list[Step]:
    """Return every date that moved and every step, the newest first; two queries."""
    titles: Mapping[str, str] = {str(increment.ref): "", **{str(one.ref): one.title for one in milestones}}
    query = select(StatusNote).where(StatusNote.subject.in_(list(titles)))
    rows = db.session.execute(query.order_by(StatusNote.at.desc(), StatusNote.id.desc()).limit(200)).scalars().all()
    ids = {row.person_id for row in rows if row.person_id}
    names = people.names(ids)
    return [Step(note=row, who=names.get(row.person_id or 0, ""), what=titles[row.subject]) for row in rows]
