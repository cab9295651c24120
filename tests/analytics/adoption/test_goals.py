"""Will a goal be met (METRICS 3.3)?"""

from __future__ import annotations

import numpy as np
import pytest

from analytics.adoption.goals import Better, Method, Status, line, track

COUNTED = [31.0, 75.0, 132.0, 205.0, 291.0, 392.0]
N_SERIES = 400


def test_the_golden_goal() -> None:
    told = track(COUNTED, target=600, periods_left=4)
    assert (told.needed_pace, told.recent_pace, told.is_on_track) == (52.0, 79.25, True)


def test_the_colour_comes_from_the_interval_not_from_the_point() -> None:
    told = {target: track(COUNTED, target=target, periods_left=4, ceiling=1000) for target in (600, 700, 770, 800, 900)}
    assert {target: each.status for target, each in told.items()} == {
        **{600: Status.GREEN, 700: Status.GREEN, 770: Status.AMBER},
        **{800: Status.AMBER, 900: Status.RED},
    }
    forecast = told[800].forecast
    assert forecast is not None
    assert forecast.low < 770 < forecast.point < 800 < forecast.high
    assert told[770].method is Method.CURVE


def test_without_a_curve_the_recent_pace_is_carried_on() -> None:
    told = track([100, 180, 240, 280, 300, 310], target=330, periods_left=2, ceiling=1000)
    assert told.method is Method.LINE
    assert told.forecast is not None
    assert told.forecast.low >= 310, "people who came do not go away again"
    assert track(COUNTED, target=600, periods_left=4).method is Method.LINE


def test_a_figure_that_is_to_fall_is_judged_the_other_way_round() -> None:
    falling = [0.30, 0.27, 0.25, 0.22, 0.20]
    told = track(falling, target=0.19, periods_left=2, better=Better.DOWN)
    assert (told.is_on_track, told.status) == (True, Status.GREEN)
    assert track(falling, target=0.15, periods_left=2, better=Better.DOWN).status is Status.AMBER
    assert track(falling[::-1], target=0.15, periods_left=2, better=Better.DOWN).status is Status.RED
    assert track(falling, target=0.31, periods_left=2, better=Better.UP).status is Status.RED


@pytest.mark.parametrize(("now", "status"), [(600.0, Status.REACHED), (599.0, Status.MISSED)])
def test_at_the_date_a_goal_is_reached_or_missed(now: float, status: Status) -> None:
    told = track([*COUNTED, now], target=600, periods_left=0)
    assert (told.status, told.needed_pace, told.forecast) == (status, None, None)


@pytest.mark.parametrize("values", [[], [None, None], [5.0], [5.0, 6.0, 7.0], [5.0, None, 6.0, None, 7.0, 8.0, 9.0]])
def test_too_little_foretells_nothing(values: list[float | None]) -> None:
    told = track(values, target=600, periods_left=4)
    assert (told.status, told.forecast) == (Status.UNKNOWN, None)


def test_a_gap_is_no_increment() -> None:
    told = track([10.0, 20.0, None, 90.0, 100.0, 110.0], target=200, periods_left=3)
    assert told.recent_pace == 10


def test_a_date_that_has_passed_is_refused() -> None:
    with pytest.raises(ValueError, match="ahead"):
        track(COUNTED, target=600, periods_left=-1)


@pytest.mark.slow
def test_the_line_holds_what_comes_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    steps = rng.normal(10, 3, (N_SERIES, 9))
    told = [line(100, row[:4].tolist(), 5) for row in steps]
    came = 100 + steps[:, 4:].sum(axis=1)
    held = np.mean([span.low <= end <= span.high for span, end in zip(told, came, strict=True)])
    assert 0.92 <= held <= 0.98
