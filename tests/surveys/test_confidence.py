"""Intervals of a wave: METRICS 4.5 and 11."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.confidence import Interval, margin_of_share, mean_interval, shrink, wilson
from surveys.sampling import answers_needed


def test_the_printed_margins() -> None:
    assert 100 * margin_of_share(60, headcount=200) == pytest.approx(10.61, abs=0.005)
    assert 100 * margin_of_share(60) == pytest.approx(12.65, abs=0.005)
    assert margin_of_share(60, headcount=200) / margin_of_share(60) == pytest.approx(0.8388, abs=5e-5)
    found = mean_interval(50, 20, 60, headcount=200)
    assert found is not None
    assert found.high - 50 == pytest.approx(4.32, abs=0.005)
    assert answers_needed(0.05, headcount=200) == pytest.approx(131.75, abs=0.005)


def test_a_share_of_part_of_the_headcount_has_a_narrower_interval_even_at_the_ends() -> None:
    half, none = wilson(0.5, 60, headcount=200), wilson(0, 60, headcount=200)
    assert half is not None
    assert none is not None
    assert (round(half.low, 4), round(half.high, 4)) == (0.3962, 0.6038)
    assert (none.low, round(none.high, 4)) == (0, 0.0431)


def test_where_all_have_answered_nothing_is_left_to_guess() -> None:
    assert wilson(0.25, 8, headcount=8) == Interval(0.25, 0.25)
    assert wilson(0.25, 9, headcount=8) == Interval(0.25, 0.25), "somebody was counted elsewhere"
    assert mean_interval(70, 20, 8, headcount=8) == Interval(70, 70)
    assert mean_interval(70, 0, 1, headcount=1) == Interval(70, 70)


def test_without_a_headcount_nothing_is_corrected() -> None:
    found = wilson(45 / 60, 60)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.6277, 0.8422)
    assert shrink(60, None) == 1


def test_no_answers_have_no_interval_and_one_person_alone_has_none() -> None:
    assert wilson(0, 0) is None
    assert mean_interval(70, 0, 1) is None
    assert mean_interval(70, 0, 1, headcount=40) is None


@given(st.integers(1, 300), st.floats(0, 1), st.integers(0, 300))
def test_an_interval_holds_its_share_and_narrows_as_more_of_the_people_answer(n: int, share: float, more: int) -> None:
    wide, narrow = wilson(share, n), wilson(share, n, headcount=n + more)
    assert wide is not None
    assert narrow is not None
    assert 0 <= wide.low <= narrow.low + 1e-12
    assert narrow.low - 1e-12 <= share <= narrow.high + 1e-12
    assert narrow.high <= wide.high + 1e-12 <= 1 + 2e-12
