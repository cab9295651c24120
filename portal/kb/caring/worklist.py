"""What an editor does next: one list of what every feature gives, by the tickets each row is likely to cause.

`analytics.content.queue` ranks; what weighs the same keeps the order of kinds, in which people who wait come first.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics import content
from analytics.content import Row, Work
from portal.core.actor import Actor
from portal.core.desk import DeskRow
from portal.core.errors import NotFound
from portal.kb.caring import marks, met, of_people, rows
from portal.kb.caring.met import Whole
from portal.kb.models import DeskMark
from portal.people import queries as people_queries

PAGE = 20
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the list: what it says, how its number comes about, who sees to it."""

    key: str
    place: Row
    row: DeskRow
    whole: Whole
    mark: DeskMark | None = None
    assignee: str = ""
    aside_by: str = ""

    @property
    def kind(self) -> str:
        return rows.kind_of(self.key)

    @property
    def number(self) -> int:
        return rows.number_of(self.key)


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
    works, decided, whole = rows.found(actor), marks.of(), met.whole()
    here = [work for work in works if not marks.is_aside(decided.get(work.item), work)]
    mine = {key for key, mark in decided.items() if mark.assignee_id == actor.person_id}
    counts = Counter(rows.kind_of(work.item) for work in here)
    chosen = [work for work in here if not kind or rows.kind_of(work.item) == kind]
    if is_mine:
        chosen = [work for work in chosen if work.item in mine]
    ranked = _ranked(chosen, whole)[(page - 1) * PAGE : page * PAGE]
    return Listing(
        whole=whole,
        lines=_lines(actor, ranked, decided, whole),
        n=len(chosen),
        n_all=len(here),
        counts={name: counts[name] for name in rows.kinds() if counts[name]},
        n_mine=sum(work.item in mine for work in here),
        n_aside=len(works) - len(here),
        page=page,
    )


def aside(actor: Actor) -> list[Line]:
    """Return what is put aside of what this actor could do, the latest first."""
    decided, whole = marks.of(), met.whole()
    works = [work for work in rows.found(actor) if marks.is_aside(decided.get(work.item), work)]
    lines = _lines(actor, _ranked(works, whole), decided, whole)
    return sorted(lines, key=lambda line: (line.mark and line.mark.aside_at) or LONG_AGO, reverse=True)


def one(actor: Actor, key: str) -> Line:
    """Return one row of the list, also one that is put aside; refuses what this actor does not have (NotFound)."""
    work, whole = rows.get(actor, key), met.whole()
    lines = _lines(actor, content.queue([work], whole=whole.share), marks.of([key]), whole)
    if not lines:
        raise NotFound("")
    return lines[0]


def _ranked(works: list[Work], whole: Whole) -> list[Row]:
    order = {kind: place for place, kind in enumerate(rows.kinds())}
    own = {work.item: place for place, work in enumerate(works)}
    ranked = content.queue(works, whole=whole.share)
    return sorted(
        ranked, key=lambda row: (-row.score, order[rows.kind_of(row.work.item)], -row.urgency, own[row.work.item])
    )


def _lines(actor: Actor, ranked: list[Row], decided: Mapping[str, DeskMark], whole: Whole) -> list[Line]:
    drawn = rows.drawn(actor, [row.work.item for row in ranked])
    shown = [row for row in ranked if row.work.item in drawn]
    marked = {row.work.item: decided.get(row.work.item) for row in shown}
    ids = {one for mark in marked.values() if mark for one in (mark.assignee_id, mark.aside_by_id) if one is not None}
    names = people_queries.names(ids)
    lines = []
    for row in shown:
        key, mark = row.work.item, marked[row.work.item]
        who, by = (names.get(mark.assignee_id or 0, ""), names.get(mark.aside_by_id or 0, "")) if mark else ("", "")
        line = Line(key=key, place=row, row=drawn[key], whole=whole, mark=mark, assignee=who, aside_by=by)
        lines.append(line)
    return lines
