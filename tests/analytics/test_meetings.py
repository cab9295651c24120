"""Whom things met, and how many of them ended at the desk."""

from __future__ import annotations

from typing import Any

import numpy as np

from analytics.meetings import Meeting, of_things, of_words, whole
from analytics.needs import reading
from analytics.needs.outcomes import judge
from analytics.needs.trails import HOUR
from analytics.table import events, tickets

MINUTE = 60_000
DAY = 24 * HOUR


def row(n: int, actor: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": str(n), "at": n * MINUTE, "type": kind, "kind": "user", "actor": actor, "topic": "vpn", **more}


def needs(*rows: dict[str, Any], opened: tuple[dict[str, Any], ...] = ()) -> Any:
    return judge(reading.read(events(rows)), tickets(opened), window=DAY, as_of=9 * DAY)


def everybody(found: Any) -> Any:
    return np.ones(len(found), dtype=np.bool_)


def test_a_person_counts_once_and_by_the_worst_that_became_of_them() -> None:
    found = needs(
        row(1, "ana", "view", object="7"),
        row(2, "ana", "solved", object="7", value="yes"),
        row(3, "ben", "view", object="7"),
        row(4, "ben", "solved", object="7", value="no"),
        row(5, "cem", "view", object="7"),
        row(6, "dan", "view", object="8"),
        row(3000, "ana", "view", object="7"),
        opened=({"id": "T1", "at": 3010 * MINUTE, "requester": "ana", "topic": "vpn"},),
    )
    assert of_things(found, everybody(found)) == {
        "article:7": Meeting(people=3, met=3, lost=2),
        "article:8": Meeting(people=1, met=1, lost=0),
    }
    assert whole(found, everybody(found)) == (5, 2)


def test_visits_without_an_account_are_people_of_whom_nothing_is_known() -> None:
    found = needs(
        row(1, "x", "view", session="s1", object="7") | {"kind": "anon"},
        row(2, "x", "view", session="s2", object="7") | {"kind": "anon"},
        row(3, "ana", "view", object="7"),
    )
    assert of_things(found, everybody(found)) == {"article:7": Meeting(people=3, met=1, lost=0)}
    assert whole(found, everybody(found)) == (1, 0)


def test_words_are_counted_under_the_name_they_go_by() -> None:
    found = needs(
        row(1, "ana", "search", query="bench login", n_results=0),
        row(2, "ben", "search", query="login bench", n_results=0),
        row(3, "cem", "search", query="printer", n_results=2),
        opened=({"id": "T1", "at": 9 * MINUTE, "requester": "ana", "topic": "vpn"},),
    )
    names = {"bench login": "gap", "login bench": "gap"}
    assert of_words(found, everybody(found), names) == {"gap": Meeting(people=2, met=2, lost=1)}


def test_what_happened_at_another_time_is_left_out() -> None:
    found = needs(row(1, "ana", "view", object="7"))
    assert of_things(found, ~everybody(found)) == {}
