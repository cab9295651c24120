"""A small golden table for each rule of METRICS 1.10 that speaks of needs, tickets and outcomes."""

from __future__ import annotations

import pytest

from analytics import table
from analytics.needs import trails
from analytics.words import are_one_quest, are_similar, normal
from tests.analytics.small_tables import judged, on, reckoned, search, solved, ticket, ties, told, view

YES = [("vpn", "confirmed")]


# Reading a table


def test_rule_1_at_one_moment_types_stand_in_order_and_no_after_yes() -> None:
    """The view comes first although written last; of two answers of one moment the no is the last."""
    rows = [solved("09:00", "no", id="a"), solved("09:00", "yes", id="b"), view("09:00", id="c")]
    assert told(judged(rows)) == [("vpn", "failed")]


def test_rule_1_the_id_decides_last() -> None:
    rows = [on("09:00", "intent", value="yes", id="a"), on("09:00", "view", id="b"), on("09:00", "view", id="a2")]
    ordered = table.events(rows)
    assert [ordered.id[place] for place in range(3)] == ["a2", "b", "a"]


def test_rule_1_the_first_line_of_an_id_wins_and_the_others_are_counted() -> None:
    found = reckoned(
        [view("09:00", id="x"), view("12:00", id="x"), solved("09:01")], [ticket("T", "10:00"), ticket("T", "2 10:00")]
    )
    assert (found.left_out.repeated_events, found.left_out.repeated_tickets) == (1, 1)
    assert found.deflection.counts.escalated == 1


def test_rule_1_what_comes_after_the_moment_of_measuring_is_ignored_and_counted() -> None:
    rows = [view("09:00"), solved("3 09:00"), solved("3 09:00:01", "no")]
    found = reckoned(rows, [ticket("T", "3 10:00")], as_of="3 09:00", window=1_000)
    assert (found.left_out.later_events, found.left_out.later_tickets) == (1, 1)
    assert found.deflection.counts.presumed == 1, "the boundary itself is in, as an orphan"
    assert found.deflection.counts.orphan_answers == 1


@pytest.mark.parametrize(("pause", "outcomes"), [("10:00", 1), ("10:00:01", 2)])
def test_rule_1_the_window_includes_its_boundary(pause: str, outcomes: int) -> None:
    assert len(told(judged([view("09:00"), view(pause)], hours=1))) == outcomes


@pytest.mark.parametrize(("end", "n"), [("09:30:00", 1), ("09:30:01", 2)])
def test_rule_1_the_gap_includes_its_boundary(end: str, n: int) -> None:
    (row,) = judged([view("09:00"), view(end)]).rows()
    assert row.n_attempts == n


@pytest.mark.parametrize(("as_of", "outcome"), [("2 09:00", "presumed"), ("2 08:59:59", "immature")])
def test_rule_1_maturity_includes_its_boundary(as_of: str, outcome: str) -> None:
    assert told(judged([view("1 09:00")], as_of=as_of)) == [("vpn", outcome)]


def test_rule_2_a_click_on_a_list_or_a_ticket_opens_no_content() -> None:
    for kind in ("ticket", "form", "list", "person"):
        assert told(judged([search("09:00", topic="vpn"), view("09:01", object_type=kind)])) == [("vpn", "abandoned")]


def test_rule_3_what_belongs_to_no_need_is_set_aside_and_counted() -> None:
    aside = ("suggest_shown", "answer", "vote", "share", "contribute", "flag", "assess_start", "assess_done")
    rows = [on("09:00", kind, topic="vpn") for kind in (*aside, "campaign_exposed", "reward_granted")]
    found = reckoned([*rows, view("09:01", object_type="ticket"), view("12:00")])
    assert found.left_out.set_aside == 11
    assert found.deflection.counts.n == 1
    assert [row.n_events for row in found.needs.rows()] == [1]


def test_rule_3_what_is_set_aside_bridges_no_gap() -> None:
    rows = [view("09:00"), on("09:20", "vote", topic="vpn"), view("09:40")]
    assert [row.n_attempts for row in judged(rows).rows()] == [2]


def test_rule_4_links_are_told_by_one_of_five_ties() -> None:
    found = judged([view("09:00")], [ticket("T", "10:00", link_method="agent")])
    assert ties(found) == {"T": ("vpn", "topic")}, "what the file says of the tie is not believed"


# Who


def test_rule_5_a_change_of_role_keeps_what_came_before() -> None:
    rows = [view("09:00"), solved("09:01"), solved("09:02", "no", kind="editor"), view("09:03", kind="agent")]
    found = reckoned(rows)
    assert told(found.needs) == YES
    assert found.left_out.excluded == {"bot": 0, "editor": 1, "agent": 1, "admin": 0}


def test_rule_5_an_anonymous_person_is_one_for_each_session_and_never_in_n() -> None:
    rows = [
        view("09:00", kind="anon", session="s1"),
        view("09:01", kind="anon", session="s2"),
        view("09:02", kind="anon", session="s1"),
        on("09:03", "form_submit", topic="vpn", kind="anon", session="s2"),
    ]
    found = reckoned(rows, [ticket("T", "09:10")])
    assert found.deflection.counts.n == 0
    assert (found.anonymous.presumed, found.anonymous.escalated) == (1, 1)
    assert ties(found.needs) == {}, "an anonymous person has no tickets"


# Topic, attempt, need


def test_rule_6_an_opening_comes_from_the_search_it_names_also_through_a_click() -> None:
    rows = [
        search("09:00", "vpn", id="s"),
        search("09:10", "printer", id="p", topic="printing"),
        on("09:11", "result_click", object="A1", topic="email", source="s", id="c"),
        view("09:12", "A1", "email", source="c"),
    ]
    assert told(judged(rows)) == [("email", "presumed"), ("printing", "abandoned")]


def test_rule_6_without_a_source_it_is_the_latest_search_within_the_gap_on_the_page_of_results() -> None:
    from_results = [search("09:00", "x", topic="a"), view("09:30", topic="b", surface="search")]
    assert told(judged(from_results)) == [("b", "presumed")]
    too_late = [search("09:00", "x", topic="a"), view("09:30:01", topic="b", surface="search")]
    assert told(judged(too_late)) == [("a", "abandoned"), ("b", "presumed")]
    elsewhere = [search("09:00", "x", topic="a"), view("09:01", topic="b", surface="home")]
    assert told(judged(elsewhere)) == [("a", "abandoned"), ("b", "presumed")]


def test_rule_6_a_source_that_is_not_known_is_none() -> None:
    rows = [search("09:00", "x", topic="a"), view("09:01", topic="b", surface="search", source="gone")]
    assert told(judged(rows)) == [("a", "abandoned"), ("b", "presumed")]


def test_rule_7_everything_opened_from_one_search_has_the_topic_of_the_last() -> None:
    rows = [
        search("09:00", "help", id="s", topic="vote"),
        view("09:01", "A1", "vpn", source="s"),
        view("09:02", "A2", "email", source="s"),
        solved("09:03", thing="A1", topic="vpn"),
        view("09:04", "A3", "printing"),
    ]
    assert told(judged(rows)) == [("email", "confirmed"), ("printing", "presumed")], "answers go where the object went"


def test_rule_7_topics_met_on_the_way_are_kept_for_linking() -> None:
    rows = [
        search("09:00", "help", id="s"),
        view("09:01", "A1", "vpn", source="s"),
        view("09:02", "A2", "email", source="s"),
    ]
    assert ties(judged(rows, [ticket("T", "10:00", "vpn")])) == {"T": ("email", "met")}


def test_rule_8_a_search_without_opening_goes_with_its_quest() -> None:
    after = [
        search("09:00", "vpn", id="s1"),
        search("09:02", "vpn token", id="s2"),
        view("09:03", topic="x", source="s2"),
    ]
    assert told(judged(after)) == [("x", "presumed")]
    before = [search("09:00", "vpn", id="s1"), view("09:01", topic="x", source="s1"), search("09:02", "token vpn")]
    assert told(judged(before)) == [("x", "presumed")]
    apart = [
        search("09:00", "vpn", topic="v"),
        search("09:02", "printer", id="s2"),
        view("09:03", topic="x", source="s2"),
    ]
    assert told(judged(apart)) == [("v", "abandoned"), ("x", "presumed")]


def test_rule_8_the_next_of_the_quest_goes_before_the_previous() -> None:
    rows = [
        search("09:00", "vpn", id="a"),
        view("09:01", topic="first", source="a"),
        search("09:05", "vpn token"),
        search("09:10", "vpn token gone", id="c"),
        view("09:11", topic="last", source="c"),
    ]
    assert [(row.topic, row.n_events) for row in judged(rows).rows()] == [("first", 2), ("last", 3)]


def test_rule_8_a_lost_quest_takes_the_form_then_the_vote_then_its_words() -> None:
    form = [search("09:00", topic="vote"), on("09:30", "form_start", topic="hardware")]
    assert told(judged(form)) == [("hardware", "abandoned")]
    late = [search("09:00", topic="vote"), on("09:30:01", "form_start", topic="hardware")]
    assert told(judged(late)) == [("hardware", "form_only"), ("vote", "abandoned")]
    beyond = [
        search("09:00", topic="vote"),
        search("09:05", "printer", topic="p"),
        on("09:06", "form_start", topic="h"),
    ]
    assert told(judged(beyond)) == [("h", "abandoned"), ("vote", "abandoned")]
    votes = [
        search("09:00", "vpn", topic="one"),
        search("09:02", "vpn token", topic="two"),
        search("09:04", "vpn token"),
    ]
    assert told(judged(votes)) == [("two", "abandoned")]
    words = [search("09:00", "Token VPN token"), search("09:10", "vpn")]
    assert told(judged(words)) == [("q:token vpn", "abandoned")]


def test_rule_9_other_events_take_the_topic_of_the_previous_one_else_of_the_next_else_none() -> None:
    rows = [view("09:00"), on("09:30", "form_abandon"), on("12:00", "form_start"), view("12:30", topic="email")]
    assert [(row.topic, row.n_events) for row in judged(rows).rows()] == [("email", 2), ("vpn", 2)]
    assert told(judged([view("09:00", topic=None)])) == [("none", "presumed")]


def test_rule_10_an_attempt_on_another_topic_interrupts_nothing() -> None:
    rows = [view("09:00"), view("09:10", "B", "email"), view("09:30")]
    assert [(row.topic, row.n_attempts) for row in judged(rows).rows()] == [("email", 1), ("vpn", 1)]


def test_rule_10_attempts_chain_without_limit_and_a_yes_closes_nothing() -> None:
    rows = [view("09:00"), solved("09:01"), view("1 09:01"), view("2 09:01"), solved("2 09:02", "no")]
    (row,) = judged(rows).rows()
    assert (row.outcome.value, row.n_attempts) == ("failed", 3)


def test_rule_10_askers_come_back_to_the_need_that_asked_whatever_the_gap() -> None:
    rows = [
        on("09:00", "ask", object="Q1", object_type="question", topic="vpn"),
        view("3 09:00", "A1", "vpn"),
        on("9 09:00", "accept", object="Q1", object_type="question", topic="other"),
        view("12 09:00", "A1", "vpn"),
    ]
    found = [(row.topic, row.outcome.value, row.n_events) for row in judged(rows, as_of="30 00:00").rows()]
    assert found == [("vpn", "confirmed", 3), ("vpn", "presumed", 1)]


def test_rule_11_answers_begin_nothing_and_are_orphans_without_a_need() -> None:
    rows = [view("09:00"), solved("3 09:00"), on("3 09:01", "form_abandon", topic="vpn"), view("3 09:02")]
    needs = judged(rows)
    assert told(needs) == [("vpn", "presumed"), ("vpn", "presumed")]
    assert needs.chains.n_orphans(is_anon=False) == 2
    assert [row.n_attempts for row in needs.rows()] == [1, 1]


def test_rule_11_an_answer_extends_its_need() -> None:
    needs = judged([view("09:00"), on("20:00", "helpful", object="A1", value="no"), view("1 19:00")])
    assert [row.n_events for row in needs.rows()] == [3]


def test_rule_12_a_form_alone_is_a_contact_and_its_ticket_has_no_attempt_before_it() -> None:
    rows = [on("09:00", "form_start", topic="vpn"), on("09:05", "form_submit", topic="vpn", object="T")]
    found = reckoned(rows, [ticket("T", "09:05")])
    assert (found.deflection.counts.form_only, found.deflection.counts.n) == (1, 0)
    assert ties(found.needs) == {}
    share = found.deflection.self_service_first
    assert share is not None
    assert (share.k, share.n) == (0, 1)


# Tickets


@pytest.mark.parametrize(
    ("at", "outcome"),
    [("08:59:59", "after_ticket"), ("09:00", "escalated"), ("1 09:10", "escalated"), ("1 09:10:01", "presumed")],
)
def test_rule_13_a_ticket_lies_from_the_start_to_the_end_and_the_window_both_included(at: str, outcome: str) -> None:
    assert told(judged([view("09:00"), view("09:10")], [ticket("T", at)])) == [("vpn", outcome)]


def test_rule_13_a_ticket_of_somebody_else_is_nothing_to_a_need() -> None:
    assert told(judged([view("09:00")], [ticket("T", "10:00", requester="u2")])) == [("vpn", "presumed")]


def test_rule_14_the_strongest_tie_wins_then_the_need_begun_last_then_the_last_topic() -> None:
    rows = [
        on("09:00", "form_submit", topic="a", object="T1"),
        view("09:01", "A1", "a"),
        view("09:02", "A2", "b", need="N7"),
        view("09:03", "A3", "c"),
        search("09:04", "broken badge", id="s", topic="d"),
    ]
    tickets = [
        ticket("T1", "10:00", "c", related="N7", subject="broken badge"),
        ticket("T2", "10:00", "c", related="N7", subject="broken badge"),
        ticket("T3", "10:00", "c", subject="broken badge"),
        ticket("T4", "10:00", "nothing", subject="Badge broken!"),
        ticket("T5", "10:00", "nothing", subject="something else"),
    ]
    assert ties(judged(rows, tickets)) == {
        "T1": ("a", "form"),
        "T2": ("b", "agent"),
        "T3": ("c", "topic"),
        "T4": ("d", "similar"),
    }


def test_rule_14_among_equals_the_need_begun_last_then_the_last_topic_by_name() -> None:
    early_late = [view("09:00", topic="z", title="Badge"), view("09:10", "B", "a", title="badge")]
    assert ties(judged(early_late, [ticket("T", "10:00", None, subject="BADGE")])) == {"T": ("a", "similar")}
    at_once = [view("09:00", topic="a", title="Badge"), view("09:00", "B", "z", title="badge")]
    assert ties(judged(at_once, [ticket("T", "10:00", None, subject="BADGE")])) == {"T": ("z", "similar")}


def test_rule_14_several_tickets_on_one_need_are_one_escalation() -> None:
    found = reckoned([view("09:00")], [ticket("T1", "10:00"), ticket("T2", "11:00")])
    assert (found.deflection.counts.escalated, found.deflection.counts.n) == (1, 1)


def test_rule_15_a_form_sent_is_an_escalation_without_its_ticket_too() -> None:
    rows = [view("09:00"), on("09:05", "form_submit", topic="vpn", object="T9")]
    (row,) = judged(rows).rows()
    assert (row.outcome.value, row.why) == ("escalated", "sent a form; its ticket is not on file")


def test_rule_16_reading_what_the_agent_sent_is_not_self_service() -> None:
    tickets = [ticket("T", "09:00")]
    assert told(judged([view("1 09:00")], tickets)) == [("vpn", "after_ticket")]
    assert told(judged([view("1 09:00:01")], tickets)) == [("vpn", "presumed")]
    assert told(judged([view("10:00", topic="email")], tickets)) == [("email", "presumed")], "not related"
    second = [*tickets, ticket("T2", "11:00")]
    assert told(judged([view("10:00")], second)) == [("vpn", "escalated")], "a second ticket escalates all the same"


def test_rule_17_texts_are_similar_when_equal_or_alike_and_long_enough() -> None:
    assert normal("  Wi-Fi: CAFÉ? ") == "wifi cafe"
    assert are_similar("printer jam", "jammed printer")
    assert are_similar("vpn", "vpn")
    assert not are_similar("vpn", "pin")
    assert not are_similar("", "")
    assert are_one_quest("vpn", "my vpn token")


# Outcome


def test_rule_18_an_immature_need_has_no_outcome_even_with_its_ticket_there() -> None:
    found = reckoned([view("09:00"), solved("09:01")], [ticket("T", "10:00")], as_of="20:00")
    assert found.deflection.counts.immature == 1
    assert ties(found.needs) == {"T": ("vpn", "topic")}
    assert found.deflection.self_service_first is None, "its ticket is in neither term"


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([view("09:00"), solved("09:01"), on("09:02", "form_submit", topic="vpn")], "escalated"),
        ([view("09:00"), on("09:01", "form_start", topic="vpn"), solved("09:02", "yes")], "confirmed"),
        ([on("09:00", "form_start", topic="vpn"), view("09:01"), solved("09:02", "no")], "failed"),
        ([on("09:00", "form_start", topic="vpn"), view("09:01")], "averted"),
        ([search("09:00", topic="vpn"), view("09:01")], "presumed"),
        ([search("09:00", topic="vpn")], "abandoned"),
    ],
)
def test_rule_18_the_first_that_fits_wins(rows: list[dict[str, object]], outcome: str) -> None:
    assert told(judged(rows)) == [("vpn", outcome)]


def test_rule_19_the_last_answer_over_all_objects_decides_and_helpful_nothing() -> None:
    rows = [view("09:00"), view("09:01", "A2"), solved("09:02", "no"), solved("09:03", "yes", "A2")]
    rows.append(on("09:04", "helpful", object="A1", value="no"))
    assert told(judged(rows)) == YES


def test_rule_19_only_who_asked_can_accept() -> None:
    accept = on("09:05", "accept", object="Q1", object_type="question")
    asked = [on("09:00", "ask", object="Q1", object_type="question", topic="vpn"), accept]
    assert told(judged(asked)) == YES
    reader = [view("09:00", "Q1", object_type="question", n_results=1), accept]
    assert told(judged(reader)) == [("vpn", "presumed")]


@pytest.mark.parametrize(
    ("looks", "outcome"),
    [([], "presumed"), ([9.9], "abandoned"), ([10.0], "presumed"), ([3.0, 12.0], "presumed"), ([None], "presumed")],
)
def test_rule_20_a_measured_look_must_last_ten_seconds(looks: list[float | None], outcome: str) -> None:
    rows = [view("09:00"), *(on("09:01", "dwell", object="A1", seconds=seconds) for seconds in looks)]
    assert told(judged(rows)) == [("vpn", outcome)]


@pytest.mark.parametrize(("answers", "outcome"), [(0, "abandoned"), (1, "presumed"), (None, "abandoned")])
def test_rule_20_a_question_helps_only_if_it_had_an_answer(answers: int | None, outcome: str) -> None:
    rows = [view("09:00", "Q1", object_type="question", n_results=answers)]
    assert told(judged(rows)) == [("vpn", outcome)]


@pytest.mark.parametrize(("seconds", "outcome"), [(10.0, "presumed"), (9.0, "abandoned")])
def test_rule_20_an_answer_box_read_counts(seconds: float, outcome: str) -> None:
    rows = [search("09:00", topic="vpn", id="s")]
    rows.append(on("09:01", "dwell", object_type="snippet", source="s", seconds=seconds))
    assert told(judged(rows)) == [("vpn", outcome)]


def test_rule_20_what_was_read_before_the_form_did_not_help() -> None:
    form = on("09:05", "form_start", topic="vpn")
    assert told(judged([view("09:00"), form, on("09:06", "form_abandon")])) == [("vpn", "abandoned")]
    assert told(judged([view("09:00"), form, view("09:05")])) == [("vpn", "averted")]
    ask = on("09:05", "ask", object="Q1", topic="vpn")
    assert told(judged([view("09:00"), ask])) == [("vpn", "abandoned")]
    assert told(judged([ask, view("09:06")])) == [("vpn", "presumed")]


def test_rule_21_a_yes_belied_needs_a_ticket_at_or_after_it() -> None:
    rows = [view("09:00"), solved("09:10")]
    for at, k in (("09:10", 1), ("09:09:59", 0)):
        share = reckoned(rows, [ticket("T", at)]).deflection.false_yes
        assert share is not None
        assert (share.k, share.n) == (k, 1)
    no_more = reckoned([*rows, solved("09:20", "no")], [ticket("T", "10:00")]).deflection.false_yes
    assert no_more is None, "the last answer is no"


# Figures


def test_rule_22_the_last_word_on_intent_counts_and_none_is_no_data() -> None:
    rows = [view("09:00"), solved("09:01"), *(on("09:02", "intent", object="A1", value=word) for word in ("yes", "no"))]
    found = reckoned(rows).deflection
    assert found.intent is not None
    assert (found.intent.k, found.intent.n) == (0, 1)
    silent = reckoned([view("09:00"), solved("09:01")]).deflection
    assert (silent.intent, silent.avoided.value, silent.avoided.low) == (None, None, 0)


def test_rule_24_a_ticket_of_an_immature_or_excluded_need_is_in_neither_term() -> None:
    rows = [view("09:00"), view("3 09:00", actor="u2"), view("9 09:00", actor="u3"), view("09:30", "B", "email")]
    tickets = [ticket("T1", "10:00"), ticket("T2", "2 23:00", requester="u2"), ticket("T3", "9 10:00", requester="u3")]
    found = reckoned(rows, tickets, as_of="9 12:00").deflection
    assert (found.counts.n, found.counts.after_ticket, found.counts.immature) == (2, 1, 1)
    share = found.self_service_first
    assert share is not None
    assert (share.k, share.n) == (2, 3), "T2 was linked to nothing: its need came after it"


def test_rule_25_children_of_an_incident_are_left_out_and_shown_beside() -> None:
    tickets = [ticket("T1", "09:00"), ticket("T2", "09:10", parent="I1"), ticket("T3", "09:20")]
    found = reckoned([], tickets, eligible=40, months=2.0).contacts
    assert (found.n, found.n_with_children, found.rate, found.per_user_month) == (2, 3, 0.05, 0.025)
    assert reckoned([], tickets).contacts.rate is None


def test_rule_25_sessions_are_those_of_users_and_anonymous() -> None:
    rows = [
        view("09:00", session="a"),
        on("09:01", "vote", session="b"),
        view("09:02", session="c", kind="bot"),
        view("09:03", session="d", kind="anon"),
        view("09:04"),
    ]
    assert reckoned(rows).foreign.sessions == 3


def test_rule_26_letters_typed_are_one_search_about_one_thing() -> None:
    """Keystrokes would be needs of their own, since "v" shares no word with "vpn"."""
    rows = [search("09:00:00", "v"), search("09:00:03", "vp"), search("09:00:08", "vpn")]
    assert told(judged(rows)) == [("q:vpn", "abandoned")]
    slow = [search("09:00:00", "v"), search("09:00:06", "vp")]
    assert told(judged(slow)) == [("q:v", "abandoned"), ("q:vp", "abandoned")]


def test_rule_26_a_further_page_keeps_the_vote_of_its_search() -> None:
    rows = [search("09:00", "x", id="s", topic="vote"), search("09:01", "x", source="s", topic="page", n_results=0)]
    followed = trails.follow(table.events(rows))
    assert (len(followed.searches), followed.is_page.tolist()) == (1, [False, True])
    assert told(judged(rows)) == [("vote", "abandoned")]


@pytest.mark.parametrize(("second", "n"), [("09:01:00", 1), ("09:01:01", 2)])
def test_rule_26_the_same_words_within_a_minute_are_one_search(second: str, n: int) -> None:
    rows = [search("09:00", "vpn token"), view("09:00:30"), search(second, "Token VPN")]
    assert len(trails.follow(table.events(rows)).searches) == n


def test_rule_26_a_page_cannot_come_before_its_search() -> None:
    rows = [search("09:00", "x", source="s"), search("10:00", "y", id="s")]
    followed = trails.follow(table.events(rows))
    assert (len(followed.searches), followed.is_page.tolist()) == (2, [False, False])
