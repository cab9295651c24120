"""Rates and how they stand to each other (METRICS 1.7)."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rates import Rate, RateRatio, dispersion, rate_ratio, ratio_of_ratios

BEFORE, AFTER = Rate(480, 12_000), Rate(396, 13_200)
LAST_BEFORE, LAST_AFTER = Rate(450, 11_000), Rate(500, 11_500)


def ratio(after: Rate, before: Rate, **how: float) -> RateRatio:
    found = rate_ratio(after, before, **how)
    assert found is not None
    return found


def test_the_golden_ratio() -> None:
    found = ratio(AFTER, BEFORE)
    assert [round(figure, 4) for figure in (found.point, found.low, found.high)] == [0.75, 0.6566, 0.8567]
    assert round(found.z, 3) == -4.238
    assert found.p == pytest.approx(2.26e-5, abs=5e-8)


def test_what_was_avoided_is_expected_less_happened() -> None:
    avoided = ratio(AFTER, BEFORE).avoided(BEFORE.point * AFTER.exposure)
    assert [round(figure, 1) for figure in (avoided.point, avoided.low, avoided.high)] == [132.0, 75.6, 181.3]


def test_the_season_of_last_year_is_divided_out() -> None:
    season = ratio(LAST_AFTER, LAST_BEFORE)
    assert round(season.point, 4) == 1.0628
    left = ratio_of_ratios(ratio(AFTER, BEFORE), season)
    assert [round(figure, 4) for figure in (left.point, left.low, left.high)] == [0.7057, 0.5870, 0.8484]
    assert round(left.error, 5) == 0.09397
    assert left.p == pytest.approx(2.08e-4, abs=5e-7)


def test_counts_that_come_in_bursts_make_the_interval_wider() -> None:
    plain, bursts = ratio(AFTER, BEFORE), ratio(AFTER, BEFORE, dispersion=4.0)
    assert bursts.error == pytest.approx(2 * plain.error)
    assert bursts.high / bursts.point == pytest.approx((plain.high / plain.point) ** 2)


def test_counts_that_scatter_less_than_chance_do_not_make_it_narrower() -> None:
    assert ratio(AFTER, BEFORE, dispersion=0.2) == ratio(AFTER, BEFORE)


@pytest.mark.parametrize("pair", [(Rate(0, 10), Rate(4, 10)), (Rate(4, 10), Rate(0, 10))])
def test_nothing_counted_is_no_ratio(pair: tuple[Rate, Rate]) -> None:
    assert rate_ratio(*pair) is None


@pytest.mark.parametrize(("k", "exposure"), [(-1, 10.0), (3, 0.0), (3, -1.0)])
def test_what_cannot_be_is_refused(k: int, exposure: float) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        Rate(k, exposure)


def test_even_weeks_scatter_not_at_all() -> None:
    assert dispersion([Rate(10, 100)] * 6, [Rate(7, 100)] * 6) == pytest.approx(0)


def test_a_change_between_the_periods_is_no_scatter() -> None:
    assert dispersion([Rate(100, 10)] * 4, [Rate(1, 10)] * 4) == pytest.approx(0)


def test_one_week_a_period_tells_nothing_of_scatter() -> None:
    assert dispersion([Rate(10, 1)], [Rate(20, 1)]) == 1


def test_a_heavy_caller_shows() -> None:
    even = [Rate(k, 4) for k in (1, 2, 0, 3, 1, 2)]
    assert dispersion([*even, Rate(30, 4)]) > 5 * dispersion(even)


counted = st.builds(Rate, st.integers(1, 5000), st.floats(1, 1e5))


@given(counted, counted)
def test_the_ratio_lies_in_its_interval_and_turns_over(after: Rate, before: Rate) -> None:
    there, back = ratio(after, before), ratio(before, after)
    assert there.low <= there.point <= there.high
    assert there.low == pytest.approx(1 / back.high)
    assert 0 <= there.p <= 1


@given(counted, counted, counted, counted)
def test_a_year_that_did_the_same_leaves_no_change(a: Rate, b: Rate, c: Rate, d: Rate) -> None:
    assert ratio_of_ratios(ratio(a, b), ratio(a, b)).point == pytest.approx(1)
    left = ratio_of_ratios(ratio(a, b), ratio(c, d))
    assert left.error >= max(ratio(a, b).error, ratio(c, d).error)
    assert left.error == pytest.approx(sqrt(1 / a.k + 1 / b.k + 1 / c.k + 1 / d.k))
