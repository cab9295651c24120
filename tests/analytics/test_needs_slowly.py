"""The fast reading of the rules against a slow one, on hundreds of random tables."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

import pytest

from analytics import table
from analytics.needs import chaining, linking, reading
from analytics.needs.linking import METHODS
from analytics.needs.outcomes import Needs, Outcome, judge
from tests.analytics import slow_reading
from tests.analytics.random_tables import HOUR, MINUTE, event_rows, ticket_rows
from tests.analytics.slow_reading import Need, Slow

GAP = 30 * MINUTE


def fast(events: list[dict[str, Any]], tickets: list[dict[str, Any]], window: int, as_of: int) -> Needs:
    attempts = reading.read(table.events(events).until(as_of), gap=GAP)
    return judge(attempts, table.tickets(tickets).until(as_of), window=window, as_of=as_of)


def of_fast(needs: Needs) -> list[tuple[object, ...]]:
    rows = []
    for place, row in enumerate(needs.rows()):
        who = ("anon", row.actor, row.session or "") if needs.chains.is_anon[place] else ("user", row.actor)
        tickets = sorted(name for name, _ in row.tickets)
        rows.append((who, row.topic, row.start, row.end, row.n_events, row.outcome.value, tickets))
    return sorted(rows)


def of_slow(slow: Slow) -> list[tuple[object, ...]]:
    def row(need: Need, outcome: str) -> tuple[object, ...]:
        return need.actor, need.topic, need.start, need.end, len(need.events), outcome, sorted(need.tickets)

    return sorted([*(row(n, n.outcome) for n in slow.needs), *(row(n, "form_only") for n in slow.forms)])


def tables(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int, int]:
    dice = random.Random(seed)
    events = event_rows(dice, n=dice.randrange(1, 40), actors=dice.randrange(1, 4))
    tickets = ticket_rows(dice, events, n=dice.randrange(0, 5))
    as_of = max(row["at"] for row in events) + dice.choice((-5 * HOUR, 0, HOUR, 4 * HOUR, 90 * HOUR))
    return events, tickets, dice.choice((10 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR)), as_of


@pytest.mark.parametrize("block", range(8))
def test_both_readings_agree_on_every_need(block: int) -> None:
    for seed in range(block * 60, block * 60 + 60):
        events, tickets, window, as_of = tables(seed)
        slow = slow_reading.read(events, tickets, gap=GAP, window=window, as_of=as_of)
        needs = fast(events, tickets, window, as_of)
        assert of_fast(needs) == of_slow(slow), f"seed {seed}"
        links = {
            needs.tickets.id[place]: METHODS[method]
            for place, method in enumerate(needs.links.method.tolist())
            if method >= 0
        }
        assert links == {name: method for name, (*_, method) in slow.links.items()}, f"seed {seed}"
        orphans = {kind: needs.chains.n_orphans(is_anon=kind == "anon") for kind in ("user", "anon")}
        assert orphans == {kind: slow.orphans[kind] for kind in orphans}, f"seed {seed}"


def test_the_tables_meet_every_outcome_and_every_tie() -> None:
    outcomes, ties = set[str](), set[str]()
    for seed in range(160):
        events, tickets, window, as_of = tables(seed)
        needs = fast(events, tickets, window, as_of)
        outcomes |= {row.outcome.value for row in needs.rows()}
        ties |= {METHODS[method] for method in needs.links.method.tolist() if method >= 0}
    assert outcomes == {outcome.value for outcome in Outcome}
    assert ties == {"form", "agent", "topic", "met", "similar"}


@pytest.mark.parametrize("part", [chaining, linking])
def test_a_few_needs_and_tickets_at_a_time_change_nothing(part: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [tables(seed) for seed in range(60)]
    whole = [of_fast(fast(*case)) for case in cases]
    monkeypatch.setattr(part, "AT_A_TIME", 1)
    assert [of_fast(fast(*case)) for case in cases] == whole
