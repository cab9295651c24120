"""What a campaign did (METRICS 4.9, 11)."""

from __future__ import annotations

from math import inf

import pytest

from analytics.effects.judging import Direction, Verdict, judge
from analytics.effects.panel import Panel

GOLDEN = Panel.of(
    {
        "A": dict(enumerate([40, 50, 54, 58], 1)),
        "B": dict(enumerate([42, 43, 53, 57], 1)),
        "C": dict(enumerate([38, 39, 41, 42], 1)),
    },
    {"A": 2, "B": 3, "C": None},
)


def test_the_golden_panel() -> None:
    found = judge(GOLDEN)
    assert found.mean is not None
    names, periods = GOLDEN.departments, GOLDEN.periods
    told = {(names[cell.members[0]], periods[cell.period]): value for cell, value in found.cells}
    expected = {("A", 2): 9, ("A", 3): 11, ("A", 4): 14, ("B", 3): 8, ("B", 4): 11}
    assert told == {key: pytest.approx(value) for key, value in expected.items()}
    assert found.mean.point == pytest.approx(10.6)
    assert [(each.age, round(each.value, 9)) for each in found.by_age] == [(0, 8.5), (1, 11.0), (2, 14.0)]
    assert round(found.fixed_effects or 0, 2) == 9.30
    assert found.share_as_far == pytest.approx(1 / 6)
    assert (found.n_handouts, found.mean.low, found.mean.high) == (6, -inf, inf)
    assert found.verdict is Verdict.TOO_FEW


def test_two_departments_and_two_periods() -> None:
    found = judge(Panel.of({"A": {1: 40, 2: 55}, "B": {1: 42, 2: 47}}, {"A": 2}), direction=Direction.UP)
    assert found.mean is not None
    assert found.mean.point == 10
