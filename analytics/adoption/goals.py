"""Will a goal be met? The pace it takes, the pace there is, and where that leads, with its interval (METRICS 3.3).

The colour comes from the interval, never from the point: green when even its near end meets the target, red when not
even the far end does, amber in between. Where the goal counts people out of so many who could come, the forecast
follows the curve by which new things spread (`diffusion`), once there is one; else it is a straight line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from statistics import fmean, stdev

from analytics.adoption.diffusion import fit
from analytics.rates import Span

RECENT = 4
"""So many last increments make the recent pace."""
LEAST = 3
"""Increments below which nothing is foretold."""


class Better(StrEnum):
    """Which way the figure is to go."""

    UP = "up"
    DOWN = "down"


class Status(StrEnum):
    """How a goal stands."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"
    """Too little is known to foretell anything."""
    REACHED = "reached"
    """The date is here, and the target was met."""
    MISSED = "missed"


class Method(StrEnum):
    """How the forecast was made."""

    CURVE = "curve"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """How a goal stands; paces are a period."""

    now: float | None
    target: float
    periods_left: int
    needed_pace: float | None
    """None at the date."""
    recent_pace: float | None
    is_on_track: bool | None
    """Whether the recent pace is enough: for a glance, the status is what counts."""
    forecast: Span | None
    """At the date."""
    method: Method | None
    status: Status


def track(
    values: Sequence[float | None],
    *,
    target: float,
    periods_left: int,
    better: Better = Better.UP,
    ceiling: float | None = None,
) -> Tracking:
    """Judge a goal by its figure in each period so far, oldest first; None is a gap.

    With a ceiling the figure is a cumulative count of people, who are so many at most.

    >>> told = track([31, 75, 132, 205, 291, 392], target=600, periods_left=4)
    >>> told.needed_pace, told.recent_pace, told.is_on_track
    (52.0, 79.25, True)
    """
    if periods_left < 0:
        raise ValueError("the date of a goal lies ahead, or is here")
    known = [value for value in values if value is not None]
    now = known[-1] if known else None
    steps = [after - before for before, after in pairwise(values) if before is not None and after is not None]
    recent = fmean(steps[-RECENT:]) if steps else None
    needed = (target - now) / periods_left if now is not None and periods_left else None
    sign = 1.0 if better is Better.UP else -1.0
    forecast, method = _forecast(values, steps, periods_left, ceiling)
    return Tracking(
        now=now,
        target=target,
        periods_left=periods_left,
        needed_pace=needed,
        recent_pace=recent,
        is_on_track=None if needed is None or recent is None else sign * recent >= sign * needed,
        forecast=forecast,
        method=method,
        status=_status(now, forecast, target, periods_left, better),
    )


def line(now: float, steps: Sequence[float], periods: int) -> Span:
    """Carry the recent pace on: the steps to come scatter as the recent ones did, and their mean is not known either.

    now + L·m ± t(n-1)·s·sqrt(L + L²/n), the prediction interval of a sum of L further steps from n that were seen.

    >>> told = line(100, [10, 12, 8, 10], 2)
    >>> round(told.point, 4), round(told.low, 4), round(told.high, 4)
    (120.0, 110.9987, 129.0013)
    """
    from scipy import special  # only where a goal is shown

    n = len(steps)
    point = now + periods * fmean(steps)
    half = float(special.stdtrit(n - 1, 0.975)) * stdev(steps) * sqrt(periods + periods**2 / n)
    return Span(point, point - half, point + half)


def _forecast(
    values: Sequence[float | None], steps: Sequence[float], periods: int, ceiling: float | None
) -> tuple[Span | None, Method | None]:
    if len(steps) < LEAST or periods == 0:
        return None, None
    known = [value for value in values if value is not None]
    if ceiling is not None and len(known) == len(values) and (fitted := fit(known, ceiling=ceiling)):
        return fitted.forecast(periods)[-1], Method.CURVE
    told = line(known[-1], steps[-RECENT:], periods)
    if ceiling is not None:
        # People who came do not go away again, and there are no more than all.
        least, most = known[-1], max(ceiling, known[-1])
        told = Span(*(min(max(end, least), most) for end in (told.point, told.low, told.high)))
    return told, Method.LINE


def _status(now: float | None, forecast: Span | None, target: float, periods_left: int, better: Better) -> Status:
    sign = 1.0 if better is Better.UP else -1.0
    if now is None:
        return Status.UNKNOWN
    if periods_left == 0:
        return Status.REACHED if sign * now >= sign * target else Status.MISSED
    if forecast is None:
        return Status.UNKNOWN
    near, far = (forecast.low, forecast.high) if better is Better.UP else (forecast.high, forecast.low)
    if sign * near >= sign * target:
        return Status.GREEN
    return Status.RED if sign * far < sign * target else Status.AMBER
