"""What an intervention did: its figure by department and period, compared with those that had not started yet.

Worked out at night and when an intervention is registered or changed, from the sums of days; pages read what is kept.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.effects.before import ByAge, Trend
from analytics.effects.judging import Direction, Effect, Verdict, judge
from analytics.effects.panel import BadPanel, Panel
from analytics.rates import Span
from portal.adoption import planning
from portal.adoption.models import Intervention
from portal.measures import catalogue, fold, packs
from portal.measures import people as groups
from portal.measures.reports import Slice

VERSION = 1
DAY = dt.timedelta(days=1)
LENGTHS = (7, 14, 28)
"""Days a period may have."""
BEFORE = 168
"""Days looked at before the first start."""

Values = dict[int, dict[int, float]]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What is kept of an intervention, as pages show it; figures are in the unit of the measure."""

    as_of: dt.date
    weeks: int
    """Of a period."""
    days: tuple[dt.date, ...]
    """The first day of each period."""
    starting: tuple[float | None, ...]
    """The mean of the departments that start, period by period."""
    others: tuple[float | None, ...]
    """The mean of those that are to stay without."""
    departments: tuple[str, ...]
    panel: tuple[tuple[str, int, float, int | None], ...]
    """Department, period, figure, and the period it starts in: what anybody can judge anew from."""
    left_out: tuple[str, ...]
    """Departments with too little to be compared."""
    verdict: Verdict | None
    """None: it is too early."""
    mean: Span | None
    share_as_far: float | None
    n_handouts: int
    n_tried: int
    before: tuple[ByAge, ...]
    after: tuple[ByAge, ...]
    trend: Trend
    fixed_effects: float | None


def renew(made: Intervention) -> None:
    """Work out anew what an intervention did; where nothing is counted yet, nothing is kept."""
    as_of = fold.as_of()
    if as_of is not None:
        made.kept = worked_out(made, as_of)


def _may_be_told(made: Intervention) -> bool:
    """Tell whether its figure of single departments may be read by whoever reads of it: panels hold nothing else."""
    return not catalogue.get(made.measure).is_for_few


def worked_out(made: Intervention, as_of: dt.date) -> dict[str, Any]:
    """Return what is kept of an intervention; nothing of a figure that is for few."""
    if not _may_be_told(made):
        return {}
    starts = made.start_days
    end = min(as_of, made.stop_on, made.stopped_at.date() if made.stopped_at else made.stop_on)
    first, names = min(starts.values()), groups.names("department")
    among = planning.compared(made)
    length, whole = _whole(made, among, starts, end)
    periods = _periods(first, end, length)
    effect = _judged(made, whole, starts, first, length)
    starting = [number for number in whole if number in starts]
    others = [number for number in whole if number not in starts]
    return {
        "version": VERSION,
        "as_of": as_of.isoformat(),
        "weeks": length // 7,
        "days": [(first + period * length * DAY).isoformat() for period in periods],
        "starting": _means(whole, starting, periods),
        "others": _means(whole, others, periods),
        "departments": [names.get(number, "") for number in sorted(whole)],
        "panel": _panel(whole, periods, names, {number: _began(day, first, length) for number, day in starts.items()}),
        "left_out": [names.get(number, "") for number in sorted({*among, *starts} - whole.keys())],
        **_told(effect),
    }


def _whole(made: Intervention, among: Sequence[int], starts: Mapping[int, dt.date], end: dt.date) -> tuple[int, Values]:
    """Read the figure by department and period; returns how long a period is, and the departments that lack none.

    Of two lengths that lose as few departments the shorter is taken.
    """
    first, best = min(starts.values()), (0, Values())
    for length in _lengths(starts, first):
        n_periods = len(_periods(first, end, length))
        values = _values(made, among, first, end, length)
        whole = {number: row for number, row in values.items() if n_periods and len(row) == n_periods}
        if not best[0] or len(whole) > len(best[1]):
            best = (length, whole)
        if len(whole) == len(among):
            break
    return best


def _lengths(starts: Mapping[int, dt.date], first: dt.date) -> Sequence[int]:
    """Return how long periods may be, the best first: no shorter than the days between starts let them be told apart.

    The shorter a period, the fewer cases it rests on; where some department has too few, a longer one is taken.
    """
    is_fortnightly = all((day - first).days % 14 == 0 for day in starts.values())
    return LENGTHS[1:] if is_fortnightly else LENGTHS


def _periods(first: dt.date, end: dt.date, length: int) -> list[int]:
    """Number the whole periods before and after the first start, which begins period 0."""
    opened = packs.first_day() or first
    before = min(BEFORE, max(0, (first - opened).days)) // length
    return list(range(-before, max(0, (end - first).days // length) if end > first else 0))


def _values(made: Intervention, among: Sequence[int], first: dt.date, end: dt.date, length: int) -> Values:
    """Read the figure of each department and period; what rests on too little is missing."""
    measure = catalogue.get(made.measure)
    found: Values = {}
    for number in among:
        row: dict[int, float] = {}
        for period in _periods(first, end, length):
            since = first + period * length * DAY
            value = measure.read(since, since + length * DAY, Slice("department", number)).value
            if value is not None:
                row[period] = value
        found[number] = row
    return found


def _judged(
    made: Intervention, values: Values, starts: Mapping[int, dt.date], first: dt.date, length: int
) -> Effect | None:
    """Judge what there is; None where no period has gone by since the first start, or nobody is to be compared."""
    if not values or max((max(row) for row in values.values()), default=-1) < 0:
        return None
    names = {number: str(number) for number in values}
    began = {names[number]: (starts[number] - first).days // length if number in starts else None for number in values}
    try:
        panel = Panel.of({names[number]: row for number, row in values.items()}, began)
    except BadPanel:
        return None
    if not panel.departments:
        return None
    return judge(panel, direction=Direction(made.direction), is_randomised=made.is_randomised)


def _panel(
    values: Values, periods: Sequence[int], names: Mapping[int, str], began: Mapping[int, int | None]
) -> list[list[Any]]:
    """Return the figures line by line, periods numbered from 1 on, as files have them."""
    shift = 1 - periods[0] if periods else 0
    return [
        [names.get(number, ""), period + shift, row[period], start + shift if start is not None else None]
        for number, row in sorted(values.items())
        for start in [began.get(number)]
        for period in periods
    ]


def _began(start: dt.date | None, first: dt.date, length: int) -> int | None:
    """Return the period in which a department starts; the one that holds its day counts as under way."""
    return None if start is None else (start - first).days // length


def _means(values: Values, among: Sequence[int], periods: Sequence[int]) -> list[float | None]:
    if not among:
        return [None for _period in periods]
    return [sum(values[number][period] for number in among) / len(among) for period in periods]


def _told(effect: Effect | None) -> dict[str, Any]:
    if effect is None:
        return {"verdict": None}
    mean = effect.mean
    return {
        "verdict": effect.verdict.value,
        "mean": [_finite(end) for end in (mean.point, mean.low, mean.high)] if mean else None,
        "share_as_far": effect.share_as_far,
        "n_handouts": effect.n_handouts,
        "n_tried": effect.n_tried,
        "after": [[each.age, each.value, each.n] for each in effect.by_age],
        "before": [[each.age, each.value, each.n] for each in effect.before.by_age],
        "trend": effect.before.trend.value,
        "fixed_effects": effect.fixed_effects,
    }


def _finite(value: float) -> float | None:
    """Write an end without bound as none, which JSON knows."""
    return value if math.isfinite(value) else None


def read(made: Intervention) -> Comparison | None:
    """Return what an intervention did, as it was published or else as it stands; None where that is not known yet."""
    kept = made.frozen if made.published_at is not None else made.kept
    if kept.get("version") != VERSION or not _may_be_told(made):
        return None
    day = dt.date.fromisoformat
    mean = kept.get("mean")
    return Comparison(
        as_of=day(kept["as_of"]),
        weeks=kept["weeks"],
        days=tuple(day(each) for each in kept["days"]),
        starting=tuple(kept["starting"]),
        others=tuple(kept["others"]),
        departments=tuple(kept["departments"]),
        panel=tuple((name, period, value, began) for name, period, value, began in kept["panel"]),
        left_out=tuple(kept["left_out"]),
        verdict=Verdict(kept["verdict"]) if kept["verdict"] else None,
        mean=Span(mean[0], -math.inf if mean[1] is None else mean[1], math.inf if mean[2] is None else mean[2])
        if mean
        else None,
        share_as_far=kept.get("share_as_far"),
        n_handouts=kept.get("n_handouts", 0),
        n_tried=kept.get("n_tried", 0),
        before=tuple(ByAge(*each) for each in kept.get("before", ())),
        after=tuple(ByAge(*each) for each in kept.get("after", ())),
        trend=Trend(kept.get("trend", Trend.NONE)),
        fixed_effects=kept.get("fixed_effects"),
    )
