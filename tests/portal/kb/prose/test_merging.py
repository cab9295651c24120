"""Two texts that grew from one: nothing of either is lost, and only what both changed has to be chosen."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kb.prose import merging
from portal.kb.prose.merging import Kind, Merge, Part, Pick
from portal.kb.writing import editor

LINES = st.lists(st.sampled_from(["one", "two", "", "three", "1. do"]), max_size=8).map(
    lambda rows: "".join(f"{row}\n" for row in rows)
)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ("a\nb\n", "a\nb\n", "a\nb\n", ["same"]),
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", ["mine", "same", "theirs"]),
        ("a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n", ["same", "same", "same"]),
        ("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", ["same", "conflict", "same"]),
        ("a\nb\nc\n", "a\nc\n", "a\nb\nc\nd\n", ["same", "mine", "same", "theirs"]),
        ("", "mine\n", "theirs\n", ["conflict"]),
        (None, "a\nmine\n", "a\ntheirs\n", ["same", "conflict"]),
        ("a", "a\nb", "a", ["same", "mine"]),
    ],
)
def test_only_what_both_changed_is_a_conflict(base: str | None, mine: str, theirs: str, expected: list[str]) -> None:
    assert [part.kind.value for part in merging.lines(base, mine, theirs)] == expected


@given(base=LINES, mine=LINES, theirs=LINES)
def test_the_parts_of_each_make_up_the_whole_of_each(base: str, mine: str, theirs: str) -> None:
    parts = merging.lines(base, mine, theirs)
    merge = merging.Merge(fields=(), parts=tuple(parts))
    chosen = dict.fromkeys(merge.open_choices, Pick.MINE.value)
    assert "".join(part.mine for part in parts) == mine
    assert "".join(part.theirs for part in parts) == theirs
    if mine == base:
        assert merge.text(chosen)["body"] == theirs
    if theirs == base:
        assert merge.text(chosen)["body"] == mine


@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_marked_words_are_the_whole_text_in_order(before: str, after: str) -> None:
    pieces = merging.words(before, after)
    assert "".join(text for kind, text in pieces if kind is not Kind.THEIRS) == after
    assert "".join(text for kind, text in pieces if kind is not Kind.MINE) == before


def test_each_conflict_has_to_be_answered_and_may_keep_both() -> None:
    base: dict[str, Any] = {"title": "T", "summary": "S", "tags": ["a"], "body": "one\n"}
    mine = {**base, "title": "Mine", "body": "mine\n"}
    theirs = {**base, "title": "Theirs", "tags": ["a", "b"], "body": "theirs\n"}
    merge = merging.merge(base, mine, theirs)
    assert merge.open_choices == ["title", "body-0"]
    assert merge.text({"title": "theirs", "body-0": "both"}) == {
        "title": "Theirs",
        "summary": "S",
        "tags": ["a", "b"],
        "body": "mine\ntheirs\n",
    }
    for picks in ({}, {"title": "mine"}, {"title": "mine", "body-0": "nobody"}):
        with pytest.raises((KeyError, ValueError)):
            merge.text(picks)


def test_the_largest_texts_are_compared_at_once() -> None:
    """Texts made to be slow: thousands of equal lines, in another order. QUALITY S17."""
    hard = ("a\n" * 40_000, "b\n" + "a\n" * 39_000 + "c\n", "\n" * 90_000)
    since = time.process_time()
    merging.lines(*hard)
    merging.words("a b " * 20_000, "b a " * 20_000)
    assert time.process_time() - since < 1.0


def test_words_that_alternate_do_not_take_the_cube_of_their_number() -> None:
    """QUALITY S17. Times are compared with other times of the same run."""

    def seconds(n: int) -> float:
        mine, theirs = (" ".join(f"x {who}{i}" for i in range(n)) for who in "ab")
        since = time.process_time()
        merging.words(mine, theirs)
        return max(time.process_time() - since, 0.001)

    # Four times the words take at most about sixteen times as long; the cube would be sixty-four.
    assert min(seconds(560), seconds(560)) / seconds(140) < 25


def test_a_merge_of_many_parts_costs_no_more_than_one_and_marks_the_rest_whole() -> None:
    mine, theirs = (" ".join(f"x {who}{i}" for i in range(1_500)) for who in "ab")
    one = Part(kind=Kind.CONFLICT, mine=mine, theirs=theirs)
    n_fit = merging.MOST_CELLS // (2 * 3_000**2)
    made = editor.passages(Merge(fields=(), parts=(one,) * (n_fit + 2)))
    assert made[0].mine.count("<mark>") == 1_500
    assert made[-1].mine.count("<mark>") == made[-1].theirs.count("<mark>") == 1
