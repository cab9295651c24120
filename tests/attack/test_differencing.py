"""S20: nobody works out what few people answered from all that surveys release, at length."""

from __future__ import annotations

import pytest

from surveys.loading import load
from surveys.privacy.policy import Policy
from tests.surveys.privacy.puzzle import tried
from tests.surveys.privacy.random_waves import attacked
from tests.torture.stage import rounds

pytestmark = [pytest.mark.torture, pytest.mark.slow]

PULSE = load("pulse-1")


def test_nobody_follows_from_thousands_of_random_waves() -> None:
    """2,000 waves in pairs here, 100,000 at length: all sums of both, two breakdowns, weights, straight lines."""
    n_pairs = rounds(1_000, 50_000)
    found = attacked(PULSE, range(n_pairs), Policy(has_second=True))
    assert found.n_waves == 2 * n_pairs
    assert found.leaks == []


def test_no_single_answer_of_thousands_can_be_solved_for() -> None:
    n_tries, solved = tried(PULSE, rounds(100, 10_000), Policy(has_second=True))
    assert n_tries >= rounds(100, 10_000)
    assert solved == []
