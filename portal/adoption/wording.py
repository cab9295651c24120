"""How goals and interventions are spoken of: never more than was measured, and never by colour alone."""

from __future__ import annotations

import math

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analytics.adoption.goals import Status
from analytics.effects.before import Trend
from analytics.effects.judging import Direction, Verdict
from portal.adoption.effects import Comparison
from portal.adoption.interventions import State
from portal.adoption.models import Goal, Intervention, Sort
from portal.adoption.tracking import Track
from portal.measures.catalogue import Measure, Unit
from portal.measures.presenting import number, percent

LARGE = 100
"""From here on tenths say nothing."""
STATUSES = {
    Status.GREEN: (_l("On course"), "good", "check"),
    Status.AMBER: (_l("Open"), "neutral", "clock"),
    Status.RED: (_l("Will be missed"), "warning", "warning"),
    Status.UNKNOWN: (_l("Too early to tell"), "neutral", "half"),
    Status.REACHED: (_l("Reached"), "good", "check"),
    Status.MISSED: (_l("Missed"), "warning", "close"),
}
"""What a status is called, with the look and the icon of its badge."""
GIVEN_UP = (_l("Given up"), "outline", "minus")
REASONS = {
    Status.GREEN: _l("Even the less good end of where it leads meets the goal."),
    Status.AMBER: _l("The goal lies within where it leads: it may be met or missed."),
    Status.RED: _l("Not even the better end of where it leads meets the goal."),
    Status.UNKNOWN: _l("It takes at least four periods before anybody can say where it leads."),
    Status.REACHED: _l("The day has come, and the figure was there."),
    Status.MISSED: _l("The day has come, and the figure was not there."),
}
STATES = {
    State.PLANNED: (_l("Planned"), "info", "calendar"),
    State.RUNNING: (_l("Running"), "info", "refresh"),
    State.OVER: (_l("Over, not told yet"), "warning", "clock"),
    State.STOPPED: (_l("Stopped early"), "warning", "minus"),
    State.WITHDRAWN: (_l("Withdrawn"), "outline", "undo"),
    State.PUBLISHED: (_l("Told"), "neutral", "check"),
}
SORTS = {
    Sort.CAMPAIGN: _l("Campaign"),
    Sort.TRAINING: _l("Training"),
    Sort.CONTENT: _l("Better texts"),
    Sort.CHANGE: _l("Change of a tool or a rule"),
    Sort.OTHER: _l("Something else"),
}
DIRECTIONS = {Direction.UP: _l("upwards"), Direction.DOWN: _l("downwards")}
VERDICTS = {
    Verdict.DETECTED: (_l("An effect was found"), "good"),
    Verdict.NOT_DETECTABLE: (_l("No detectable effect"), "neutral"),
    Verdict.WRONG_WAY: (_l("It went the other way"), "warning"),
    Verdict.TOO_FEW: (_l("Too few departments to tell"), "neutral"),
    Verdict.APART_BEFORE: (_l("Departments drifted apart before"), "warning"),
    Verdict.NOT_ESTIMABLE: (_l("Nobody to compare with"), "neutral"),
}
TRENDS = {
    Trend.ALIKE: _l("Before their start, departments moved no further apart than chance would have them."),
    Trend.APART: _l("Departments were drifting apart before they started. What came after may be that drift."),
    Trend.TOO_FEW: _l("So few departments cannot be told apart before their start."),
    Trend.NONE: _l("There is nothing before the start to compare."),
}
FIELDS = {
    "title": _l("Name"),
    "why": _l("Why"),
    "what": _l("What is done"),
    "measure": _l("Figure"),
    "of": _l("Whose"),
    "target": _l("Goal"),
    "due_on": _l("By when"),
    "owner_id": _l("Who answers for it"),
    "sort": _l("Kind"),
    "flaw": _l("What it is to mend"),
    "wave_id": _l("Survey"),
    "direction": _l("Which way"),
    "expected": _l("By how much"),
    "stop_on": _l("Stops on"),
    "cost": _l("Cost"),
    "starts": _l("Starts"),
    "is_randomised": _l("Drawn by lot"),
    "state": _l("State"),
}
HAPPENED = {
    "dropped": _l("given up"),
    "stopped": _l("stopped before its time"),
    "withdrawn": _l("withdrawn before its start"),
    "published": _l("told to everybody"),
}


def figure(measure: Measure, value: float | None) -> str:
    """Write a figure in the unit of its measure; none is a dash, never a nought."""
    if value is None or not math.isfinite(value):
        return "–"
    if measure.unit is Unit.SHARE:
        return percent(value)
    decimals = 0 if measure.unit is Unit.COUNT or abs(value) >= LARGE else 1
    return _("%(n)s h", n=number(value, decimals)) if measure.unit is Unit.HOURS else number(value, decimals)


def difference(measure: Measure, value: float) -> str:
    """Write by how much a figure changed, with its sign; of shares in points."""
    if not math.isfinite(value):
        return _("without end")
    sign = "+" if value > 0 else "−" if value < 0 else ""
    if measure.unit is Unit.SHARE:
        return _("%(n)s points", n=sign + number(abs(100 * value), 1))
    return sign + figure(measure, abs(value))


def long_day(day: object) -> str:
    return str(format_date(day, "d MMMM yyyy"))


def aim(measure: Measure, target: float) -> str:
    """Write what a goal asks for with its direction: the figure alone does not tell which way is good."""
    at = figure(measure, target)
    return _("at most %(figure)s", figure=at) if measure.better == "down" else _("at least %(figure)s", figure=at)


def leads(measure: Measure, goal: Goal, track: Track | None) -> str:
    """Say in a sentence where a goal leads."""
    target = aim(measure, goal.target)
    if track is None or track.now.value is None:
        return _("Not enough data yet to say where this stands")
    told, by = track.told, long_day(goal.due_on)
    if told.status in (Status.REACHED, Status.MISSED):
        return _(
            "On %(day)s it was %(now)s; the goal was %(target)s", day=by, now=figure(measure, told.now), target=target
        )
    if told.forecast is None:
        return _(
            "Now %(now)s; the goal is %(target)s by %(day)s",
            now=figure(measure, track.now.value),
            target=target,
            day=by,
        )
    low, high = figure(measure, told.forecast.low), figure(measure, told.forecast.high)
    return _(
        "At the recent pace it is between %(low)s and %(high)s by %(day)s; the goal is %(target)s",
        day=by,
        low=low,
        high=high,
        target=target,
    )


def pace(measure: Measure, value: float | None, weeks: int) -> str:
    """Write a pace: so much in a period."""
    if value is None:
        return "–"
    return ngettext("%(by)s a week", "%(by)s in %(num)s weeks", weeks, by=difference(measure, value))


def found(measure: Measure, told: Comparison | None) -> str:
    """Say in a sentence what an intervention did, with its interval, or that nothing can be said."""
    if told is None or told.verdict is None:
        return _("It is too early to say what it did")
    if told.mean is None:
        return _("Nobody was left to compare with, so nothing can be said of its effect")
    low, high = difference(measure, told.mean.low), difference(measure, told.mean.high)
    point = difference(measure, told.mean.point)
    if not math.isfinite(told.mean.low) or not math.isfinite(told.mean.high):
        between = _("%(point)s on average; so few departments give no range", point=point)
    else:
        between = _("%(point)s on average, between %(low)s and %(high)s", point=point, low=low, high=high)
    return {
        Verdict.DETECTED: _("An effect was found: %(between)s", between=between),
        Verdict.NOT_DETECTABLE: _("No detectable effect: %(between)s", between=between),
        Verdict.WRONG_WAY: _("It moved against what was expected: %(between)s", between=between),
        Verdict.TOO_FEW: _("Too few departments to tell: %(between)s", between=between),
        Verdict.APART_BEFORE: _("Nothing can be said: departments drifted apart before they started"),
        Verdict.NOT_ESTIMABLE: _("Nobody was left to compare with, so nothing can be said of its effect"),
    }[told.verdict]


def sureness(made: Intervention) -> tuple[int, str]:
    """Say how sure the method is, by bars and words; the result is told apart from it."""
    if made.is_randomised:
        return 4, _("Compared groups: who started when was drawn by lot")
    return 3, _("Compared groups: who started when was chosen, so they may have differed before")


def rank(made: Intervention, told: Comparison) -> str:
    """Say how often another order of starts would have shown as much."""
    if told.share_as_far is None:
        return ""
    if made.is_randomised:
        return _("Probability that chance alone shows as much: %(p)s (%(n)s ways to draw)",
                 p=number(told.share_as_far, 3), n=number(told.n_handouts, 0))  # fmt: skip
    return _("Placebo rank: %(p)s of the %(n)s ways to hand out the same starts show as much. Starts were not drawn by "
             "lot, so this is no probability.", p=percent(told.share_as_far), n=number(told.n_handouts, 0))  # fmt: skip
