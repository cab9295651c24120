"""What is worked out at night: headcounts, how far everybody had come, and what the page of adoption shows.

A Monday that is over for more than eight days is never counted again: it stays as people were then, also when the
attempts it was counted from are forgotten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import delete, func, insert, select

from analytics.adoption.funnel import STAGES
from analytics.adoption.standing import Marks, active
from portal.adoption import figures, gathering, roster
from portal.adoption.gathering import Gathered
from portal.adoption.models import AdoptionReading, Headcount, Standing
from portal.adoption.roster import Roster
from portal.core.database import db, looking
from portal.measures import fold
from portal.measures.daily import SETTLING
from portal.measures.reports import Slice

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
COUNTS = ("contributors", "came_28", "came_7", "again", "again_here")
"""Beside the stages: all who gave something, who came in 28 and 7 days, who needed help again, and began here."""


@dataclass(frozen=True)
class Worked:
    """Rows to be written."""

    headcounts: list[dict[str, Any]]
    standings: list[dict[str, Any]]
    readings: list[dict[str, Any]]
    since: dt.date


def renew() -> bool:
    """Work everything out anew that can still change; False where nothing is folded.

    Nothing may be waiting to be committed: it reads first, in transactions of its own, and writes at the end. The
    caller commits.
    """
    as_of = fold.as_of()
    if as_of is None:
        return False
    db.session.rollback()
    with looking():
        worked = _worked(as_of)
        db.session.rollback()
    db.session.execute(delete(Standing).where(Standing.day >= worked.since))
    db.session.execute(delete(Standing).where(Standing.day.in_(_not_to_stay(as_of))))
    db.session.execute(delete(AdoptionReading))
    for model, rows in (
        (Headcount, worked.headcounts), (Standing, worked.standings), (AdoptionReading, worked.readings),
    ):  # fmt: skip
        if rows:
            db.session.execute(insert(model), rows)
    return True


def _worked(as_of: dt.date) -> Worked:
    people = roster.read()
    gathered = gathering.gather(people, as_of)
    since = _first_to_count(gathered, as_of)
    shown = people.shown(roster.number(as_of))
    standings = []
    if gathered is not None:
        for day in _days(since, as_of):
            standings += list(_standing(gathered, day, shown))
    readings = [] if gathered is None else [_reading(gathered, as_of, of) for of in shown]
    return Worked(list(_headcounts(people, gathered, as_of)), standings, readings, since)


def _first_to_count(gathered: Gathered | None, as_of: dt.date) -> dt.date:
    """Return the first Monday that can still change; where none was counted, the first there can be."""
    known = db.session.execute(select(func.max(Standing.day))).scalar()
    first = as_of - SETTLING if known is not None else (gathered.first if gathered is not None else as_of)
    return first - dt.timedelta(days=first.weekday()) + WEEK if first.weekday() else first


def _days(since: dt.date, as_of: dt.date) -> Iterator[dt.date]:
    """Yield the Mondays, and the last day, which may be none."""
    day = since
    while day < as_of:
        yield day
        day += WEEK
    yield as_of


def _not_to_stay(as_of: dt.date) -> list[dt.date]:
    """Return the days that were the last once and are no Mondays."""
    days = db.session.execute(select(Standing.day).where(Standing.slice == "").distinct()).scalars()
    return [day for day in days if day.weekday() and day != as_of]


def _headcounts(people: Roster, gathered: Gathered | None, as_of: dt.date) -> Iterator[dict[str, Any]]:
    """Yield the headcounts of the days that have none yet, up to `as_of`; of days long ago people as they are known."""
    known = db.session.execute(select(func.max(Headcount.day))).scalar()
    day = known + DAY if known is not None else (gathered.first if gathered is not None else as_of)
    while day <= as_of:
        for of, n in people.counts(roster.number(day)).items():
            yield {"day": day, "slice": of, "n": n}
        day += DAY


def _standing(gathered: Gathered, on: dt.date, shown: tuple[Slice, ...]) -> Iterator[dict[str, Any]]:
    """Yield how many of each group had come how far when a day began."""
    day, courses, people = roster.number(on), gathered.courses, gathered.roster
    met = courses.stages(day)
    there = courses.are_eligible(day)
    again, here = courses.came_again(day)
    marks: dict[str, Marks] = {stage.value: met > place for place, stage in enumerate(STAGES)}
    marks |= dict(zip(COUNTS, (courses.have_given(day), *_came(gathered, day, there), again, here), strict=True))
    for of in shown:
        among = people.among(of)
        for name, mark in marks.items():
            yield {"day": on, "slice": key(of), "stage": name, "n": float(np.count_nonzero(mark & among))}


def _came(gathered: Gathered, day: int, there: Marks) -> tuple[Marks, Marks]:
    """Mark who came in the 28 and the 7 days before."""
    n = len(gathered.courses)
    month, week = (
        active(gathered.visitor, gathered.visited_on, since=day - length, until=day, n=n) for length in (28, 7)
    )
    return month & there, week & there


def _reading(gathered: Gathered, as_of: dt.date, of: Slice) -> dict[str, Any]:
    told = figures.worked_out(gathered, as_of, of)
    return {"slice": key(of), "as_of": as_of, "version": figures.VERSION, "figures": told}


def key(of: Slice) -> str:
    """Return how rows name a group."""
    return str(of) if of.kind else ""
