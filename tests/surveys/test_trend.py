"""Change between waves: METRICS 4.5 and 11; scipy and pingouin are asked in `test_oracles.py`."""

from __future__ import annotations

import pytest

from surveys.confidence import Interval
from surveys.tally import Tally
from surveys.trend import Change, Method, Strength, bootstrap, compare, stand_out, wording
from tests.surveys.sheets import W1, W2, scores


def change(before: Tally, after: Tally) -> Change:
    found = compare(before, after)
    assert found is not None
    return found


def test_the_printed_comparison() -> None:
    found = change(W1, W2)
    assert (round(found.mean_before, 3), found.mean_after) == (52.083, 69.2)
    assert [round(each, 3) for each in (found.difference, found.low, found.high)] == [17.117, 4.997, 29.236]
    assert found.t == pytest.approx(2.9462, abs=5e-5)
    assert found.df == pytest.approx(19.983, abs=5e-4)
    assert found.d == pytest.approx(1.2423, abs=5e-5)
    assert found.g == pytest.approx(1.1952, abs=5e-5)
    assert (found.u, found.p_by) == (97.0, Method.MANN_WHITNEY), "fewer than 30 in a wave"
    assert found.p == pytest.approx(0.01466, abs=5e-6)
    assert found.superiority == pytest.approx(0.8083, abs=5e-5)
    assert found.rank_biserial == pytest.approx(0.6167, abs=5e-5)
    footnote = bootstrap(W1, W2)
    assert (footnote.low, footnote.high) == pytest.approx((6.5, 28.2), abs=0.5)
    assert bootstrap(W1, W2) == footnote, "the same every time"


def test_p_is_welchs_in_large_waves_and_of_ranks_where_scores_pile_up() -> None:
    before, after = scores(50, 20, 40), scores(58, 20, 40)
    assert change(before, after).p_by is Method.WELCH
    for end in (0.0, 100.0):
        piled = Tally.of([end] * 13 + [40.0, 60.0] * 13 + [50.0])
        assert piled.share_at(end) > 0.3
        assert change(before, piled).p_by is Method.MANN_WHITNEY
        assert change(piled, after).p_by is Method.MANN_WHITNEY
    at_both_ends = Tally.of([0.0] * 12 + [100.0] * 12 + [50.0] * 16)
    assert change(before, at_both_ends).p_by is Method.WELCH, "30 % at either end is not more than 30 % at one"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (3.0, "no_notable_change"),
        (7.0, "small_rise"),
        (-7.0, "small_fall"),
        (13.0, "clear_rise"),
        (-13.0, "clear_fall"),
        (19.0, "large_rise"),
    ],
)
def test_words_go_by_the_size_of_the_effect(by: float, code: str) -> None:
    found = change(scores(50, 20, 2000), scores(50 + by, 20, 2000))
    said = wording(found)
    assert said.code == code
    assert said.values == {"difference": found.difference, "low": found.low, "high": found.high, "g": found.g}


def test_a_large_difference_of_few_people_is_no_finding() -> None:
    found = change(scores(50, 25, 6), scores(70, 25, 6))
    assert found.g is not None
    assert found.g > 0.7
    assert found.strength is Strength.NOT_DISTINGUISHABLE
    assert wording(found).code == "not_distinguishable"


def test_an_interval_that_ends_at_nought_has_not_left_it() -> None:
    assert change(Tally.of([50.0] * 40), Tally.of([50.0] * 40)).strength is Strength.NOT_DISTINGUISHABLE


def test_waves_without_any_spread_are_compared_all_the_same() -> None:
    found = change(Tally.of([50.0] * 40), Tally.of([75.0] * 40))
    assert (found.difference, found.low, found.high) == (25, 25, 25)
    assert (found.t, found.df, found.g) == (None, None, None)
    assert (found.p_by, found.strength) == (Method.MANN_WHITNEY, Strength.LARGE)
    assert found.p < 1e-9
    assert "g" not in wording(found).values


def test_one_answer_is_no_wave() -> None:
    assert compare(Tally.of([50.0]), W2) is None
    assert compare(W1, Tally()) is None


def test_the_printed_family_of_tests() -> None:
    ps = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]
    assert stand_out(ps) == (True,) * 7 + (False,), "the third although .039 > .0375"
    assert stand_out(ps, q=0.05) == (True, True) + (False,) * 6
    assert stand_out(ps[::-1]) == (False,) + (True,) * 7, "whatever the order"
    assert stand_out([]) == ()


def test_the_bootstrap_of_waves_without_spread_is_the_difference() -> None:
    assert bootstrap(Tally.of([50.0] * 9), Tally.of([75.0] * 9)) == Interval(25.0, 25.0)
