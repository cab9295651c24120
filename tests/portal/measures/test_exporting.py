"""From the exported files alone, the very figures of the dashboards."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from analytics import telling
from portal.core import clock
from portal.measures import counting, daily, fold, kept, reports
from tests.factories import kb, tickets
from tests.factories.measures import searched, solved, user, viewed
from tests.factories.people import person

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def folded(app: Flask, db: Any) -> Flask:
    """Ten days of people who search, read, say whether it helped, and hand over."""
    topic = kb.category("Network")
    people = [person(f"Person {number}") for number in range(8)]
    db.session.flush()
    for day in range(10):
        for number, one in enumerate(people):
            if (day + number) % 2:
                continue
            who, at = user(one.id, department=number % 2 + 1), MONDAY + day * DAY + number * MINUTE
            key = searched(who, at, f"vpn token {number}", 4 if number % 3 else 0)
            if number % 3:
                viewed(who, at + MINUTE, 1, search=key, rank=number, topic=topic.ref)
            if number == 2:
                solved(who, at + 2 * MINUTE, 1, yes=day % 3 != 0, topic=topic.ref)
            if number == 4:
                solved(who, at + 26 * 60 * MINUTE, 1, topic=topic.ref)
            if number == 5 and day % 4 == 1:
                with clock.frozen(at + dt.timedelta(hours=2)):
                    tickets.ticket(one, category=topic)
    db.session.commit()
    with clock.frozen(MONDAY + 10 * DAY):
        for _day in counting.counted():
            pass
    return app


def test_the_command_says_of_the_files_what_the_dashboard_says_of_the_ledger(folded: Flask, tmp_path: Path) -> None:
    run = folded.test_cli_runner()
    said = run.invoke(args=["measure", "export", str(tmp_path)])
    assert said.exit_code == 0, said.output
    command = said.output.splitlines()[-1].split()
    assert command[:3] == ["dity", "measure", "needs"]
    for window in (4, 24, 72):
        hours = [f"{window}h" if word == "24h" and before == "--window" else word
                 for before, word in zip(["", *command], command, strict=False)]  # fmt: skip
        told = json.loads(run.invoke(args=[*hours[1:], "--json"]).output)
        found = kept.find(MONDAY.date() - 18 * DAY, MONDAY.date() + 10 * DAY, window)
        assert found is not None
        ours = telling.deflection(found.whole)
        theirs = {name: told[name] for name in ours}
        ours["counts"]["orphan_answers"] = theirs["counts"]["orphan_answers"]
        assert ours == theirs
        assert ours["n"] > 10 or window == 72
        assert told["search"]["searches"] == found.search.tally.searches
        assert told["search"]["mrr"] == pytest.approx(found.search.mrr, abs=1e-12)
        assert told["excluded"] == found.excluded


def test_days_add_up_to_what_the_report_says(folded: Flask) -> None:
    since, until = MONDAY.date(), MONDAY.date() + 10 * DAY
    found = kept.find(since, until, 24)
    assert found is not None
    sums = daily.totals(since, until)
    counts = daily.counts_of(sums)
    assert (counts.n, counts.confirmed, counts.escalated) == (
        found.whole.counts.n, found.whole.counts.confirmed, found.whole.counts.escalated,
    )  # fmt: skip
    tally = replace(daily.tally_of(sums), sum_of_reciprocals=0.0)
    assert tally == replace(found.search.tally, sum_of_reciprocals=0.0)
    assert sums["tickets.opened"] == 3
    assert sums["people"] == 10 * 8


def test_counting_every_day_anew_gives_the_same_sums(folded: Flask) -> None:
    since, until = MONDAY.date(), MONDAY.date() + 10 * DAY
    before = daily.sums(since, until)
    with clock.frozen(MONDAY + 10 * DAY):
        assert len(list(counting.counted(is_anew=True))) == 10
    assert daily.sums(since, until) == before


def test_a_kept_report_is_the_one_that_is_worked_out(folded: Flask) -> None:
    until = fold.as_of()
    assert until is not None
    read = reports.read(until - 28 * DAY, until)
    assert read is not None
    assert kept.find(until - 28 * DAY, until, 24) == read.report(24)
