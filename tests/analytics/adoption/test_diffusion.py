"""How a new thing spreads (METRICS 3.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from analytics.adoption.bands import Band, band, bands, cuts
from analytics.adoption.diffusion import Curve, fit, fit_with_ceiling, shares
from analytics.adoption.leastsquares import minimise

COUNTED = [31, 75, 132, 205, 291, 392, 497, 600, 690, 768]
GOLDEN = Curve(0.03, 0.38, 1000)
N_SERIES = 150


def test_the_golden_curve() -> None:
    assert [round(GOLDEN.at(t), 2) for t in range(1, 7)] == [35.76, 85.06, 150.5, 233.15, 331.2, 439.24]
    assert GOLDEN.peak is not None
    assert (round(GOLDEN.peak, 4), round(GOLDEN.at(GOLDEN.peak), 2)) == (6.1926, 460.53)
    assert round(GOLDEN.peak_rate, 2) == 110.59


def test_the_golden_fit_under_the_ceiling_of_the_eligible() -> None:
    found = fit(COUNTED, ceiling=1000)
    assert found is not None
    assert (round(found.curve.p, 5), round(found.curve.q, 5)) == (0.02678, 0.36488)
    assert (round(found.curve.at(13), 1), round(found.curve.when(0.6), 3)) == (917.0, 7.999)


def test_a_ceiling_that_is_fitted_is_wrong_before_the_curve_has_bent() -> None:
    whole, early = fit_with_ceiling(COUNTED), fit_with_ceiling(COUNTED[:5])
    assert whole is not None
    assert early is not None
    assert (round(whole[0].ceiling, 1), round(whole[1], 1)) == (988.5, 10.0)
    assert (round(early[0].ceiling, 1), round(early[1], 1)) == (854.2, 71.7)


@pytest.mark.slow
def test_scipy_fits_the_same() -> None:
    from scipy.optimize import curve_fit

    def increments(t: np.ndarray, p: float, q: float) -> np.ndarray:
        return 1000 * np.diff(shares(np.array([[p, q]]), np.array([0.0, *t])))[0]

    steps = np.diff([0, *COUNTED])
    told, _ = curve_fit(increments, np.arange(1.0, 11), steps, p0=(0.03, 0.4), bounds=((0, 0), (1, 2)), xtol=1e-12)
    found = fit(COUNTED, ceiling=1000)
    assert found is not None
    assert (found.curve.p, found.curve.q) == pytest.approx(tuple(told), rel=1e-5)


@pytest.mark.parametrize(
    "counted",
    [
        [31, 75, 132, 205],
        [100, 180, 240, 280, 300, 310],
        [0, 0, 0, 0, 0, 0],
        [5, 5, 5, 5, 5, 5],
        [300, 600, 900, 1100, 1200],
    ],
)
def test_too_few_periods_a_curve_that_only_falls_nobody_or_more_than_all_is_no_curve(counted: list[float]) -> None:
    assert fit(counted, ceiling=1000) is None


def test_a_forecast_goes_on_from_what_was_counted_and_never_beyond_all() -> None:
    found = fit(COUNTED, ceiling=800)
    assert found is not None
    told = found.forecast(8)
    assert told[0].point > 768
    assert all(768 <= span.low <= span.point <= span.high <= 800 for span in told)
    assert [span.point for span in told] == sorted(span.point for span in told)
    assert told == found.forecast(8), "the same dice every time"


def test_the_band_widens_with_time_and_with_how_counts_scatter() -> None:
    found = fit(COUNTED[:6], ceiling=1000)
    rough = fit([31, 60, 160, 190, 310, 392], ceiling=1000)
    assert found is not None
    assert rough is not None
    told = found.forecast(4)
    widths = [span.high - span.low for span in told]
    assert widths == sorted(widths)
    assert rough.dispersion > found.dispersion == 1
    last = rough.forecast(4)[-1]
    assert last.high - last.low > 1.5 * widths[-1]


@pytest.mark.slow
def test_the_band_holds_what_comes_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    means = 1000 * np.diff(shares(np.array([[0.03, 0.38]]), np.arange(13.0)))[0]
    held = told = 0
    for _ in range(N_SERIES):
        came = np.cumsum(rng.poisson(means))
        if found := fit(came[:8].tolist(), ceiling=1000):
            span = found.forecast(4)[-1]
            told += 1
            held += span.low <= min(came[-1], 1000) <= span.high
    assert told > 0.95 * N_SERIES
    assert held >= 0.91 * told


def test_many_series_at_once_are_fitted_as_one_by_one() -> None:
    x = np.arange(6.0)
    data = np.array([1.5, 0.5, 3.0])[:, None] * np.exp(-np.array([0.3, 0.7, 1.1])[:, None] * x)
    found = minimise(
        lambda rows: rows[:, :1] * np.exp(-rows[:, 1:2] * x), data, np.full((3, 2), 1.0), highest=(9.0, 9.0)
    )
    assert found.is_settled.all()
    assert found.found == pytest.approx(np.array([[1.5, 0.3], [0.5, 0.7], [3.0, 1.1]]), rel=1e-6)


def test_a_parameter_never_leaves_its_bounds() -> None:
    x = np.arange(5.0)
    found = minimise(lambda rows: rows[:, :1] * x, 7 * x[None, :], np.array([[1.0]]), highest=(2.0,))
    assert found.found[0, 0] == 2


@pytest.mark.parametrize(
    ("eligible", "ranks"), [(200, (5, 32, 100, 168, 200)), (150, (3, 24, 75, 126, 150)), (1, (0, 0, 0, 0, 1))]
)
def test_the_golden_cuts_are_shares_of_all_who_could_come(eligible: int, ranks: tuple[int, ...]) -> None:
    assert cuts(eligible) == ranks
    told = [band(rank, eligible) for rank in range(1, eligible + 1)]
    assert tuple(sum(told.count(each) for each in list(Band)[: n + 1]) for n in range(5)) == ranks


def test_equal_times_go_by_key_and_the_late_first_of_a_few_is_an_innovator() -> None:
    at = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - any clock will do
    told = bands({"b": at, "a": at, "c": at + timedelta(days=1)}, eligible=40)
    assert told == {"a": Band.INNOVATOR, "b": Band.EARLY_ADOPTER, "c": Band.EARLY_ADOPTER}
    with pytest.raises(ValueError, match="no rank 0"):
        band(0, 40)
