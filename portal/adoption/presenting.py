"""Goals and interventions made ready for pages: their figure drawn, their facts in words, their history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _

from analytics import figures
from analytics.adoption.goals import Method, Status
from portal.adoption import effects, interventions, tracking, wording
from portal.adoption.effects import Comparison
from portal.adoption.models import Goal, Intervention, Revision
from portal.adoption.tracking import Track
from portal.measures import catalogue, changes
from portal.measures.catalogue import Measure, Unit
from portal.measures.presenting import Picture, number, picture, voice

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A line of facts: what, and how much."""

    term: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ToldGoal:
    """A goal as pages show it."""

    goal: Goal
    measure: Measure
    status: Status
    label: str
    look: str
    icon: str
    reason: str
    finding: str
    target: str
    now: str
    track: Track | None


def goal(row: Goal) -> ToldGoal:
    """Make a goal ready, from what is kept with it."""
    measure, track = catalogue.get(row.measure), tracking.read(row)
    status = track.told.status if track is not None else Status.UNKNOWN
    label, look, icon = wording.GIVEN_UP if row.dropped_at is not None else wording.STATUSES[status]
    return ToldGoal(
        goal=row,
        measure=measure,
        status=status,
        label=str(label),
        look=look,
        icon=icon,
        reason="" if row.dropped_at is not None else str(wording.REASONS[status]),
        finding=wording.leads(measure, row, track),
        target=wording.aim(measure, row.target),
        now=wording.figure(measure, track.now.value if track else None),
        track=track,
    )


def goal_picture(told: ToldGoal) -> Picture | None:
    """Draw where a goal is and where it leads; None where nothing is known."""
    track, row = told.track, told.goal
    if track is None:
        return None
    pins = changes.pins(track.days[0], row.due_on) if track.days else []
    drawn = figures.goal(
        track.days,
        track.values,
        target=row.target,
        due_on=row.due_on,
        forecast=None if row.dropped_at is not None else track.told.forecast,
        title=told.finding,
        what=str(told.measure.label),
        is_share=told.measure.unit is Unit.SHARE,
        changes=pins,
        voice=voice(),
    )
    return None if drawn.is_empty else picture("goal", drawn)


def goal_facts(told: ToldGoal) -> list[Fact]:
    """Say how fast it goes, and how fast it would have to."""
    track, measure = told.track, told.measure
    if track is None:
        return []
    now, weeks = track.now, track.weeks
    last = wording.long_day(min(track.as_of, told.goal.due_on) - DAY)
    note = _("the %(n)s weeks up to %(day)s", n=weeks, day=last)
    if now.low is not None and now.high is not None:
        low, high = wording.figure(measure, now.low), wording.figure(measure, now.high)
        note = _("%(when)s; between %(low)s and %(high)s, n = %(n)s", when=note, low=low, high=high, n=number(now.n, 0))
    found = [
        Fact(term=_("Now"), value=wording.figure(measure, now.value), note=note),
        Fact(term=_("Goal"), value=told.target, note=_("by %(day)s", day=wording.long_day(told.goal.due_on))),
    ]
    if track.told.periods_left and told.goal.dropped_at is None:
        found += _paces(told, track)
    return found


def _paces(told: ToldGoal, track: Track) -> list[Fact]:
    measure, found = told.measure, track.told
    enough = {None: "", True: _("enough"), False: _("not enough")}[found.is_on_track]
    lines = [
        Fact(
            term=_("Pace it takes"),
            value=wording.pace(measure, found.needed_pace, track.weeks),
            note=_("%(n)s such periods are left", n=found.periods_left),
        ),
        Fact(
            term=_("Pace lately"),
            value=wording.pace(measure, found.recent_pace, track.weeks),
            note=_("mean of the last four periods; %(enough)s", enough=enough) if enough else "",
        ),
    ]
    if found.forecast is not None:
        low, high = wording.figure(measure, found.forecast.low), wording.figure(measure, found.forecast.high)
        how = _("along an S-curve") if found.method is Method.CURVE else _("if the recent pace goes on")
        lines.append(
            Fact(
                term=_("Where it leads"),
                value=_("%(low)s to %(high)s", low=low, high=high),
                note=_("in 95 of 100 cases, %(how)s", how=how),
            )
        )
    return lines


@dataclass(frozen=True, kw_only=True)
class Line:
    """One change, as the history shows it."""

    at: dt.datetime
    who: str
    what: str
    before: str
    after: str
    reason: str


def history(rows: list[Revision]) -> list[Line]:
    """Put changes into words."""
    return [
        Line(
            at=row.at,
            who=row.person.name if row.person else "",
            what=str(wording.FIELDS.get(row.field, row.field)),
            before=_shown(row.field, row.before),
            after=_shown(row.field, row.after),
            reason=row.reason,
        )
        for row in rows
    ]


def _shown(field: str, text: str) -> str:
    """Write a kept value for readers: names instead of words of the code."""
    if field == "state":
        return str(wording.HAPPENED.get(text, text))
    if field == "is_randomised":
        return _("yes") if text == "yes" else _("no")
    if field in ("due_on", "stop_on") and text:
        return wording.long_day(dt.date.fromisoformat(text))
    if field == "measure":
        return str(catalogue.get(text).label)
    return text


@dataclass(frozen=True, kw_only=True)
class ToldIntervention:
    """An intervention as pages show it."""

    made: Intervention
    measure: Measure
    state: interventions.State
    label: str
    look: str
    icon: str
    expected: str
    finding: str
    verdict: str
    verdict_look: str
    told: Comparison | None


def intervention(row: Intervention) -> ToldIntervention:
    """Make an intervention ready, from what is kept with it."""
    measure, told, state = catalogue.get(row.measure), effects.read(row), interventions.state_of(row)
    label, look, icon = wording.STATES[state]
    verdict = told.verdict if told is not None else None
    words, verdict_look = wording.VERDICTS[verdict] if verdict else ("", "neutral")
    sign = 1 if row.direction == "up" else -1
    return ToldIntervention(
        made=row,
        measure=measure,
        state=state,
        label=str(label),
        look=look,
        icon=icon,
        expected=wording.difference(measure, sign * row.expected),
        finding=wording.found(measure, told),
        verdict=str(words),
        verdict_look=verdict_look,
        told=told,
    )


def effect_picture(told: ToldIntervention) -> Picture | None:
    """Draw how departments stood before and after their start; None where there is nothing to draw."""
    found = told.told
    if found is None or not found.after:
        return None
    is_share = told.measure.unit is Unit.SHARE
    what = _("%(figure)s, in points", figure=told.measure.label) if is_share else str(told.measure.label)
    drawn = figures.by_age(
        found.before, found.after, title=told.finding, what=what, weeks=found.weeks, is_share=is_share, voice=voice()
    )
    return picture("effect", drawn)


def course_picture(told: ToldIntervention) -> Picture | None:
    """Draw the figure over time, of those that start and of those that stay without; None where nothing is known."""
    found = told.told
    if found is None or not found.days or not any(value is not None for value in (*found.starting, *found.others)):
        return None
    made = told.made
    pins = changes.pins(found.days[0], found.as_of + DAY)
    drawn = figures.course(
        found.days,
        found.starting,
        found.others,
        title=_("%(figure)s, by whether departments start", figure=told.measure.label),
        what=str(told.measure.label),
        weeks=found.weeks,
        until=made.stop_on,
        is_share=told.measure.unit is Unit.SHARE,
        changes=pins,
        voice=voice(),
    )
    return picture("course", drawn)
