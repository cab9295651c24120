"""The two tables everything about deflection and search is measured from, as columns.

An `EventTable` holds what people did, a `TicketTable` what they handed over. Both can be read from the exchange
files (`analytics.exchange`) or made from the ledger; the measures cannot tell the difference. Times are whole
milliseconds since 1970 (UTC). Texts that repeat are stored once (`Coded`); -1 points at nothing, and so a text that
is absent and one that is null are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from analytics.columns import NONE, Coded

Times = NDArray[np.int64]
Small = NDArray[np.int8]
Whole = NDArray[np.int32]
Real = NDArray[np.float64]
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

TYPES: tuple[str, ...] = (
    "search",
    "result_click",
    "view",
    "dwell",
    "helpful",
    "solved",
    "intent",
    "suggest_shown",
    "suggest_click",
    "form_start",
    "form_abandon",
    "form_submit",
    "ask",
    "answer",
    "accept",
    "vote",
    "share",
    "contribute",
    "flag",
    "assess_start",
    "assess_done",
    "campaign_exposed",
    "reward_granted",
)
"""The types of events, in the order in which they are read when they happened at the same moment."""
KINDS: tuple[str, ...] = ("user", "agent", "editor", "admin", "bot", "anon")
SURFACES: tuple[str, ...] = ("home", "search", "form", "email", "chat")
CONTENT: tuple[str, ...] = ("article", "question", "answer")
"""What can hold the way out of a trouble; an opening that names no type of object is one of an article."""
SNIPPET = "snippet"
"""The object type of the answer box above the results; its dwell names the search as source."""

TYPE = {name: np.int8(place) for place, name in enumerate(TYPES)}
KIND = {name: np.int8(place) for place, name in enumerate(KINDS)}
OPENINGS: tuple[str, ...] = ("result_click", "view", "suggest_click")


def joined(parts: Sequence[Coded]) -> Coded:
    """Put columns of texts behind each other under one list of labels.

    >>> both = joined([Coded.of(["vpn", None]), Coded.of(["mail", "vpn"])])
    >>> [both[place] for place in range(4)]
    ['vpn', None, 'mail', 'vpn']
    """
    labels = tuple(sorted({label for part in parts for label in part.labels}))
    places = {label: place for place, label in enumerate(labels)}
    codes = []
    for part in parts:
        # The spare last place answers for -1, which points at nothing.
        turn = np.array([*(places[label] for label in part.labels), NONE], dtype=np.int32)
        codes.append(turn[part.codes])
    return Coded(np.concatenate(codes) if codes else np.empty(0, dtype=np.int32), labels)


def used(column: Coded) -> Coded:
    """Forget the labels nothing points at.

    >>> used(Coded.of(["vpn", "mail", None]).take(np.array([0, 2])))
    Coded(codes=array([ 0, -1], dtype=int32), labels=('vpn',))
    """
    codes = np.unique(column.codes)
    codes = codes[codes != NONE]
    turn = np.full(len(column.labels) + 1, NONE, dtype=np.int32)
    turn[codes] = np.arange(len(codes))
    return Coded(turn[column.codes], tuple(column.labels[code] for code in codes.tolist()))


@dataclass(frozen=True)
class Table:
    """What both tables can do: be cut, be joined, know how many lines were left out."""

    id: Coded
    at: Times
    n_repeated: int
    """Lines left out because their id was known already: the first line wins."""
    n_later: int
    """Lines left out because they lie after the moment of measuring."""

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: Mask | Places) -> Self:
        """Keep these rows (a mask or places), in this order."""
        taken: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, Coded):
                taken[field.name] = column.take(rows)
            elif isinstance(column, np.ndarray):
                taken[field.name] = column[rows]
        return replace(self, **taken)

    def until(self, as_of: int) -> Self:
        """Leave out, and count, what lies after this moment; the moment itself is in."""
        known = np.asarray(self.at <= as_of)
        return replace(self.take(known), n_later=self.n_later + int(len(self) - known.sum()))


@dataclass(frozen=True)
class EventTable(Table):
    """Events in the one order of reading: time, then type (`TYPES`), then no after yes, then id.

    `type` and `kind` are places in `TYPES` and `KINDS`; `n_results` and `rank` are -1 where not said. `value` holds
    the words (yes, no, trimmed), `seconds` the numbers of a dwell (nan where none). `source` is the id of the event
    this one came from, `need` the id by which tickets may name a need, `title` what the object was called.
    """

    type: Small
    kind: Small
    actor: Coded
    session: Coded
    object_type: Coded
    object: Coded
    topic: Coded
    query: Coded
    value: Coded
    surface: Coded
    source: Coded
    need: Coded
    title: Coded
    department: Coded
    site: Coded
    n_results: Whole
    rank: Whole
    seconds: Real

    def is_(self, *names: str) -> Mask:
        """Mark the events of these types."""
        return np.asarray(np.isin(self.type, [TYPE[name] for name in names]))

    def by(self, *kinds: str) -> Mask:
        """Mark the events of these kinds of actors."""
        return np.asarray(np.isin(self.kind, [KIND[kind] for kind in kinds]))

    def opens(self) -> Mask:
        """Mark openings of content: of an article, a question or an answer, not of a ticket, a form or a list."""
        kinds = self.object_type
        is_content = kinds.codes == NONE
        for name in CONTENT:
            is_content |= kinds.is_(name)
        return np.asarray(self.is_(*OPENINGS) & is_content)


@dataclass(frozen=True)
class TicketTable(Table):
    """Tickets in order of time, then id. `related` is the need an agent named, `parent` the incident it belongs to."""

    requester: Coded
    source: Coded
    topic: Coded
    subject: Coded
    related: Coded
    parent: Coded
    link_method: Coded
    resolved_at: Times
    """Milliseconds, or `NEVER`."""
    reopened_n: Whole
    linked_articles: NDArray[np.object_]
    """A tuple of article ids each."""


NEVER = np.iinfo(np.int64).min
"""Stands where no time is."""

EVENT_TEXTS = (
    "id",
    "actor",
    "session",
    "object_type",
    "object",
    "topic",
    "query",
    "value",
    "surface",
    "source",
    "need",
    "title",
    "department",
    "site",
)
TICKET_TEXTS = ("id", "requester", "source", "topic", "subject", "related", "parent", "link_method")


def events(rows: Iterable[Mapping[str, Any]]) -> EventTable:
    """Make the table of these rows, whatever their order; names of columns as in `EventTable`.

    `id`, `at` (milliseconds), `type` (a word), `kind` (a word) and `actor` must be there. A second row with a known
    id is left out and counted.

    >>> table = events([
    ...     {"id": "2", "at": 60_000, "type": "solved", "kind": "user", "actor": "u1", "value": "yes"},
    ...     {"id": "1", "at": 60_000, "type": "view", "kind": "user", "actor": "u1", "object": "A1", "topic": "vpn"},
    ... ])
    >>> [table.id[place] for place in range(len(table))], table.n_repeated
    (['1', '2'], 0)
    """
    kept, n_repeated = _first_of_each(rows)
    columns: dict[str, Any] = {name: Coded.of([row.get(name) for row in kept]) for name in EVENT_TEXTS}
    for name in ("n_results", "rank"):
        columns[name] = np.array([_or(row.get(name), NONE) for row in kept], dtype=np.int32)
    table = EventTable(
        n_repeated=n_repeated,
        n_later=0,
        at=np.array([row["at"] for row in kept], dtype=np.int64),
        type=np.array([TYPE[row["type"]] for row in kept], dtype=np.int8),
        kind=np.array([KIND[row["kind"]] for row in kept], dtype=np.int8),
        seconds=np.array([_or(row.get("seconds"), np.nan) for row in kept], dtype=np.float64),
        **columns,
    )
    return in_order(table)


def in_order(table: EventTable) -> EventTable:
    """Put events into the one order of reading."""
    return table.take(np.lexsort((table.id.codes, table.value.is_("no"), table.type, table.at)))


def merged(parts: Sequence[EventTable]) -> EventTable:
    """Put tables of different events together, in the one order of reading; texts no event has any more are gone."""
    columns: dict[str, Any] = {}
    for field in fields(EventTable):
        column = [getattr(part, field.name) for part in parts]
        if isinstance(column[0], Coded):
            columns[field.name] = joined([used(each) for each in column])
        else:
            columns[field.name] = np.concatenate(column) if isinstance(column[0], np.ndarray) else sum(column)
    return in_order(EventTable(**columns))


def renamed(column: Coded, names: Mapping[str, str]) -> Coded:
    """Give labels other names; those that get the same one become one.

    >>> renamed(Coded.of(["A1", "A9", None]), {"A9": "A1"})
    Coded(codes=array([ 0,  0, -1], dtype=int32), labels=('A1',))
    """
    labels = tuple(sorted({names.get(label, label) for label in column.labels}))
    places = {label: place for place, label in enumerate(labels)}
    turn = np.array([*(places[names.get(label, label)] for label in column.labels), NONE], dtype=np.int32)
    return Coded(turn[column.codes], labels)


def redirected(table: EventTable, objects: Mapping[str, str]) -> EventTable:
    """Read what happened to objects that were merged into others as happening to those."""
    return replace(table, object=renamed(table.object, objects))


def retopiced(table: EventTable, topics: Mapping[str, str]) -> EventTable:
    """Read the table as if topics had always had their new names; what was reckoned before is reckoned anew."""
    return replace(table, topic=renamed(table.topic, topics))


FROZEN_AFTER = 48 * 3_600_000
"""How long after maturity an event that arrives late may still change what is known of its need."""


def in_time(table: EventTable, recorded: Times, *, window: int) -> tuple[EventTable, int]:
    """Leave out, and count, events recorded more than the window and 48 hours after they happened.

    Until then a late one opens a matured need again; afterwards it is frozen, so that published figures stay.
    """
    kept = np.asarray(recorded - table.at <= window + FROZEN_AFTER)
    return table.take(kept), int(len(table) - kept.sum())


def tickets(rows: Iterable[Mapping[str, Any]]) -> TicketTable:
    """Make the table of these rows, whatever their order; `id`, `at` and `requester` must be there."""
    kept, n_repeated = _first_of_each(rows)
    linked = np.empty(len(kept), dtype=np.object_)
    for place, row in enumerate(kept):  # at once, numpy would take tuples of one length for a second dimension
        linked[place] = tuple(row.get("linked_articles") or ())
    table = TicketTable(
        n_repeated=n_repeated,
        n_later=0,
        at=np.array([row["at"] for row in kept], dtype=np.int64),
        resolved_at=np.array([_or(row.get("resolved_at"), NEVER) for row in kept], dtype=np.int64),
        reopened_n=np.array([_or(row.get("reopened_n"), 0) for row in kept], dtype=np.int32),
        linked_articles=linked,
        **{name: Coded.of([row.get(name) for row in kept]) for name in TICKET_TEXTS},
    )
    return table.take(np.lexsort((table.id.codes, table.at)))


def _first_of_each(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], int]:
    kept: dict[str, Mapping[str, Any]] = {}
    n = 0
    for n, row in enumerate(rows, start=1):  # noqa: B007 -- the last n is how many there were
        kept.setdefault(row["id"], row)
    return list(kept.values()), n - len(kept)


def _or(value: float | None, instead: float) -> float:
    return instead if value is None else value
