"""Where a goal stands: its figure in each period, the pace, and where that leads by its day.

Periods end on the goal's day and are counted back from it: four weeks each, or one where the goal lies near. Those of a
department or site are the fixed stretches in which groups are told of. Worked out at night and when a goal is set or
changed; the pages read what is kept.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from analytics.adoption.goals import Better, Method, Status, Tracking, track
from analytics.rates import Span
from portal.adoption import named
from portal.adoption.models import Goal
from portal.core.actor import ANONYMOUS
from portal.measures import catalogue, fixed, fold, packs
from portal.measures.catalogue import Measure, Reading, Unit
from portal.measures.reports import GROUPS

VERSION = 1
DAY = dt.timedelta(days=1)
WEEK, MONTH = 7 * DAY, 28 * DAY
NEAR = 84 * DAY
"""Goals set for less than this are followed by weeks."""
LATE = 9 * DAY
"""After its day a goal is looked at for so long: needs ripen, and facts come late."""
MOST = 16
"""So many periods are drawn; of a curve all are, since it has to begin at its beginning."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """How a goal stands, as pages show it; figures are in the unit of the measure."""

    as_of: dt.date
    days: tuple[dt.date, ...]
    """The ends of the periods."""
    values: tuple[float | None, ...]
    weeks: int
    """Of a period."""
    now: Reading
    """Of the last period's length up to the last day counted."""
    told: Tracking


def renew(goal: Goal) -> None:
    """Work out anew how a goal stands; where nothing is counted yet, nothing is kept."""
    as_of = fold.as_of()
    if as_of is not None:
        goal.kept = worked_out(goal, as_of)


def period(goal: Goal) -> dt.timedelta:
    return WEEK if goal.due_on - goal.set_on < NEAR and not _is_of_group(goal) else MONTH


def _is_of_group(goal: Goal) -> bool:
    return goal.of.kind in GROUPS


def _ends(goal: Goal, upto: dt.date, *, is_curve: bool) -> list[dt.date]:
    """Return the ends of the periods that are over, oldest first.

    Whole periods only; a curve also needs the first one, which may be cut off by the first day there is.
    """
    length, first = period(goal), packs.first_day() or upto
    end = upto if _is_of_group(goal) else goal.due_on - max(0, -(-(goal.due_on - upto) // length)) * length
    found: list[dt.date] = []
    while end > first if is_curve else end - length >= first and len(found) < MOST:
        found.append(end)
        end -= length
    return found[::-1]


def worked_out(goal: Goal, as_of: dt.date) -> dict[str, Any]:
    measure, length = catalogue.get(goal.measure), period(goal)
    upto = min(fixed.end(as_of), fixed.begin(goal.due_on)) if _is_of_group(goal) else min(as_of, goal.due_on)
    is_curve = measure.name == named.ACTIVATION
    days = _ends(goal, upto, is_curve=is_curve)
    read = _reader(goal, measure, length)
    readings, now = [read(end) for end in days], read(upto)
    left = max(0, -(-(goal.due_on - days[-1]).days // length.days)) if days else 0
    told = _track(goal, measure, readings, left)
    return {
        "version": VERSION,
        "as_of": as_of.isoformat(),
        "weeks": length.days // 7,
        "days": [day.isoformat() for day in days],
        "values": [reading.value for reading in readings],
        "now": [now.value, now.n, now.k, now.low, now.high],
        "told": {
            "now": told.now,
            "periods_left": told.periods_left,
            "needed_pace": told.needed_pace,
            "recent_pace": told.recent_pace,
            "is_on_track": told.is_on_track,
            "forecast": [told.forecast.point, told.forecast.low, told.forecast.high] if told.forecast else None,
            "method": told.method.value if told.method else None,
            "status": told.status.value,
        },
    }


def _reader(goal: Goal, measure: Measure, length: dt.timedelta) -> Callable[[dt.date], Reading]:
    """Return what reads the period up to a day, without what only some may know yet: a goal is for many."""
    is_told = measure.told_to(ANONYMOUS) if measure.told_to is not None else None

    def read(end: dt.date) -> Reading:
        if is_told is not None and not is_told(end):
            return Reading(value=None, n=0)
        return measure.read(end - length, end, goal.of)

    return read


def _track(goal: Goal, measure: Measure, readings: list[Reading], left: int) -> Tracking:
    """Judge the figures; those that count people who stay are judged as people, with all who could come as ceiling."""
    values: list[float | None] = [reading.value for reading in readings]
    better = Better(measure.better)
    if measure.name != named.ACTIVATION or not readings or readings[-1].k is None:
        found = track(values, target=goal.target, periods_left=left, better=better)
        return _bounded(found, 1.0 if measure.unit is Unit.SHARE else math.inf)
    known = [reading for reading in readings if reading.k is not None]
    eligible = float(known[-1].n)
    counts = [float(reading.k or 0) for reading in known]
    found = track(counts, target=goal.target * eligible, periods_left=left, better=better, ceiling=eligible)
    return _scaled(found, eligible)


def _bounded(found: Tracking, most: float) -> Tracking:
    """Keep the forecast where the figure can be: a straight line knows no ends."""
    ahead = found.forecast
    if ahead is None:
        return found
    return replace(found, forecast=Span(*(min(max(end, 0.0), most) for end in (ahead.point, ahead.low, ahead.high))))


def _scaled(found: Tracking, by: float) -> Tracking:
    """Turn people back into their share of all."""

    def part(value: float | None) -> float | None:
        return None if value is None else value / by

    ahead = found.forecast
    return replace(
        found,
        now=part(found.now),
        target=found.target / by,
        needed_pace=part(found.needed_pace),
        recent_pace=part(found.recent_pace),
        forecast=Span(ahead.point / by, ahead.low / by, ahead.high / by) if ahead else None,
    )


def read(goal: Goal) -> Track | None:
    """Return how a goal stands; None where that was not worked out yet."""
    kept = goal.kept
    if kept.get("version") != VERSION:
        return None
    told, day = kept["told"], dt.date.fromisoformat
    value, n, k, low, high = kept["now"]
    return Track(
        as_of=day(kept["as_of"]),
        days=tuple(day(each) for each in kept["days"]),
        values=tuple(kept["values"]),
        weeks=kept["weeks"],
        now=Reading(value=value, n=n, k=k, low=low, high=high),
        told=Tracking(
            now=told["now"],
            target=goal.target,
            periods_left=told["periods_left"],
            needed_pace=told["needed_pace"],
            recent_pace=told["recent_pace"],
            is_on_track=told["is_on_track"],
            forecast=Span(*told["forecast"]) if told["forecast"] else None,
            method=Method(told["method"]) if told["method"] else None,
            status=Status(told["status"]),
        ),
    )


def status(goal: Goal) -> Status:
    found = read(goal)
    return found.told.status if found is not None else Status.UNKNOWN
