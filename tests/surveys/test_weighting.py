"""Totals weighted by headcount: METRICS 4.5 and 11."""

from __future__ import annotations

from itertools import chain

import pytest

from surveys.groups import INDEX, Headcount
from surveys.privacy.suppression import Suppression, suppress
from surveys.reading import WaveReading
from surveys.scoring import Sheet
from surveys.weighting import Stratum, Weighted, post_stratified, weighted
from tests.surveys.sheets import heads, read, scores, sheet

NOTHING = Suppression(frozenset(), frozenset())


def hiding(*units: str) -> Suppression:
    return Suppression(frozenset(units), frozenset())


def people(n: int, level: int, unit: str) -> list[Sheet]:
    return [sheet(level, unit=unit)] * n


def index(reading: WaveReading, suppression: Suppression = NOTHING) -> Weighted:
    found = weighted(reading, INDEX, suppression)
    assert found is not None
    return found


def test_the_printed_example() -> None:
    a, b = Stratum(headcount=100, scores=scores(60, 18, 20)), Stratum(headcount=50, scores=scores(80, 15, 30))
    assert (a.scores + b.scores).mean == pytest.approx(72.0)
    mean, se = post_stratified([a, b])
    assert (mean, se) == pytest.approx((66.6667, 2.4685), abs=5e-5)


def test_a_unit_counts_by_its_people_not_by_its_answers() -> None:
    found = index(read(people(10, 5, "HR") + people(30, 3, "IT"), roster=heads(HR=60, IT=40)))
    assert found.mean == pytest.approx(0.6 * 100 + 0.4 * 50)
    assert found.n_strata == 2


def test_hidden_units_and_hidden_sheets_without_one_are_one_stratum() -> None:
    """HR 4, Legal 6: weighted one by one, the raw and the weighted total would give HR's mean away."""
    sheets = people(4, 5, "HR") + people(6, 1, "Legal") + people(2, 3, "") + people(12, 4, "IT")
    reading = read(sheets, roster=heads(HR=10, Legal=30, IT=60))
    found = index(reading, hiding("HR", "Legal", ""))
    pooled = (4 * 100 + 6 * 0 + 2 * 50) / 12
    assert found.mean == pytest.approx(0.4 * pooled + 0.6 * 75)
    assert found.n_strata == 2


def test_the_weighted_total_moves_only_with_the_sum_of_what_is_hidden() -> None:
    """Whoever of the hidden said what, the same sum gives the same figures."""
    roster = heads(HR=10, Legal=30, IT=60)
    told = set()
    for four, six in ((5, 3), (3, 5)):
        hidden = people(4, four, "HR") + people(4, six, "Legal") + people(2, 1, "Legal")
        found = index(read(hidden + people(12, 4, "IT"), roster=roster), hiding("HR", "Legal"))
        told.add((round(found.mean, 9), round(found.se or 0, 9)))
    assert len(told) == 1


def test_units_nobody_answered_for_are_left_out_and_named() -> None:
    found = index(read(people(10, 5, "HR"), roster=heads(HR=20, IT=80)))
    assert (found.mean, found.left_out) == (100, ("IT",))


def test_shown_sheets_without_a_unit_have_no_headcount_and_do_not_count() -> None:
    found = index(read(people(10, 5, "HR") + people(10, 1, ""), roster=heads(HR=20)))
    assert (found.mean, found.has_unnamed_left_out) == (100, True)


def test_without_headcounts_nothing_can_be_weighted() -> None:
    sheets = people(10, 5, "HR") + people(10, 1, "IT")
    assert weighted(read(sheets), INDEX, NOTHING) is None
    assert weighted(read(sheets, roster=heads(HR=20)), INDEX, NOTHING) is None, "IT is not on the roster"
    assert weighted(read(people(9, 5, ""), roster={}), INDEX, NOTHING) is None
    nobody = {"HR": Headcount(eligible=0, delivered=0)}
    assert weighted(read(people(9, 5, "HR"), roster=nobody), INDEX, NOTHING) is None


def test_a_column_released_for_nobody_is_not_weighted_either() -> None:
    sheets = people(10, 5, "HR") + people(10, 1, "IT")
    reading = read(sheets, roster=heads(HR=20, IT=20))
    assert weighted(reading, "VA", Suppression(frozenset(), frozenset({"VA"}))) is None


def test_where_everybody_answered_there_is_no_error_left() -> None:
    sheets = [sheet(level, unit="HR") for level in (1, 3, 5)] * 3
    found = index(read(sheets, roster=heads(HR=9)))
    assert (found.mean, found.se, found.low) == (50, 0, 50)


def test_one_person_who_stands_for_others_gives_no_error() -> None:
    found = index(read([sheet(4, unit="HR"), *people(9, 4, "IT")], roster=heads(HR=2, IT=9)))
    assert (found.mean, found.se, found.low) == (75, None, None)


def test_the_hidden_set_of_the_gate_always_leaves_a_stratum_of_enough_people() -> None:
    units = {"A": 3, "B": 9, "C": 14, "D": 5}
    sheets = list(chain.from_iterable(people(n, 4, unit) for unit, n in units.items()))
    reading = read(sheets, roster=heads(A=20, B=20, C=20, D=20))
    found = suppress({"valid": {unit.name: unit.valid for unit in reading.units}})
    assert found.rows == {"A", "D"}
    assert index(reading, found).n_strata == 3
