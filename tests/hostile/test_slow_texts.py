"""S17 for Markdown: time grows with the text, and what the guard lets through costs no more than it says.

No stopwatch decides: times are compared with other times of the same run.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator

import pytest

from portal.core.errors import Invalid
from portal.core.markup import guard, rendering
from tests.hostile.shapes import SHAPES

REFERENCE = SHAPES["paragraphs"]
MARKS = (
    "[", "]", "(", ")", "!", "<", ">", "a", "*", "_", "`", "~", "~~", "+", "++", "|", "-", "//", "///", "{", "}", "^",
    "[^", "^[", "=", '"', "'", "/", ";", "#", ":", "http://", ".", "@", "&", "\\", "```", "→", "→ ", "1. ", "<a ",
    "<!--", "</", "kb:", "*[", "\n", "\n\n", "    ", "  ", "- ", "> ", "# ", "\n/// note\n", "\n///\n",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def seconds(text: str, render: Callable[[str], object] = rendering.parse_article, tries: int = 2) -> float:
    best = float("inf")
    for _ in range(tries):
        begun = time.process_time()
        render(text)
        best = min(best, time.process_time() - begun)
    return best


def fullest(shape: Callable[[int], str]) -> str:
    """Return the longest text of this shape that the guard lets through."""
    low, high = 100, guard.ARTICLE_LIMIT
    while high - low > 200:
        middle = (low + high) // 2
        text = shape(middle)
        fits = len(text) <= guard.ARTICLE_LIMIT and guard.work(text) <= guard.WORK_LIMIT
        low, high = (middle, high) if fits else (low, middle)
    return shape(low)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_with_the_text(name: str) -> None:
    times = [max(seconds(SHAPES[name](n)), 0.001) for n in (1_500, 3_000, 6_000, 12_000)]
    # Eight times the text takes about eight times as long; the square would be sixty-four.
    assert times[3] / times[0] < 18, times


@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_what_is_let_through_costs_about_what_the_guard_says(name: str) -> None:
    reference = fullest(REFERENCE)
    per_unit = seconds(reference) / guard.work(reference)
    text = fullest(SHAPES[name])
    assert seconds(text) < 3 * per_unit * guard.WORK_LIMIT


@pytest.mark.parametrize("name", SHAPES)
def test_a_megabyte_is_cut_off_by_its_size(name: str) -> None:
    text = SHAPES[name](1_100_000)
    if name != "deep list":  # its length is what makes it deep
        with pytest.raises(Invalid):
            guard.check(text, limit=guard.ARTICLE_LIMIT)


@pytest.mark.slow
def test_marks_put_together_by_chance_are_no_slower() -> None:
    chance = random.Random(17)
    per_character = seconds(REFERENCE(8_000)) / 8_000
    slow = []
    for _ in range(400):
        unit = "".join(chance.choice(MARKS) for _ in range(chance.randint(1, 4)))
        text = unit * (8_000 // len(unit))
        if seconds(text, tries=1) < 12 * per_character * 8_000:
            continue
        taken = seconds(text)  # once more, and the quickest: the machine may have been busy
        if taken > 12 * per_character * 8_000 and taken / max(seconds(text[:4_000]), 0.001) > 3:
            slow.append((unit, taken))
    assert slow == []


@pytest.mark.parametrize("name", SHAPES)
def test_no_shape_makes_rendering_fail(name: str) -> None:
    rendering.parse_article(SHAPES[name](2_000))
    rendering.parse_comment(SHAPES[name](2_000))
