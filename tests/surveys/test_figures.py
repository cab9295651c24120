"""The figures of a group and of a wave's response: METRICS 4.4, 4.5 and 11."""

from __future__ import annotations

import pytest

from surveys.figures import figure, first_barrier, item_figure, response
from surveys.groups import INDEX, Headcount
from surveys.instrument import Band
from surveys.tally import Tally
from tests.surveys.sheets import PULSE, group, read, scores, sheet


def test_a_score_has_its_interval_by_headcount_and_its_band() -> None:
    found = figure(PULSE, group("HR", scored={"VA": scores(64.5, 20, 60)}, eligible=200), "VA")
    assert found is not None
    assert (found.n, found.mean, found.sd) == (60, pytest.approx(64.5), pytest.approx(20))
    assert found.high is not None
    assert found.high - found.mean == pytest.approx(4.32, abs=0.005)
    assert found.band is Band.AT_RISK


def test_a_favourable_share_is_of_answers_but_as_wide_as_people_make_it() -> None:
    items = {"VA1": (0, 0, 30, 30, 0), "VA2": (0, 30, 0, 0, 30), "VA3R": (30, 0, 0, 15, 15)}
    hr = group("HR", scored={"VA": scores(50, 20, 60)}, items=items, eligible=200)
    found = figure(PULSE, hr, "VA")
    assert found is not None
    assert found.favourable is not None
    assert (found.favourable.k, found.favourable.n, found.favourable.value) == (90, 180, 0.5)
    assert (round(found.favourable.low, 4), round(found.favourable.high, 4)) == (0.3962, 0.6038)
    one = item_figure(PULSE, hr, "VA1")
    assert one is not None
    assert (one.n, one.mean) == (60, 62.5)
    assert one.favourable is not None
    assert (round(one.favourable.low, 4), round(one.favourable.high, 4)) == (0.3962, 0.6038)


def test_the_index_has_no_favourable_share_and_nobody_has_no_figure() -> None:
    found = figure(PULSE, group("HR", scored={INDEX: scores(50, 20, 6)}), INDEX)
    assert found is not None
    assert found.favourable is None
    assert figure(PULSE, group("HR", scored={"VA": Tally()}), "VA") is None
    assert item_figure(PULSE, group("HR", items={"VA1": (0, 0, 0, 0, 0)}), "VA1") is None


def test_the_printed_first_barrier() -> None:
    found = first_barrier(PULSE, {"AW": 72, "VA": 61, "SK": 48, "SU": 44, "RV": 39})
    assert (found.code, found.skipped) == ("SK", ())


def test_barriers_not_asked_are_skipped_and_said_so() -> None:
    assert first_barrier(PULSE, {"VA": 61, "SU": 49.99}).skipped == ("AW", "SK")
    assert first_barrier(PULSE, {"VA": 61, "SU": 50}).code is None
    assert first_barrier(PULSE, {"EA": 10, "IN": 10, "VA": 60}).code is None, "not in the order of barriers"


def told(**asked: tuple[int, int]) -> tuple[bool, bool]:
    """Return whether response is low, and whether it lies apart, of units with so many answers to invitations."""
    sheets = [sheet(unit=unit) for unit, (n, _invited) in asked.items() for _ in range(n)]
    roster = {unit: Headcount(eligible=invited + 1, delivered=invited) for unit, (_n, invited) in asked.items()}
    found = response(read(sheets, roster=roster))
    assert found.may_mislead == (found.is_low or found.is_apart)
    return found.is_low, found.is_apart


def test_answers_of_few_or_of_some_departments_more_than_others_may_not_represent() -> None:
    assert told(HR=(29, 100)) == (True, False)
    assert told(HR=(30, 100)) == (False, False)
    assert told(HR=(30, 100), IT=(55, 100)) == (False, False), "25 points apart are not more than 25"
    assert told(HR=(30, 100), IT=(56, 100)) == (False, True)
    assert told(HR=(60, 100), IT=(1, 4)) == (False, False), "four invitations are too few to compare"


def test_response_is_of_invitations_that_arrived_not_of_heads() -> None:
    found = response(read([sheet(unit="HR")] * 30, roster={"HR": Headcount(eligible=200, delivered=60)}))
    assert (found.valid, found.delivered, found.rate) == (30, 60, 0.5)


def test_without_a_roster_that_knows_everybody_the_rate_is_unknown() -> None:
    sheets = [sheet(unit="HR")] * 9 + [sheet(unit="IT")] * 9
    assert response(read(sheets)).rate is None
    assert response(read(sheets, roster={"HR": Headcount(eligible=20, delivered=20)})).rate is None
