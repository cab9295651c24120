"""What people know of helping themselves (METRICS 3.4)."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.adoption.levels import Level, gain, group_gain, items, kr20, level

SHEETS = [
    [True, True, True, False],
    [True, True, False, False],
    [True, False, True, True],
    [True, False, False, True],
    [True, False, False, True],
]


@pytest.mark.parametrize(
    ("score", "told"),
    [
        *((0, Level.STARTER), (39.99, Level.STARTER), (40, Level.BASIC), (59.6, Level.BASIC)),
        *((60, Level.SELF_RELIANT), (79.9, Level.SELF_RELIANT), (80, Level.GUIDE), (100, Level.GUIDE)),
    ],
)
def test_levels_go_by_the_unrounded_score(score: float, told: Level) -> None:
    assert level(score) is told


def test_a_score_beyond_a_hundred_is_refused() -> None:
    with pytest.raises(ValueError, match="is no score"):
        level(100.5)


def test_the_golden_gain_and_its_ends() -> None:
    assert gain(50, 70) == pytest.approx(0.40)
    assert gain(100, 100) is None
    assert gain(50, 40) == pytest.approx(-0.2)


def test_a_group_gains_by_its_means_over_those_who_sat_both() -> None:
    assert group_gain([(20, 60), (80, 80), (None, 100), (50, None)]) == (pytest.approx((70 - 50) / 50), 2)
    assert group_gain([(None, 90)]) == (None, 0)


def test_an_item_that_weak_people_get_right_is_weak_and_one_all_get_right_tells_nothing() -> None:
    told = items(SHEETS)
    assert [item.difficulty.k for item in told] == [5, 2, 2, 3]
    assert told[0].discrimination is None
    assert not told[0].is_weak
    assert told[3].is_weak


def test_a_quiz_without_variance_or_with_one_question_agrees_with_nothing() -> None:
    assert kr20([[True, True], [True, True]]) is None
    assert kr20([[True], [False]]) is None
    assert kr20([]) is None


def test_agreement_is_cronbachs_alpha_of_right_and_wrong() -> None:
    right = np.array(SHEETS, dtype=float)[:, 1:]
    alpha = 3 / 2 * (1 - right.var(axis=0, ddof=1).sum() / right.sum(axis=1).var(ddof=1))
    assert kr20([[bool(each) for each in row] for row in right]) == pytest.approx(alpha)
