"""The sums of each day, by all, department, site and topic: what days add up to months from, for ever.

A day's needs are those that ended on it, under the usual window. Days are counted a week at a time, with the two weeks
before read along, so that counting one day again gives the same whichever day one begins with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from sqlalchemy import delete, func, insert, select

from analytics import findability
from analytics.columns import Coded
from analytics.deflection import Counts
from analytics.findability import Searched, Tally
from analytics.findability import count as tally
from analytics.needs.outcomes import CODE, Needs, Outcome, judge
from analytics.needs.trails import HOUR
from analytics.table import Mask, Places, TicketTable
from portal.core.database import db, looking
from portal.measures import columns, packs, people
from portal.measures.models import DailyMeasure

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
ALONG = 14 * DAY
"""Read along before a week: a need that lasts longer without a pause is cut."""
SETTLING = 8 * DAY
"""Within this time a day may still change: needs ripen, and facts come late."""
WINDOW = 24 * HOUR
DAY_MS = 24 * HOUR
NEEDS = tuple(Counts.__dataclass_fields__)
SEARCHES = tuple(Tally.__dataclass_fields__)

Rows: TypeAlias = dict[tuple[str, str, int], float]
"""Measure, slice and day of the week: the sum."""


def count(since: dt.date, as_of: dt.date) -> Iterator[dt.date]:
    """Count the days that folding from `since` on may have changed, up to `as_of`; gives each week when it is written.

    The first time every day is counted whose attempts are kept. Nothing may be waiting to be committed, for it reads
    in transactions of its own; who calls commits each week.
    """
    first = packs.first_day()
    if first is None:
        return
    begin = max(first, since - SETTLING) if _is_counted() else first
    begin -= dt.timedelta(days=begin.weekday())
    shown = people.shown_groups()
    db.session.rollback()
    yield from _count_tickets_before(first, shown)
    while begin < as_of:
        with looking():
            rows = _week(begin, as_of, shown)
            db.session.rollback()
        _write(begin, as_of, rows)
        yield begin
        begin += WEEK


def _count_tickets_before(first: dt.date, shown: Mapping[str, frozenset[int]]) -> Iterator[dt.date]:
    """Count tickets and people of the days before anything else is known, once: last year is told by them.

    The latest first, so that what is killed goes on where it was: before the first day there is.
    """
    opened = people.first_ticket_day()
    until = db.session.execute(select(func.min(DailyMeasure.day))).scalar() or first
    while opened is not None and opened < until:
        monday = until - DAY - dt.timedelta(days=(until - DAY).weekday())
        begin = max(opened, monday)
        start = columns.at_ms(columns.midnight(monday))
        rows: Rows = {}
        tickets = columns.read_tickets(columns.midnight(begin), columns.midnight(until))
        _add_opened(rows, tickets, start, shown)
        _add_people(rows, monday, shown)
        _insert(rows, monday, begin, until)
        yield monday
        until = begin


def _is_counted() -> bool:
    return db.session.execute(select(func.count()).select_from(DailyMeasure)).scalar_one() > 0


def _write(monday: dt.date, as_of: dt.date, rows: Rows) -> None:
    first, until = packs.first_day() or monday, min(monday + WEEK, as_of)
    begin = max(monday, first)
    db.session.execute(delete(DailyMeasure).where(DailyMeasure.day >= begin, DailyMeasure.day < until))
    _insert(rows, monday, begin, until)


def _insert(rows: Rows, monday: dt.date, begin: dt.date, until: dt.date) -> None:
    values = [
        {"day": day, "measure": measure, "slice": of, "value": value}
        for (measure, of, number), value in rows.items()
        if begin <= (day := monday + number * DAY) < until
    ]
    if values:
        db.session.execute(insert(DailyMeasure), values)


def _week(monday: dt.date, as_of: dt.date, shown: Mapping[str, frozenset[int]]) -> Rows:
    begin, reach = monday - ALONG, min(as_of, monday + WEEK + SETTLING)
    tickets = columns.read_tickets(columns.midnight(begin), columns.midnight(reach))
    start = columns.at_ms(columns.midnight(monday))
    known = columns.at_ms(columns.midnight(as_of)) - 1
    needs = judge(packs.attempts(begin, reach), tickets, window=WINDOW, as_of=known)
    rows: Rows = {}
    _add_needs(rows, needs, start, shown)
    _add_tickets(rows, needs, tickets, start, shown)
    _add_searches(rows, findability.together(list(packs.searches(monday - DAY, reach))), start, shown)
    _add_people(rows, monday, shown)
    return rows


def _add_people(rows: Rows, monday: dt.date, shown: Mapping[str, frozenset[int]]) -> None:
    for number in range(7):
        for of, n in people.heads(monday + number * DAY, shown).items():
            rows["people", of, number] = n


def _days(at: Places, start: int) -> Places:
    """Number the days of the week; -1 for what lies outside."""
    day = (at - start) // DAY_MS
    return np.where((day >= 0) & (day < 7), day, -1)


def _slices(
    topic: Coded, department: Coded | None, site: Coded | None, shown: Mapping[str, frozenset[int]]
) -> Iterator[tuple[str, Mask | None]]:
    """Give the name of each slice with the rows in it; None: all of them."""
    yield "", None
    for code, label in enumerate(topic.labels):
        if label.startswith(f"{columns.TOPIC}:"):
            yield label, topic.codes == code
    for kind, column in (("department", department), ("site", site)):
        for code, label in enumerate(column.labels if column is not None else ()):
            if column is not None and int(label) in shown[kind]:
                yield f"{kind}:{label}", column.codes == code


def _add(rows: Rows, measure: str, of: str, day: Places, among: Mask | None, *, is_always: bool) -> None:
    """Count rows by day; a day without any is a nought of the whole, and nothing of a slice."""
    kept = day[(day >= 0) & among] if among is not None else day[day >= 0]
    for number, n in enumerate(np.bincount(kept, minlength=7).tolist()):
        if n or is_always:
            key = (measure, of, number)
            rows[key] = rows.get(key, 0.0) + n


def _add_needs(rows: Rows, needs: Needs, start: int, shown: Mapping[str, frozenset[int]]) -> None:
    chains = needs.chains
    day = np.where(chains.is_anon, -1, _days(chains.end, start))
    outcome = needs.outcome
    said = chains.last_intent
    for of, among in _slices(chains.topic, chains.department, chains.site, shown):
        put = partial(_add, rows, of=of, day=day, is_always=not of)
        everybody = np.ones(len(needs), dtype=np.bool_) if among is None else among
        for found, code in CODE.items():
            put(f"needs.{found.value}", among=everybody & (outcome == code))
        confirmed = everybody & (outcome == CODE[Outcome.CONFIRMED])
        put("needs.intent_yes", among=confirmed & (said == 1))
        put("needs.intent_said", among=confirmed & (said >= 0))


def _add_tickets(
    rows: Rows, needs: Needs, tickets: TicketTable, start: int, shown: Mapping[str, frozenset[int]]
) -> None:
    _add_opened(rows, tickets, start, shown)
    day, unlinked = _days(tickets.at, start), needs.links.need < 0
    for of, among in _slices(tickets.topic, None, None, shown):
        _add(rows, "tickets.unlinked", of, day, unlinked if among is None else unlinked & among, is_always=not of)
    groups = people.groups_of_requesters(start)
    for place in np.flatnonzero(unlinked & (day >= 0)).tolist():
        for kind, number in groups.get(tickets.id[place] or "", {}).items():
            if number in shown[kind]:
                key = ("tickets.unlinked", f"{kind}:{number}", int(day[place]))
                rows[key] = rows.get(key, 0.0) + 1


def _add_opened(rows: Rows, tickets: TicketTable, start: int, shown: Mapping[str, frozenset[int]]) -> None:
    day, is_child = _days(tickets.at, start), tickets.parent.codes >= 0
    for of, among in _slices(tickets.topic, None, None, shown):
        everybody = np.ones(len(tickets), dtype=np.bool_) if among is None else among
        _add(rows, "tickets.opened", of, day, everybody & ~is_child, is_always=not of)
        _add(rows, "tickets.children", of, day, everybody & is_child, is_always=not of)
    for of, days in people.tickets_by_group(start, shown).items():
        for number, n in enumerate(days):
            if n:
                rows["tickets.opened", of, number] = n


def _add_searches(rows: Rows, searched: Searched, start: int, shown: Mapping[str, frozenset[int]]) -> None:
    day = _days(searched.at, start)
    inside = np.unique(day[day >= 0])
    for of, among in _slices(searched.topic, searched.department, searched.site, shown):
        for number in inside.tolist():
            here = day == number if among is None else (day == number) & among
            if not here.any():
                continue
            found = tally(searched.where(here))
            rows |= {(f"search.{name}", of, number): value for name in SEARCHES if (value := getattr(found, name))}


def sums(since: dt.date, until: dt.date, of: str = "") -> dict[str, dict[dt.date, float]]:
    """Return every measure of a slice by day; days nobody counted are missing."""
    found: dict[str, dict[dt.date, float]] = {}
    query = select(DailyMeasure.measure, DailyMeasure.day, DailyMeasure.value)
    query = query.where(DailyMeasure.slice == of, DailyMeasure.day >= since, DailyMeasure.day < until)
    for measure, day, value in db.session.execute(query):
        found.setdefault(measure, {})[day] = value
    return found


def totals(since: dt.date, until: dt.date, of: str = "") -> dict[str, float]:
    """Return the sum of every measure of a slice over some days."""
    query = select(DailyMeasure.measure, func.sum(DailyMeasure.value))
    query = query.where(DailyMeasure.slice == of, DailyMeasure.day >= since, DailyMeasure.day < until)
    return {measure: float(value) for measure, value in db.session.execute(query.group_by(DailyMeasure.measure))}


def counts_of(found: Mapping[str, Any]) -> Counts:
    """Make counts of needs from sums."""
    return Counts(**{name: int(found.get(f"needs.{name}", 0)) for name in NEEDS})


def tally_of(found: Mapping[str, Any]) -> Tally:
    """Make a tally of searches from sums."""
    numbers: dict[str, Any] = {name: int(found.get(f"search.{name}", 0)) for name in SEARCHES}
    numbers["sum_of_reciprocals"] = float(found.get("search.sum_of_reciprocals", 0.0))
    return Tally(**numbers)
