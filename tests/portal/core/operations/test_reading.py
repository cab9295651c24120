"""What programs send is read strictly: bodies, parameters, cursors (QUALITY R13, S5)."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core.operations import cursors
from portal.core.operations.operation import Unreadable
from portal.core.operations.reading import parse
from portal.core.operations.shapes import (
    choice,
    complaints,
    day,
    many,
    maybe,
    moment,
    page_of,
    text,
    thing,
    whole,
    yes_no,
)

UNREADABLE = {
    "nothing": b"",
    "half of it": b'{"a": ',
    "no UTF-8": b'{"a": "\xff"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "one name twice": b'{"a": 1, "a": 2}',
    "not a number": b'{"a": NaN}',
    "endless": b'{"a": -Infinity}',
    "an endless fraction": b'{"a": 1e999}',
    "a huge number": b'{"a": ' + b"9" * 5000 + b"}",
    "half a character": b'{"a": "\\ud800"}',
    "half a character in a name": b'{"\\udfff": 1}',
    "NUL": b'{"a": "b\\u0000c"}',
    "a deep nest": b"[" * 100_000 + b"]" * 100_000,
    "a nest deeper than any shape": b"[" * 40 + b"]" * 40,
}


@pytest.mark.parametrize("sent", UNREADABLE.values(), ids=UNREADABLE)
def test_what_two_readers_could_understand_differently_is_refused(sent: bytes, app: Flask) -> None:
    with pytest.raises(Unreadable):
        parse(sent)


def test_what_is_written_well_is_read() -> None:
    assert parse(b'{"a": [1, true, null, "\\u00e4\\ud83d\\ude00"], "b": 1.5}') == {
        "a": [1, True, None, "ä😀"],
        "b": 1.5,
    }


THING = thing(
    "Thing",
    needed={"name": text(least=1, most=5, like="^[a-z]+$")},
    extra={
        "n": whole(most=9),
        "kind": choice("a", "b"),
        "kinds": many(choice("a", "b"), most=2),
        "at": moment(),
        "on": maybe(day()),
        "is_it": yes_no(),
        "below": maybe(thing("Below", needed={"n": whole()})),
    },
)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({"name": "abc"}, []),
        ({"name": "abc", "on": None, "below": None, "at": "2026-03-09T09:00:00+01:00"}, []),
        ({}, ["name"]),
        ([], [""]),
        ({"name": ""}, ["name"]),
        ({"name": "abcdef"}, ["name"]),
        ({"name": "ABC"}, ["name"]),
        ({"name": 3}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": "abc", "role": "admin", "id": 1}, ["role", "id"]),
        ({"name": "abc", "n": True}, ["n"]),
        ({"name": "abc", "n": 1.0}, ["n"]),
        ({"name": "abc", "n": 10}, ["n"]),
        ({"name": "abc", "n": -1}, ["n"]),
        ({"name": "abc", "kind": "c"}, ["kind"]),
        ({"name": "abc", "kinds": ["a", "c"]}, ["kinds.1"]),
        ({"name": "abc", "kinds": ["a"] * 3}, ["kinds"]),
        ({"name": "abc", "is_it": "yes"}, ["is_it"]),
        ({"name": "abc", "at": "2026-03-09T09:00:00"}, ["at"]),
        ({"name": "abc", "at": "2026-W01-1T09:00:00Z"}, ["at"]),
        ({"name": "abc", "at": "0001-01-01T00:00:00+14:00"}, ["at"]),
        ({"name": "abc", "on": "2026-02-30"}, ["on"]),
        ({"name": "abc", "below": {}}, ["below.n"]),
        ({"name": "abc", "below": []}, ["below"]),
    ],
)
def test_each_complaint_names_its_field(value: object, wrong: list[str], app: Flask) -> None:
    assert [path for path, _words in complaints(THING, value)] == wrong


def test_a_page_has_items_and_a_way_on(app: Flask) -> None:
    assert not list(complaints(page_of(THING), {"items": [{"name": "abc"}], "next": None}))


def test_a_cursor_is_good_for_its_own_list_alone(app: Flask) -> None:
    made = cursors.make("people", {"q": "an", "limit": 3}, 17)
    assert cursors.after("people", {"q": "an", "cursor": made}) == [17]
    for of, query in (("articles", {"q": "an"}), ("people", {"q": "be"}), ("people", {})):
        with pytest.raises(Unreadable):
            cursors.after(of, {**query, "cursor": made})
    for forged in ("", "x", made[:-1], made + "x", "WzEsMl0"):
        with pytest.raises(Unreadable):
            cursors.after("people", {"q": "an", "cursor": forged})
