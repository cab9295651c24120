"""The files of `dity measure pulse`: METRICS 10."""

from __future__ import annotations

import pytest

from surveys.answers import Answers, read_answers, read_roster
from surveys.csvfile import BadFile
from surveys.groups import Headcount
from tests.surveys.sheets import PULSE


def answers(*lines: str) -> Answers:
    return read_answers(lines, PULSE)


def test_raw_answers_are_taken_as_ticked_and_left_out_ones_are_absent() -> None:
    found = answers("AW3R,department,AW1,AW2", "2,HR,na,", "5,,1,3")
    assert [sheet.answers for sheet in found.sheets[None]] == [{"AW3R": 2}, {"AW3R": 5, "AW1": 1, "AW2": 3}]
    assert [sheet.unit for sheet in found.sheets[None]] == ["HR", ""]


def test_a_sheet_without_any_answer_is_a_sheet() -> None:
    assert len(answers("AW1,department", ",", "4,HR").sheets[None]) == 2


def test_waves_come_in_order_of_their_labels_whatever_the_order_of_lines() -> None:
    found = answers("wave,VA1,SO1", "2026-2,4,", "2026-1,,3", "2026-2,5,")
    assert list(found.sheets) == ["2026-1", "2026-2"]
    assert found.asked == {"2026-1": ("SO1",), "2026-2": ("VA1",)}, "asked is what anybody answered in that wave"


def test_other_columns_are_named_an_unturned_code_among_them() -> None:
    assert answers("AW1,AW3,mood", "4,2,good").unknown == ("AW3", "mood")


@pytest.mark.parametrize("tick", ["0", "6", "3.5", "yes", "-1", "NA", "4 5", "٣", "05"])
def test_anything_else_stops_with_line_and_column(tick: str) -> None:
    with pytest.raises(BadFile) as refused:
        answers("AW1,AW2", "4,5", f"3,{tick}")
    assert (refused.value.line, refused.value.column) == (3, "AW2")
    assert "is no answer: 1, 2, 3, 4, 5, na or empty" in str(refused.value)


def test_a_file_without_items_sheets_or_a_waves_name_is_refused() -> None:
    with pytest.raises(BadFile, match="no column is an item of pulse-1, such as AW1"):
        answers("department,mood", "HR,4")
    with pytest.raises(BadFile, match="there is no sheet in it"):
        answers("department,AW1")
    with pytest.raises(BadFile, match="line 3, column wave: no wave is named"):
        answers("wave,AW1", "2026-1,3", ",3")


def test_a_roster_holds_for_every_wave_or_for_one() -> None:
    found = read_roster(["department,eligible,delivered,wave", "HR,40,38,", "HR,44,44,2026-2", ",3,3,"])
    assert found.of("2026-1") == {"HR": Headcount(eligible=40, delivered=38), "": Headcount(eligible=3, delivered=3)}
    assert found.of("2026-2")["HR"] == Headcount(eligible=44, delivered=44)
    assert read_roster(["department,eligible,delivered,site", "HR,40,38,x"]).unknown == ("site",)


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("IT,-1,3", "line 3, column eligible: '-1' is no whole number of people"),
        ("IT,4,3.0", "line 3, column delivered: '3.0' is no whole number of people"),
        ("HR,4,3", "line 3, column department: 'HR' stands here for the second time"),
        ("IT,,3", "line 3, column eligible: '' is no whole number of people"),
    ],
)
def test_a_bad_roster_is_refused(line: str, trouble: str) -> None:
    with pytest.raises(BadFile, match=trouble):
        read_roster(["department,eligible,delivered", "HR,40,38", line])


def test_a_roster_without_its_columns_is_refused() -> None:
    with pytest.raises(BadFile, match="the column 'delivered' is missing"):
        read_roster(["department,eligible", "HR,40"])
