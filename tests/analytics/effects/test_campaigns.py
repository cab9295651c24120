"""A planted campaign is found again inside its interval, and nothing is not taken for something."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.campaigns import Scenario, Trial, attempt
from analytics.effects.judging import Verdict

pytestmark = pytest.mark.slow

SEEDS = range(20)
ENOUGH = 17


@pytest.fixture(scope="module")
def works() -> list[Trial]:
    return [attempt(Scenario.WORKS, seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def nothing() -> list[Trial]:
    return [attempt(Scenario.NOTHING, seed) for seed in SEEDS]


def test_what_was_planted_lies_inside_the_interval(works: list[Trial]) -> None:
    assert sum(trial.covers for trial in works) >= ENOUGH
    assert sum(trial.is_detected for trial in works) >= ENOUGH
    assert all(np.isfinite([trial.low, trial.high]).all() for trial in works), (
        "an interval without end holds everything"
    )


def test_of_a_campaign_that_does_nothing_it_is_said_that_none_can_be_detected(nothing: list[Trial]) -> None:
    assert all(trial.planted == 0 for trial in nothing)
    assert sum(trial.verdict is Verdict.NOT_DETECTABLE for trial in nothing) >= ENOUGH
    assert sum(trial.covers for trial in nothing) >= ENOUGH


def test_the_estimate_leans_to_no_side(works: list[Trial]) -> None:
    errors = [trial.point - trial.planted for trial in works]
    assert abs(np.mean(errors)) < 2.5 * np.std(errors) / np.sqrt(len(errors))
