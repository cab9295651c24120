"""Which waves may be compared, and where: METRICS 4.3, 4.5 and 11."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.changes import Changes, changes, comparable
from surveys.groups import INDEX
from surveys.privacy.suppression import Suppression
from surveys.scoring import Sheet
from tests.surveys.sheets import PULSE, believable, read, sheet

NOTHING = Suppression(frozenset(), frozenset())


def spread(n: int, level: int, unit: str) -> list[Sheet]:
    """Return sheets around a level, with some spread."""
    return [sheet(min(5, max(1, level + i % 3 - 1)), unit=unit) for i in range(n)]


def changed(
    before: Sequence[Sheet],
    after: Sequence[Sheet],
    *,
    hidden_before: Suppression = NOTHING,
    hidden_after: Suppression = NOTHING,
) -> Changes:
    return changes(
        PULSE,
        read(before, wave="2026-1"),
        read(after, wave="2026-2"),
        hidden_before=hidden_before,
        hidden_after=hidden_after,
    )


def test_at_one_stage_everything_asked_is_compared() -> None:
    one, two = (read(believable(20, seed=seed), stage="use") for seed in (1, 2))
    found = comparable(PULSE, one, two)
    assert found.codes == (INDEX, "VA", "EA", "SO", "SU", "TR", "RV", "IN")
    assert found.reworded == ()


def test_across_stages_only_the_core_is_and_what_was_worded_anew_is_named() -> None:
    build, launch, design = (
        read(believable(20, seed=1, stage=stage), stage=stage) for stage in ("build", "launch", "design")
    )
    assert comparable(PULSE, design, build).codes == (INDEX, "VA", "SO", "IN")
    assert comparable(PULSE, design, build).reworded == (), "both before go-live"
    found = comparable(PULSE, build, launch)
    assert found.codes == (INDEX, "VA", "SO", "IN"), "SU is asked in both and means another thing"
    assert found.reworded == ("VA1", "VA2", "VA3R", "SO2", "IN1", "IN3R")


def test_awareness_is_never_carried_across_go_live() -> None:
    idea, launch = (read(believable(20, seed=1, stage=stage), stage=stage) for stage in ("idea", "launch"))
    assert "AW" not in comparable(PULSE, idea, launch).codes


def test_files_whose_stage_is_unknown_compare_what_both_have() -> None:
    asked = [item.code for item in PULSE.items]
    whole = read([sheet(4, "AW", "VA", "SO", "IN")], asked=asked)
    assert len(comparable(PULSE, whole, whole).codes) == 10
    stage = read(believable(20, seed=1), stage="use")
    assert comparable(PULSE, whole, stage).codes == (INDEX, "VA", "SO", "IN")


def test_only_units_of_exactly_the_same_name_that_both_waves_show() -> None:
    before = spread(9, 3, "HR") + spread(9, 3, "Sales") + spread(9, 3, "IT") + spread(9, 3, "Ops")
    after = spread(9, 4, "HR") + spread(9, 4, "Sales North") + spread(9, 4, "IT") + spread(9, 4, "Ops")
    found = changed(
        before,
        after,
        hidden_before=Suppression(frozenset({"IT"}), frozenset()),
        hidden_after=Suppression(frozenset({"Ops"}), frozenset()),
    )
    assert set(found.units) == {"HR"}
    assert found.new == ("Sales North",)
    assert found.since == "2026-1"


def test_a_column_hidden_in_either_wave_is_not_compared() -> None:
    found = changed(
        spread(9, 3, "HR"),
        spread(9, 4, "HR"),
        hidden_before=Suppression(frozenset(), frozenset({"VA"})),
        hidden_after=Suppression(frozenset(), frozenset({"SO"})),
    )
    assert set(found.total) == {INDEX, "IN"}
    assert set(found.units["HR"]) == {INDEX, "IN"}


def test_arrows_stand_where_a_change_stands_out_among_all_cells() -> None:
    units = [f"Unit {place}" for place in range(8)]
    before = [each for unit in units for each in spread(12, 3, unit)]
    after = [each for unit in units for each in spread(12, 5 if unit == "Unit 3" else 3, unit)]
    found = changed(before, after)
    assert found.arrows == {("Unit 3", code) for code in ("VA", "SO", "IN")}


def test_the_index_and_the_total_are_no_part_of_the_family() -> None:
    found = changed(spread(40, 2, "HR"), spread(40, 4, "HR"))
    assert ("HR", INDEX) not in found.arrows
    assert {unit for unit, _code in found.arrows} == {"HR"}
    assert found.total[INDEX].difference == 50


def test_waves_of_another_instrument_are_not_compared() -> None:
    one = read(believable(20, seed=1), stage="use")
    other = type(one)(**{field: getattr(one, field) for field in one.__dataclass_fields__} | {"instrument": "pulse-2"})
    assert comparable(PULSE, other, one).codes == ()
