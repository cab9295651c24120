"""What the pages of ideas and of the roadmap say in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from analytics.rates import Span
from analytics.readouts import Comparison
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.i18n import day
from portal.kb.models import Category
from portal.measures import catalogue
from portal.measures.catalogue import Measure, Unit
from portal.measures.presenting import number, percent
from portal.people.models import Department, Site
from portal.roadmap import checking, notes, ordering, scoring, sight
from portal.roadmap.evidence import Known
from portal.roadmap.models import Column, Idea, Item, ItemState, StatusNote
from portal.roadmap.sight import Sight
from portal.roadmap.voters import Voters

Names = Mapping[str, str]


def column_words(column: str) -> str:
    return {"now": _("Now"), "next": _("Next"), "later": _("Later"), "done": _("Done")}.get(column, column)


def place_words(place: str) -> str:
    """Return what a state or column an item can be in is called."""
    words = {
        ItemState.DRAFT: _("In triage"),
        ItemState.PLANNED: _("Planned"),
        ItemState.STARTED: _("Started"),
        ItemState.DELIVERED: _("Delivered"),
        ItemState.PROVEN: _("Proven"),
        ItemState.UNPROVEN: _("Not proven"),
        ItemState.STOPPED: _("Stopped"),
    }
    return words[ItemState(place)] if place in set(ItemState) else column_words(place)


def way_words(way: str) -> str:
    """Return what is done when an item goes this way."""
    return {
        Column.NOW.value: _("Put it under “Now”"),
        Column.NEXT.value: _("Put it under “Next”"),
        Column.LATER.value: _("Put it under “Later”"),
        ItemState.STARTED.value: _("Start it"),
        ItemState.DELIVERED.value: _("It is delivered"),
        ItemState.STOPPED.value: _("Stop it"),
    }[way]


def comparison_words(comparison: str) -> str:
    return {
        Comparison.ABOVE: _("above"),
        Comparison.AT_LEAST: _("at least"),
        Comparison.BELOW: _("below"),
        Comparison.AT_MOST: _("at most"),
    }[Comparison(comparison)]


def grade_words(grade: str) -> str:
    """Return how sure something is, as the bars beside it say."""
    return {
        "A": _("compared groups"), "B": _("measured change"), "C": _("counted signals"), "D": _("voices only"),
    }[grade]  # fmt: skip


def bars(grade: str) -> int:
    return scoring.BARS[next(each for each in scoring.BARS if each.value == grade)]


def figure(measure: Measure | None, value: float | None) -> str:
    """Write a value of a measure in the reader's language."""
    if value is None:
        return "–"
    unit = measure.unit if measure is not None else Unit.RATE
    if unit is Unit.SHARE:
        return percent(value)
    if unit is Unit.HOURS:
        return _("%(n)s hours", n=number(value, 0 if abs(value) >= 10 else 1))
    return number(value, 0 if unit is Unit.COUNT else 1)


def slice_names(actor: Actor, known: Iterable[Known]) -> dict[str, str]:
    """Return what the slices of these are called, as far as this actor may know; a query a kind."""
    wanted: dict[str, set[int]] = {}
    for each in known:
        kind, _colon, n = each.row.slice.partition(":")
        if kind and n.isdecimal():
            wanted.setdefault(kind, set()).add(int(n))
    found: dict[str, str] = {}
    for kind, model in (("department", Department), ("site", Site)):
        if wanted.get(kind):
            rows = db.session.execute(select(model.id, model.name).where(model.id.in_(wanted[kind])))
            found |= {f"{kind}:{row_id}": name for row_id, name in rows}
    if wanted.get("category"):
        topics = select(Category.id, Category.title, Category.access_key).where(Category.id.in_(wanted["category"]))
        found |= {f"category:{n}": title for n, title, key in db.session.execute(topics) if actor.sees(key)}
    return found


@dataclass(frozen=True, kw_only=True)
class Said:
    """A piece of evidence in plain words."""

    headline: str
    """The figure with its name: what a card shows."""
    detail: str
    question: str
    """From where on it is a gap, over how long, from how many."""
    holds: bool | None
    is_held_back: bool
    is_stale: bool
    read_on: str
    grade: str
    known: Known


def said(known: Known, names: Names) -> Said:
    """Put a piece of evidence into words."""
    row, reading, measure = known.row, known.reading, known.measure
    label = str(measure.label) if measure is not None else row.measure
    if row.slice:
        label = _("%(measure)s, %(slice)s", measure=label, slice=names.get(row.slice, _("a topic of its own")))
    question = _(
        "a gap while %(comparison)s %(threshold)s, over %(days)s days, from %(n)s on",
        comparison=comparison_words(row.comparison), threshold=figure(measure, row.threshold),
        days=row.days, n=number(row.minimum_n, 0),
    )  # fmt: skip
    if known.is_held_back:
        headline, detail = label, _("Told when the outcome of the survey is published")
    elif reading is None:
        headline, detail = label, _("Not read yet")
    elif reading.value is None:
        headline = label
        detail = _("Not enough data yet: %(n)s of %(all)s", n=number(reading.n, 0), all=number(row.minimum_n, 0))
    else:
        headline = _("%(measure)s: %(value)s", measure=label, value=figure(measure, reading.value))
        detail = between(measure, reading.low, reading.high, reading.n)
    return Said(
        headline=headline,
        detail=detail,
        question=question,
        holds=known.holds,
        is_held_back=known.is_held_back,
        is_stale=known.is_stale,
        read_on=day(reading.on) if reading is not None else "",
        grade=row.grade,
        known=known,
    )


def between(measure: Measure | None, low: float | None, high: float | None, n: int) -> str:
    counted = _("of %(n)s counted", n=number(n, 0))
    if low is None or high is None:
        return counted
    return _("between %(low)s and %(high)s, %(n)s", low=figure(measure, low), high=figure(measure, high), n=counted)


def saying(actor: Actor, known: Mapping[int, Sequence[Known]]) -> dict[int, list[Said]]:
    """Put the evidence of several items into words, as far as this actor may read it."""
    known = sight.told(actor, known)
    names = slice_names(actor, (each for rows in known.values() for each in rows))
    return {item_id: [said(each, names) for each in rows] for item_id, rows in known.items()}


def figures_of(actor: Actor, steps: Iterable[StatusNote]) -> dict[int, list[str]]:
    """Return the figures these steps keep, a line each, as far as this actor may read them; two queries."""
    copies = {note.id: note.frozen.get("evidence", ()) for note in steps}
    eyes = Sight(actor, (copy["slice"] for rows in copies.values() for copy in rows))
    return {
        note_id: [_frozen_words(copy, eyes) for copy in rows if eyes.is_there(copy["slice"])]
        for note_id, rows in copies.items()
    }


def _frozen_words(copy: Mapping[str, Any], eyes: Sight) -> str:
    measure = catalogue.find(str(copy.get("measure")))
    label = str(measure.label) if measure is not None else str(copy.get("measure"))
    if not eyes.is_copy_told(copy):
        return _("%(measure)s: told when the outcome of the survey is published", measure=label)
    if copy.get("value") is None:
        return _("%(measure)s: not enough data", measure=label)
    words = _("%(measure)s: %(value)s", measure=label, value=figure(measure, copy["value"]))
    return f"{words}, {between(measure, copy.get('low'), copy.get('high'), int(copy.get('n') or 0))}"


def span_words(span: Span | None, decimals: int = 0) -> str:
    """Write a figure with its interval."""
    if span is None:
        return "–"
    point = number(span.point, decimals)
    if span.low == span.high:
        return point
    return _("%(n)s (%(low)s to %(high)s)", n=point, low=number(span.low, decimals), high=number(span.high, decimals))


def outcome(item: Item) -> tuple[str, str, str]:
    """Return what came of something delivered: words, kind of badge, drawing."""
    if item.state == ItemState.PROVEN:
        return _("Gap closed"), "good", "check"
    if item.state == ItemState.UNPROVEN:
        return (_("Not proven yet") if checking.is_more_to_come(item) else _("Not proven")), "neutral", "clock"
    on = checking.next_check(item, set())
    return (_("Unproven until %(day)s", day=day(on)) if on else _("Unproven")), "warning", "clock"


def note_words(note: StatusNote) -> str:
    """Return what a step says: the reason somebody gave, or what a check found."""
    if note.field == notes.CHECK:
        return checking.sentence(checking.reasons_of(note))
    return note.reason


def step_words(note: StatusNote) -> str:
    """Return what a step of an item was, for changelog and history."""
    if note.field == notes.CHECK:
        is_last = int(note.before) >= checking.LAST
        words = _("Proven") if note.after == ItemState.PROVEN else _("Not proven") if is_last else _("Not proven yet")
        return ngettext("%(num)s day after delivery: ", "%(num)s days after delivery: ", int(note.before)) + words
    if note.field == "state":
        if not note.before:
            return _("Begun in triage")
        return place_words(note.after)
    if note.field == "evidence":
        return _("Evidence tied") if note.after else _("Evidence taken off")
    if note.field == ordering.FIELD:
        is_up = int(note.after) < int(note.before)
        return _("Put further up in its column") if is_up else _("Put further down in its column")
    if note.field == "due_on":
        return _("Date moved from %(before)s to %(after)s", before=_day(note.before), after=_day(note.after))
    field = score_words(note.field)
    if not note.before:
        return _("%(field)s: set to %(after)s", field=field, after=note.after)
    if not note.after:
        return _("%(field)s: left to the evidence again", field=field)
    return _("%(field)s: %(before)s, now %(after)s", field=field, before=note.before, after=note.after)


def _day(words: str) -> str:
    return day(dt.date.fromisoformat(words)) if words else _("none")


def score_words(name: str) -> str:
    return {
        "reach": _("Reach"), "impact": _("Impact"), "confidence": _("Sureness"), "effort": _("Effort"),
        "foretold": _("Tickets to be avoided"), "foretold_low": _("At least"), "foretold_high": _("At most"),
        "value_points": _("Value"), "urgency_points": _("Urgency"), "risk_points": _("Risk or opportunity"),
        "size_points": _("Size"),
    }.get(name, name)  # fmt: skip


def missing_words(names: Iterable[str]) -> str:
    """Name what a score waits for."""
    return ", ".join(score_words(name) for name in names)


def by_score_words(one: ordering.Standing) -> str:
    """Say where the score of an item would have it within its column."""
    if one.by_score is None:
        return _("No score yet")
    if one.is_tied:
        return _("By evidence: place %(n)s, in a tie", n=one.by_score)
    return _("By evidence: place %(n)s", n=one.by_score)


def place_in_words(one: ordering.Standing, *, n: int) -> str:
    """Say where an item stands in its column, and where its score would have it."""
    column = column_words(one.item.column)
    words = _("Place %(place)s of %(n)s under “%(column)s”.", place=one.place, n=n, column=column)
    return f"{words} {by_score_words(one)}."


def is_late(item: Item) -> bool:
    return item.is_going and item.due_on is not None and item.due_on < clock.today()


def n_wanting(n: int) -> str:
    return ngettext("%(num)s colleague wants it", "%(num)s colleagues want it", n)


def from_where(found: Voters | None) -> str:
    """Say in which departments people want an idea; empty where it can be told of none."""
    if found is None or not found.departments:
        return ""
    places = ", ".join(
        _("%(department)s (%(n)s of %(all)s)", department=one.name, n=one.n, all=one.of) for one in found.departments
    )
    if not found.n_others:
        return _("Wanted in %(places)s", places=places)
    return _("Wanted in %(places)s, and by %(n)s elsewhere", places=places, n=found.n_others)


def first_name(idea: Idea) -> str:
    return idea.person.first_name if idea.person is not None else _("Somebody")
