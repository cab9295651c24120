"""Setting goals, changing them with a reason, giving them up; where they stand from what was counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from analytics.adoption.goals import Status
from portal.adoption import counting, goals, presenting, revisions, steering, tracking
from portal.adoption.models import Goal
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.ledger.models import LedgerEntry
from portal.measures import counting as measuring
from portal.measures import fixed
from portal.measures.models import DailyAttempts
from portal.measures.reports import Slice
from tests.factories import adoption as factory
from tests.factories import people, read_waves
from tests.factories.measures import searched, user, viewed
from tests.people import Visitor

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


@pytest.fixture
def who(eli: Visitor) -> Actor:
    actor: Actor = eli.actor
    return actor


def test_a_goal_has_a_figure_a_day_and_somebody_who_answers_for_it(who: Actor) -> None:
    goal = factory.goal(who)
    assert (goal.measure, goal.target, goal.owner_id) == ("self_service_first", 0.7, who.person_id)
    (fact,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == "goal.set")).scalars()
    assert fact.props == {"measure": "self_service_first", "due_on": goal.due_on.isoformat()}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"measure": "answer_rate"}, "measure"),
        ({"measure": "no_such"}, "measure"),
        ({"target": 1.2}, "target"),
        ({"target": float("nan")}, "target"),
        ({"due_on": dt.date(2026, 3, 20)}, "due_on"),
        ({"owner_id": None}, "owner_id"),
        ({"of": Slice("department", 7)}, "of"),
    ],
)
def test_what_cannot_be_a_goal_is_refused_at_its_field(who: Actor, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        factory.goal(who, **changes)
    assert refused.value.field == field
    assert db.session.execute(select(Goal)).first() is None


def test_what_a_department_answered_is_no_goal_for_everybody_who_sees_figures(who: Actor) -> None:
    press, workshop = people.department("Press"), people.department("Workshop")
    for n in range(18):
        people.person(f"Wim{n} Large", department_id=(workshop if n % 3 else press).id)
    with pytest.raises(Invalid) as refused:
        factory.goal(who, measure="pulse_va", target=70.0, of=Slice("department", workshop.id))
    assert refused.value.field == "of"
    assert factory.goal(who, measure="reach", of=Slice("department", workshop.id)).id
    assert factory.goal(who, measure="pulse_va", target=70.0).id


def test_what_a_survey_said_stands_on_a_goal_only_when_its_outcome_is_published(who: Actor) -> None:
    wave, _kept = read_waves.closed({"Sales": (37, 32, 3.4), "Workshop": (44, 36, 2.9)})
    wave.closed_at = clock.now() - 3 * DAY
    db.session.flush()
    goal = factory.goal(who, measure="pulse_index", target=70.0)
    hidden = tracking.worked_out(goal, clock.today())
    assert (hidden["now"][0], hidden["told"]["now"]) == (None, None)
    assert set(hidden["values"]) <= {None}
    wave.published_at = clock.now()
    db.session.flush()
    assert tracking.worked_out(goal, clock.today())["now"][0] > 0


def test_a_change_needs_a_reason_and_stays_to_be_read(who: Actor) -> None:
    goal = factory.goal(who)
    about = replace(goals.about_of(goal), target=0.6, due_on=goal.due_on + 30 * DAY)
    with pytest.raises(Invalid, match="Say why"):
        goals.change(who, goal, about, reason="  ", version=1)
    assert goals.change(who, goal, about, reason="Two months were lost to the move", version=1)
    lines = presenting.history(revisions.of(goal.ref))
    assert {(line.what, line.before, line.after) for line in lines} >= {("Goal", "0.7", "0.6")}
    assert {line.reason for line in lines} == {"Two months were lost to the move"}
    assert {line.who for line in lines} == {"Eli Lindqvist"}
    assert not goals.change(who, goal, goals.about_of(goal), reason="", version=goal.version)


def test_nobody_writes_over_what_somebody_else_changed_meanwhile(who: Actor) -> None:
    goal = factory.goal(who)
    goals.change(who, goal, replace(goals.about_of(goal), target=0.6), reason="Too high", version=1)
    with pytest.raises(Conflict):
        goals.change(who, goal, replace(goals.about_of(goal), target=0.9), reason="Too low", version=1)


def test_a_goal_given_up_stays_with_its_reason_and_is_changed_no_more(who: Actor) -> None:
    goal = factory.goal(who)
    goals.drop(who, goal, reason="The tool it was about is gone")
    assert presenting.goal(goal).label == "Given up"
    with pytest.raises(Forbidden):
        goals.change(who, goal, replace(goals.about_of(goal), target=0.6), reason="Again", version=goal.version)


def test_who_may_not_set_goals_sets_none(mia: Visitor, ana: Visitor) -> None:
    for visitor in (mia, ana):
        with pytest.raises(Forbidden):
            factory.goal(visitor.actor)


def test_the_goal_of_a_department_is_followed_in_fixed_stretches(who: Actor) -> None:
    press, workshop = people.department("Press"), people.department("Workshop")
    for n in range(24):
        people.person(f"Wim{n} Large", department_id=(workshop if n % 3 else press).id)
    goal = factory.goal(who, measure="reach", of=Slice("department", workshop.id), due_on=clock.today() + 50 * DAY)
    db.session.add(DailyAttempts(day=clock.today() - 200 * DAY, n=0, packed=b""))
    seen = set()
    for number in range(40):
        as_of = clock.today() + number * DAY
        found = tracking.worked_out(goal, as_of)
        assert found["weeks"] == 4
        assert found["as_of"] == as_of.isoformat()
        ends = [dt.date.fromisoformat(day) for day in found["days"]]
        assert all((end - fixed.FIRST) % fixed.LENGTH == dt.timedelta() and end + 8 * DAY <= as_of for end in ends)
        seen.add(tuple(ends))
    assert sorted(map(len, seen)) == [5, 6, 7]


def twelve_people() -> list[int]:
    return [people.person(f"Person {n}").id for n in range(12)]


def ask(number: int, at: dt.datetime) -> None:
    viewed(user(number), at + MINUTE, 1, search=searched(user(number), at, "vpn", 3))


def test_a_goal_is_judged_by_the_range_it_leads_to(who: Actor) -> None:
    ids, now = twelve_people(), clock.now()
    for place, number in enumerate(ids[:10]):
        ask(number, now - (140 - 12 * place) * DAY)
    db.session.commit()
    for _day in measuring.counted():
        pass
    counting.renew()
    db.session.commit()
    near, far = (
        factory.goal(who, measure="activation", target=target, due_on=clock.today() + 112 * DAY)
        for target in (0.5, 1.0)
    )
    found = {goal: tracking.read(goal) for goal in (near, far)}
    for track in found.values():
        assert track is not None
        assert track.now.k == 10
        assert track.weeks == 4
        assert track.told.forecast is not None
    assert presenting.goal(near).label == "On course"
    finding = presenting.goal(near).finding
    assert finding.startswith("At the recent pace it is between")
    assert "by 29 June 2026; the goal is at least" in finding
    with clock.frozen(now + 113 * DAY):
        for _day in measuring.counted():
            pass
        counting.renew()
        db.session.commit()
        assert steering.renew() == 2
        db.session.commit()
        assert {tracking.status(goal) for goal in (near, far)} == {Status.REACHED, Status.MISSED}
