"""The edge cases of METRICS 1.9, each once."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from analytics import exchange, table
from tests.analytics.small_tables import judged, moment, on, reckoned, search, solved, ticket, ties, told, view


def test_bots_and_health_checks_are_counted_and_measured_nowhere() -> None:
    found = reckoned([view("09:00", kind="bot"), search("09:01", kind="bot")])
    assert found.left_out.excluded["bot"] == 2
    assert (found.deflection.counts.n, found.findability.tally.searches, found.foreign.sessions) == (0, 0, 0)


def test_editors_looking_at_their_own_work_are_left_out() -> None:
    found = reckoned([view("09:00", kind="editor"), solved("09:01", kind="editor")])
    assert found.left_out.excluded["editor"] == 2
    assert found.deflection.counts.n == 0


def test_an_agent_pasting_a_link_into_a_ticket_views_nothing() -> None:
    found = reckoned([on("09:00", "share", object="A1", topic="vpn", actor="cleo", kind="agent"), view("09:30")])
    assert found.left_out.excluded["agent"] == 1
    pasted_by_a_user = reckoned([on("09:00", "share", object="A1", topic="vpn")])
    assert (pasted_by_a_user.deflection.counts.n, pasted_by_a_user.left_out.set_aside) == (0, 1)


def test_a_role_that_changes_in_a_need_ends_what_counts_of_it() -> None:
    needs = judged([view("09:00"), view("09:05", kind="agent"), solved("09:06", kind="agent")])
    assert [(row.outcome.value, row.n_events) for row in needs.rows()] == [("presumed", 1)]


def test_merged_tickets_are_one_escalation() -> None:
    found = reckoned([view("09:00")], [ticket("T1", "09:30"), ticket("T2", "09:40")])
    assert (found.deflection.counts.escalated, len(found.needs.tickets_of(0))) == (1, 2)


def test_a_reopened_ticket_is_the_same_ticket() -> None:
    once = reckoned([view("09:00")], [ticket("T1", "09:30")], eligible=10)
    again = reckoned([view("09:00")], [ticket("T1", "09:30", reopened_n=2)], eligible=10)
    assert (again.contacts.n, again.deflection.counts) == (once.contacts.n, once.deflection.counts)


def test_a_call_logged_by_an_agent_belongs_to_who_called() -> None:
    called = ticket("T1", "09:30", source="phone")
    assert told(judged([view("09:00")], [called])) == [("vpn", "escalated")]


def test_who_signs_in_is_followed_from_there_on_only() -> None:
    rows = [
        search("09:00", kind="anon", session="s", id="a", topic="vpn"),
        view("09:01", source="a", session="s", surface="search"),
        solved("09:02", session="s"),
    ]
    found = reckoned(rows)
    assert (found.deflection.counts.confirmed, found.anonymous.abandoned) == (1, 1)


def test_what_arrives_out_of_order_is_read_in_order() -> None:
    late = [solved("09:05", "no"), view("09:00"), solved("09:04", "yes")]
    assert told(judged(late)) == [("vpn", "failed")]


def test_a_late_event_opens_a_matured_need_again() -> None:
    before = judged([view("09:00")], as_of="1 10:00")
    after = judged([view("09:00"), view("20:00")], as_of="1 10:00")
    assert (told(before), told(after)) == ([("vpn", "presumed")], [("vpn", "immature")])


def test_what_arrives_after_the_need_is_frozen_changes_nothing() -> None:
    rows = table.events([view("09:00"), solved("09:01")])
    limit = 24 * 3_600_000 + table.FROZEN_AFTER
    for late, n in ((0, 0), (limit, 0), (limit + 1, 1)):
        recorded = rows.at + np.array([0, late])
        kept, left_out = table.in_time(rows, recorded, window=24 * 3_600_000)
        assert (len(kept), left_out) == (2 - n, n)


def test_the_change_of_clocks_moves_nothing() -> None:
    """Half an hour over the change of 29 March 2026 is half an hour, whatever the clocks on the wall say."""
    berlin = ZoneInfo("Europe/Berlin")
    first, second = (dt.datetime(2026, 3, 29, hour, 45, tzinfo=berlin) for hour in (1, 3))
    times = [exchange.milliseconds(at.isoformat()) for at in (first, second)]
    assert times[1] - times[0] == 60 * 60_000
    rows: list[dict[str, Any]] = [view("00:00") | {"at": at} for at in times]
    needs = reckoned(rows, as_of="40000 00:00").needs
    assert [row.n_attempts for row in needs.rows()] == [2]


def test_when_a_person_is_erased_the_counts_stay() -> None:
    """The key by which somebody was known is destroyed; another nobody can trace takes its place everywhere."""
    rows = [view("09:00"), solved("09:01"), view("10:00", actor="u2"), view("10:00", topic="x", actor="u3")]
    tickets = [ticket("T1", "11:00", requester="u2")]
    before = reckoned(rows, tickets)
    after = reckoned(
        [row | {"actor": "f00d" if row["actor"] == "u2" else row["actor"]} for row in rows],
        [row | {"requester": "f00d"} for row in tickets],
    )
    assert before.deflection.counts == after.deflection.counts
    assert before.deflection.self_service_first == after.deflection.self_service_first


def test_articles_that_were_merged_are_one_object() -> None:
    rows = table.events(
        [view("09:00", "A1"), on("09:01", "dwell", object="A9", seconds=4.0), solved("09:02", thing="A9")]
    )
    merged = table.redirected(rows, {"A9": "A1"})
    assert {merged.object[place] for place in range(3)} == {"A1"}


def test_a_topic_put_elsewhere_is_read_anew_under_its_new_name() -> None:
    rows = [view("09:00", topic="mobile"), view("10:00", topic="phones")]
    apart = told(judged(rows))
    anew = table.retopiced(table.events(rows), {"mobile": "phones"})
    assert apart == [("mobile", "presumed"), ("phones", "presumed")]
    assert [anew.topic[place] for place in range(2)] == ["phones", "phones"]


def test_a_view_after_the_ticket_is_no_attempt_to_avoid_it() -> None:
    rows = [on("09:00", "form_start", topic="vpn", session="s"), view("09:30:01", session="s")]
    found = judged([rows[1]], [ticket("T1", "09:10")])
    assert told(found) == [("vpn", "after_ticket")]
    assert ties(found) == {}


def test_midnight_splits_nothing() -> None:
    (row,) = judged([view("23:50"), view("1 00:05")]).rows()
    assert (row.n_attempts, row.end - row.start) == (1, moment("00:15"))
