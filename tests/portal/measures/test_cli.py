"""`dity measure needs`, from two files alone."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.measures.cli import measure

D1 = Path(__file__).parents[2] / "analytics" / "d1"
EVENTS, TICKETS = D1 / "events.jsonl", D1 / "tickets.jsonl"
AS_OF = ("--as-of", "2026-03-09T23:00:00Z")


def run(*args: object, events: Path = EVENTS, tickets: Path = TICKETS) -> Result:
    return CliRunner().invoke(measure, ["needs", str(events), str(tickets), *map(str, args)])


def told(*args: object) -> dict[str, Any]:
    found = run(*AS_OF, "--json", *args)
    assert found.exit_code == 0, found.output
    whole: dict[str, Any] = json.loads(found.stdout)
    return whole


def test_one_object_holds_counts_figures_and_rows_with_their_reason() -> None:
    found = told("--window", "24h", "--gap", "30m", "--eligible", 40)
    assert found["n"] == 11
    assert found["counts"] == {
        "confirmed": 2,
        "averted": 1,
        "presumed": 3,
        "failed": 1,
        "abandoned": 2,
        "escalated": 2,
        "immature": 1,
        "after_ticket": 0,
        "form_only": 0,
        "orphan_answers": 0,
    }
    floor = found["floor"]
    assert (floor["k"], floor["n"], round(floor["low"], 4), round(floor["high"], 4)) == (2, 11, 0.0514, 0.477)
    assert found["floor"]["value"] == 2 / 11, "unrounded"
    assert (round(found["estimate"]["value"], 4), round(found["estimate"]["count"], 4)) == (0.4242, 4.6667)
    assert found["estimate"]["stable"] is False
    assert found["contact_rate"]["value"] == 0.125
    assert found["tickets_avoided"]["value"] == pytest.approx(2.6667, abs=1e-4)
    assert {"actor": "u1", "topic": "vpn", "outcome": "confirmed"}.items() <= found["needs"][0].items()
    assert all(row["why"] for row in found["needs"])
    assert [row["outcome"] for row in found["needs"] if row["actor"] == "u12"] == ["immature"]
    assert {row["id"]: row["link_method"] for row in found["tickets"]} == {
        "T1": "topic",
        "T2": None,
        "T3": "topic",
        "T4": None,
        "T5": None,
    }


def test_what_is_not_known_is_null_and_never_nought() -> None:
    found = told()
    assert found["contact_rate"]["value"] is None
    assert found["search"]["mean_rank"] is None


def test_another_window_gives_other_needs() -> None:
    assert told("--window", "4h")["n"] == 12
    assert told("--window", "72h")["ceiling"]["k"] == 5


def test_a_period_tells_of_the_needs_that_ended_in_it() -> None:
    whole = told()
    days = sorted({row["end"][:10] for row in whole["needs"]})
    assert len(days) > 1
    for day in days:
        inside = [row for row in whole["needs"] if row["end"].startswith(day)]
        found = told("--since", day, "--until", day)
        assert found["needs"] == inside
        assert {name: n for name, n in found["counts"].items() if n} == Counter(row["outcome"] for row in inside)
        assert "search" not in found
    assert told("--since", days[0])["counts"] == whole["counts"]
    assert f"Those that ended from {days[0]}" in run(*AS_OF, "--since", days[0]).output
    refused = run(*AS_OF, "--since", days[1], "--until", days[0])
    assert (refused.exit_code, "lies behind" in refused.output) == (2, True)


def test_people_read_a_table() -> None:
    found = run(*AS_OF, "--eligible", 40, "--months", 0.25)
    assert found.exit_code == 0
    for words in ("2/11 = 0.1818 [0.0514, 0.4770]", "4.6667 needs; unstable", "11/14 = 0.7857", "2.6667", "14 : 5"):
        assert words in found.stdout
    assert "u8           email            escalated    ticket T3 followed" in found.stdout
    assert "0.5000" in found.stdout, "5 tickets of 40 people in a quarter of a month"


def test_a_bad_line_stops_with_its_number_and_field(tmp_path: Path) -> None:
    lines = EVENTS.read_text().splitlines()
    bad = tmp_path / "bad.jsonl"
    bad.write_text("\n".join([*lines[:4], lines[4].replace('"user"', '"robot"'), *lines[5:]]))
    found = run(*AS_OF, events=bad)
    assert found.exit_code == 2
    assert found.stdout == "", "nothing is half read"
    assert "bad.jsonl, line 5: actor_kind: must be one of user" in found.stderr


def test_unknown_fields_are_named_beside_the_figures(tmp_path: Path) -> None:
    more = tmp_path / "more.jsonl"
    more.write_text(TICKETS.read_text().replace('"source": "portal"', '"source": "portal", "mood": "bad"'))
    found = run(*AS_OF, "--json", tickets=more)
    assert found.stderr == "more.jsonl: fields not known, left out: mood\n"
    assert json.loads(found.stdout)["n"] == 11


@pytest.mark.parametrize(
    ("args", "trouble"),
    [
        (("--window", "24"), "is no length of time"),
        (("--gap", "-5m"), "is no length of time"),
        (("--as-of", "2026-03-09T23:00:00"), "does not say its time zone"),
        (("--eligible", "0"), "0 is not in the range"),
    ],
)
def test_a_wrong_option_is_refused_with_status_two(args: tuple[str, str], trouble: str) -> None:
    found = run(*args)
    assert found.exit_code == 2
    assert trouble in found.stderr


def test_without_a_moment_everything_up_to_now_is_known() -> None:
    found = run("--json")
    assert json.loads(found.stdout)["counts"]["immature"] == 0
