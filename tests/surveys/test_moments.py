"""Short scores beside the waves: METRICS 4.2."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from surveys.moments import Ease, ease, share_satisfied, sus, umux_lite, would_recommend


def test_the_printed_figures() -> None:
    assert sus([4, 2, 4, 1, 5, 2, 4, 2, 4, 3]) == 77.5
    assert umux_lite(6, 5) == 75.0
    assert ease([7, 6, 5, 3, 2]) == Ease(mean=4.6, share_easy=0.6)
    assert would_recommend([10] * 4 + [9] * 5 + [8] * 3 + [7] * 2 + [6] * 5 + [0]) == 15
    assert share_satisfied([5, 4, 4, 3]) == 0.75


def test_the_ends_of_the_scales() -> None:
    assert (sus([5, 1] * 5), sus([1, 5] * 5)) == (100, 0)
    assert (umux_lite(7, 7), umux_lite(1, 1)) == (100, 0)
    assert (would_recommend([9]), would_recommend([6])) == (100, -100)


def test_no_answers_are_no_figure() -> None:
    assert (ease([]), share_satisfied([]), would_recommend([])) == (None, None, None)


@pytest.mark.parametrize(
    ("score", "answers"),
    [(ease, [8]), (ease, [0]), (share_satisfied, [6]), (would_recommend, [11]), (sus, [3] * 9), (sus, [3] * 9 + [6])],
)
def test_answers_off_the_scale_are_refused(score: Callable[[list[int]], object], answers: list[int]) -> None:
    with pytest.raises(ValueError, match="from"):
        score(answers)
    with pytest.raises(ValueError, match="from 1 to 7"):
        umux_lite(0, 8)
