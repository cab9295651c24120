"""What we compute in a few lines, computed again by scipy and pingouin, which only the tests may load."""

from __future__ import annotations

import random
from typing import Any

import pytest

from surveys.confidence import f_quantile, mean_interval, t_quantile, t_tail, wilson
from surveys.drivers import fisher, pearson
from surveys.reliability import alpha, feldt
from surveys.tally import Tally
from surveys.trend import compare, mann_whitney_p, mann_whitney_u, stand_out
from tests.surveys.sheets import W1, W2

pytestmark = pytest.mark.slow
ROWS = [(4, 5, 4), (3, 3, 2), (5, 5, 5), (2, 3, 2), (4, 4, 3), (1, 2, 2)]


@pytest.fixture(scope="module")
def stats() -> Any:
    from scipy import stats

    return stats


@pytest.fixture(scope="module")
def pingouin() -> Any:
    import pingouin

    return pingouin


def waves(seed: int) -> tuple[Tally, Tally]:
    """Return two waves of three-item scores, of any size and with many ties."""
    draw = random.Random(seed)
    sizes = draw.randint(5, 60), draw.randint(5, 60)
    steps = [round(100 * step / 12, 2) for step in range(13)]
    return Tally.of(draw.choices(steps, k=sizes[0])), Tally.of(draw.choices(steps[draw.randint(0, 4) :], k=sizes[1]))


@pytest.mark.parametrize("seed", range(25))
def test_welch_and_mann_whitney_are_scipys(seed: int, stats: Any) -> None:
    before, after = waves(seed)
    ours = compare(before, after)
    assert ours is not None
    welch = stats.ttest_ind(list(after), list(before), equal_var=False)
    interval = welch.confidence_interval()
    assert (ours.t, ours.df) == pytest.approx((welch.statistic, welch.df), rel=1e-9)
    assert (ours.low, ours.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert 2 * t_tail(abs(ours.t or 0), ours.df or 1) == pytest.approx(welch.pvalue, rel=1e-9)
    ranks = stats.mannwhitneyu(list(after), list(before), alternative="two-sided", method="asymptotic")
    assert mann_whitney_u(before, after) == ranks.statistic
    assert mann_whitney_p(before, after) == pytest.approx(ranks.pvalue, rel=1e-9)


def test_quantiles_and_plain_intervals_are_scipys(stats: Any) -> None:
    assert t_quantile(0.975, 7.3) == pytest.approx(stats.t.ppf(0.975, 7.3), rel=1e-9)
    assert f_quantile(0.025, 88, 528) == pytest.approx(stats.f.ppf(0.025, 88, 528), rel=1e-9)
    mean, sd = W1.mean, W1.sd
    assert mean is not None
    assert sd is not None
    found = mean_interval(mean, sd, W1.n)
    assert found is not None
    expected = stats.t.interval(0.95, W1.n - 1, mean, stats.sem(list(W1)))
    assert (found.low, found.high) == pytest.approx(expected, rel=1e-9)
    share = wilson(7 / 50, 50)
    assert share is not None
    theirs = stats.binomtest(7, 50).proportion_ci(method="wilson")
    assert (share.low, share.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9)


def test_a_correlation_and_its_interval_are_scipys(stats: Any) -> None:
    draw = random.Random(3)
    left = [draw.gauss(50, 20) for _ in range(40)]
    right = [each + draw.gauss(0, 15) for each in left]
    theirs = stats.pearsonr(left, right)
    ours = pearson(left, right)
    assert ours == pytest.approx(theirs.statistic, rel=1e-9)
    interval = fisher(ours or 0, 40)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx(theirs.confidence_interval(), rel=1e-9)


def test_the_family_of_tests_is_judged_as_scipy_adjusts_it(stats: Any) -> None:
    draw = random.Random(4)
    for _ in range(50):
        ps = [draw.random() ** 3 for _ in range(draw.randint(1, 40))]
        adjusted = stats.false_discovery_control(ps)
        assert stand_out(ps) == tuple(bool(each <= 0.10) for each in adjusted)


def test_alpha_and_its_interval_are_pingouins(pingouin: Any) -> None:
    import numpy as np
    import pandas as pd

    draw = np.random.default_rng(5)
    mood = draw.normal(3, 1, size=120)
    noisy = np.clip(np.rint(mood[:, None] + draw.normal(0, 0.9, size=(120, 4))), 1, 5).astype(int)
    for rows in (ROWS, [tuple(map(int, row)) for row in noisy]):
        theirs, interval = pingouin.cronbach_alpha(data=pd.DataFrame(rows))
        ours = alpha(rows)
        assert ours == pytest.approx(theirs, rel=1e-9)
        found = feldt(ours or 0, n=len(rows), k=len(rows[0]))
        assert (found.low, found.high) == pytest.approx(tuple(interval), abs=5.1e-4), "theirs are rounded"


def test_effect_sizes_are_pingouins(pingouin: Any) -> None:
    ours = compare(W1, W2)
    assert ours is not None
    cohen = pingouin.compute_effsize(list(W2), list(W1), eftype="cohen")
    hedges = pingouin.compute_effsize(list(W2), list(W1), eftype="hedges")
    assert ours.d == pytest.approx(cohen, rel=1e-9)
    assert ours.g == pytest.approx(hedges, rel=1e-9)
    assert ours.rank_biserial == pytest.approx(float(pingouin.mwu(list(W2), list(W1))["RBC"].iloc[0]), rel=1e-9)
