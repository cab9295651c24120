"""`dity measure suppress`, from a file alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.measures.cli import measure
from tests.surveys.privacy.test_suppression import GOLDEN


def run(folder: Path, text: str, *args: str) -> Result:
    path = folder / "groups.csv"
    path.write_bytes(text.encode())
    return CliRunner().invoke(measure, ["suppress", str(path), *args])


def told(folder: Path, text: str, *args: str) -> dict[str, Any]:
    found = run(folder, text, "--json", *args)
    assert found.exit_code == 0, found.output
    whole: dict[str, Any] = json.loads(found.stdout)
    return whole


@pytest.mark.parametrize(("groups", "hidden"), [case for case in GOLDEN if case[0]])
def test_the_golden_tables_come_out_of_a_file(tmp_path: Path, groups: dict[str, int], hidden: set[str]) -> None:
    found = told(tmp_path, "group,n\n" + "".join(f"{name},{n}\n" for name, n in groups.items()))
    assert set(found["hidden"]) == hidden
    shown = {row["group"]: row["n"] for row in found["groups"]}
    assert shown == {name: None if name in hidden else n for name, n in groups.items()}
    assert found["total"]["n"] == (sum(groups.values()) if sum(groups.values()) >= 5 else None)


def test_several_tables_of_a_file_are_judged_each_by_itself(tmp_path: Path) -> None:
    text = "breakdown,n,group\r\nsite,4,Mill\r\nsite,9,House\r\nteam,7,A\r\nteam,6,B\r\n"
    found = told(tmp_path, text)
    assert [(table["breakdown"], table["hidden"]) for table in found["tables"]] == [
        ("site", ["House", "Mill"]),
        ("team", []),
    ]


def test_every_further_column_is_a_count_too(tmp_path: Path) -> None:
    found = told(tmp_path, "group,n,AW,TR3R\nA,6,4,0\nB,7,7,2\nC,20,20,1\n")
    assert (found["hidden"], found["columns_hidden"]) == (["A", "B"], ["TR3R"])
    assert found["groups"][2] == {"group": "C", "state": "shown", "n": 20, "columns": {"AW": 20, "TR3R": None}}
    assert found["total"] == {"n": 33, "columns": {"AW": 31, "TR3R": None}}


def test_sheets_without_a_group_are_a_group(tmp_path: Path) -> None:
    assert told(tmp_path, "group,n\n,3\nIT,12\nOps,9\n")["hidden"] == ["", "Ops"]


def test_more_people_may_be_asked_for_and_never_fewer(tmp_path: Path) -> None:
    assert told(tmp_path, "group,n\nA,8\nB,12\nC,30\n", "--min", "10")["hidden"] == ["A", "B"]
    assert run(tmp_path, "group,n\nA,8\n", "--min", "4").exit_code == 2


def test_people_read_a_table_that_names_what_is_hidden(tmp_path: Path) -> None:
    found = run(tmp_path, "\ufeffgroup,n\nHR,4\nIT,12\nLegal,6\nFin,0\nOps,30\n")
    assert found.exit_code == 0
    lines = [line.split() for line in found.stdout.splitlines()]
    assert lines == [
        ["group", "n"],
        ["HR", "hidden"],
        ["IT", "12"],
        ["Legal", "hidden"],
        ["Fin", "no", "answers"],
        ["Ops", "30"],
        ["everyone", "52"],
        ["hidden:", "HR,", "Legal"],
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("group,n\nHR,4\nIT,x\n", "line 3, column n: 'x'"),
        ("group,n\nHR,-4\n", "line 2, column n"),
        ("group,n\nHR,3.5\n", "line 2, column n"),
        ("group,n\nHR,\n", "line 2, column n"),
        ("group,n\nHR,٣\n", "line 2, column n"),
        ("group,n\nHR,4\nHR,5\n", "line 3, column group"),
        ("group,n,AW\nHR,4,5\n", "line 2, column AW"),
        ("group,people\nHR,4\n", "line 1, column n"),
        ("group,n,n\nHR,4,4\n", "line 1, column n"),
        ("group,n\nHR\n", "line 2: 1 values"),
        ('group,n\n"HR,4\n', "line 2: this is no CSV"),
        ('group,n\n"H\nR",4\nIT,x\n', "line 4, column n"),
        ("", "line 1: the file is empty"),
    ],
)
def test_a_bad_value_stops_with_its_line_and_column(tmp_path: Path, text: str, said: str) -> None:
    found = run(tmp_path, text)
    assert found.exit_code == 2
    assert found.stdout == "", "nothing is half read"
    assert f"groups.csv, {said}" in found.stderr


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_bytes(b"group,n\nB\xfcro,4\n")
    found = CliRunner().invoke(measure, ["suppress", str(tmp_path / "groups.csv")])
    assert found.exit_code == 2
    assert "UTF-8" in found.stderr
