"""What a campaign did (METRICS 4.9, 11)."""

from __future__ import annotations

from itertools import permutations
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.effects import groups, handouts
from analytics.effects.before import Trend
from analytics.effects.judging import Direction, Effect, Verdict, judge
from analytics.effects.panel import BadPanel, Panel

VALUES = {
    "A": dict(enumerate([40.0, 50.0, 54.0, 58.0], 1)),
    "B": dict(enumerate([42.0, 43.0, 53.0, 57.0], 1)),
    "C": dict(enumerate([38.0, 39.0, 41.0, 42.0], 1)),
}
STARTS = {"A": 2, "B": 3, "C": None}
GOLDEN = Panel.of(VALUES, STARTS)
N_PANELS = 400
"""Of so many intervals that hold 95 in a hundred, fewer than 92 in a hundred hold once in 200 times."""


def staggered(effect: float, *, seed: int = 0, n: int = 8, n_periods: int = 12, drift: float = 0.0) -> Panel:
    """Departments that start two periods apart from the fifth on, the last never, on noise of one."""
    rng = np.random.default_rng(seed)
    starts = [5 + place if place < n - 1 else None for place in range(n)]
    table = rng.normal(0, 1, (n, n_periods)) + 10 * rng.random((n, 1)) + np.linspace(0, 3, n_periods)
    values = {}
    for place, start in enumerate(starts):
        early = 0.0 if start is None else drift * (n_periods - start)
        values[f"d{place}"] = {
            t + 1: float(table[place, t] + early * t + effect * (start is not None and t + 1 >= start))
            for t in range(n_periods)
        }
    return Panel.of(values, {f"d{place}": start for place, start in enumerate(starts)})


def cells_of(found: Effect) -> dict[tuple[str, int], float]:
    names, periods = found.panel.departments, found.panel.periods
    return {("".join(names[m] for m in cell.members), periods[cell.period]): value for cell, value in found.cells}


def test_the_golden_panel() -> None:
    found = judge(GOLDEN)
    expected = {("A", 2): 9, ("A", 3): 11, ("A", 4): 14, ("B", 3): 8, ("B", 4): 11}
    assert cells_of(found) == {key: pytest.approx(value) for key, value in expected.items()}
    assert found.mean is not None
    assert found.mean.point == pytest.approx(10.6)
    assert [(each.age, round(each.value, 9)) for each in found.by_age] == [(0, 8.5), (1, 11.0), (2, 14.0)]
    assert round(found.fixed_effects or 0, 2) == 9.30
    assert found.share_as_far == pytest.approx(1 / 6)
    assert (found.n_handouts, found.mean.low, found.mean.high) == (6, -inf, inf)
    assert found.verdict is Verdict.TOO_FEW


def test_two_departments_and_two_periods() -> None:
    found = judge(Panel.of({"A": {1: 40, 2: 55}, "B": {1: 42, 2: 47}}, {"A": 2}))
    assert found.mean is not None
    assert found.mean.point == pytest.approx(10)
    assert found.fixed_effects == pytest.approx(10)


def test_only_a_lot_makes_the_share_a_probability() -> None:
    chosen, drawn = judge(GOLDEN), judge(GOLDEN, is_randomised=True)
    assert (chosen.p, chosen.placebo_rank) == (None, pytest.approx(1 / 6))
    assert (drawn.p, drawn.placebo_rank) == (pytest.approx(1 / 6), None)


def test_the_share_is_that_of_the_direction_that_was_registered() -> None:
    assert judge(GOLDEN, direction=Direction.DOWN).share_as_far == 1


def test_ties_count_as_far_and_what_happened_is_one_of_the_ways() -> None:
    flat = Panel.of({name: {1: 5.0, 2: 5.0, 3: 5.0} for name in "ABC"}, {"A": 2, "B": 3})
    assert judge(flat).share_as_far == 1


@pytest.mark.parametrize(
    ("starts", "n"), [((1, 2, -1), 6), ((1, 1, -1), 3), ((1, 1, 2, 2), 6), ((1, 2, 3, 4, -1), 120)]
)
def test_ways_to_hand_out_are_distinct(starts: tuple[int, ...], n: int) -> None:
    ways = handouts.hand_out(np.array(starts))
    assert ways.is_whole
    assert (
        len({tuple(row) for row in ways.orders.tolist()})
        == len(ways.orders)
        == n
        == handouts.how_many(np.array(starts))
    )
    assert ways.orders[0].tolist() == list(starts)


def test_of_too_many_ways_ten_thousand_are_drawn_beside_what_happened() -> None:
    ways = handouts.hand_out(np.arange(1, 9))
    assert (ways.n_possible, len(ways.orders)) == (40_320, 10_001)
    assert ways.orders[0].tolist() == list(range(1, 9))
    assert (np.sort(ways.orders, axis=1) == np.arange(1, 9)).all()
    found = judge(staggered(9.0, n=9, n_periods=14))
    assert found.share_as_far == pytest.approx(1 / 10_001), "(b + 1) / (B + 1)"


def test_every_way_gives_what_measuring_it_anew_would_give() -> None:
    found = handouts.means(
        groups.weights([c for c in groups.cells(GOLDEN.starts, 4) if c.controls], GOLDEN.values.shape),
        *(GOLDEN.starts, GOLDEN.values, handouts.hand_out(GOLDEN.starts)),
    )
    anew = []
    for order in permutations(STARTS.values()):
        told = judge(Panel.of(VALUES, dict(zip("ABC", order, strict=True)))).mean
        assert told is not None
        anew.append(told.point)
    assert sorted(found.tolist()) == pytest.approx(sorted(anew))


def test_an_effect_is_detected_when_its_interval_lies_on_the_side_that_was_meant() -> None:
    found = judge(staggered(6.0))
    assert found.mean is not None
    assert found.verdict is Verdict.DETECTED
    assert 0 < found.mean.low < 6.0 < found.mean.high
    assert judge(staggered(6.0), direction=Direction.DOWN).verdict is Verdict.WRONG_WAY
    assert judge(staggered(-6.0), direction=Direction.DOWN).verdict is Verdict.DETECTED


def test_of_a_campaign_that_does_nothing_no_effect_is_detected() -> None:
    assert judge(staggered(0.0)).verdict is Verdict.NOT_DETECTABLE


def test_the_interval_is_made_of_the_effects_that_no_test_refuses() -> None:
    panel = staggered(2.0, n=6, n_periods=9)
    found = judge(panel).mean
    assert found is not None
    for effect, direction, is_refused in (
        *((found.low - 1e-6, Direction.UP, True), (found.low + 1e-6, Direction.UP, False)),
        *((found.high + 1e-6, Direction.DOWN, True), (found.high - 1e-6, Direction.DOWN, False)),
    ):
        left = Panel(
            panel.departments, panel.periods, panel.values - effect * panel.is_under_way, panel.starts, panel.left_out
        )
        share = judge(left, direction=direction).share_as_far
        assert share is not None
        assert (share <= handouts.TAIL) is is_refused, (effect, direction, share)


@pytest.mark.slow
def test_the_interval_holds_the_truth_as_often_as_it_says_where_starts_are_drawn_by_lot() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(N_PANELS):
        starts = rng.permutation([2, 3, 4, 5, -1, -1])
        # Departments that differ in level, in how they scatter, and that all move together.
        values = rng.normal(0, 1, (6, 7)) * rng.uniform(0.5, 2, (6, 1)) + rng.normal(0, 5, (6, 1)) + rng.normal(0, 3, 7)
        panel = Panel(tuple("ABCDEF"), tuple(range(7)), values, starts)
        found = judge(Panel(panel.departments, panel.periods, values + 3 * panel.is_under_way, starts)).mean
        held += found is not None and found.low <= 3 <= found.high
    assert held >= 0.92 * N_PANELS


def test_departments_under_way_from_the_first_period_are_left_out_of_everything() -> None:
    told = judge(Panel.of({**VALUES, "Z": dict(enumerate([9.0, 90.0, 1.0, 70.0], 1))}, {**STARTS, "Z": 1}))
    golden = judge(GOLDEN)
    assert told.panel.left_out == ("Z",)
    assert (told.mean, told.fixed_effects, told.n_handouts) == (golden.mean, golden.fixed_effects, golden.n_handouts)


def test_a_cell_without_controls_is_listed_and_skipped() -> None:
    found = judge(Panel.of({"A": VALUES["A"], "B": VALUES["B"]}, {"A": 2, "B": 3}))
    assert set(cells_of(found)) == {("A", 2)}
    assert [found.panel.periods[cell.period] for cell in found.not_estimable] == [3, 4, 3, 4]
    assert found.mean is not None
    assert found.mean.point == 9


@pytest.mark.parametrize("starts", [{}, {"A": 2, "B": 2, "C": 2}, {"A": 1, "B": 1, "C": 1}, {"A": 9}])
def test_where_nobody_starts_or_nobody_is_left_nothing_can_be_estimated(starts: dict[str, int | None]) -> None:
    found = judge(Panel.of(VALUES, starts))
    assert (found.verdict, found.mean, found.share_as_far) == (Verdict.NOT_ESTIMABLE, None, None)


def test_a_mean_over_departments_of_one_start_is_theirs_less_that_of_all_not_yet_under_way() -> None:
    panel = Panel.of({**VALUES, "D": dict(enumerate([10.0, 30.0, 31.0, 30.0], 1))}, {**STARTS, "D": 2})
    found = judge(panel)
    assert cells_of(found)["AD", 2] == (10 + 20) / 2 - (1 + 1) / 2
    assert found.by_age[0].n == 3, "every department-period weighs the same"


def test_departments_that_drift_apart_before_are_seen_and_stop_a_chosen_start() -> None:
    panel = staggered(0.0, drift=0.25)
    chosen, drawn = judge(panel), judge(panel, is_randomised=True)
    assert chosen.before.trend is Trend.APART
    assert chosen.verdict is Verdict.APART_BEFORE
    assert drawn.verdict is not Verdict.APART_BEFORE, "by lot it is chance"
    assert chosen.before.drift is not None
    assert chosen.before.drift > 0
    assert max(each.age for each in chosen.before.by_age) == -2


def test_departments_that_go_alike_before_are_said_to_and_too_few_never_are() -> None:
    assert judge(staggered(5.0)).before.trend is Trend.ALIKE
    assert judge(GOLDEN).before.trend is Trend.TOO_FEW
    assert judge(Panel.of(VALUES, {"A": 2})).before.trend is Trend.NONE


def test_a_start_between_two_periods_is_under_way_from_the_next_one() -> None:
    gapped = {name: {2 * period: value for period, value in row.items()} for name, row in VALUES.items()}
    found = judge(Panel.of(gapped, {"A": 3, "B": 6, "C": None}))
    assert found.mean is not None
    assert found.mean.point == pytest.approx(10.6)


def test_a_panel_with_a_hole_is_refused() -> None:
    with pytest.raises(BadPanel, match="B has no value for period 4"):
        Panel.of({**VALUES, "B": {1: 1.0, 2: 2.0, 3: 3.0}}, STARTS)


def test_a_regression_with_a_column_for_every_department_and_period_says_the_same() -> None:
    panel = staggered(2.5, seed=4)
    n, t = panel.values.shape
    departments, periods = np.kron(np.eye(n), np.ones((t, 1))), np.kron(np.ones((n, 1)), np.eye(t))[:, 1:]
    design = np.column_stack([panel.is_under_way.ravel(), departments, periods])
    found = np.linalg.lstsq(design, panel.values.ravel(), rcond=None)[0]
    assert judge(panel).fixed_effects == pytest.approx(found[0], rel=1e-9)


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.integers(-9, 9), min_size=4, max_size=4), min_size=5, max_size=5),
    st.integers(-5, 5),
    st.floats(0.1, 10),
)
def test_moving_and_stretching_a_panel_moves_and_stretches_what_is_told(
    rows: list[list[int]], by: int, times: float
) -> None:
    starts = {"A": 2, "B": 2, "C": 3, "D": 4, "E": None}

    def told(values: list[list[float]]) -> Effect:
        panel = {name: dict(enumerate(row, 1)) for name, row in zip("ABCDE", values, strict=True)}
        return judge(Panel.of(panel, starts))

    first = told([[float(v) for v in row] for row in rows])
    second = told([[times * (v + by) for v in row] for row in rows])
    assert first.mean is not None
    assert second.mean is not None
    assert first.mean.low <= first.mean.point <= first.mean.high
    assert second.mean.point == pytest.approx(times * first.mean.point, abs=1e-6)
    assert second.share_as_far == first.share_as_far
