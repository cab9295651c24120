"""The simulator keeps its promises: determinism, order, the planted truth, and a believable calendar."""

import datetime as dt
from dataclasses import replace
from math import sqrt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.columns import Columns
from analytics.events import Event, Name, check
from analytics.simulate import Simulation, simulate
from analytics.world import Habits, World
from tests.analytics.worlds import UNTIL, world

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def played() -> Simulation:
    return simulate(world(), seed=7, until=UNTIL)


@pytest.fixture(scope="module")
def events(played: Simulation) -> list[Event]:
    return list(played.columns.events())


def days(columns: Columns) -> np.ndarray:
    return columns.at.astype("datetime64[D]")


def is_near(k: int, n: int, share: float, *, sigmas: float = 4.0) -> bool:
    return abs(k - n * share) <= sigmas * sqrt(n * share * (1 - share)) + 1


def test_the_same_seed_and_instant_give_the_same_events() -> None:
    small = world(n_people=30, n_articles=8)
    first, second = (list(simulate(small, seed=3, until=UNTIL).columns.events()) for _ in range(2))
    assert first == second


def test_another_seed_gives_other_events() -> None:
    small = world(n_people=30, n_articles=8)
    first, second = (list(simulate(small, seed=seed, until=UNTIL).columns.events()) for seed in (3, 4))
    assert first != second


def test_two_hundred_people_make_a_year_worth_looking_at(played: Simulation) -> None:
    assert 60_000 <= len(played.columns) <= 150_000
    assert 15_000 <= played.truth.n_needs <= 50_000


def test_events_come_in_order_of_time(played: Simulation) -> None:
    assert (np.diff(played.columns.at) >= np.timedelta64(0)).all()


@pytest.mark.parametrize("hour", [0, 9, 12])
def test_nothing_happens_after_the_end(hour: int) -> None:
    until = dt.datetime(2026, 11, 18, hour, 30, tzinfo=dt.UTC)
    columns = simulate(world(n_people=60, n_articles=8), seed=1, until=until).columns
    assert columns.at.max() <= np.datetime64(until.replace(tzinfo=None))
    assert columns.at.max() > np.datetime64("2026-11-16")


def test_fifteen_months_are_played(played: Simulation) -> None:
    span = UNTIL.replace(tzinfo=None) - played.columns.at.min().astype(object)
    assert 64 * 7 <= span.days <= 66 * 7


def test_every_fact_is_one_of_the_vocabulary(events: list[Event]) -> None:
    for event in events:
        check(event.name, event.props)


def test_people_come_in_office_hours_by_their_own_clock(played: Simulation) -> None:
    searches = played.columns.named(Name.SEARCH_PERFORMED)
    local = [event.at.astimezone(LONDON) for event in searches.events()]
    in_hours = sum(8 <= at.hour < 18 for at in local)
    assert in_hours / len(local) > 0.95
    assert all(8 <= at.hour <= 22 for at in local)
    assert sum(at.weekday() >= 5 for at in local) / len(local) < 0.04


def test_closed_days_are_quiet(played: Simulation) -> None:
    found = days(played.columns)
    christmas = (found == np.datetime64("2025-12-25")).sum()
    assert christmas < 0.1 * (found == np.datetime64("2025-12-11")).sum()


def test_somebody_who_left_leaves_no_trace_afterwards(played: Simulation) -> None:
    leavers = [person.key for person in world().people if person.left_on]
    columns = played.columns
    own = days(columns.where(np.logical_or.reduce([columns.visitor.is_(key) for key in leavers])))
    assert len(own) > 100
    assert own.max() < np.datetime64("2026-06-12")


def test_somebody_new_leaves_no_trace_before(played: Simulation) -> None:
    own = days(played.columns.where(played.columns.visitor.is_("p8")))
    assert own.min() >= np.datetime64("2026-03-02")


def test_nobody_is_seen_before_they_know_the_portal(played: Simulation) -> None:
    known_from = played.truth.known_from
    columns = played.columns
    for key in columns.visitor.labels:
        own = days(columns.where(columns.visitor.is_(key)))
        assert len(own) == 0 or own.min() >= np.datetime64(known_from[key])


def test_a_restricted_article_is_opened_by_its_audience_only(played: Simulation) -> None:
    opened = played.columns.where(played.columns.subject.is_("article:3"))
    assert set(opened.department.tally()) == {"finance"}


def test_a_group_across_departments_is_an_audience_too(played: Simulation) -> None:
    managers = {person.key for person in world().people if person.groups}
    opened = played.columns.where(played.columns.subject.is_("article:9"))
    assert len(opened.department.tally()) > 1
    assert set(opened.visitor.tally()) <= managers


def test_an_article_is_not_opened_before_it_is_written(played: Simulation) -> None:
    opened = days(played.columns.where(played.columns.subject.is_("article:5")))
    assert opened.min() >= np.datetime64("2026-02-02")


def test_what_was_opened_from_a_search_names_that_search(events: list[Event]) -> None:
    searches = {event.props["search"]: event for event in events if event.name == Name.SEARCH_PERFORMED}
    clicks = [event for event in events if event.name == Name.SEARCH_RESULT_OPENED]
    assert len(searches) == sum(event.name == Name.SEARCH_PERFORMED for event in events)
    for click in clicks:
        search = searches[click.props["search"]]
        assert search.at < click.at
        assert search.visitor == click.visitor
        assert 1 <= int(str(click.props["rank"])) <= int(str(search.props["n_results"]))


def test_one_answer_stands_for_each_person_and_version(events: list[Event]) -> None:
    answers = [e for e in events if e.name == Name.SOLUTION_MARKED]
    assert len({(e.visitor, e.subject, e.props["version"]) for e in answers}) == len(answers)


def test_a_reason_is_given_for_a_no_alone(events: list[Event]) -> None:
    answers = [e for e in events if e.name == Name.SOLUTION_MARKED]
    assert any("reason" in e.props for e in answers)
    assert not any("reason" in e.props for e in answers if e.props["solved"])


def test_each_article_solves_the_planted_share(played: Simulation) -> None:
    answers = played.columns.named(Name.SOLUTION_MARKED)
    found: dict[tuple[str, int], list[bool]] = {}
    for place, props in enumerate(answers.props):
        found.setdefault((answers.subject[place] or "", props["version"]), []).append(props["solved"])
    assert set(found) <= set(played.truth.helpfulness)
    for key, said in found.items():
        assert is_near(sum(said), len(said), played.truth.helpfulness[key]), key


def test_the_improved_article_solves_more_than_before(played: Simulation) -> None:
    answers = played.columns.named(Name.SOLUTION_MARKED)
    own = answers.where(answers.subject.is_("article:0"))
    said = {v: [p["solved"] for p in own.props if p["version"] == v] for v in (1, 2)}
    assert min(map(len, said.values())) > 60
    assert np.mean(said[2]) - np.mean(said[1]) > 0.15
    assert max(days(own.where(np.array([p["version"] == 1 for p in own.props])))) < np.datetime64("2026-05-04")


def test_the_share_of_searches_that_find_nothing_is_the_planted_one(played: Simulation) -> None:
    searches = played.columns.named(Name.SEARCH_PERFORMED)
    empty = sum(props["n_results"] == 0 for props in searches.props)
    # Two searches of one need share their luck, hence the wider bound.
    assert is_near(empty, len(searches), played.truth.nothing_found, sigmas=6)


def test_intent_is_stated_on_a_sample_of_yes_answers(played: Simulation) -> None:
    stated = played.columns.named(Name.INTENT_STATED)
    yes = sum(props["solved"] for props in played.columns.named(Name.SOLUTION_MARKED).props)
    would = sum(props["would_have_called"] for props in stated.props)
    assert is_near(len(stated), yes, Habits().asked_for_intent)
    assert is_near(would, len(stated), played.truth.would_have_called)


def test_the_campaign_lifts_its_department_alone(played: Simulation) -> None:
    without = simulate(replace(world(), campaigns=()), seed=7, until=UNTIL)
    weeks = {}
    for name, columns in (("with", played.columns), ("without", without.columns)):
        views = columns.named(Name.ARTICLE_VIEWED)
        on = (days(views) >= np.datetime64("2026-03-02")) & (days(views) < np.datetime64("2026-04-27"))
        weeks[name] = views.where(on).department.tally()
    assert 1.6 < weeks["with"]["sales"] / weeks["without"]["sales"] < 2.5
    for department in ("finance", "workshop", "design"):
        assert 0.8 < weeks["with"][department] / weeks["without"][department] < 1.25


def test_finance_comes_more_while_the_books_are_closed(played: Simulation) -> None:
    views = played.columns.named(Name.ARTICLE_VIEWED)
    day_of_month = (days(views) - days(views).astype("datetime64[M]")).astype(int) + 1
    first_days = {
        department: (day_of_month[views.department.is_(department)] <= 3).mean() for department in ("finance", "design")
    }
    assert first_days["finance"] > 1.3 * first_days["design"]


def test_a_department_leans_to_its_own_trouble(played: Simulation) -> None:
    views = played.columns.named(Name.ARTICLE_VIEWED)
    share = {
        department: views.topic.is_("printing")[views.department.is_(department)].mean()
        for department in ("workshop", "design")
    }
    assert share["workshop"] > 1.8 * share["design"]


def test_an_outage_brings_people_and_echoes_in_its_time(played: Simulation) -> None:
    echoes = played.columns.named(Name.INCIDENT_ECHOED)
    starts = np.datetime64("2026-06-09T08:40")
    assert 15 <= len(echoes) <= 60
    assert (echoes.at >= starts).all()
    assert (echoes.at <= starts + np.timedelta64(151, "m")).all()
    assert max(echoes.visitor.tally().values()) == 1
    assert set(echoes.subject.tally()) == {"incident:1"}


def test_an_outage_leads_nobody_to_what_they_may_not_see() -> None:
    of_outage = replace(world().outages[0], topic="files", reach=1.0)  # article 3 is of this topic and for finance
    few = [replace(person, activity=0.0) for person in world().people]
    opened = simulate(replace(world(), people=tuple(few), outages=(of_outage,)), seed=1, until=UNTIL).columns
    read = opened.where(opened.subject.is_("article:3"))
    assert set(read.department.tally()) == {"finance"}
    assert len(set(opened.department.tally())) == 4


def test_people_learn_to_open_what_they_find(events: list[Event]) -> None:
    opened = {e.props["search"] for e in events if e.name == Name.SEARCH_RESULT_OPENED}
    found = [e for e in events if e.name == Name.SEARCH_PERFORMED and e.props["n_results"]]
    seen: dict[str, int] = {}
    early, late = [], []
    for event in found:
        nth = seen[event.visitor] = seen.get(event.visitor, 0) + 1
        (early if nth <= 5 else late).append(event.props["search"] in opened)
    assert np.mean(late) - np.mean(early) > 0.08


def test_some_queries_are_misspelt_and_say_what_was_meant(events: list[Event]) -> None:
    corrected = [e for e in events if e.name == Name.SEARCH_PERFORMED and "corrected" in e.props]
    assert corrected
    assert all(sorted(str(e.props["query"])) == sorted(str(e.props["corrected"])) for e in corrected)


@pytest.mark.parametrize("bare", [{"people": ()}, {"articles": (), "improvements": (), "outages": ()}, {"missing": ()}])
def test_a_world_that_lacks_something_can_be_played(bare: dict[str, object]) -> None:
    small = replace(world(n_people=12, n_articles=4), **bare)  # type: ignore[arg-type]
    columns = simulate(small, seed=1, until=UNTIL).columns
    assert (len(columns) == 0) == ("people" in bare)
    assert list(columns.events()) is not None


def test_a_world_without_anything_to_ask_for_stays_silent() -> None:
    empty = World(people=world(n_people=5).people, articles=())
    assert len(simulate(empty, seed=1, until=UNTIL).columns) == 0
