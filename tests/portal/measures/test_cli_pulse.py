"""`dity measure pulse`, from files alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.measures.cli import measure
from surveys.privacy.gate import release
from surveys.privacy.policy import Policy
from surveys.scoring import Sheet
from tests.surveys.sheets import PULSE, believable, read, sheet

ITEMS = [item.code for item in PULSE.asked_at("use")]


def written(path: Path, waves: dict[str | None, Sequence[Sheet]]) -> Path:
    """Write sheets as a file; a wave without a name has no column of it."""
    header = [*([] if None in waves else ["wave"]), "department", *ITEMS]
    with path.open("w", newline="", encoding="utf-8-sig") as lines:
        file = csv.writer(lines)
        file.writerow(header)
        for wave, sheets in waves.items():
            for each in sheets:
                cells = {"wave": wave, "department": each.unit, **each.answers}
                file.writerow([cells.get(name, "na") for name in header])
    return path


def run(answers: Path, *args: object) -> Result:
    return CliRunner().invoke(measure, ["pulse", str(answers), "--instrument", "pulse-1", *map(str, args)])


def told(answers: Path, *args: object) -> dict[str, Any]:
    found = run(answers, "--json", *args)
    assert found.exit_code == 0, found.output
    whole: dict[str, Any] = json.loads(found.stdout)
    return whole


def around(n: int, level: int, unit: str) -> list[Sheet]:
    """Return sheets that lean to a level in every dimension of the stage."""
    codes = PULSE.stage("use").dimensions
    return [sheet(min(5, max(1, level + i % 3 - 1)), *codes, unit=unit) for i in range(n)]


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """HR 4, IT 12, Sales 7, Ops 30, Legal 6: the first table of METRICS 4.6."""
    sheets = [
        each
        for unit, n in (("HR", 4), ("IT", 12), ("Sales", 7), ("Ops", 30), ("Legal", 6))
        for each in around(n, 4, unit)
    ]
    return written(tmp_path / "answers.csv", {None: sheets})


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(
        "department,eligible,delivered\nHR,10,10\nIT,20,20\nSales,30,28\nOps,100,98\nLegal,20,20\nBoard,6,6\n"
    )
    return path


def test_one_object_holds_every_figure_and_no_hidden_one(one: Path, roster: Path) -> None:
    whole = told(one, "--roster", roster)
    assert (whole["instrument"], whole["min"]) == ("pulse-1", 5)
    wave = whole["waves"][0]
    assert (wave["wave"], wave["stage"], wave["n"]) == (None, "use", 59)
    assert wave["hidden"] == ["HR", "Legal"]
    assert wave["n_hidden"] == 10
    by_name = {row["department"]: row for row in wave["departments"]}
    assert by_name["HR"] == {"department": "HR", "state": "hidden"}
    assert by_name["Legal"] == {"department": "Legal", "state": "hidden"}
    assert by_name["Board"]["state"] == "empty"
    assert (by_name["IT"]["n"], by_name["IT"]["response"]) == (12, 0.6)
    value = by_name["IT"]["scores"]["VA"]
    assert value["mean"] == 75
    assert value["low"] < 75 < value["high"]
    assert value["favourable"]["n"] == 36
    assert by_name["IT"]["items"] == {}, "items of groups under 30 are not told"
    assert set(by_name["Ops"]["items"]) == set(ITEMS)
    total = wave["total"]
    assert (total["n"], total["eligible"], total["response"]) == (59, 186, 59 / 182)
    assert total["scores"]["VA"]["weighted"]["left_out"] == ["Board"]
    assert total["scores"]["VA"]["weighted"]["strata"] == 4
    assert wave["response"]["apart"] is True
    assert wave["straight_liners"]["n"] == 21
    assert set(wave["straight_liners"]["without"]) == {"index", "VA", "EA", "SO", "SU", "TR", "RV", "IN"}
    assert wave["reliability"]["VA"]["n"] == 38, "without straight lines"
    assert wave["drivers"]["dimensions"]["VA"]["n"] == 59
    assert wave["change"] is None


def test_its_figures_are_those_the_portal_reads(one: Path) -> None:
    wave = told(one)["waves"][0]
    with one.open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    sheets = [
        Sheet(answers={code: int(row[code]) for code in ITEMS if row[code] != "na"}, unit=row["department"])
        for row in rows
    ]
    released = release(PULSE, read(sheets, stage="use"), Policy(is_exact=True))
    for score in released.total.scores:
        assert score.mean is not None
        assert wave["total"]["scores"][score.code]["mean"] == score.mean.value.value


def test_every_wave_is_set_against_the_one_before(tmp_path: Path) -> None:
    after = around(44, 4, "HR") + around(40, 4, "IT") + around(4, 4, "Board")
    before = around(44, 3, "HR") + around(40, 4, "IT") + around(40, 4, "Board")
    wave = told(written(tmp_path / "a.csv", {"2026-2": after, "2026-1": before}))["waves"]
    assert [each["wave"] for each in wave] == ["2026-1", "2026-2"]
    change = wave[1]["change"]
    assert change["since"] == "2026-1"
    by_name = {row["department"]: row for row in change["departments"]}
    assert set(by_name) == {"HR"}, "Board is hidden now, and IT covers it"
    assert by_name["HR"]["VA"]["wording"] == "large_rise"
    assert by_name["HR"]["VA"]["stands_out"] is True
    assert change["total"]["VA"]["p_by"] == "mann_whitney", "more than 30 % of the second wave are at 100"
    footnote = change["total"]["VA"]["bootstrap"]
    assert footnote["low"] < change["total"]["VA"]["difference"] < footnote["high"]


def test_people_read_tables(one: Path, roster: Path) -> None:
    found = run(one, "--roster", roster)
    assert found.exit_code == 0, found.output
    for words in (
        "pulse-1, stage use",
        "59 valid sheets of 182 invited = 32.4 %",
        "Answers may not represent: departments' response lies more than 25 points apart.",
        "hidden: HR, Legal (10 sheets)",
        "Board             no answers",
        "First barrier: none (AW, SK not asked or without a score)",
        "correlation within one questionnaire; tends to be inflated",
    ):
        assert words in found.stdout
    assert "  hidden" in next(line for line in found.stdout.splitlines() if line.startswith("Legal"))


def test_fewer_sheets_than_are_ever_shown_tell_nothing(tmp_path: Path) -> None:
    few = written(tmp_path / "few.csv", {None: around(3, 4, "HR") + around(1, 4, "IT")})
    wave = told(few)["waves"][0]
    assert (wave["n"], wave["total"], wave["hidden"], wave["drivers"]) == (None, None, ["HR", "IT"], None)
    assert wave["flaws"] == []
    assert wave["response"]["valid"] is None
    assert "fewer than 5 valid sheets: nothing can be told" in run(few).stdout


def test_a_wave_of_empty_sheets_has_nothing_to_tell(tmp_path: Path) -> None:
    empty = written(tmp_path / "empty.csv", {None: [Sheet(answers={}, unit="HR")] * 9})
    assert told(empty)["waves"][0]["total"] is None


def test_a_higher_threshold_hides_more_and_a_lower_one_is_refused(one: Path) -> None:
    assert told(one, "--min", 8)["waves"][0]["hidden"] == ["HR", "Legal", "Sales"]
    refused = run(one, "--min", 4)
    assert refused.exit_code == 2
    assert "4 is not in the range" in refused.stderr


def test_sheets_that_name_no_department_are_a_group_of_their_own(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", {None: around(12, 4, "IT") + around(3, 4, "") + around(9, 4, "Ops")})
    wave = told(path)["waves"][0]
    assert wave["hidden"] == ["Ops", "not stated"]
    assert [row["department"] for row in wave["departments"]] == ["IT", "Ops", "not stated"]


def test_columns_nobody_knows_are_named_beside_the_figures(one: Path) -> None:
    one.write_text(one.read_text(encoding="utf-8-sig").replace("department", "mood", 1))
    found = run(one, "--json")
    assert found.stderr == "answers.csv: columns not known, left out: mood\n"
    assert json.loads(found.stdout)["waves"][0]["departments"][0]["department"] == "not stated"


def test_a_bad_value_stops_with_its_line_and_column(one: Path) -> None:
    lines = one.read_text(encoding="utf-8-sig").splitlines()
    one.write_text("\n".join([*lines[:4], lines[4].rpartition(",")[0] + ",6", *lines[5:]]))
    found = run(one)
    assert found.exit_code == 2
    assert found.stdout == "", "nothing is half read"
    assert "answers.csv, line 5, column IN3R: '6' is no answer" in found.stderr


def test_an_unknown_instrument_is_answered_with_the_known_ones(one: Path) -> None:
    found = CliRunner().invoke(measure, ["pulse", str(one), "--instrument", "pulse-9"])
    assert found.exit_code == 2
    assert "there is no instrument 'pulse-9'; known: pulse-1" in found.stderr


def test_what_is_not_written_in_utf_8_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"department,AW1\nB\xfcro,4\n")
    found = run(bad)
    assert found.exit_code == 2
    assert "bad.csv is not written in UTF-8" in found.stderr


def test_flaws_come_with_evidence_and_handles(tmp_path: Path) -> None:
    low = [
        Sheet(answers=each.answers | {"EA1": 1, "EA2": 1, "EA3R": 5}, unit=each.unit) for each in believable(60, seed=1)
    ]
    path = written(tmp_path / "a.csv", {None: low})
    found = told(path)["waves"][0]["flaws"]
    assert {"flaw": "hard_to_find", "department": None}.items() <= found[0].items()
    assert {"figure": "score", "of": "EA", "below": 50.0, "value": 0.0}.items() <= found[0]["evidence"][0].items()
    assert found[0]["handles"]
    assert "hard to find (everybody): Synonyms" in run(path).stdout
