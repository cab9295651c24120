"""Before a wave: what to expect of it (METRICS 4.5)."""

from __future__ import annotations

from math import ceil

import pytest

from surveys.sampling import answers_needed, answers_to_see, expect, smallest_seen


def test_the_printed_numbers() -> None:
    assert answers_needed(0.05, headcount=200) == pytest.approx(131.75, abs=0.005)
    assert ceil(answers_needed(0.05, headcount=200)) == 132
    assert answers_to_see(0.3) == 175


def test_what_two_waves_can_see_is_the_other_way_round() -> None:
    assert smallest_seen(175, 175) == pytest.approx(0.3, abs=0.001)
    assert smallest_seen(60, 60) > smallest_seen(175, 175) > smallest_seen(175, 1000)


def test_an_outlook_says_how_sure_it_can_be_and_who_is_too_few() -> None:
    found = expect({"Workshop": 90, "HR": 8, "Board": 4, "Sales": 98}, response=0.5)
    assert (found.total.eligible, found.total.n) == (200, 100)
    assert found.total.margin_of_share == pytest.approx(0.0695, abs=5e-5)
    assert found.total.margin_of_score == pytest.approx(2.81, abs=0.005)
    by_name = {unit.name: unit for unit in found.units}
    assert [name for name, unit in by_name.items() if unit.is_never_shown] == ["Board"]
    assert [name for name, unit in by_name.items() if unit.is_hidden] == ["Board", "HR"]
    assert found.smallest_seen == pytest.approx(0.396, abs=0.001)


def test_a_group_is_hidden_to_cover_another() -> None:
    found = expect({"HR": 4, "IT": 20, "Sales": 60}, response=1.0)
    assert [unit.name for unit in found.units if unit.is_hidden] == ["HR", "IT"]
    assert not found.total.is_hidden


def test_hardly_anybody_leaves_nothing_to_expect() -> None:
    found = expect({"HR": 3, "IT": 1}, response=0.5)
    assert (found.total.n, found.total.is_hidden) == (1, True)
    assert (found.total.margin_of_score, found.smallest_seen) == (None, None)
    assert [unit.margin_of_share is None for unit in found.units] == [False, True]


def test_when_all_answer_nothing_is_unsure() -> None:
    assert expect({"HR": 40}, response=1.0).total.margin_of_share == 0


def test_whole_people_answer() -> None:
    assert expect({"HR": 10}, response=0.7).total.n == 7, "not 6 for the sake of a binary fraction"
    with pytest.raises(ValueError, match="no share of people"):
        expect({"HR": 10}, response=30)
