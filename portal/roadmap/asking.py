"""Asking the portal's own figures: one question of an item, now or as of a day, and keeping what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import delete

from analytics.readouts import Answer, Comparison, Question, is_open
from portal.core import clock
from portal.core.database import db
from portal.measures import catalogue, daily, fixed, fold, packs, people, reports
from portal.measures.catalogue import Measure
from portal.measures.reports import ALL, Slice
from portal.roadmap.models import Evidence, EvidenceReading

QUARTER = dt.timedelta(days=91)


def slice_of(words: str) -> Slice:
    """Return the slice a text names: `category:7`, `department:3`, empty for all; ValueError for others."""
    if not words:
        return ALL
    kind, _colon, number = words.partition(":")
    if kind not in (*reports.GROUPS, "category") or not number.isdecimal() or len(number) > 9:
        raise ValueError(words)
    return Slice(kind, int(number))


def until() -> dt.date:
    """Return the day up to which figures are there."""
    return min(clock.today(), fold.as_of() or clock.today())


def read(row: Evidence, *, on: dt.date | None = None, reached: dict[dt.date, Reached] | None = None) -> EvidenceReading:
    """Ask the figures now, of a department or site as its last fixed stretches were; the reading is not kept."""
    end = on or until()
    try:
        measure, of = catalogue.get(row.measure), slice_of(row.slice)
    except (KeyError, ValueError):
        return EvidenceReading(on=end, n=0)
    since = end - dt.timedelta(days=row.days)
    if of.kind in reports.GROUPS:
        since, end = fixed.latest(row.days, end, until())
    met = (reached if reached is not None else {}).setdefault(end, Reached(end))
    if not may_be_told(measure, of, shown=met.shown):
        return EvidenceReading(on=end, n=0)
    found = measure.read(since, end, of)
    question = Question(
        comparison=Comparison(row.comparison), threshold=row.threshold, days=row.days, minimum_n=row.minimum_n
    )
    answer = Answer(on=end, value=found.value, n=found.n, low=found.low, high=found.high)
    is_enough = found.n >= row.minimum_n
    return EvidenceReading(
        on=end,
        value=found.value if is_enough else None,
        low=found.low if is_enough else None,
        high=found.high if is_enough else None,
        n=found.n,
        holds=is_open(question, answer),
        n_people=met.people(of),
        n_tickets=met.tickets(of),
    )


def may_be_told(measure: Measure, of: Slice, *, shown: Mapping[str, frozenset[int]]) -> bool:
    """Whether everybody may read this figure of this group: the roadmap has more readers than any page of figures.

    Not of a group so small that somebody could be recognised, or that would give such a one away; and not what a
    department answered, which is for those who lead it and those who asked.
    """
    return of.kind not in people.KINDS or (of.id in shown[of.kind] and not measure.is_for_few)


class Reached:
    """How many people had a need in a slice in the quarter before a day, and how many tickets came of it."""

    def __init__(self, end: dt.date) -> None:
        self.end = end
        self._attempts: Any = None

    @cached_property
    def shown(self) -> dict[str, frozenset[int]]:
        """The departments and sites that may be shown."""
        return people.shown_groups()

    def people(self, of: Slice) -> int | None:
        """Count who looked for help, everybody once; None where nothing is known or of too few to be told."""
        if packs.first_day() is None:
            return None
        if self._attempts is None:
            self._attempts = packs.attempts(self.end - QUARTER, self.end)
        found = self._attempts
        marked = ~found.is_anon if not of.kind else ~found.is_anon & of.of(found).is_(of.label)
        n = len({*found.actor.codes[marked].tolist()})
        return n if n >= reports.LEAST or not of.kind else None

    def tickets(self, of: Slice) -> int | None:
        length = 3 * fixed.LENGTH if of.kind in reports.GROUPS else QUARTER
        found = daily.totals(self.end - length, self.end, str(of) if of.kind else "")
        return int(found.get("tickets.opened", 0)) if found else None


def refresh(rows: Iterable[Evidence]) -> int:
    """Read each and keep what it says, in place of a reading of the same day; returns how many."""
    n, reached = 0, dict[dt.date, Reached]()
    for row in rows:
        kept = read(row, reached=reached)
        kept.evidence_id = row.id
        same = delete(EvidenceReading).where(EvidenceReading.evidence_id == row.id, EvidenceReading.on == kept.on)
        db.session.execute(same)
        db.session.add(kept)
        n += 1
    db.session.flush()
    return n
