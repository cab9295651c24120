"""`dity measure effect`, from a file alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.measures.cli import measure

HEADER = "department,period,value,start"
ROWS = [
    *("A,1,40,2", "A,2,50,2", "A,3,54,2", "A,4,58,2"),
    *("B,1,42,3", "B,2,43,3", "B,3,53,3", "B,4,57,3"),
    *("C,1,38,", "C,2,39,", "C,3,41,", "C,4,42,"),
]


def run(tmp_path: Path, text: str, *args: str) -> Result:
    file = tmp_path / "panel.csv"
    file.write_bytes(text.encode())
    return CliRunner().invoke(measure, ["effect", str(file), *args])


def test_one_object_holds_the_golden_figures_unrounded(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "\n".join([HEADER, *reversed(ROWS)]), "--json").stdout)
    assert told["effect"] == {"value": pytest.approx(10.6), "low": None, "high": None}
    assert (told["p"], told["placebo_rank"]) == (None, pytest.approx(1 / 6)), "not drawn by lot: no probability"
    assert round(told["fixed_effects"], 2) == 9.30
    assert told["counts"]["handouts"] == 6
    assert [(cell["departments"], cell["period"], round(cell["value"], 9)) for cell in told["cells"]] == [
        *((["A"], 2, 9.0), (["A"], 3, 11.0), (["A"], 4, 14.0), (["B"], 3, 8.0), (["B"], 4, 11.0))
    ]
    assert told["departments"] == {"A": 2, "B": 3, "C": None}


def test_the_direction_that_was_registered_and_the_lot_decide_what_the_share_is(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "\n".join([HEADER, *ROWS]), "--json", "--direction", "down", "--randomised").stdout)
    assert (told["p"], told["placebo_rank"]) == (1.0, None)


def test_people_get_a_table_that_says_it_in_a_sentence_first(tmp_path: Path) -> None:
    found = run(tmp_path, "\ufeff" + "\r\n".join([f"{HEADER},mood", *(f"{row},fine" for row in ROWS)]))
    assert found.exit_code == 0
    assert found.stdout.startswith("No detectable effect: no order of so few departments could show one.\n")
    assert "placebo rank" in found.stdout
    assert "columns not known, left out: mood" in found.stderr


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["department,period,value"], "line 1: there is no column start"),
        ([HEADER], "there is no line but the header"),
        ([HEADER, "A,1,4o,2"], "line 2, column value: '4o' is no number such as 12.5"),
        ([HEADER, "A,1,nan,2"], "line 2, column value: 'nan' is no number such as 12.5"),
        ([HEADER, "A,1.5,40,2"], "line 2, column period: '1.5' is no whole number"),
        ([HEADER, ",1,40,2"], "line 2, column department: is empty"),
        ([HEADER, "A,1,40,2", "A,1,41,2"], "line 3, column period: A has period 1 already"),
        ([HEADER, "A,1,40,2", "A,2,41,"], "line 3, column start: A starts in another period on another line"),
        ([HEADER, "A,1,40,2", "A,2,41,2", "B,1,40,"], "B has no value for period 2"),
        ([HEADER, "A,1,40,2", "B,1,40,"], "it takes two periods at least"),
        ([HEADER, "A,1,40"], "line 2: has 3 values, the header 4"),
        ([HEADER, 'A,1,"40,2'], "line 2: is no line of a table"),
    ],
)
def test_what_cannot_be_read_stops_it_with_the_line_and_column(tmp_path: Path, lines: list[str], said: str) -> None:
    found = run(tmp_path, "\n".join(lines))
    assert found.exit_code == 2
    assert said in found.stderr
    assert not found.stdout
