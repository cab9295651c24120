"""The gate: what is released of a wave, and what is not."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest

from surveys.groups import Headcount
from surveys.loading import load
from surveys.privacy.freezing import Misfit, freeze, thaw
from surveys.privacy.gate import Before, release
from surveys.privacy.policy import Policy
from surveys.privacy.redaction import Known, Redactor
from surveys.privacy.released import Released, State
from surveys.reading import WaveReading, read_wave
from surveys.scoring import Sheet

PULSE = load("pulse-1")
ASKED = [item.code for item in PULSE.asked_at("use")]
GOLDEN = {"HR": 4, "IT": 12, "Sales": 7, "Ops": 30, "Legal": 6}


def answers(draw: random.Random, *, left_out: float = 0.0) -> dict[str, int]:
    return {code: draw.randint(1, 5) for code in ASKED if draw.random() >= left_out}


def sheets_of(units: Mapping[str, int], *, seed: int = 1, **more: Any) -> list[Sheet]:
    draw = random.Random(seed)
    return [Sheet(answers=answers(draw), unit=unit, **more) for unit, n in units.items() for _each in range(n)]


def read(sheets: list[Sheet], **more: Any) -> WaveReading:
    return read_wave(PULSE, sheets, stage="use", **more)


def released_of(units: Mapping[str, int], policy: Policy | None = None, **more: Any) -> Released:
    return release(PULSE, read(sheets_of(units)), policy, **more)


def states(released: Released) -> dict[str, str]:
    return {row.name: row.state.value for row in released.units.rows}


def test_the_golden_table_hides_its_two_rows_whole() -> None:
    found = released_of(GOLDEN)
    assert set(found.units.hidden) == {"HR", "Legal"}
    assert found.units.n_hidden == 10
    for row in found.units.rows:
        if row.state is State.HIDDEN:
            assert (row.n, row.scores, row.items, row.barrier, row.comments) == (None, (), (), None, ())
    assert found.total.n == 59
    assert [score.code for score in found.total.scores] == ["index", "VA", "EA", "SO", "SU", "TR", "RV", "IN"]


def test_a_roster_shows_who_did_not_answer_at_all() -> None:
    roster = {unit: Headcount(eligible=40, delivered=38) for unit in (*GOLDEN, "Finance")}
    found = release(PULSE, read(sheets_of(GOLDEN), roster=roster))
    assert states(found)["Finance"] == "empty"
    it = found.units.row("IT")
    assert it is not None
    assert (it.eligible, it.delivered, it.response) == (40, 38, 12 / 38)
    assert found.total.scores[1].weighted is not None


def test_too_few_in_all_release_nothing_but_that() -> None:
    found = released_of({"HR": 3, "IT": 1})
    assert states(found) == {"HR": "hidden", "IT": "hidden"}
    assert found.total == replace(found.total, n=None, scores=(), items=(), comments=())
    assert (found.units.n_hidden, found.straight, found.drivers, found.reliability) == (None, None, None, ())


def test_two_groups_of_which_one_is_small_leave_the_total_only() -> None:
    found = released_of({"HR": 4, "IT": 12})
    assert states(found) == {"HR": "hidden", "IT": "hidden"}
    assert (found.total.n, found.units.n_hidden) == (16, 16)


def test_nobody_at_all_is_empty_not_hidden() -> None:
    found = release(PULSE, read([], roster={"HR": Headcount(eligible=5, delivered=5)}))
    assert (found.total.state, states(found)) == (State.EMPTY, {"HR": "empty"})


def test_sheets_without_a_group_are_hidden_like_any_group() -> None:
    assert states(released_of({"": 3, "IT": 12, "Ops": 9})) == {"": "hidden", "IT": "shown", "Ops": "hidden"}


def test_an_item_answered_by_too_few_in_all_is_released_for_nobody_and_hides_nobody() -> None:
    sheets = sheets_of({"A": 20, "B": 20})
    few = [replace(sheet, answers={k: v for k, v in sheet.answers.items() if k[:2] != "RV"}) for sheet in sheets[3:]]
    found = release(PULSE, read(sheets[:3] + few))
    assert states(found) == {"A": "shown", "B": "shown"}
    for row in (found.total, *found.units.rows):
        cell = next(score for score in row.scores if score.code == "RV")
        assert (cell.n, cell.mean) == (None, None)
        assert row.item("RV1") is None


def test_a_dimension_answered_by_too_few_of_a_group_hides_its_row() -> None:
    sheets = sheets_of({"A": 6, "B": 8, "C": 20})
    few = [replace(sheet, answers={k: v for k, v in sheet.answers.items() if k[:2] != "RV"}) for sheet in sheets[:2]]
    assert set(release(PULSE, read(few + sheets[2:])).units.hidden) == {"A", "B"}


def test_statements_are_told_of_large_groups_only() -> None:
    found = released_of({"A": 29, "B": 30, "C": 40})
    n_items = {row.name: len(row.items) for row in found.units.rows}
    assert n_items == {"A": 0, "B": 21, "C": 21}
    assert len(found.total.items) == 21
    assert released_of({"A": 14, "B": 15}).total.items == ()


def test_distributions_need_ten_people_and_hide_by_a_rule_of_their_own() -> None:
    found = released_of({"HR": 7, "Legal": 8, "IT": 12, "Ops": 30})
    assert set(states(found).values()) == {"shown"}
    assert {row.name: row.scores[1].bands is not None for row in found.units.rows} == {
        "HR": False,
        "Legal": False,
        "IT": True,
        "Ops": True,
    }
    seven = released_of({"HR": 7, "IT": 12, "Ops": 30})
    assert [row.name for row in seven.units.rows if row.scores[1].bands] == ["Ops"], "IT covers HR"


def test_a_distribution_with_everybody_in_one_place_is_not_told() -> None:
    same = [Sheet(answers=dict.fromkeys(ASKED, 3), unit="A")] * 12
    found = release(PULSE, read(same + sheets_of({"B": 20, "C": 30})))
    assert [row.name for row in found.units.rows if row.scores[1].bands] == []
    assert found.total.scores[1].bands is not None


def test_hidden_groups_that_agree_wholly_get_more_cover() -> None:
    same = [Sheet(answers=dict.fromkeys(ASKED, 5), unit=unit) for unit in ("A", "A", "B", "B", "B", "B")]
    rest = sheets_of({"C": 9, "D": 30})
    assert set(release(PULSE, read(same + rest)).units.hidden) == {"A", "B", "C"}
    assert set(release(PULSE, read(same + rest), Policy(is_exact=True)).units.hidden) == {"A", "B"}


def test_readers_get_whole_numbers_and_who_holds_the_sheets_gets_all() -> None:
    printed = released_of(GOLDEN)
    assert all(
        figure == int(figure)
        for row in (printed.total, *printed.units.rows)
        for score in row.scores
        if score.mean
        for figure in (score.mean.value.value, score.mean.low, score.mean.high)
        if figure is not None
    )
    exact = released_of(GOLDEN, Policy(is_exact=True)).total.scores[1].mean
    assert exact is not None
    assert exact.value.value != int(exact.value.value)


def test_an_index_is_not_told_where_somebody_lacks_a_dimension_it_is_of() -> None:
    """Index less dimensions would give away what that one said."""
    sheets = sheets_of({"A": 10, "B": 12, "C": 40, "D": 20})
    lacking = replace(sheets[0], answers={k: v for k, v in sheets[0].answers.items() if k[:2] != "VA"})
    found = release(PULSE, read([lacking, *sheets[1:]]))
    told = {row.name: row.scores[0].mean is not None for row in found.units.rows}
    assert told == {"A": False, "B": False, "C": True, "D": False}, "B and D cover A, so that they are 30"
    assert all(row.scores[1].mean for row in found.units.rows)


def test_one_mean_less_where_few_left_out_a_statement() -> None:
    sheets = sheets_of({"A": 40})
    del (lacking := dict(sheets[0].answers))["TR2"]
    found = release(PULSE, read([replace(sheets[0], answers=lacking), *sheets[1:]]))
    without = [item.code for item in found.total.items if item.mean is None]
    assert without == ["TR2"]
    kept = found.total.item("TR2")
    assert kept is not None
    assert kept.favourable.value.value > 0
    assert kept.people is None


def test_comments_need_ten_answers_lose_names_and_order_and_stand_under_the_total() -> None:
    sheets = [replace(sheet, comment=f"{i}: ask Ana") for i, sheet in enumerate(sheets_of({"A": 9, "B": 20}))]
    redact = Redactor.of([Known(name="Ana Ruiz")])
    found = release(PULSE, read(sheets), redact=redact, chance=random.Random(1))
    assert sorted(found.total.comments) == sorted(f"{i}: ask [name]" for i in range(29))
    assert list(found.total.comments) != sorted(found.total.comments)
    assert all(row.comments == () for row in found.units.rows)
    assert release(PULSE, read(sheets[:9])).total.comments == ()
    assert len(release(PULSE, read(sheets[:10])).total.comments) == 10


def test_comments_by_group_are_a_wish_and_need_ten_each() -> None:
    sheets = [replace(sheet, comment=sheet.unit) for sheet in sheets_of({"A": 9, "B": 20, "C": 30})]
    found = release(PULSE, read(sheets), Policy(comments_by_group=True))
    assert {row.name: len(row.comments) for row in found.units.rows} == {"A": 0, "B": 0, "C": 30}, "B covers A"


def test_a_second_breakdown_is_shown_when_nothing_follows_from_it() -> None:
    sheets = [replace(sheet, other="North" if i % 2 else "South") for i, sheet in enumerate(sheets_of(GOLDEN))]
    found = release(PULSE, read(sheets), Policy(has_second=True))
    assert found.second is not None
    assert [row.name for row in found.second.rows] == ["North", "South"]
    assert all(row.items == () and row.comments == () and row.scores[1].bands is None for row in found.second.rows)
    assert release(PULSE, read(sheets)).second is None
    assert not release(PULSE, read(sheets)).is_second_refused


def test_a_second_breakdown_that_gives_somebody_away_is_refused_whole() -> None:
    units = {"HR": 4, "IT": 12, "Legal": 6, "Ops": 20}
    sheets = [replace(s, other="D1" if s.unit in ("HR", "IT") else "D2") for s in sheets_of(units)]
    found = release(PULSE, read(sheets), Policy(has_second=True))
    assert (found.second, found.is_second_refused) == (None, True)
    assert set(found.units.hidden) == {"HR", "Legal"}, "the first stays as it is"


def test_change_is_told_only_where_both_waves_show_the_cell() -> None:
    earlier = read(sheets_of({"A": 4, "B": 6, "C": 20, "D": 20}), wave="1")
    first = release(PULSE, earlier)
    later = read(sheets_of({"A": 12, "B": 6, "C": 20, "D": 20, "E": 9}, seed=2), wave="2")
    found = release(PULSE, later, before=Before(earlier, first))
    changed = {row.name: any(score.since for score in row.scores) for row in found.units.rows}
    assert changed == {"A": False, "B": False, "C": True, "D": True, "E": False}
    assert {row.name for row in found.units.rows if row.is_new} == {"E"}
    assert found.compared is not None
    assert found.compared.wave == "1"
    since = found.units.rows[2].scores[1].since
    was, now = (table.row("C") for table in (first.units, found.units))
    assert since is not None
    assert was is not None
    assert now is not None
    means = [row.scores[1].mean.value.value for row in (was, now) if row.scores[1].mean]
    assert since.difference == means[1] - means[0], "by the printed means: it says no more than they do"


def test_what_was_hidden_then_is_taken_from_what_was_released_not_worked_out_again() -> None:
    earlier = read(sheets_of({"A": 8, "B": 9, "C": 20}))
    strict = release(PULSE, earlier, Policy(least=10))
    found = release(PULSE, read(sheets_of({"A": 8, "B": 9, "C": 20}, seed=2)), before=Before(earlier, strict))
    assert [row.name for row in found.units.rows if row.scores[1].since] == ["C"]


def test_thresholds_may_be_raised_and_never_lowered() -> None:
    policy = Policy(least=7)
    assert policy.raised(least=12) == Policy(least=12, least_texts=12)
    for lower in ({"least": 6}, {"least_texts": 9}):
        with pytest.raises(ValueError, match="raised, never lowered"):
            policy.raised(**lower)
    with pytest.raises(ValueError, match="never shown"):
        Policy(least=4)
    with pytest.raises(ValueError, match="comments need"):
        Policy(least_texts=9)
    assert set(released_of({"A": 6, "B": 9, "C": 20, "D": 20}, policy).units.hidden) == {"A", "B"}


def reachable(value: Any) -> Iterator[Any]:
    yield value
    if is_dataclass(value):
        for each in fields(value):
            yield from reachable(getattr(value, each.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from reachable(inner)


def a_full_release() -> Released:
    draw = random.Random(3)
    sheets = [
        Sheet(answers=answers(draw, left_out=0.05), unit=unit, other=draw.choice("xy"), comment="c")
        for unit, n in GOLDEN.items()
        for _each in range(n)
    ]
    roster = {unit: Headcount(eligible=50, delivered=50) for unit in GOLDEN}
    earlier = read(sheets_of(GOLDEN, seed=9), roster=roster)
    policy = Policy(has_second=True, comments_by_group=True)
    return release(PULSE, read(sheets, roster=roster), policy, before=Before(earlier, release(PULSE, earlier)))


def test_nothing_can_be_reached_from_what_is_released_but_frozen_values() -> None:
    for value in reachable(a_full_release()):
        if is_dataclass(value):
            assert value.__dataclass_params__.frozen, type(value)
            assert type(value).__module__ not in ("surveys.groups", "surveys.tally", "surveys.reading")
        else:
            assert isinstance(value, Enum | tuple | str | int | float | None), type(value)


def test_what_is_released_is_kept_as_json_and_comes_back_the_same() -> None:
    found = a_full_release()
    kept = json.dumps(freeze(found), allow_nan=False)
    assert thaw(Released, json.loads(kept)) == found


def test_what_is_kept_in_another_shape_is_refused() -> None:
    kept = freeze(released_of(GOLDEN))
    for broken in (
        {**kept, "more": 1},
        {key: value for key, value in kept.items() if key != "total"},
        {**kept, "wave": 3},
        {**kept, "asked": "AW1"},
        {**kept, "total": {**kept["total"], "state": "open"}},
    ):
        with pytest.raises(Misfit):
            thaw(Released, broken)
    with pytest.raises(TypeError):
        freeze({"raw": read(sheets_of(GOLDEN))})


def test_the_order_of_sheets_changes_nothing() -> None:
    sheets = sheets_of(GOLDEN)
    assert release(PULSE, read(sheets)) == release(PULSE, read(sheets[::-1]))
