"""What the page of adoption shows of a group: worked out at night from everybody's course, kept as sums."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select

from analytics.adoption.activation import Step, Waited, survival
from analytics.adoption.cohorts import Cohort, cohorts
from analytics.adoption.diffusion import fit
from analytics.adoption.funnel import STAGES
from analytics.adoption.goals import LEAST, RECENT, line
from analytics.adoption.rhythm import Rhythm, rhythm
from analytics.adoption.spread import Spread, spread
from analytics.adoption.standing import NEVER, Marks
from analytics.proportions import Share, wilson
from analytics.rates import Span
from portal.adoption import roster
from portal.adoption.gathering import CAPABILITIES, Gathered
from portal.adoption.models import AdoptionReading, Standing
from portal.core.database import db
from portal.measures.reports import ALL, Slice

VERSION = 1
DAY = dt.timedelta(days=1)
STRETCH = 4
"""Weeks that are one stretch of cohorts, and one period of how it spreads."""
LENGTH = STRETCH * 7 * DAY
MONTH = 28
SOON = 56
"""Days in which it is told by weeks how soon people were helped."""
NEEDS_AIMED_AT = 2.0
"""Needs a person brings here in 28 days when they use it as much as was aimed at: a rule of the house."""
AHEAD = 6
"""Periods for which it is said where spreading leads."""


def worked_out(gathered: Gathered, as_of: dt.date, of: Slice) -> dict[str, Any]:
    """Work out everything that is shown of a group, as plain sums."""
    day, courses = roster.number(as_of), gathered.courses
    among = courses.are_eligible(day) & gathered.roster.among(of)
    n, days = int(among.sum()), gathered.days_among(among)
    since = as_of - (as_of - gathered.first) // LENGTH * LENGTH
    met = courses.stages(day)[among]
    again, here = courses.came_again(day)
    told = rhythm(days, since=as_of - MONTH * DAY, until=as_of, eligible=n)
    return {
        "eligible": n,
        "since": gathered.first.isoformat(),
        "stages": [int((met > place).sum()) for place in range(len(STAGES))],
        "contributors": int((courses.have_given(day) & among).sum()),
        "again": [int((here & among).sum()), int((again & among).sum())],
        "rhythm": [told.active, told.active_last_week, told.person_days],
        "spread": _spread(gathered, among, day, active=told.active),
        "cohorts": [
            [each.week, each.n, list(each.came)] for each in cohorts(days, since=since, until=as_of, length=LENGTH)
        ],
        "waiting": [
            [step.days, step.at_risk, step.activated, step.share, step.low, step.high]
            for step in survival(_waited(gathered, among, day))
        ],
        "spreading": _spreading(gathered, among, as_of, n),
    }


def _spread(gathered: Gathered, among: Marks, day: int, *, active: int) -> list[float]:
    """Return what breadth, depth and frequency are worked out from."""
    courses = gathered.courses
    recent = (courses.day >= day - MONTH) & (courses.day < day) & courses.is_here & among[courses.person]
    used = sum(len(own) for place, own in gathered.used.items() if among[place])
    return [active, used, int(recent.sum())]


def _weeks(days: int) -> int:
    """Round days up to weeks, and to four weeks after the first eight: no day is told of anybody, nor a long list.

    >>> _weeks(1), _weeks(56), _weeks(57)
    (7, 56, 84)
    """
    length = 7 if days <= SOON else STRETCH * 7
    return -(-days // length) * length


def _waited(gathered: Gathered, among: Marks, day: int) -> list[Waited]:
    """Return how long each of them waited to be helped, in weeks."""
    courses, opened = gathered.courses, roster.number(gathered.first)
    found = []
    for place in np.flatnonzero(among).tolist():
        since, helped = max(int(courses.since[place]), opened), int(courses.activated_on[place])
        is_helped = helped < day
        waited = max(0, (helped if is_helped else day) - since)
        found.append(Waited(days=_weeks(waited), is_activated=is_helped))
    return found


def _spreading(gathered: Gathered, among: Marks, as_of: dt.date, eligible: int) -> dict[str, Any]:
    """Return how many of those who can come now were helped by each day, and where it leads."""
    activated = gathered.courses.activated_on[among]
    activated = activated[activated != NEVER]
    n = (as_of - gathered.first) // LENGTH
    days = [as_of - LENGTH * back for back in range(n - 1, -1, -1)]
    counted = [int((activated < roster.number(day)).sum()) for day in days]
    fitted = fit(counted, ceiling=eligible) if eligible and counted else None
    spans: list[Span] = []
    if fitted is not None:
        spans = fitted.forecast(AHEAD)
    elif len(counted) > LEAST:
        steps = np.diff(counted).tolist()[-RECENT:]
        spans = [_within(line(counted[-1], steps, ahead), counted[-1], eligible) for ahead in range(1, AHEAD + 1)]
    return {
        "days": [day.isoformat() for day in days],
        "counted": counted,
        "ahead": [
            [(as_of + LENGTH * (place + 1)).isoformat(), span.point, span.low, span.high]
            for place, span in enumerate(spans)
        ],
        "curve": [fitted.curve.p, fitted.curve.q] if fitted is not None else None,
    }


def _within(span: Span, least: float, most: float) -> Span:
    return Span(*(min(max(end, least), max(most, least)) for end in (span.point, span.low, span.high)))


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """How far a group has come."""

    as_of: dt.date
    since: dt.date
    eligible: int
    stages: tuple[int, ...]
    contributors: int
    again: Share | None
    """Of those who needed help again after they were helped, who began here."""
    rhythm: Rhythm
    spread: Spread | None
    cohorts: tuple[Cohort, ...]
    waiting: tuple[Step, ...]
    days: tuple[dt.date, ...]
    counted: tuple[int, ...]
    ahead: tuple[tuple[dt.date, Span], ...]
    is_curve: bool


def find(of: Slice = ALL) -> Adoption | None:
    """Return how far a group has come; None where nothing is counted, or of too few people to be shown."""
    row = db.session.get(AdoptionReading, str(of) if of.kind else "")
    if row is None or row.version != VERSION:
        return None
    told, day = row.figures, dt.date.fromisoformat
    active, used, needs = told["spread"]
    came, came_last_week, person_days = told["rhythm"]
    spreading = told["spreading"]
    return Adoption(
        as_of=row.as_of,
        since=day(told["since"]),
        eligible=told["eligible"],
        stages=tuple(told["stages"]),
        contributors=told["contributors"],
        again=wilson(*told["again"]),
        rhythm=Rhythm(
            eligible=told["eligible"], n_days=MONTH, active=came, active_last_week=came_last_week,
            person_days=person_days,
        ),
        spread=spread(
            active=active, eligible=told["eligible"], used=used, offered=max(active, 1) * len(CAPABILITIES),
            needs=needs, needs_aimed_at=NEEDS_AIMED_AT,
        ),
        cohorts=tuple(Cohort(week, n, tuple(came)) for week, n, came in told["cohorts"]),
        waiting=tuple(
            Step(days=days, at_risk=at_risk, activated=activated, share=share, low=low, high=high)
            for days, at_risk, activated, share, low, high in told["waiting"]
        ),
        days=tuple(day(each) for each in spreading["days"]),
        counted=tuple(spreading["counted"]),
        ahead=tuple((day(each), Span(point, low, high)) for each, point, low, high in spreading["ahead"]),
        is_curve=spreading["curve"] is not None,
    )  # fmt: skip


def by_department() -> dict[int, tuple[int, int]]:
    """Return of each department that may be shown how many were helped here, of how many who could come."""
    latest = select(AdoptionReading.as_of).where(AdoptionReading.slice == "").scalar_subquery()
    query = select(Standing.slice, Standing.stage, Standing.n).where(
        Standing.day == latest, Standing.stage.in_(("eligible", "activated")), Standing.slice.startswith("department:")
    )
    found: dict[int, dict[str, int]] = {}
    for name, stage, n in db.session.execute(query):
        found.setdefault(int(name.partition(":")[2]), {})[stage] = int(n)
    return {number: (each["activated"], each["eligible"]) for number, each in found.items()}
