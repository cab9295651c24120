"""Reading and writing the exchange files."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import exchange, table
from analytics.columns import Coded
from analytics.exchange import BadLine
from tests.analytics.random_tables import event_rows, ticket_rows

EVENT = {"id": "1", "ts_utc": "2026-03-02T09:00:00Z", "actor_key": "u1", "actor_kind": "user", "type": "view"}
TICKET = {"id": "T1", "ts_utc": "2026-03-02T09:00:00Z", "requester_key": "u1"}
D1 = Path(__file__).parent / "d1"


def line(base: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps(base | changes).encode()


@pytest.mark.parametrize(
    ("changes", "field", "trouble"),
    [
        ({"id": None}, "id", "is missing"),
        ({"id": ""}, "id", "is missing"),
        ({"id": 7}, "id", "must be a text, not 7"),
        ({"actor_key": None}, "actor_key", "is missing"),
        ({"ts_utc": None}, "ts_utc", "is missing"),
        ({"ts_utc": "yesterday"}, "ts_utc", "'yesterday' is not a moment such as 2026-03-02T09:00:00Z"),
        ({"ts_utc": "2026-03-02T09:00:00"}, "ts_utc", "does not say its time zone"),
        ({"ts_utc": 1772442000}, "ts_utc", "must be a text"),
        ({"type": "look"}, "type", "must be one of search, result_click"),
        ({"actor_kind": "robot"}, "actor_kind", "must be one of user, agent"),
        ({"surface": "moon"}, "surface", "must be one of home"),
        ({"n_results": -1}, "n_results", "must be a whole number from 0, not -1"),
        ({"n_results": 1.5}, "n_results", "must be a whole number"),
        ({"n_results": True}, "n_results", "must be a whole number"),
        ({"rank": 0}, "rank", "must be a whole number from 1"),
        ({"topic_id": ["vpn"]}, "topic_id", "must be a text"),
        ({"type": "solved"}, "value", "must be yes or no, not null"),
        ({"type": "solved", "value": "Yes"}, "value", "must be yes or no"),
        ({"type": "intent", "value": True}, "value", "must be yes or no"),
        ({"type": "dwell", "value": "long"}, "value", "must be the seconds of one view"),
        ({"type": "dwell", "value": -1}, "value", "must be the seconds"),
        ({"type": "dwell", "value": True}, "value", "must be the seconds"),
        ({"type": "dwell", "value": 10**400}, "value", "must be the seconds"),
        ({"type": "search", "value": "cut"}, "value", "must be trimmed or nothing"),
    ],
)
def test_a_bad_event_is_refused_with_its_line_and_field(changes: dict[str, Any], field: str, trouble: str) -> None:
    with pytest.raises(BadLine) as found:
        exchange.read_events([line(EVENT), b"\n", line(EVENT, **changes)])
    assert (found.value.number, found.value.field) == (3, field)
    assert trouble in found.value.trouble


@pytest.mark.parametrize(
    ("given", "trouble"),
    [(b"{", "is not JSON"), (b"[]", "is no JSON object"), (b"\xff{}", "is not UTF-8"), (b"[" * 100_000, "is not JSON")],
)
def test_what_is_no_object_is_refused(given: bytes, trouble: str) -> None:
    with pytest.raises(BadLine, match=trouble):
        exchange.read_events([given])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"requester_key": None}, "requester_key"),
        ({"link_method": "same_session"}, "link_method"),
        ({"resolved_at": "soon"}, "resolved_at"),
        ({"reopened_n": -1}, "reopened_n"),
        ({"linked_articles": "A1"}, "linked_articles"),
        ({"linked_articles": [1]}, "linked_articles"),
    ],
)
def test_a_bad_ticket_is_refused_with_its_line_and_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadLine) as found:
        exchange.read_tickets([line(TICKET, **changes)])
    assert (found.value.number, found.value.field) == (1, field)


def test_absent_null_and_empty_mean_the_same() -> None:
    for topic in ({}, {"topic_id": None}, {"topic_id": ""}):
        found, _ = exchange.read_events([line(EVENT, **topic)])
        assert found.topic[0] is None


def test_a_mark_before_the_first_line_and_unknown_fields_are_tolerated_and_named() -> None:
    found, said = exchange.read_events([b"\xef\xbb\xbf" + line(EVENT, mood="sunny", colour="blue"), b"  \n"])
    assert len(found) == 1
    assert (said.n_lines, said.unknown) == (1, ("colour", "mood"))


def test_any_time_zone_is_read_as_utc() -> None:
    found, _ = exchange.read_events([line(EVENT, ts_utc="2026-03-02T10:00:00.250+01:00")])
    assert next(exchange.write_events(found)).startswith('{"id": "1", "ts_utc": "2026-03-02T09:00:00.250Z"')


def test_the_raw_query_stands_in_for_a_missing_normal_one() -> None:
    raw, _ = exchange.read_events([line(EVENT, type="search", query_raw="VPN?")])
    both, _ = exchange.read_events([line(EVENT, type="search", query_raw="VPN?", query_norm="vpn")])
    assert (raw.query[0], both.query[0]) == ("VPN?", "vpn")


def test_seconds_may_be_written_as_a_text() -> None:
    found, _ = exchange.read_events([line(EVENT, type="dwell", value="12.5")])
    assert found.seconds.tolist() == [12.5]


def same(one: table.Table, other: table.Table) -> bool:
    for field in fields(one):
        here, there = getattr(one, field.name), getattr(other, field.name)
        if isinstance(here, Coded):
            if [here[place] for place in range(len(here))] != [there[place] for place in range(len(there))]:
                return False
        elif isinstance(here, np.ndarray):
            if here.dtype == np.float64 and not np.array_equal(here, there, equal_nan=True):
                return False
            if here.dtype != np.float64 and here.tolist() != there.tolist():
                return False
    return True


def test_what_is_written_is_read_as_it_was() -> None:
    for seed in range(30):
        dice = random.Random(seed)
        rows = event_rows(dice, n=30)
        for row in rows:  # an empty query is none in a file
            row["query"] = row.get("query") or None
        events = table.events(rows)
        assert same(exchange.read_events([text.encode() for text in exchange.write_events(events)])[0], events)
        tickets = table.tickets([row | {"linked_articles": ["A1"]} for row in ticket_rows(dice, rows, n=4)])
        assert same(exchange.read_tickets([text.encode() for text in exchange.write_tickets(tickets)])[0], tickets)


def test_the_golden_files_are_read_whole() -> None:
    with (D1 / "events.jsonl").open("rb") as lines:
        found, said = exchange.read_events(lines)
    assert (len(found), said.n_lines, said.unknown) == (35, 35, ())


@given(st.binary(max_size=200))
def test_no_bytes_make_anything_but_a_table_or_a_bad_line(data: bytes) -> None:
    with suppress(BadLine):
        exchange.read_events(data.split(b"\n"))


@given(
    st.dictionaries(
        st.sampled_from([*sorted(exchange.KNOWN_OF_EVENTS)]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.integers())),
    )
)
def test_no_values_make_anything_but_a_table_or_a_bad_line(changes: dict[str, Any]) -> None:
    with suppress(BadLine):
        exchange.read_events([json.dumps(EVENT | changes).encode()])
