"""The exchange files of `dity measure needs`: JSON Lines, an event or a ticket each (METRICS 1.3).

Anybody can write them from another system and check our figures, or read ours and compute them anew. A bad line
stops the reading with its number and field; nothing is half read. Fields that are not known are skipped and named.
Absent, null and empty mean the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from analytics import table
from analytics.columns import Coded
from analytics.table import KINDS, NEVER, SURFACES, TYPES, EventTable, TicketTable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YES_OR_NO = ("solved", "helpful", "intent")
LINK_METHODS = ("form", "agent", "topic", "similar")

EVENT_FIELDS = {
    "id": "id",
    "actor_key": "actor",
    "dept_snapshot": "department",
    "site_snapshot": "site",
    "session_id": "session",
    "need_id": "need",
    "object_type": "object_type",
    "object_id": "object",
    "object_title": "title",
    "topic_id": "topic",
    "surface": "surface",
    "source_event_id": "source",
}
"""Texts of an event, by their names in the file and in the table. The title of an object is ours: rule 17 needs it."""
TICKET_FIELDS = {
    "id": "id",
    "requester_key": "requester",
    "source": "source",
    "topic_id": "topic",
    "subject": "subject",
    "related_need_id": "related",
    "link_method": "link_method",
    "parent_incident_id": "parent",
}
KNOWN_OF_EVENTS = {
    *EVENT_FIELDS,
    *("ts_utc", "actor_kind", "type", "query_raw", "query_norm", "n_results", "rank", "value"),
}
KNOWN_OF_TICKETS = {*TICKET_FIELDS, "ts_utc", "resolved_at", "reopened_n", "linked_articles"}


class BadLine(ValueError):
    """A line that cannot be read, with its number and, where it is one, the field."""

    def __init__(self, number: int, field: str | None, trouble: str) -> None:
        self.number, self.field, self.trouble = number, field, trouble
        super().__init__(f"line {number}: " + (f"{field}: {trouble}" if field else trouble))


@dataclass(frozen=True)
class Read:
    """What is said of a file that was read: fields nobody knows, and how many lines held something."""

    n_lines: int
    unknown: tuple[str, ...]


class _Trouble(ValueError):
    """What is wrong with a field; the line is added by who knows it."""

    def __init__(self, field: str | None, trouble: str) -> None:
        self.field, self.trouble = field, trouble
        super().__init__(trouble)


def read_events(lines: Iterable[bytes]) -> tuple[EventTable, Read]:
    """Read events, in any order; refuse what is wrong as `BadLine`.

    >>> line = b'{"id": "1", "ts_utc": "2026-03-02T09:00:00Z", "actor_key": "u1", "actor_kind": "user", "type": "view"}'
    >>> found, said = read_events([line])
    >>> len(found), said.unknown
    (1, ())
    """
    rows, said = _rows(lines, _event, KNOWN_OF_EVENTS)
    return table.events(rows), said


def read_tickets(lines: Iterable[bytes]) -> tuple[TicketTable, Read]:
    """Read tickets, in any order; refuse what is wrong as `BadLine`."""
    rows, said = _rows(lines, _ticket, KNOWN_OF_TICKETS)
    return table.tickets(rows), said


def milliseconds(text: str) -> int:
    """Return a moment as milliseconds since 1970; it must say its zone.

    >>> milliseconds("1970-01-01T01:00:01+01:00")
    1000
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a moment such as 2026-03-02T09:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} does not say its time zone; end it with Z for UTC")
    try:
        return (moment - EPOCH) // timedelta(milliseconds=1)
    except OverflowError:
        raise ValueError(f"{text!r} is too far away") from None


def _rows(
    lines: Iterable[bytes], make: Callable[[Mapping[str, Any]], dict[str, Any]], known: set[str]
) -> tuple[list[dict[str, Any]], Read]:
    rows: list[dict[str, Any]] = []
    strange: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # the mark some editors put before UTF-8
        if not line.strip():
            continue
        try:
            given = _object(line)
            rows.append(make(given))
        except _Trouble as trouble:
            raise BadLine(number, trouble.field, trouble.trouble) from None
        if not known.issuperset(given):
            strange.update(given.keys() - known)
    return rows, Read(len(rows), tuple(sorted(strange)))


def _object(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise _Trouble(None, "is not UTF-8") from None
    except (ValueError, RecursionError):
        raise _Trouble(None, "is not JSON") from None
    if not isinstance(given, dict):
        raise _Trouble(None, "is no JSON object")
    return given


def _event(given: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {name: _text(given, field) for field, name in EVENT_FIELDS.items()}
    _need(row, given, {"id": "id", "actor": "actor_key"})
    row["at"] = _moment(given, "ts_utc")
    row["type"] = _one_of(given, "type", TYPES)
    row["kind"] = _one_of(given, "actor_kind", KINDS)
    if row["surface"] is not None:
        _one_of(given, "surface", SURFACES)
    row["query"] = _text(given, "query_norm") or _text(given, "query_raw")
    row["n_results"] = _count(given, "n_results", least=0)
    row["rank"] = _count(given, "rank", least=1)
    row |= _value(given, row["type"])
    return row


def _ticket(given: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {name: _text(given, field) for field, name in TICKET_FIELDS.items()}
    _need(row, given, {"id": "id", "requester": "requester_key"})
    row["at"] = _moment(given, "ts_utc")
    if row["link_method"] is not None:
        _one_of(given, "link_method", LINK_METHODS)
    row["resolved_at"] = None if given.get("resolved_at") in (None, "") else _moment(given, "resolved_at")
    row["reopened_n"] = _count(given, "reopened_n", least=0)
    linked = given.get("linked_articles")
    if linked is not None and not (isinstance(linked, list) and all(isinstance(name, str) for name in linked)):
        raise _Trouble("linked_articles", "must be a list of texts")
    row["linked_articles"] = linked
    return row


def _text(given: Mapping[str, Any], field: str) -> str | None:
    value = given.get(field)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _Trouble(field, f"must be a text, not {json.dumps(value)}")
    return value


def _need(row: Mapping[str, Any], given: Mapping[str, Any], fields: Mapping[str, str]) -> None:
    for name, field in fields.items():
        if row[name] is None:
            raise _Trouble(field, "is missing")


def _moment(given: Mapping[str, Any], field: str) -> int:
    text = _text(given, field)
    if text is None:
        raise _Trouble(field, "is missing")
    try:
        return milliseconds(text)
    except ValueError as trouble:
        raise _Trouble(field, str(trouble)) from None


def _one_of(given: Mapping[str, Any], field: str, choices: tuple[str, ...]) -> str:
    text = _text(given, field)
    if text is None:
        raise _Trouble(field, "is missing")
    if text not in choices:
        raise _Trouble(field, f"must be one of {', '.join(choices)}, not {text!r}")
    return text


def _count(given: Mapping[str, Any], field: str, *, least: int) -> int | None:
    value = given.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**31:
        raise _Trouble(field, f"must be a whole number from {least}, not {json.dumps(value)}")
    return value


def _value(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    value = given.get("value")
    if kind in YES_OR_NO:
        if value not in ("yes", "no"):
            raise _Trouble("value", f"must be yes or no, not {json.dumps(value)}")
        return {"value": value}
    if value is None or value == "":
        return {}
    if kind == "dwell":
        return {"seconds": _seconds(value)}
    if kind == "search" and value != "trimmed":
        raise _Trouble("value", f"must be trimmed or nothing, not {json.dumps(value)}")
    return {"value": value if isinstance(value, str) else json.dumps(value)}


def _seconds(value: object) -> float:
    try:
        seconds = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else float("nan")
    except (ValueError, OverflowError):
        seconds = float("nan")
    if not 0 <= seconds < float("inf"):
        raise _Trouble("value", f"must be the seconds of one view, not {json.dumps(value)}")
    return seconds


def write_events(events: EventTable) -> Iterator[str]:
    """Write events as lines, in the order of reading; what is absent is left out."""
    for place in range(len(events)):
        line: dict[str, Any] = {"id": events.id[place], "ts_utc": iso(int(events.at[place]))}
        line |= {"type": TYPES[events.type[place]], "actor_kind": KINDS[events.kind[place]]}
        line |= _texts(events, EVENT_FIELDS, place)
        query, value, seconds = events.query[place], events.value[place], float(events.seconds[place])
        line["query_norm"] = query
        line["n_results"] = _unless(int(events.n_results[place]), -1)
        line["rank"] = _unless(int(events.rank[place]), -1)
        line["value"] = value if np.isnan(seconds) else int(seconds) if seconds.is_integer() else seconds
        yield _line(line)


def write_tickets(tickets: TicketTable) -> Iterator[str]:
    """Write tickets as lines, in the order of time."""
    for place in range(len(tickets)):
        line: dict[str, Any] = {"id": tickets.id[place], "ts_utc": iso(int(tickets.at[place]))}
        line |= _texts(tickets, TICKET_FIELDS, place)
        resolved = int(tickets.resolved_at[place])
        line["resolved_at"] = None if resolved == NEVER else iso(resolved)
        line["reopened_n"] = _unless(int(tickets.reopened_n[place]), 0)
        line["linked_articles"] = list(tickets.linked_articles[place]) or None
        yield _line(line)


def _texts(rows: EventTable | TicketTable, fields: Mapping[str, str], place: int) -> dict[str, str | None]:
    columns: dict[str, Coded] = {field: getattr(rows, name) for field, name in fields.items()}
    return {field: column[place] for field, column in columns.items()}


def _unless(number: int, nothing: int) -> int | None:
    return None if number == nothing else number


def _line(line: Mapping[str, Any]) -> str:
    return json.dumps({field: value for field, value in line.items() if value is not None}, ensure_ascii=False)


def iso(at: int) -> str:
    """Write milliseconds as a moment in UTC.

    >>> iso(1_000)
    '1970-01-01T00:00:01Z'
    """
    moment = EPOCH + timedelta(milliseconds=at)
    return moment.isoformat(timespec="milliseconds" if at % 1000 else "seconds").replace("+00:00", "Z")
