"""Following each actor: who counts, which lines are one search, and which search an opening came from.

Rules 3, 5, 6 and 26. Everything here is decided actor by actor, so that days and departments can be read apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics import words
from analytics.columns import NONE, Coded
from analytics.table import OPENINGS, SNIPPET, EventTable, Mask, Places, Times, Whole

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
GAP = 30 * MINUTE
TYPING = 5 * SECOND
"""A query that goes on growing within this time is one search."""
AGAIN = 60 * SECOND
"""The same words within this time are one search: the back button."""

ANSWERS = ("solved", "helpful", "intent", "dwell", "accept")
"""Said or measured of something opened before; never the beginning of a need."""
FORMS = ("form_start", "form_abandon", "form_submit")
BELONGING = ("search", *OPENINGS, *ANSWERS, *FORMS, "ask")
"""What can belong to a need; the other types are set aside."""
UNKNOWN = -2
"""Stands for a source that is recorded but is no event of this actor."""


@dataclass(frozen=True)
class Searches:
    """Searches as people meant them, in order of reading actor by actor; the last words, count and vote stand.

    `first` and `last` are places in the table of the `Trails`. `raw` has the place of every line that is a search,
    `number` the search it is part of.
    """

    first: Places
    last: Places
    standing: Places
    """The line whose query, count and vote stand: the last that is no further page and no filter."""
    texts: list[str]
    """Queries in their normal form."""
    raw: Places
    number: Places

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True)
class Trails:
    """The events that can belong to a need, actor by actor in order of reading, and where each came from.

    `who` numbers the actors: a user by key, an anonymous one by key and session (rule 5). `search` is the number of
    the search an event is, or was opened from (rule 6), or whose answer box it read; -1 for none.
    """

    table: EventTable
    who: Places
    search: Places
    searches: Searches
    is_page: Mask
    """Further pages and filters of a search."""
    n_set_aside: int
    excluded: dict[str, int]

    def opens(self) -> Mask:
        """Mark the openings of content."""
        return self.table.is_(*OPENINGS)


def is_counted(table: EventTable) -> Mask:
    """Mark what can belong to a need, of users and of anonymous people (rules 3 and 5)."""
    looks_elsewhere = table.is_(*OPENINGS) & ~table.opens()
    content = table.object_type
    of_content = (content.codes == NONE) | content.is_(SNIPPET)
    for name in ("article", "question", "answer"):
        of_content |= content.is_(name)
    return np.asarray(table.is_(*BELONGING) & ~looks_elsewhere & ~(table.is_("dwell") & ~of_content))


def follow(table: EventTable, *, gap: int = GAP, reach: int | None = None) -> Trails:
    """Say of each event whose it is and which search it belongs to.

    `reach` bounds how far back a recorded source may lie; without it, as far as the table goes. The ledger is folded
    day by day under such a bound, files are read without.
    """
    people = table.by("user", "anon")
    counted = is_counted(table)
    excluded = {kind: int(table.by(kind).sum()) for kind in ("bot", "editor", "agent", "admin")}
    rows = np.flatnonzero(people & counted)
    numbers = _numbered(table)
    rows = rows[np.argsort(numbers[rows], kind="stable")]
    kept, who = table.take(rows), numbers[rows]
    named = _named(kept, who, reach)
    searches, is_page = _searches(kept, who, named)
    return Trails(
        table=kept,
        who=who,
        search=_origins(kept, who, named, searches, gap),
        searches=searches,
        is_page=is_page,
        n_set_aside=int((people & ~counted).sum()),
        excluded=excluded,
    )


def _numbered(table: EventTable) -> Places:
    """Number the actors: users by key, anonymous ones by key and session."""
    is_anon = table.by("anon")
    session = np.where(is_anon, table.session.codes.astype(np.int64), NONE) + 1
    n_actors, n_sessions = len(table.actor.labels) + 1, len(table.session.labels) + 1
    key = (is_anon * n_actors + table.actor.codes.astype(np.int64)) * n_sessions + session
    return np.unique(key, return_inverse=True)[1].reshape(-1)


def _named(table: EventTable, who: Places, reach: int | None) -> Places:
    """Find the place of the event each one names as its source: `NONE` without source, `UNKNOWN` if not to be found."""
    n = len(table)
    places = np.full(len(table.id.labels) + 1, UNKNOWN, dtype=np.int64)
    places[table.id.codes] = np.arange(n)
    known = {label: code for code, label in enumerate(table.id.labels)}
    turn = np.array([*(known.get(label, len(known)) for label in table.source.labels), len(known)], dtype=np.int64)
    found = places[turn[table.source.codes]]
    there = np.maximum(found, 0)  # a table of one event has no place -2
    strange = (found >= 0) & (who[there] != who)
    if reach is not None:
        strange |= (found >= 0) & (np.abs(table.at - table.at[there]) > reach)
    found[strange] = UNKNOWN
    found[table.source.codes == NONE] = NONE
    return found


def roots(parent: Places) -> Places:
    """Follow each pointer to its end, where it points at itself; -1 for those that run in a circle.

    >>> roots(np.array([0, 0, 1, 4, 3])).tolist()
    [0, 0, 0, -1, -1]
    """
    ends = parent
    for _ in range(len(parent).bit_length() + 1):
        ends = ends[ends]
    return np.where(parent[ends] == ends, ends, -1) if len(parent) else ends


def _searches(table: EventTable, who: Places, named: Places) -> tuple[Searches, Mask]:
    """Gather the lines of searches into searches as people meant them (rule 26)."""
    is_search = table.is_("search")
    is_page = is_search & (named >= 0) & is_search[np.maximum(named, 0)] & (named < np.arange(len(table)))
    raw = np.flatnonzero(is_search)
    spot = np.full(len(table), -1, dtype=np.int64)
    spot[raw] = np.arange(len(raw))
    page = is_page[raw]
    query = table.query.codes[raw].copy()
    for place in np.flatnonzero(page & (query == NONE)).tolist():
        query[place] = query[spot[named[raw[place]]]]
    normal, bags = _forms(Coded(query, table.query.labels))
    parent = np.arange(len(raw))
    if len(raw) > 1:
        joins = _goes_on(table, who, raw, query, normal, bags)
        parent[1:][joins & ~page[1:]] -= 1
    parent[page] = spot[named[raw[page]]]
    first, number = np.unique(roots(parent), return_inverse=True)
    number = number.reshape(-1)
    last = np.zeros(len(first), dtype=np.int64)
    np.maximum.at(last, number, raw)
    standing = np.zeros(len(first), dtype=np.int64)
    np.maximum.at(standing, number[~page], np.flatnonzero(~page))
    texts = [normal[code] for code in query[standing].tolist()]
    return Searches(raw[first], last, raw[standing], texts, raw, number), is_page


def _forms(queries: Coded) -> tuple[dict[int, str], dict[int, str]]:
    """Give each query its normal form and its bag of words, by code."""
    normal = {NONE: ""}
    for code in np.unique(queries.codes).tolist():
        if code != NONE:
            normal[code] = words.normal(queries.labels[code])
    return normal, {code: bag(text) for code, text in normal.items()}


def bag(text: str) -> str:
    """Return the sorted distinct words of a normal form.

    >>> bag("vpn token vpn")
    'token vpn'
    """
    return " ".join(sorted(set(text.split())))


def _goes_on(
    table: EventTable, who: Places, raw: Places, query: Whole, normal: dict[int, str], bags: dict[int, str]
) -> Mask:
    """Mark each line but the first that goes on with the one before it: typing, or the back button."""
    apart = np.diff(table.at[raw])
    same = who[raw[1:]] == who[raw[:-1]]
    opened = np.cumsum(table.is_(*OPENINGS))[raw]
    again, typed = same & (apart <= AGAIN), same & (apart <= TYPING) & (np.diff(opened) == 0)
    joins = np.zeros(len(raw) - 1, dtype=np.bool_)
    for place in np.flatnonzero(again | typed).tolist():
        before, after = int(query[place]), int(query[place + 1])
        grown = bool(typed[place]) and normal[after].startswith(normal[before])
        joins[place] = grown or (bool(again[place]) and bags[before] == bags[after])
    return joins


def latest(is_it: Mask, who: Places, at: Times, gap: int) -> Places:
    """Find for each event the latest marked one of the same actor, itself included, no more than `gap` ago; else -1."""
    places = np.maximum.accumulate(np.where(is_it, np.arange(len(is_it)), -1))
    far = (places < 0) | (who[places] != who) | (at - at[places] > gap)
    return np.where(far, -1, places)


def _origins(table: EventTable, who: Places, named: Places, searches: Searches, gap: int) -> Places:
    """Say which search each event is, or came from (rule 6; also through a click), or reads the answer box of."""
    n = len(table)
    if not n:
        return np.zeros(0, dtype=np.int64)
    number = np.full(n + 1, -1, dtype=np.int64)  # the spare last place answers for -1
    number[searches.raw] = searches.number
    is_search, opens = table.is_("search"), table.is_(*OPENINGS)
    reads_box = table.is_(*ANSWERS) & table.object_type.is_(SNIPPET)
    recent = number[latest(is_search, who, table.at, gap)]
    asks = opens | reads_box
    origin = np.where(is_search, number[:-1], -1)
    unsaid = asks & (named == NONE) & (reads_box | table.surface.is_("search"))
    origin[unsaid] = recent[unsaid]
    there = np.maximum(named, 0)
    told = asks & (named >= 0) & is_search[there]
    origin[told] = number[named[told]]
    through = asks & (named >= 0) & opens[there]
    ends = roots(np.where(through, named, np.arange(n)))
    return np.where(through, np.append(origin, -1)[ends], origin)
