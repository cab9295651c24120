"""What goes with the intention to look here first: METRICS 4.7 and 11."""

from __future__ import annotations

import random

import pytest

from surveys.confidence import Interval
from surveys.drivers import Driver, Drivers, drivers, fisher, pearson, priority, relative_weights
from surveys.scoring import Scored, score
from tests.surveys.sheets import PULSE, ticking

INTENTION = [80, 60, 70, 90, 40, 55, 75, 65, 85, 50]
EASE = [75, 55, 80, 85, 45, 50, 70, 60, 90, 40]
SOCIAL = [50, 60, 40, 70, 55, 45, 65, 50, 60, 40]
ASKED = ("VA", "EA", "SO", "IN")


def people(n: int, *, without: str = "", seed: int = 1) -> list[Scored]:
    """Return sheets whose intention follows ease, and hardly anything else."""
    draw = random.Random(seed)
    codes = [item.code for item in PULSE.items]
    found = []
    for _ in range(n):
        ease = draw.randint(1, 5)
        said = {"VA": draw.randint(1, 5), "EA": ease, "SO": draw.randint(1, 5)}
        said["IN"] = min(5, max(1, ease + draw.choice((-1, 0, 0, 1))))
        raw = {tick: answer for code, level in said.items() for tick, answer in ticking(level, code).items()}
        found.append(score(PULSE, codes, {tick: answer for tick, answer in raw.items() if tick[:2] != without}))
    return found


def one(found: Drivers, code: str) -> Driver:
    return next(each for each in found.each if each.code == code)


def test_the_printed_example() -> None:
    for scores, r, low, high, rank in (
        (EASE, 0.9324, 0.7332, 0.9842, 0.3263),
        (SOCIAL, 0.5090, -0.1775, 0.8623, 0.2367),
    ):
        found = pearson(scores, INTENTION)
        assert found is not None
        interval = fisher(found, 10)
        assert interval is not None
        assert (found, interval.low, interval.high) == pytest.approx((r, low, high), abs=5e-5)
        assert priority(found, sum(scores) / 10) == pytest.approx(rank, abs=5e-5)
    weights, r_squared = relative_weights([EASE, SOCIAL], INTENTION)
    assert (*weights, r_squared) == pytest.approx((0.7467, 0.1364, 0.8831), abs=5e-5)


def test_weights_add_up_however_alike_the_predictors_are() -> None:
    twice, r_squared = relative_weights([EASE, EASE], INTENTION)
    assert twice[0] == pytest.approx(twice[1])
    assert sum(twice) == pytest.approx(r_squared)
    assert r_squared == pytest.approx(0.9324**2, abs=1e-4), "saying it twice explains no more"
    alone, whole = relative_weights([EASE], INTENTION)
    assert alone[0] == pytest.approx(whole)


def test_what_drives_stands_out_and_the_rest_does_not() -> None:
    found = drivers(PULSE, ASKED, people(200))
    ease, value = one(found, "EA"), one(found, "VA")
    assert ease.low is not None
    assert ease.low > 0.7
    assert value.low is not None
    assert value.high is not None
    assert value.low < 0 < value.high
    assert found.r_squared == pytest.approx(sum(each.weight or 0 for each in found.each))
    assert [each.code for each in found.each] == ["VA", "EA", "SO"], "in the instrument's order, without itself"


def test_below_thirty_pairs_there_is_no_correlation() -> None:
    found = drivers(PULSE, ASKED, people(29))
    assert all((each.n, each.r, each.weight, each.priority) == (29, None, None, None) for each in found.each)
    assert one(found, "VA").mean is not None
    assert one(drivers(PULSE, ASKED, people(30)), "EA").r is not None


def test_each_correlation_takes_whoever_has_both_scores_and_weights_only_whole_sheets() -> None:
    found = drivers(PULSE, ASKED, people(40) + people(25, without="VA", seed=2))
    assert (one(found, "VA").n, one(found, "EA").n, found.n_complete) == (40, 65, 40)


def test_the_mean_in_the_priority_is_that_of_everybody_scored() -> None:
    sheets = people(40) + people(20, without="IN", seed=3)
    ease = [each.dimensions["EA"] for each in sheets]
    found = one(drivers(PULSE, ASKED, sheets), "EA")
    assert (found.n, found.mean) == (40, pytest.approx(sum(ease) / 60))
    assert found.priority == pytest.approx((found.r or 0) * (100 - sum(ease) / 60) / 100)


def test_weights_take_ten_people_for_each_predictor() -> None:
    every = [dimension.code for dimension in PULSE.dimensions]
    codes = [item.code for item in PULSE.items]
    draw = random.Random(4)
    sheets = [score(PULSE, codes, {code: draw.randint(1, 5) for code in codes}) for _ in range(80)]
    assert drivers(PULSE, every, sheets[:79]).r_squared is None, "eight predictors"
    assert drivers(PULSE, every, sheets).r_squared is not None


def test_what_does_not_vary_drives_nothing() -> None:
    codes = [item.code for item in PULSE.items]
    draw = random.Random(5)
    sheets = []
    for _ in range(60):
        level = draw.randint(1, 5)
        sheets.append(
            score(PULSE, codes, ticking(4, "VA") | ticking(level, "EA", "IN") | ticking(draw.randint(1, 5), "SO"))
        )
    found = drivers(PULSE, ASKED, sheets)
    assert (one(found, "VA").r, one(found, "VA").weight) == (None, None)
    assert found.r_squared == pytest.approx(1)
    assert one(found, "EA").low == one(found, "EA").high == 1
    same = drivers(PULSE, ASKED, [score(PULSE, codes, ticking(4, *ASKED))] * 60)
    assert (same.r_squared, one(same, "EA").r) == (None, None)


def test_an_interval_takes_four_pairs_and_ends_at_one() -> None:
    assert fisher(0.5, 3) is None
    assert fisher(1.0, 10) == Interval(1.0, 1.0)
