"""Floor, estimate and ceiling: the golden table D1, and what must hold of every table."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import deflection, exchange, table, telling
from analytics.deflection import Counts, Deflection
from analytics.needs import reading
from analytics.needs.outcomes import COUNTED, judge
from analytics.needs.trails import HOUR
from analytics.proportions import Share, wilson
from analytics.reckoning import Reckoning, naive_to_floor, reckon
from tests.analytics import slow_reading
from tests.analytics.small_tables import judged, solved, ticket, view
from tests.analytics.test_needs_slowly import tables

D1 = Path(__file__).parent / "d1"
AS_OF = exchange.milliseconds("2026-03-09T23:00:00Z")


def d1(hours: float = 24) -> Reckoning:
    with (D1 / "events.jsonl").open("rb") as events, (D1 / "tickets.jsonl").open("rb") as tickets:
        happened, asked = exchange.read_events(events)[0], exchange.read_tickets(tickets)[0]
    return reckon(happened, asked, as_of=AS_OF, window=int(hours * HOUR), eligible=40)


def interval(share: Share | None) -> tuple[int, int, float, float]:
    assert share is not None
    return share.k, share.n, round(share.low, 4), round(share.high, 4)


EXPECTED = {
    4: {
        "confirmed": "u1 u8 u9",
        "averted": "u7",
        "presumed": "u11 u2 u6 u9",
        "failed": "u5",
        "abandoned": "u10 u3",
        "escalated": "u4",
        "immature": "u12",
    },
    24: {
        "confirmed": "u1 u9",
        "averted": "u7",
        "presumed": "u11 u2 u6",
        "failed": "u5",
        "abandoned": "u10 u3",
        "escalated": "u4 u8",
        "immature": "u12",
    },
    72: {
        "confirmed": "u1 u9",
        "averted": "u7",
        "presumed": "u2 u6",
        "failed": "u5",
        "abandoned": "u10 u3",
        "escalated": "u11 u4 u8",
        "immature": "u12",
    },
}


@pytest.mark.parametrize("hours", [4, 24, 72])
def test_the_golden_table_puts_everybody_where_they_belong(hours: int) -> None:
    found: dict[str, list[str]] = {}
    for row in d1(hours).needs.rows():
        if row.session is None:
            found.setdefault(row.outcome.value, []).append(row.actor)
    assert {outcome: " ".join(sorted(actors)) for outcome, actors in found.items()} == EXPECTED[hours]


@pytest.mark.parametrize(
    ("hours", "floor", "ceiling", "r", "estimate", "needs"),
    [
        (4, (3, 12, 0.0889, 0.5323), (8, 12, 0.3906, 0.8619), (3, 4), 0.5625, 6.75),
        (24, (2, 11, 0.0514, 0.4770), (6, 11, 0.2801, 0.7873), (2, 3), 0.4242, 4.6667),
        (72, (2, 11, 0.0514, 0.4770), (5, 11, 0.2127, 0.7199), (2, 3), 0.3636, 4.0),
    ],
)
def test_the_golden_figures_under_each_window(
    hours: int, floor: object, ceiling: object, r: object, estimate: float, needs: float
) -> None:
    found = d1(hours).deflection
    assert (interval(found.floor), interval(found.ceiling)) == (floor, ceiling)
    assert found.calibration is not None
    assert (found.calibration.k, found.calibration.n) == r
    assert found.estimate is not None
    assert (round(found.estimate.value, 4), round(found.estimate.count, 4)) == (estimate, needs)
    assert not found.estimate.is_stable


def test_the_other_windows_are_shown_beside_the_chosen_one() -> None:
    shown = d1(24).windows
    assert {window // HOUR: other.counts for window, other in shown.items()} == {
        hours: d1(hours).deflection.counts for hours in (4, 24, 72)
    }


def test_without_topics_a_ticket_about_pay_would_escalate_a_need_about_the_vpn() -> None:
    found = d1().without_topics.counts
    assert found == Counts(confirmed=2, presumed=2, abandoned=2, escalated=3, failed=1, averted=1, immature=1)


def test_the_figure_of_vendors_is_four_and_a_half_times_the_floor() -> None:
    found = d1().deflection
    assert interval(found.no_ticket)[:2] == (9, 11)
    assert naive_to_floor(found) == pytest.approx(4.5)
    assert naive_to_floor(replace(found, floor=wilson(0, 11))) is None


def test_tickets_avoided_rest_on_who_would_have_asked() -> None:
    found = d1().deflection
    assert interval(found.intent)[:2] == (1, 2)
    assert found.avoided.value == pytest.approx(8 / 3)
    assert (found.avoided.low, found.avoided.high) == (1, 6)


def test_what_others_would_report() -> None:
    foreign = d1().foreign
    assert (foreign.sessions, foreign.ticket_users, foreign.sessions_to_ticket_users) == (14, 5, 2.8)
    assert round(foreign.self_service_rate or 0, 4) == 0.2857
    assert round(foreign.self_service_rate_estimated or 0, 4) == 0.4828


def test_self_service_comes_first_in_eleven_of_fourteen() -> None:
    assert interval(d1().deflection.self_service_first) == (11, 14, 0.5241, 0.9243)


def test_what_is_left_out_is_shown() -> None:
    found = d1()
    assert found.left_out.excluded == {"bot": 3, "editor": 2, "agent": 0, "admin": 0}
    assert (found.left_out.anonymous, found.anonymous) == (3, Counts(confirmed=1))


def test_contacts_of_forty_people_and_a_yes_that_was_none() -> None:
    found = d1()
    assert found.contacts.rate == 0.125
    assert interval(found.deflection.false_yes)[:2] == (1, 3)
    (belied,) = [row for row in found.needs.rows() if row.actor == "u8"]
    assert belied.why == "ticket T3 followed, on the same topic, although the last answer was yes"


def test_the_order_of_lines_changes_nothing() -> None:
    lines = (D1 / "events.jsonl").read_bytes().splitlines()
    tickets = exchange.read_tickets((D1 / "tickets.jsonl").read_bytes().splitlines())[0]
    told = []
    for seed in range(5):
        random.Random(seed).shuffle(lines)
        told.append(telling.as_object(reckon(exchange.read_events(lines)[0], tickets, as_of=AS_OF)))
    assert all(other == told[0] for other in told)


# What must hold of every table


def random_deflection(seed: int) -> tuple[Deflection, list[str]]:
    events, tickets, window, as_of = tables(seed)
    attempts = reading.read(table.events(events).until(as_of))
    needs = judge(attempts, table.tickets(tickets).until(as_of), window=window, as_of=as_of)
    outcomes = [row.outcome for place, row in enumerate(needs.rows()) if not needs.chains.is_anon[place]]
    return deflection.deflect(needs), [outcome for outcome in outcomes if outcome in COUNTED]


def test_outcomes_partition_the_needs_and_the_estimate_lies_between_floor_and_ceiling() -> None:
    n_estimates = 0
    for seed in range(120):
        found, outcomes = random_deflection(seed)
        assert found.counts.n == len(outcomes)
        assert Counter(outcomes) == {o: getattr(found.counts, o) for o in COUNTED if getattr(found.counts, o)}
        if found.estimate is not None:
            n_estimates += 1
            assert found.floor is not None
            assert found.ceiling is not None
            assert found.floor.point <= found.estimate.value + 1e-12 <= found.ceiling.point + 1e-9
            envelope = found.estimate.envelope_low, found.estimate.envelope_high
            assert envelope == (found.floor.low, found.ceiling.high)
            assert envelope[0] <= found.estimate.low <= found.estimate.high <= envelope[1]
    assert n_estimates > 20


def test_shuffling_changes_nothing_on_random_tables() -> None:
    for seed in range(40):
        events, tickets, window, as_of = tables(seed)
        told = []
        for _ in range(2):
            random.Random(seed).shuffle(events)
            random.Random(seed).shuffle(tickets)
            found = reckon(table.events(events), table.tickets(tickets), as_of=as_of, window=window, windows=())
            told.append(telling.as_object(found))
        assert told[0] == told[1]


def test_a_larger_window_never_unlinks_a_ticket() -> None:
    for seed in range(60):
        events, tickets, _, as_of = tables(seed)
        attempts = reading.read(table.events(events).until(as_of))
        asked = table.tickets(tickets).until(as_of)
        linked = [judge(attempts, asked, window=hours * HOUR, as_of=as_of).links.need >= 0 for hours in (1, 4, 24, 72)]
        for smaller, larger in pairwise(linked):
            assert not (smaller & ~larger).any()


def slow_figures(
    events: list[dict[str, Any]], tickets: list[dict[str, Any]], window: int, as_of: int
) -> dict[str, Any]:
    """Read the figures of 1.5 off the slow reading."""
    slow = slow_reading.read(events, tickets, gap=30 * 60_000, window=window, as_of=as_of)
    users = [need for need in slow.needs if need.actor[0] == "user" and need.outcome in set(COUNTED)]
    at = {row["id"]: row["at"] for row in reversed(tickets)}
    n, n_tickets = len(users), len(slow_reading.known(tickets, as_of))
    yes, belied, intents = 0, 0, []
    for need in users:
        answer = slow_reading.last_answer(need)
        if answer is not None and (answer["type"] == "accept" or answer["value"] == "yes"):
            yes += 1
            belied += any(at[name] >= answer["at"] for name in need.tickets)
        said = [event["value"] for event in need.events if event["type"] == "intent"]
        if need.outcome == "confirmed" and said:
            intents.append(said[-1] == "yes")
    return {
        "counts": Counter(need.outcome for need in users),
        "first": (n, n + n_tickets - len(slow.links)),
        "false_yes": (belied, yes),
        "intent": (sum(intents), len(intents)),
        "orphans": slow.orphans["user"],
        "aside": slow.set_aside,
    }


def test_the_figures_are_those_of_a_slow_reading() -> None:
    for seed in range(1000, 1080):
        events, tickets, window, as_of = tables(seed)
        slow = slow_figures(events, tickets, window, as_of)
        found = reckon(table.events(events), table.tickets(tickets), as_of=as_of, window=window, windows=())
        known = found.deflection
        pairs = {"first": known.self_service_first, "false_yes": known.false_yes, "intent": known.intent}
        assert {name: (s.k, s.n) if s else None for name, s in pairs.items()} == {
            name: slow[name] if slow[name][1] else None for name in pairs
        }, f"seed {seed}"
        assert {o: getattr(known.counts, o) for o in COUNTED} == {o: slow["counts"][o] for o in COUNTED}
        assert (known.counts.orphan_answers, found.left_out.set_aside) == (slow["orphans"], slow["aside"])


def test_slices_add_up_and_leave_out_who_would_stand_alone() -> None:
    rows = [view("09:00", actor=f"u{n}", department="sales" if n < 6 else "design") for n in range(9)]
    rows += [solved("09:01", actor="u1"), view("09:00", actor="u0", topic="email", department="sales")]
    rows += [view("09:00", actor=f"a{n}", kind="anon", department="design") for n in range(5)]
    needs = judged(rows, [ticket("T1", "10:00", requester="u2"), ticket("T2", "10:00", requester="x")])
    by_department = deflection.slices(needs, needs.chains.department)
    assert {name: found.counts for name, found in by_department.items()} == {
        "sales": Counts(confirmed=1, presumed=5, escalated=1)
    }
    assert by_department["sales"].self_service_first is None
    all_of_them = deflection.slices(needs, needs.chains.department, least=1)
    assert sum(found.counts.n for found in all_of_them.values()) == deflection.deflect(needs).counts.n == 10
    assert set(deflection.slices(needs, needs.chains.topic)) == {"vpn"}


# Resampling


def test_whole_people_are_resampled_as_the_rule_says() -> None:
    """Rule 23 word for word, with a loop for each round."""
    dice = np.random.default_rng(5)
    people = dice.integers(0, 3, (7, 4)).astype(np.float64)
    people[:, 3] = people[:, :3].sum(axis=1) + 1
    draws = np.random.default_rng(0).integers(0, 7, (2000, 7))
    shares, left_out = [], 0
    for draw in draws:
        confirmed, failed, silent, n = people[draw].sum(axis=0)
        if confirmed + failed == 0:
            left_out += 1
        else:
            shares.append((confirmed + confirmed / (confirmed + failed) * silent) / n)
    low, high = np.percentile(shares, [2.5, 97.5])
    assert deflection.resampled(people) == pytest.approx((low, high, left_out), abs=1e-12)


def test_drawing_in_parts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    people = np.random.default_rng(2).integers(0, 5, (53, 4)).astype(np.float64)
    people[:, 3] = people[:, :3].sum(axis=1) + 1
    whole = deflection.resampled(people)
    monkeypatch.setattr(deflection, "AT_A_TIME", 53 * 7)
    assert deflection.resampled(people) == whole


def test_nobody_answered_is_no_estimate_and_nothing_at_all_no_figures() -> None:
    found, _ = random_deflection(0)
    empty = reckon(table.events([]), table.tickets([]), as_of=0).deflection
    assert empty.counts == Counts()
    assert [empty.floor, empty.ceiling, empty.estimate, empty.avoided.value, empty.self_service_first] == [None] * 5
    assert deflection.calibrated(Counts(presumed=3, abandoned=1)) is None
    assert deflection.estimate(Counts(presumed=2), np.array([[0.0, 0.0, 2.0, 2.0]])) is None
    assert isinstance(found, Deflection)


@given(st.lists(st.integers(0, 40), min_size=6, max_size=6), st.integers(0, 20), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_what_is_avoided_never_exceeds_what_ended_well(numbers: list[int], yes: int, no: int) -> None:
    found = Counts(*numbers)
    intent = wilson(min(yes, found.confirmed), min(yes, found.confirmed) + min(no, found.confirmed))
    avoided = deflection.avoided(found, intent)
    assert avoided.value is None or 0 <= avoided.value <= avoided.high + 1e-9
    assert avoided.low <= avoided.high


def test_thirty_answers_make_an_estimate_stable() -> None:
    people = np.array([[1.0, 0.0, 1.0, 2.0]] * 29 + [[0.0, 1.0, 0.0, 1.0]])
    stable = deflection.estimate(Counts(confirmed=29, failed=1, presumed=29), people)
    assert stable is not None
    assert stable.is_stable
    fewer = deflection.estimate(Counts(confirmed=28, failed=1, presumed=28), people[1:])
    assert fewer is not None
    assert not fewer.is_stable
