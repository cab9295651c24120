"""What changed between two texts (portal.kb.prose.differences)."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from portal.kb.prose.differences import MOST_CELLS, Kind, Row, n_changed, rows, shortened, words

TEXTS = st.text(st.sampled_from(["a", "b", " ", "\n", "é", ".", "1", "\u2028", "\r"]), max_size=60)
LINES = st.lists(st.sampled_from(["one", "two words", "", "two word", "- item", "```"]), max_size=12).map("\n".join)


def without(kind: Kind, found: list[Row]) -> str:
    return "".join(piece.text for row in found for piece in row.pieces if piece.kind is not kind)


@given(TEXTS, TEXTS)
def test_the_pieces_joined_are_both_texts_again(old: str, new: str) -> None:
    pieces = words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.NEW) == old
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == new


@given(TEXTS | LINES, TEXTS | LINES)
def test_the_rows_joined_are_both_texts_again(old: str, new: str) -> None:
    found = rows(old, new)
    assert without(Kind.NEW, found) == old
    assert without(Kind.GONE, found) == new
    assert [row.old for row in found if row.old] == list(range(1, len(old.splitlines()) + 1))
    assert [row.new for row in found if row.new] == list(range(1, len(new.splitlines()) + 1))
    assert (n_changed(found) == 0) == (old == new)


@given(LINES, LINES)
def test_what_is_left_out_is_unchanged_and_counted(old: str, new: str) -> None:
    found = rows(old, new)
    short = shortened(found, context=1)
    assert sum(row.n or 1 for row in short) == len(found)
    assert n_changed(short) == n_changed(found)


def test_words_are_compared_not_letters() -> None:
    said = [(piece.kind, piece.text) for piece in words("Open the settings.", "Open the control panel.")]
    assert said == [(Kind.SAME, "Open the "), (Kind.GONE, "settings"), (Kind.NEW, "control panel"), (Kind.SAME, ".")]


def test_a_changed_line_stands_beside_its_former_form() -> None:
    found = rows("First.\nPress the red key.\nLast.\n", "First.\nNew before it.\nPress the green key.\nLast.\n")
    assert [row.kind for row in found] == [Kind.SAME, Kind.NEW, Kind.CHANGED, Kind.SAME]
    assert (found[2].old, found[2].new) == (2, 3)


def test_texts_that_are_too_long_to_be_compared_keep_nobody_waiting() -> None:
    old, new = "a b\n" * 25_000, "b c d\n" * 16_000
    assert MOST_CELLS < 25_000 * 16_000
    began = time.process_time()
    found = rows(old, new)
    assert time.process_time() - began < 5
    assert without(Kind.NEW, found) == old
    assert without(Kind.GONE, found) == new
