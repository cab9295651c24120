"""Reading day by day, and keeping days: the same as reading everything at once."""

from __future__ import annotations

import random
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from analytics import deflection, table
from analytics.columns import Coded
from analytics.needs import packing, reading
from analytics.needs.attempts import Attempts, Listed, Looks, together
from analytics.needs.outcomes import judge
from analytics.needs.packing import Unpackable
from analytics.needs.trails import HOUR
from tests.analytics.random_tables import event_rows, ticket_rows
from tests.analytics.small_tables import moment, on, search, solved, view

DAY = 24 * HOUR


def by_day(rows: list[dict[str, Any]], *, length: int = DAY, reach: int = reading.REACH) -> list[Attempts]:
    """Read each day by itself; the last piece is what was still open."""
    carry, parts = reading.nothing(), []
    begin, last = 0, max(row["at"] for row in rows)
    while begin <= last:
        day = [row for row in rows if begin <= row["at"] < begin + length]
        pieces, carry = reading.read_day(carry, table.events(day), until=begin + length, reach=reach)
        parts.append(pieces)
        begin += length
    return [*parts, reading.finish(carry, reach=reach)]


def pieces(attempts: Attempts) -> list[tuple[object, ...]]:
    """Tell every piece with all it carries, in one order."""
    rows = []
    for place in range(len(attempts)):
        row: list[object] = []
        for field in fields(attempts):
            column = getattr(attempts, field.name)
            if isinstance(column, Listed):
                row.append(sorted(column.of(place)))
            elif isinstance(column, Looks):
                mine = np.flatnonzero(column.owner == place)
                looks = [(column.object[i], int(column.opened_at[i]), repr(float(column.seconds[i]))) for i in mine]
                row.append(sorted(looks))
            else:
                row.append(str(column[place]))
        rows.append(tuple(map(str, row)))
    return sorted(rows)


@pytest.mark.parametrize("reach", [HOUR, 24 * HOUR, 72 * HOUR])
def test_days_in_turn_give_the_attempts_of_the_whole(reach: int) -> None:
    n_days = 0
    for seed in range(35):
        dice = random.Random(seed)
        rows = event_rows(dice, n=dice.randrange(2, 50), actors=2)
        parts = by_day(rows, length=dice.choice((6, 24, 25)) * HOUR, reach=reach)
        n_days += len(parts)
        assert pieces(together(parts)) == pieces(reading.read(table.events(rows), reach=reach)), f"seed {seed}"
    assert n_days > 150


def test_days_then_months_are_months() -> None:
    """Folding days into months changes no figure: not the counts, not the interval."""
    for seed in range(20):
        dice = random.Random(seed)
        rows = event_rows(dice, n=60, actors=3)
        asked = table.tickets(ticket_rows(dice, rows, n=4))
        days = by_day(rows)
        weeks = [together(days[begin : begin + 7]) for begin in range(0, len(days), 7)]
        whole = reading.read(table.events(rows), reach=reading.REACH)
        as_of = 90 * DAY
        found = [deflection.under(each, asked, window=DAY, as_of=as_of) for each in (together(weeks), whole)]
        assert found[0] == found[1]


def test_midnight_splits_no_attempt_and_loses_no_search() -> None:
    rows = [
        search("23:40", "vpn", id="s", topic="vote"),
        view("23:59", "A1", "vpn", source="s"),
        solved("1 00:20"),
        view("1 08:00", "A2", "email", source="s"),
    ]
    parts = by_day(rows)
    assert [len(part) for part in parts] == [0, 0, 2], "nothing is settled while the search may still be opened from"
    assert together(parts).topic.tally() == {"email": 2}


def test_what_is_settled_is_given_out_and_not_carried() -> None:
    early, late = view("02:00"), view("23:50", actor="u2")
    carry = reading.nothing()
    got, carry = reading.read_day(carry, table.events([early, late]), until=DAY, reach=HOUR)
    assert (len(got), len(carry.events)) == (1, 1)
    got, carry = reading.read_day(carry, table.events([]), until=2 * DAY, reach=HOUR)
    assert (len(got), len(carry.events)) == (1, 0)


def test_what_the_first_moment_of_tomorrow_can_reach_is_still_open() -> None:
    rows = [search("02:00", "vpn", id="s"), view("1 00:00", "A1", "email", source="s")]
    parts = by_day(rows, reach=22 * HOUR)
    assert pieces(together(parts)) == pieces(reading.read(table.events(rows), reach=22 * HOUR))
    assert together(parts).topic.tally() == {"email": 2}


def test_a_question_is_remembered_for_ever() -> None:
    ask = on("09:00", "ask", object="Q1", object_type="question", topic="vpn")
    accept = on("20 09:00", "accept", object="Q1", object_type="question")
    needs = judge(together(by_day([ask, accept])), table.tickets([]), window=DAY, as_of=60 * DAY)
    assert [(row.outcome.value, row.n_events) for row in needs.rows()] == [("confirmed", 2)]


def test_packed_attempts_are_what_they_were() -> None:
    for seed in range(20):
        rows = event_rows(random.Random(seed), n=40)
        attempts = reading.read(table.events(rows))
        data = packing.packed(attempts)
        assert pieces(packing.unpacked(data)) == pieces(attempts)
        assert packing.packed(packing.unpacked(data)) == data


def test_a_day_without_anything_can_be_kept_too() -> None:
    empty = packing.unpacked(packing.packed(reading.read(table.events([]))))
    assert len(empty) == 0
    one = reading.read(table.events([view("09:00")]))
    assert pieces(together([empty, one, empty])) == pieces(one)


def test_what_is_no_packed_attempts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packing.packed(reading.read(table.events([view("09:00")])))
    for wrong in (b"", b"nonsense", data[:-20]):
        with pytest.raises(Unpackable):
            packing.unpacked(wrong)
    monkeypatch.setattr(packing, "VERSION", packing.VERSION + 1)
    with pytest.raises(Unpackable, match="version 1"):
        packing.unpacked(data)


def test_only_the_chosen_pieces_are_kept() -> None:
    attempts = reading.read(table.events([view("09:00"), view("10:00", "A2", "email", title="Mail"), view("11:00")]))
    kept = attempts.take(attempts.start == moment("10:00"))
    assert len(kept) == 1
    assert (kept.texts.of(0), kept.looks.object[0]) == (["Mail"], "article:A2")
    assert isinstance(kept.topic, Coded)
