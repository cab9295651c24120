"""Shares and their intervals, against published figures."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import proportions
from analytics.proportions import binomial_p, newcombe, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 10, 0.0000, 0.2775),
        (10, 10, 0.7225, 1.0000),
        (1, 1, 0.2065, 1.0000),
        (9, 10, 0.5958, 0.9821),
        (2, 11, 0.0514, 0.4770),
        (6, 11, 0.2801, 0.7873),
        (90, 100, 0.8256, 0.9448),
        (50, 100, 0.4038, 0.5962),
        (7, 50, 0.0695, 0.2619),
        (45, 60, 0.6277, 0.8422),
    ],
)
def test_the_intervals_are_those_that_are_published(k: int, n: int, low: float, high: float) -> None:
    share = wilson(k, n)
    assert share is not None
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_many_good_answers_rank_above_a_few_perfect_ones() -> None:
    ranked = [(90, 100), (40, 50), (9, 10), (3, 3), (1, 1), (2, 8)]
    lows = [share.low for k, n in ranked if (share := wilson(k, n))]
    assert [round(low, 4) for low in lows] == [0.8256, 0.6696, 0.5958, 0.4385, 0.2065, 0.0715]


def test_no_answers_are_no_share() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (1, 0)])
def test_what_cannot_be_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(k, n)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_nought_and_one(pair: tuple[int, int]) -> None:
    share, turned = wilson(*pair), wilson(pair[1] - pair[0], pair[1])
    assert share is not None
    assert turned is not None
    assert 0 <= share.low <= share.point <= share.high <= 1
    assert abs(share.low - (1 - turned.high)) < 1e-9


def test_two_shares_differ_as_is_published() -> None:
    after, before = wilson(66, 75), wilson(45, 60)
    assert after is not None
    assert before is not None
    change = newcombe(after, before)
    assert (round(change.point, 4), round(change.low, 4), round(change.high, 4)) == (0.13, -0.0007, 0.2644)
    back = newcombe(before, after)
    assert (back.point, back.low, back.high) == (-change.point, -change.high, -change.low)


def test_two_counts_over_known_exposures_are_compared_exactly() -> None:
    assert f"{binomial_p(480, 876, share=12_000 / 25_200):.2e}" == "2.29e-05"


@pytest.mark.parametrize(
    ("k", "n", "share", "p"),
    [(8, 10, 0.5, 0.109375), (5, 10, 0.5, 1.0), (0, 5, 0.5, 0.0625), (2, 20, 0.3, 0.052628), (0, 0, 0.5, 1.0)],
)
def test_chance_is_as_r_reckons_it(k: int, n: int, share: float, p: float) -> None:
    assert binomial_p(k, n, share=share) == pytest.approx(p, abs=1e-6)


@pytest.mark.parametrize(("k", "n", "share"), [(-1, 3, 0.5), (4, 3, 0.5), (1, 3, 0.0), (1, 3, 1.0)])
def test_what_cannot_be_tested_is_refused(k: int, n: int, share: float) -> None:
    with pytest.raises(ValueError, match="is nothing to test"):
        binomial_p(k, n, share=share)


def test_the_examples_hold() -> None:
    assert doctest.testmod(proportions).failed == 0
