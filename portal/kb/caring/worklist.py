"""What an editor does next: one list of what every feature gives, by the tickets each row is likely to cause.

`analytics.content` says what a row weighs; what weighs the same keeps the order of kinds, in which people who wait come
first.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics import content
from analytics.content import Row, Work
from portal.core.actor import Actor
from portal.core.desk import DeskRow
from portal.kb.caring import marks, met, of_people, rows
from portal.kb.caring.met import Whole
from portal.kb.models import DeskMark
from portal.people import queries as people_queries

PAGE = 6
"""What is seen at once on a usual screen; who has done these looks for the next."""
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the list: what it says, how its number comes about, who sees to it."""

    kind: str
    number: int
    place: Row
    row: DeskRow
    whole: Whole
    mark: DeskMark | None = None
    assignee: str = ""
    aside_by: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.number}"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of the list."""

    whole: Whole
    lines: list[Line] = field(default_factory=list)
    n: int = 0
    """Rows of the whole list, as it is filtered."""
    n_all: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many rows there are of each kind, in the order of kinds."""
    n_mine: int = 0
    n_aside: int = 0
    page: int = 1

    @property
    def n_waiting(self) -> int:
        """How many of all rows are about somebody who waits."""
        return sum(self.counts.get(kind, 0) for kind in of_people.KINDS)

    @property
    def has_more(self) -> bool:
        return self.page * PAGE < self.n


def of(actor: Actor, *, kind: str = "", is_mine: bool = False, page: int = 1) -> Listing:
    """Return a page of what this actor can do next; a fixed number of queries, whatever there is."""
    whole, decided = met.whole(), marks.of()
    found = rows.found(actor, whole)
    here = [row for row in found if not marks.is_aside(decided.get(rows.key_of(row)), row)] if decided else found
    mine = {key for key, mark in decided.items() if mark.assignee_id == actor.person_id}
    counts = Counter(row.kind for row in here)
    chosen = [row for row in here if row.kind == kind] if kind else here
    if is_mine:
        chosen = [row for row in chosen if rows.key_of(row) in mine]
    shown = _ranked(chosen, whole)[(page - 1) * PAGE : page * PAGE]
    return Listing(
        whole=whole,
        lines=_lines(actor, shown, decided, whole),
        n=len(chosen),
        n_all=len(here),
        counts={name: counts[name] for name in rows.kinds() if counts[name]},
        n_mine=sum(rows.key_of(row) in mine for row in here) if mine else 0,
        n_aside=len(found) - len(here),
        page=page,
    )


def aside(actor: Actor) -> list[Line]:
    """Return what is put aside of what this actor could do, the latest first."""
    decided, whole = marks.of(), met.whole()
    hidden = [row for row in rows.found(actor, whole) if marks.is_aside(decided.get(rows.key_of(row)), row)]
    lines = _lines(actor, hidden, decided, whole)
    return sorted(lines, key=lambda line: (line.mark and line.mark.aside_at) or LONG_AGO, reverse=True)


def one(actor: Actor, key: str) -> Line:
    """Return one row of the list, also one that is put aside; refuses what this actor does not have (NotFound)."""
    return _lines(actor, [rows.get(actor, key)], marks.of([key]), met.whole())[0]


def _ranked(found: Sequence[Any], whole: Whole) -> list[Any]:
    """Sort by what rows weigh, as `analytics.content.queue` does, without an object for each."""
    order = {kind: place for place, kind in enumerate(rows.kinds())}
    usual, score_of, urgency_of = whole.share, content.score_of, content.urgency_of
    weighed = []
    for place, row in enumerate(found):
        kind, _id, people, n_met, lost, is_late, is_flagged, effort = row[:8]
        urgency = urgency_of(is_late, is_flagged)
        score = score_of(people, n_met, lost, urgency, effort, whole=usual)
        weighed.append((-score, order[kind], -urgency, place))
    weighed.sort()
    return [found[place] for _score, _kind, _urgency, place in weighed]


def _lines(actor: Actor, found: Collection[Any], decided: Mapping[str, DeskMark], whole: Whole) -> list[Line]:
    marked = [decided.get(rows.key_of(row)) for row in found]
    ids = {one for mark in marked if mark for one in (mark.assignee_id, mark.aside_by_id) if one is not None}
    names = people_queries.names(ids)
    return [
        Line(
            kind=row.kind,
            number=row.id,
            place=_place(row, whole),
            row=rows.draw(actor, row),
            whole=whole,
            mark=mark,
            assignee=names.get(mark.assignee_id or 0, "") if mark else "",
            aside_by=names.get(mark.aside_by_id or 0, "") if mark else "",
        )
        for row, mark in zip(found, marked, strict=True)
    ]


def _place(row: Any, whole: Whole) -> Row:
    work = Work(
        item=rows.key_of(row),
        people=row.people,
        met=row.met,
        lost=row.lost,
        is_overdue=row.is_late,
        is_flagged=row.is_flagged,
        effort=row.effort,
    )
    return content.place(work, whole.share)
