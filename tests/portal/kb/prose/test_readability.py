"""How easy a text reads: marks are no words, and no text makes counting slow."""

from __future__ import annotations

import doctest
import time

import pytest

from portal.kb.prose import readability
from portal.kb.prose.readability import reading_ease

PLAIN = "The cat sat on the mat. It was warm there."
SHAPES = {
    "full stops": (".", "x"),
    "empty lines": ("\n", "x"),
    "lines of spaces": (" \n", "x"),
    "spaces": (" ", "x"),
    "brackets": ("[", ""),
    "links without an end": ("[](", ""),
    "pictures without an end": ("![", ""),
    "backticks": ("`", "x"),
    "fences": ("```a", ""),
    "hashes": ("#", ""),
    "digits": ("1", ""),
    "slashes": ("//", ""),
}


def seconds(text: str) -> float:
    best = float("inf")
    for _ in range(2):
        since = time.process_time()
        reading_ease(text)
        best = min(best, time.process_time() - since)
    return max(best, 0.001)


@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_with_the_text(name: str) -> None:
    """QUALITY S17. Times are compared with other times of the same run."""
    unit, end = SHAPES[name]
    times = [seconds(f"Hello world again.\n{unit * (n // len(unit))}{end}") for n in (6_000, 48_000)]
    # Eight times the text takes about eight times as long; the square would be sixty-four.
    assert times[1] / times[0] < 20, times


@pytest.mark.parametrize(
    "text",
    [
        "- The cat sat on the mat.\n- It was warm there.\n",
        "1. The cat sat on the mat\n\n   \n\n    → It was warm there\n",
        "## The cat sat on the mat\n\n/// note\n\n> It was warm there\n\n///\n",
        "The ![cat](cat.png) [sat](kb:sitting#down) on the mat!!! It was warm there...\n",
        "The cat sat on the mat?!\n\n\n\nIt was warm there:",
    ],
)
def test_marks_are_no_words_and_end_no_sentence_by_themselves(text: str) -> None:
    assert reading_ease(text) == pytest.approx(reading_ease(PLAIN))


def test_the_examples_hold() -> None:
    assert doctest.testmod(readability).failed == 0
