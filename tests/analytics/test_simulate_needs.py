"""What the simulator plants about needs is there, and the figures of the portal find it again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.columns import NONE
from analytics.events import Event, Name
from analytics.exits import ENDS, SOURCES, End
from analytics.reckoning import reckon
from analytics.scenarios import Scenario, Trial, attempt
from analytics.simulate import Simulation, simulate
from analytics.simulated import mature, tables
from analytics.world import Habits
from tests.analytics.worlds import UNTIL, world

SEEDS = range(20)
ENOUGH = 17
"""Of twenty intervals that hold 95 in a hundred, fewer hold less than once in 600 times."""
HOUR = 3_600_000


@pytest.fixture(scope="module")
def played() -> Simulation:
    return simulate(world(), seed=7, until=UNTIL)


@pytest.fixture(scope="module")
def events(played: Simulation) -> list[Event]:
    return list(played.columns.events())


@pytest.fixture(scope="module")
def alike() -> list[Trial]:
    return [attempt(Scenario.ALIKE, seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def biased() -> list[Trial]:
    return [attempt(Scenario.BIASED, seed) for seed in SEEDS]


def test_where_those_who_answer_are_like_the_others_the_interval_holds_the_truth(alike: list[Trial]) -> None:
    assert sum(trial.covers for trial in alike) >= ENOUGH
    assert sum(trial.covers_expected for trial in alike) >= ENOUGH
    assert np.mean([trial.high - trial.low for trial in alike]) < 0.1
    assert abs(np.mean([trial.value - trial.expected for trial in alike])) < 0.01


def test_where_people_answer_mostly_when_it_helped_only_the_estimate_is_wrong(biased: list[Trial]) -> None:
    assert all(trial.is_between for trial in biased)
    assert sum(trial.low > trial.truth for trial in biased) >= ENOUGH


def test_that_those_who_answer_differ_is_said_where_they_do(alike: list[Trial], biased: list[Trial]) -> None:
    assert sum(trial.says_voters_differ for trial in biased) >= ENOUGH
    assert sum(trial.says_voters_differ for trial in alike) <= len(alike) - ENOUGH


def test_floor_and_ceiling_hold_the_truth_in_both(alike: list[Trial]) -> None:
    assert all(trial.is_between for trial in alike)
    assert all(trial.floor < trial.value < trial.ceiling for trial in alike)


def test_every_need_ends_in_one_way_and_all_ways_occur(played: Simulation) -> None:
    assert sum(played.truth.ends.values()) == played.truth.n_needs == len(played.needs)
    assert min(played.truth.ends[end] for end in ENDS) > 100


def test_nobody_is_helped_who_did_not_read(played: Simulation, events: list[Event]) -> None:
    n_viewed = sum(event.name == Name.ARTICLE_VIEWED for event in events)
    assert played.truth.ends[End.SOLVED] < n_viewed
    assert not (played.exits.are(End.SOLVED) & played.needs.is_missing).any()


def test_what_is_handed_over_was_not_solved_and_somebody_meant_to_call(played: Simulation) -> None:
    need = played.tickets.need[played.tickets.need != NONE]
    assert len(set(need.tolist())) == len(need)
    assert played.exits.are(End.HANDED_OVER)[need].all()
    assert played.exits.would_call[need].all()
    assert (played.tickets.at[played.tickets.need != NONE] > played.needs.at[need]).all()


def test_tickets_come_by_every_way_and_only_the_form_leaves_facts(played: Simulation) -> None:
    counts = np.bincount(played.tickets.source, minlength=len(SOURCES))
    assert (counts > 100).all()
    opened = played.columns.named(Name.TICKET_OPENED)
    numbers = {int((opened.subject[place] or "").partition(":")[2]) for place in range(len(opened))}
    assert numbers == set(np.flatnonzero(played.tickets.source == SOURCES.index("portal")).tolist())


def test_fewer_go_straight_to_the_desk_once_they_know_the_portal(played: Simulation) -> None:
    straight = played.tickets.at[played.tickets.need == NONE]
    days = (straight - played.span.midnights[0]) // np.timedelta64(1, "D")
    year = len(played.span.days)
    assert (days < year // 4).sum() > 2 * (days >= year - year // 4).sum()


def test_stated_intent_is_the_true_one(played: Simulation) -> None:
    stated = played.columns.named(Name.INTENT_STATED)
    said = np.mean([props["would_have_called"] for props in stated.props])
    assert abs(said - played.exits.would_call.mean()) < 0.08


def test_a_gap_is_searched_in_vain_until_an_article_closes_it(played: Simulation) -> None:
    about = played.needs.target == 5  # written on 2 February
    closed = np.datetime64("2026-02-02")
    before = about & (played.needs.at < closed)
    assert before.sum() > 20
    assert played.needs.is_missing[before].all()
    assert not played.needs.is_missing[about & (played.needs.at >= closed + np.timedelta64(1, "D"))].any()
    handed_over = played.exits.are(End.HANDED_OVER)
    assert handed_over[before].mean() > 1.4 * handed_over[about & ~before].mean()


def test_most_questions_are_answered_by_others_and_only_some_vote(played: Simulation) -> None:
    asked, needs = played.asked, played.needs
    is_answered = asked.answerer != NONE
    assert abs(is_answered.mean() - Habits().is_answered) < 0.08
    assert (asked.answerer != needs.person[asked.need]).all()
    n_votes = np.array([len(voters) for voters in asked.voters])
    assert 0.2 < n_votes[is_answered].mean() < 1.0
    assert all(asker not in who for asker, who in zip(needs.person[asked.need].tolist(), asked.voters, strict=True))


def test_an_answer_comes_after_its_question_and_a_thank_you_after_the_answer(events: list[Event]) -> None:
    asked = {e.subject: e for e in events if e.name == Name.QUESTION_ASKED}
    given = {f"question:{e.props['question']}": e for e in events if e.name == Name.ANSWER_GIVEN}
    accepted = [e for e in events if e.name == Name.ANSWER_ACCEPTED]
    assert len(accepted) > 50
    assert all(asked[subject].at < given[subject].at for subject in given)
    assert all(given[e.subject or ""].at < e.at and e.visitor == asked[e.subject].visitor for e in accepted)


def test_the_same_seed_gives_the_same_tickets_and_answers() -> None:
    small = world(n_people=30, n_articles=8)
    first, second = (simulate(small, seed=3, until=UNTIL) for _ in range(2))
    assert first.truth == second.truth
    assert first.asked.voters == second.asked.voters
    for name in ("at", "person", "target", "source", "need"):
        assert np.array_equal(getattr(first.tickets, name), getattr(second.tickets, name)), name


def test_what_comes_after_reading_changes_nothing_of_what_people_look_for() -> None:
    small = world(n_people=30, n_articles=8)
    looks = [
        simulate(small, seed=3, until=UNTIL, habits=Habits(hands_over=share)).columns.named(Name.SEARCH_PERFORMED)
        for share in (0.1, 0.9)
    ]
    assert list(looks[0].events()) == list(looks[1].events())


def test_the_measure_links_the_tickets_that_came_from_needs(played: Simulation) -> None:
    happened, asked = tables(played, world())
    until = mature(played, window=24 * HOUR)
    found = reckon(happened, asked, as_of=until, window=24 * HOUR, windows=())
    assert found.deflection.counts.escalated == pytest.approx(played.truth.ends[End.HANDED_OVER], rel=0.1)
    assert found.deflection.counts.immature == 0
    intent = found.deflection.intent
    assert intent is not None
    assert intent.low <= played.truth.would_have_called <= intent.high


def test_the_measure_finds_the_planted_share_of_searches_in_vain(played: Simulation) -> None:
    happened, asked = tables(played, world())
    found = reckon(happened, asked, as_of=mature(played, window=24 * HOUR), window=24 * HOUR, windows=())
    share = found.findability.zero_results
    assert share is not None
    # The same words again within a minute are one search to the measure, and two to whoever typed them.
    assert played.truth.nothing_found - 0.02 < share.point < played.truth.nothing_found


def test_an_organisation_of_one_answers_nobody() -> None:
    alone = replace(world(n_people=1), campaigns=(), outages=())
    asked = simulate(alone, seed=1, until=UNTIL, habits=Habits(asks_community=1.0)).asked
    assert len(asked.need) > 0
    assert set(asked.answerer.tolist()) == {NONE}


def test_nothing_is_handed_over_after_the_end_or_by_somebody_who_left(played: Simulation) -> None:
    assert played.tickets.at.max() <= np.datetime64(UNTIL.replace(tzinfo=None))
    leavers = [place for place, person in enumerate(world().people) if person.left_on]
    own = played.tickets.at[np.isin(played.tickets.person, leavers)]
    assert len(own) > 20
    assert own.max() < np.datetime64("2026-06-12")
