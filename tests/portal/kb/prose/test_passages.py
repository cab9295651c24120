"""Putting a reader's words into Markdown without losing what they could not see."""

from __future__ import annotations

import doctest
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kb.prose import passages
from portal.kb.prose.passages import LONGEST, find, replace, stands_once

BODY = """## Keep the card awake

1. Right-click the **Start** button and choose [Device Manager](kb:devices).

    → A window with a list of `hardware` opens.

2. Press the *green* key.
"""


@pytest.mark.parametrize(
    ("quote", "other", "line"),
    [
        ("Press the green key.", "Press the blue key.", "2. Press the *blue* key."),
        ("Press the green key.", "Hold the green key.", "2. Hold the *green* key."),
        ("Press the green key.", "Press the green key twice.", "2. Press the *green* key twice."),
        ("Press the green key.", "First press the green key.", "2. First press the *green* key."),
        ("Press the green key.", "Press the key.", "2. Press the key."),
        ("the list of hardware", None, ""),
        ("a list of hardware opens", "a list of devices opens", "    → A window with a list of `devices` opens."),
        (
            "choose Device Manager",
            "choose Device List",
            "1. Right-click the **Start** button and choose [Device List](kb:devices).",
        ),
    ],
)
def test_only_what_was_changed_is_changed(quote: str, other: str | None, line: str) -> None:
    made = replace(BODY, quote, other or "")
    if other is None:
        assert made is None
        return
    assert made is not None
    changed = [new for old, new in zip(BODY.splitlines(), made.splitlines(), strict=True) if old != new]
    assert changed == [line]


def test_a_passage_over_two_steps_is_found() -> None:
    assert replace(BODY, "hardware opens.\n\nPress the green key.", "hardware opens.\n\nPress the red key.") is not None


@pytest.mark.parametrize("quote", ["", "   ", "…", "**", "Press the purple key", "the"])
def test_what_stands_nowhere_or_twice_is_left_alone(quote: str) -> None:
    assert replace(BODY, quote, "something else") is None


def test_a_quote_cannot_reach_addresses_or_numbers() -> None:
    assert find(BODY, "kb:devices") == []
    assert find(BODY, "2. Press") == []


@pytest.mark.parametrize(
    ("quote", "is_there"), [("Press the green key", True), ("the", False), ("purple", False), ("a " * LONGEST, False)]
)
def test_a_passage_that_stands_once_can_be_put_otherwise(quote: str, is_there: bool) -> None:
    assert stands_once(BODY, quote) is (replace(BODY, quote, "Press it") is not None) is is_there


def test_words_that_alternate_do_not_take_the_cube_of_their_number() -> None:
    """QUALITY S17. Times are compared with other times of the same run."""

    def seconds(n: int) -> float:
        quote, other = (" ".join(f"x {who}{i}" for i in range(n)) for who in "ab")
        since = time.process_time()
        assert replace(f"Before. {quote} After.", quote, other) == f"Before. {other} After."
        return max(time.process_time() - since, 0.001)

    # Four times the words take at most about sixteen times as long; the cube would be sixty-four.
    assert min(seconds(280), seconds(280)) / seconds(70) < 25


@given(st.text(alphabet="ab *_`[]()\n.-1", max_size=60), st.text(alphabet="ab *.-", max_size=30))
def test_no_text_makes_it_fail_and_the_words_around_stay(quote: str, other: str) -> None:
    made = replace(f"Before. {quote} After.", quote, other)
    assert made is None or (made.startswith("Before") and made.rstrip().endswith("."))


def test_the_examples_hold() -> None:
    assert doctest.testmod(passages).failed == 0
