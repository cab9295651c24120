"""What random waves release, attacked at length (QUALITY S20, METRICS 11)."""

from __future__ import annotations

import pytest

from surveys.loading import load
from surveys.privacy.policy import Policy
from tests.surveys.privacy.puzzle import tried
from tests.surveys.privacy.random_waves import attacked
from tests.torture.stage import rounds

pytestmark = [pytest.mark.torture, pytest.mark.slow]


def test_nobody_follows_from_thousands_of_random_waves() -> None:
    """2,000 waves in pairs here, 100,000 at length: all sums of both, two breakdowns, weights, straight lines."""
    n_pairs = rounds(1_000, 50_000)
    found = attacked(load("pulse-1"), range(n_pairs), Policy(has_second=True))
    assert found.n_waves == 2 * n_pairs
    assert found.leaks == []


def test_no_single_answer_of_thousands_can_be_solved_for() -> None:
    _n_tries, solved = tried(load("pulse-1"), rounds(100, 10_000), Policy(has_second=True))
    assert solved == []
