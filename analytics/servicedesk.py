"""How fast the desk answers and solves, what it promised, and what is piling up.

Times are working time (`analytics.workinghours`) without the waiting for others. What is not done yet has no time and
must not be left out quietly either: it is counted beside, and where its promise is already broken it counts as broken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from analytics.proportions import Share, wilson
from analytics.workinghours import Pause, WorkingHours

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One ticket as far as the clock is concerned; a target of None promises nothing."""

    opened_at: datetime
    answered_at: datetime | None = None
    """The first words a person of the desk wrote to the requester; an automatic receipt is no answer."""
    resolved_at: datetime | None = None
    """The last time it was resolved, if it is now."""
    pauses: tuple[Pause, ...] = ()
    answer_within: timedelta | None = None
    resolve_within: timedelta | None = None


class Promise(StrEnum):
    """How a promise stands."""

    NONE = "none"
    """Nothing was promised."""
    KEPT = "kept"
    BROKEN = "broken"
    RUNNING = "running"
    SOON = "soon"
    """Still to be kept, with less than the time of warning left."""
    PAUSED = "paused"
    """The clock stands still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Working hours until something was done, over the tickets for which it was done."""

    n: int
    n_pending: int
    """Not done yet: these have no time, so the median speaks for the others only."""
    median: float | None
    p90: float | None
    within: Share | None
    """Kept promises out of all that are decided; None while none is."""
    hours: tuple[float, ...]
    """Each one, for the picture."""


def standing(
    hours: WorkingHours,
    ticket: Handled,
    within: timedelta | None,
    done_at: datetime | None,
    *,
    as_of: datetime,
    warning: timedelta = HOUR,
) -> Promise:
    """Say how one promise of a ticket stands; done exactly when it was due is kept."""
    if within is None:
        return Promise.NONE
    due = hours.due(ticket.opened_at, within, _until(ticket.pauses, done_at or as_of))
    if done_at is not None:
        return Promise.KEPT if due is None or done_at <= due else Promise.BROKEN
    if due is None:
        return Promise.PAUSED
    if as_of > due:
        return Promise.BROKEN
    return Promise.SOON if hours.between(as_of, due) < warning else Promise.RUNNING


@dataclass(frozen=True, slots=True)
class Taken:
    """How long one thing took with one ticket, in working hours."""

    hours: float | None
    """None while it is not done."""
    is_kept: bool | None
    """Whether the promise was kept; None where none was made, or while it is open."""


def answered(hours: WorkingHours, ticket: Handled, *, as_of: datetime) -> Taken:
    """Measure the time until the first answer."""
    return _took(hours, ticket, ticket.answered_at, ticket.answer_within, as_of)


def solved(hours: WorkingHours, ticket: Handled, *, as_of: datetime) -> Taken:
    """Measure the time until the last resolution; a reopened ticket is pending again."""
    return _took(hours, ticket, ticket.resolved_at, ticket.resolve_within, as_of)


def _took(
    hours: WorkingHours, ticket: Handled, done_at: datetime | None, within: timedelta | None, as_of: datetime
) -> Taken:
    done_at = done_at if done_at is not None and done_at <= as_of else None
    taken = hours.between(ticket.opened_at, done_at, ticket.pauses) / HOUR if done_at is not None else None
    how = standing(hours, ticket, within, done_at, as_of=as_of)
    return Taken(taken, how is Promise.KEPT if how in {Promise.KEPT, Promise.BROKEN} else None)


def times(taken: Iterable[Taken]) -> Times:
    """Put together what things took."""
    rows = list(taken)
    done = [each.hours for each in rows if each.hours is not None]
    decided = [each.is_kept for each in rows if each.is_kept is not None]
    return Times(
        n=len(done),
        n_pending=len(rows) - len(done),
        median=float(np.median(done)) if done else None,
        p90=float(np.percentile(done, 90)) if done else None,
        within=wilson(sum(decided), len(decided)),
        hours=tuple(done),
    )


def _until(pauses: Iterable[Pause], at: datetime) -> list[Pause]:
    """Leave out what happened later: a promise kept in the morning is not touched by waiting in the afternoon."""
    return [each for each in pauses if each.start < at]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What was not solved at one moment."""

    at: datetime
    n: int
    median_age: timedelta | None
    oldest: timedelta | None


def backlog(tickets: Iterable[Handled], moments: Iterable[datetime]) -> list[Backlog]:
    """Count what was open at each moment, by the clock on the wall: a ticket ages at night too.

    A ticket that was resolved and opened again counts as open all along: only the last resolution is known.
    """
    rows = list(tickets)
    opened = np.array([each.opened_at.timestamp() for each in rows], dtype=np.float64)
    ended = np.array([each.resolved_at.timestamp() if each.resolved_at else np.inf for each in rows], dtype=np.float64)
    told = []
    for moment in moments:
        now = moment.timestamp()
        ages = now - opened[(opened <= now) & (ended > now)]
        told.append(
            Backlog(
                at=moment,
                n=len(ages),
                median_age=timedelta(seconds=float(np.median(ages))) if len(ages) else None,
                oldest=timedelta(seconds=float(ages.max())) if len(ages) else None,
            )
        )
    return told
