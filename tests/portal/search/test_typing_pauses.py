"""One list of suggestions is noted for each thing typed, not for each letter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.search.typing_pauses import settle

NOON = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)


def row(query: str, second: float, visitor: str = "ana") -> dict[str, Any]:
    return {"at": NOON + dt.timedelta(seconds=second), "visitor": visitor, "props": {"query": query}}


def queries(rows: list[dict[str, Any]]) -> list[str]:
    return [r["props"]["query"] for r in rows]


def test_a_word_that_grows_is_noted_by_its_last_form() -> None:
    settled, waiting = settle([row("vpn", 0), row("vpn d", 1), row("VPN dr", 2)], now=NOON + dt.timedelta(minutes=1))
    assert (queries(settled), waiting) == (["VPN dr"], [])


def test_another_word_is_another_list() -> None:
    settled, _ = settle([row("vpn", 0), row("printer", 1)], now=NOON + dt.timedelta(minutes=1))
    assert queries(settled) == ["vpn", "printer"]


def test_after_five_seconds_a_longer_one_is_another_list() -> None:
    settled, _ = settle([row("vpn", 0), row("vpn d", 5), row("vpn dr", 10.001)], now=NOON + dt.timedelta(minutes=1))
    assert queries(settled) == ["vpn d", "vpn dr"]


def test_the_last_list_waits_while_it_may_still_grow() -> None:
    settled, waiting = settle([row("vpn", 0)], now=NOON + dt.timedelta(seconds=5))
    assert (settled, queries(waiting)) == ([], ["vpn"])


def test_two_people_typing_do_not_meet() -> None:
    settled, _ = settle([row("vpn", 0), row("vpn d", 1, "ben")], now=NOON + dt.timedelta(minutes=1))
    assert sorted(queries(settled)) == ["vpn", "vpn d"]


@given(st.lists(st.tuples(st.sampled_from(["v", "vp", "vpn", "p"]), st.integers(0, 60)), max_size=12))
def test_writing_in_pieces_notes_the_same_as_writing_at_once(typed: list[tuple[str, int]]) -> None:
    """The buffer is emptied every second; what waits goes into the next round."""
    rows = sorted((row(text, second) for text, second in typed), key=lambda r: r["at"])
    at_once, _ = settle(rows, now=NOON + dt.timedelta(hours=1))
    in_pieces: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    for second in range(90):
        now = NOON + dt.timedelta(seconds=second)
        due = [r for r in rows if now - dt.timedelta(seconds=1) < r["at"] <= now]
        settled, waiting = settle(waiting + due, now=now)
        in_pieces += settled
    assert sorted(queries(in_pieces + waiting)) == sorted(queries(at_once))
