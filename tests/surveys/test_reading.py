"""A wave read whole: METRICS 4.4 and 11."""

from __future__ import annotations

import dataclasses
import json
import random

import pytest

from surveys.groups import INDEX, NOT_STATED, VALID, Headcount
from surveys.scoring import Sheet
from tests.surveys.sheets import PULSE, believable, heads, read, sheet, ticking


def straight(n: int, tick: int = 3) -> list[Sheet]:
    return [Sheet(answers={item.code: tick for item in PULSE.asked_at("use")})] * n


def test_the_order_of_sheets_changes_nothing() -> None:
    sheets = believable(80, seed=1)
    shuffled = random.Random(2).sample(sheets, len(sheets))
    roster = heads(HR=40, Design=40, Finance=40, Sales=40)
    assert read(shuffled, stage="use", roster=roster) == read(sheets, stage="use", roster=roster)


def test_it_can_be_kept_as_json() -> None:
    found = read(believable(40, seed=1), stage="use", roster=heads(HR=40))
    assert json.loads(json.dumps(dataclasses.asdict(found), allow_nan=False))["stage"] == "use"


def test_units_add_up_to_the_total() -> None:
    found = read(believable(90, seed=1) + [sheet(unit="")] * 4, stage="use")
    assert [unit.name for unit in found.units] == ["Design", "Finance", "HR", "Sales", NOT_STATED]
    for column, n in found.total.columns().items():
        assert n == sum(unit.columns()[column] for unit in found.units), column
    for code in (INDEX, *found.dimensions):
        every = [score for unit in found.units for score in unit.score(code)]
        assert sorted(every) == list(found.total.score(code))


def test_an_empty_sheet_is_a_row_and_no_submission() -> None:
    found = read([sheet(unit="HR"), Sheet(answers={}, unit="HR"), Sheet(answers={"VA1": 4}, unit="HR")], stage="use")
    assert (found.total.rows, found.total.valid) == (3, 1)
    assert found.total.columns()[VALID] == 1
    assert found.total.items["VA1"].n == 2, "its one answer is an answer"


def test_the_groups_index_is_the_mean_of_persons_not_of_dimensions() -> None:
    one = Sheet(answers=ticking(5, "VA", "SO", "IN"))
    two = Sheet(answers=ticking(1, "VA", "SO"))
    found = read([one, two], stage="use")
    assert found.total.index.mean == 50
    means = [found.total.dimensions[code].mean or 0 for code in ("VA", "SO", "IN")]
    assert sum(means) / 3 == pytest.approx(66.67, abs=0.01)


def test_the_headcount_of_all_is_unknown_when_a_unit_that_answered_is_missing() -> None:
    sheets = [sheet(unit="HR")] * 6 + [sheet(unit="IT")] * 6 + [sheet(unit="")] * 6
    found = read(sheets, roster=heads(HR=9, IT=9))
    assert found.total.headcount == Headcount(eligible=18, delivered=18), "those who name none are no unit"
    missing = read(sheets, roster=heads(HR=9))
    assert (missing.total.headcount, missing.not_on_roster) == (None, ("IT",))
    assert missing.unit("HR").eligible == 9
    empty = read([*sheets[:6], Sheet(answers={}, unit="IT")], roster=heads(HR=9))
    assert empty.total.eligible == 9, "an empty sheet does not answer"


def test_units_of_the_roster_that_nobody_answered_for_are_there() -> None:
    found = read([sheet(unit="HR")] * 6, roster=heads(HR=9, IT=9))
    assert [(unit.name, unit.valid, unit.response) for unit in found.units] == [("HR", 6, 6 / 9), ("IT", 0, 0)]


def test_the_stage_follows_from_what_was_asked() -> None:
    assert read(believable(30, seed=1, stage="launch")).stage == "launch"
    assert read([sheet(4, "VA")]).stage is None
    assert read(believable(30, seed=1, stage="launch"), stage="launch").asked == tuple(
        item.code for item in PULSE.asked_at("launch")
    )


def test_straight_lines_are_counted_and_the_total_is_told_without_them_when_more_than_one_in_twenty() -> None:
    honest = believable(95, seed=1)
    few = read(honest + straight(5), stage="use")
    assert (few.straight.n, few.straight.share, few.straight.without) == (5, 0.05, None)
    more = read(honest + straight(6), stage="use")
    assert more.straight.without is not None
    assert (more.straight.without.valid, more.total.valid) == (95, 101)
    assert more.straight.without.index.mean == read(honest, stage="use").total.index.mean
    assert more.reliability == read(honest, stage="use").reliability, "they stay out of alpha"


def test_the_second_breakdown_is_read_alike() -> None:
    sheets = [
        dataclasses.replace(each, other=site) for each, site in zip(believable(20, seed=1), "AB" * 10, strict=True)
    ]
    found = read(sheets, stage="use", other_roster=heads(A=30, B=30))
    assert [(unit.name, unit.eligible) for unit in found.other_units] == [("A", 30), ("B", 30)]
    assert sum(cell.people[VALID] for cell in found.crossed) == found.total.valid
    assert read(believable(20, seed=1), stage="use").other_units == ()


def test_comments_lose_the_order_they_came_in() -> None:
    said = ["zebra", "", "apple", "  ", "mango"]
    found = read([dataclasses.replace(sheet(), comment=each) for each in said])
    assert found.total.comments == ("apple", "mango", "zebra")
