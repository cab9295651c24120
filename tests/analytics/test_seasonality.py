"""Whether a change helped, with the season taken out (METRICS 1.7)."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.poisson import CannotFit, fit
from analytics.rates import Rate, RateRatio, Span
from analytics.seasonality import Comparison, Interrupted, Month, Reason, Refused, compare, interrupted

COUNTS = [
    *(428, 465, 449, 482, 434, 408, 399, 364, 381, 379, 407, 429, 474, 483, 532, 491, 491, 473, 404, 419, 402, 376),
    *(427, 492, 429, 455, 450, 441, 489, 410, 398, 327, 344, 345, 381, 380),
]
GOLDEN = [Month(n=n, people=1000 + 5 * t) for t, n in enumerate(COUNTS)]
BEFORE, AFTER = Rate(480, 12_000), Rate(396, 13_200)
LAST_YEAR = (Rate(450, 11_000), Rate(500, 11_500))


def judged(months: list[Month], changed_at: int = 24) -> Interrupted:
    found = interrupted(months, changed_at=changed_at)
    assert isinstance(found, Interrupted)
    return found


def rounded(figure: RateRatio | Span, digits: int) -> tuple[float, float, float]:
    return round(figure.point, digits), round(figure.low, digits), round(figure.high, digits)


def planted(step: float, *, slope: float = 1.0, n: int = 36, at: int = 24, base: float = 0.4) -> list[Month]:
    """Months without chance: exactly what the model says, rounded to whole tickets of many people."""
    months = []
    for t in range(n):
        people = 1e7 + 1e4 * t
        season = exp(0.13 * np.sin(2 * np.pi * t / 12) + 0.06 * np.cos(2 * np.pi * t / 12))
        effect = step * slope ** (t - at) if t >= at else 1.0
        months.append(Month(n=round(people * base * 1.002**t * season * effect), people=people))
    return months


def test_the_golden_series() -> None:
    found = judged(GOLDEN)
    assert [round(b, 5) for b in found.coefficients] == [-0.91664, 0.00251, -0.15968, -0.00861, 0.13285, 0.06308]
    assert [round(error, 5) for error in found.errors] == [0.02033, 0.00151, 0.03766, 0.00468, 0.01354, 0.01166]
    assert round(found.dispersion, 4) == 0.7924
    assert rounded(found.step, 4) == (
        0.8524,
        0.7918,
        0.9177,
    )
    assert (round(found.otherwise, 1), found.observed, round(found.avoided.point, 1)) == (5951.6, 4849, 1102.6)
    assert round(found.lag_one, 4) == -0.3275


@pytest.mark.slow
def test_statsmodels_says_the_same() -> None:
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    t = np.arange(36.0)
    changed = (t >= 24).astype(float)
    year = 2 * np.pi * t / 12
    design = np.column_stack([np.ones(36), t, changed, (t - 24) * changed, np.sin(year), np.cos(year)])
    people = np.array([month.people for month in GOLDEN])
    model = GLM(np.array(COUNTS, float), design, family=Poisson(), offset=np.log(people))
    plain, robust, found = model.fit(), model.fit(cov_type="HAC", cov_kwds={"maxlags": 3}), judged(GOLDEN)
    assert found.coefficients == pytest.approx(plain.params, rel=1e-7)
    assert found.errors == pytest.approx(plain.bse, rel=1e-6)
    assert found.robust_errors == pytest.approx(robust.bse, rel=1e-6)
    assert [month.fitted for month in found.months] == pytest.approx(plain.fittedvalues, rel=1e-7)


def test_months_that_swing_are_judged_by_both_errors_and_told_by_the_wider() -> None:
    found = judged(GOLDEN)
    assert found.robust_errors is not None
    assert found.step.error == max(found.errors[2], found.robust_errors[2])


def test_neighbours_that_are_alike_widen_the_interval() -> None:
    wave = [1.25 if t % 8 < 4 else 0.8 for t in range(36)]
    months = [Month(n=round((m.n or 0) * wave[t] / 10), people=m.people / 10) for t, m in enumerate(GOLDEN)]
    found = judged(months)
    assert found.lag_one > 0.3
    assert found.robust_errors is not None
    assert found.step.error >= found.robust_errors[2]


def test_calm_months_need_no_second_errors() -> None:
    rng = np.random.default_rng(5)
    months = [Month(n=int(rng.poisson((m.n or 0) / 1e5)), people=m.people / 1e5) for m in planted(0.8, n=48)]
    found = judged(months)
    assert abs(found.lag_one) <= 0.3
    assert found.robust_errors is None


@settings(max_examples=30, deadline=None)
@given(step=st.floats(0.5, 1.5), slope=st.floats(0.97, 1.03), at=st.integers(9, 27))
def test_a_planted_change_is_found_whatever_the_season(step: float, slope: float, at: int) -> None:
    months = planted(step, slope=slope, at=at)
    found = judged(months, at)
    assert found.step.point == pytest.approx(step, rel=1e-4)
    assert found.slope.point == pytest.approx(slope, rel=1e-4)
    without = planted(1.0, at=at)
    saved = sum(would.n or 0 for would in without[at:]) - sum(month.n or 0 for month in months[at:])
    assert found.avoided.point == pytest.approx(saved, rel=1e-3, abs=100)
    assert found.avoided.low <= found.avoided.point <= found.avoided.high


def test_callers_in_bursts_widen_the_interval() -> None:
    bursts = [Month(n=(m.n or 0) + (120 if t % 5 == 0 else -30), people=m.people) for t, m in enumerate(GOLDEN)]
    found = judged(bursts)
    assert found.dispersion > 2
    width, golden = found.step.high / found.step.low, judged(GOLDEN).step.high / judged(GOLDEN).step.low
    assert width > golden


def test_a_gap_is_left_out_and_never_taken_for_nought() -> None:
    months = planted(0.8)
    holed = [Month(n=None, people=m.people) if t in {3, 30} else m for t, m in enumerate(months)]
    found = judged(holed)
    assert found.step.point == pytest.approx(0.8, rel=1e-4)
    assert [month.n for month in found.months][30] is None
    assert found.observed == sum(m.n or 0 for m in holed[24:])


@pytest.mark.parametrize(
    ("months", "changed_at", "reason"),
    [
        (GOLDEN[:15], 7, Reason.TOO_SHORT),
        (GOLDEN[:14], 12, Reason.ONE_SIDED),
        (GOLDEN, 36, Reason.ONE_SIDED),
        (GOLDEN, 0, Reason.ONE_SIDED),
        ([*GOLDEN[:24], *[Month(n=0, people=1000)] * 12], 24, Reason.NOTHING_COUNTED),
        ([Month(n=5, people=0.0)] * 30, 15, Reason.NOT_SETTLED),
        ([], 0, Reason.ONE_SIDED),
    ],
)
def test_too_little_is_said_in_a_sentence(months: list[Month], changed_at: int, reason: Reason) -> None:
    found = interrupted(months, changed_at=changed_at)
    assert isinstance(found, Refused)
    assert found.reason is reason
    assert "%" not in found.sentence()
    assert found.sentence().endswith(".")


def test_eight_months_on_each_side_are_enough() -> None:
    assert isinstance(interrupted(GOLDEN[16:32], changed_at=8), Interrupted)


def test_months_that_cannot_settle_the_model_are_refused() -> None:
    """Known for the same month of each year only: the season and the trend tell the same."""
    months = [Month(n=100 + t if t % 12 in {0, 6} else None, people=1000) for t in range(60)]
    assert interrupted(months, changed_at=30) == Refused(Reason.TOO_SHORT, have=10, need=24)
    longer = [Month(n=100 + t if t % 12 in {0, 6} else None, people=1000) for t in range(120)]
    found = interrupted(longer, changed_at=60)
    assert found == Refused(Reason.NOT_SETTLED)


def test_columns_that_tell_the_same_have_no_answer() -> None:
    ones = np.ones((5, 2))
    with pytest.raises(CannotFit):
        fit(ones, np.arange(5.0), np.ones(5))


def test_last_year_is_the_default_panel_where_there_is_one() -> None:
    told = compare(BEFORE, AFTER, last_year=LAST_YEAR)
    assert isinstance(told, Comparison)
    assert rounded(told.change, 4) == (
        0.7057,
        0.587,
        0.8484,
    )
    assert told.season is not None
    assert round(told.season.point, 4) == 1.0628
    assert told.is_controlled
    assert told.caveat() is None
    assert told.expected == pytest.approx(528 * told.season.point)


def test_without_last_year_the_figure_says_so() -> None:
    told = compare(BEFORE, AFTER)
    assert isinstance(told, Comparison)
    assert not told.is_controlled
    assert (told.caveat() or "").startswith("Not seasonally controlled")
    assert rounded(told.avoided, 1) == (
        132,
        75.6,
        181.3,
    )


def test_a_period_without_tickets_has_no_ratio() -> None:
    assert compare(Rate(0, 100), AFTER) == Refused(Reason.NO_EVENTS)
