"""Registering before the start, changing in sight of everybody, ending, telling; the effect from what was counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from analytics.effects import exchange
from analytics.effects.judging import Direction, Verdict, judge
from portal.adoption import effects, interventions, planning, policies, presenting, revisions, steering, wording
from portal.adoption.interventions import State
from portal.adoption.models import AdoptionReading, Headcount, Intervention
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.registry import load_things
from portal.ledger.models import LedgerEntry
from portal.measures import changes, fold
from portal.measures.models import DailyAttempts, DailyMeasure, FoldState
from portal.people.models import Department
from tests.factories import adoption as factory
from tests.factories import people
from tests.people import Visitor

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


@pytest.fixture
def who(eli: Visitor) -> Actor:
    actor: Actor = eli.actor
    return actor


@pytest.fixture
def units(who: Actor) -> list[Department]:
    made = [people.department(name) for name in ("Design", "Logistics", "Sales", "Workshop")]
    for unit in made:
        for n in range(6):
            people.person(f"{unit.name} {n}", department_id=unit.id)
    for n in range(5):
        people.person(f"Colleague {n}", department_id=who.department_id)
    return made


def test_what_has_begun_cannot_be_registered_any_more(who: Actor, units: list[Department]) -> None:
    for after in (0, -1):
        with pytest.raises(Invalid, match="registered before it starts"):
            factory.intervention(who, {units[0]: after, units[1]: 14})
    assert db.session.execute(select(Intervention)).first() is None
    made = factory.intervention(who, {units[0]: 1, units[1]: 15})
    assert interventions.state_of(made) is State.PLANNED
    (fact,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == "intervention.registered")).scalars()
    assert fact.props == {"measure": "needs_rate", "starts_on": "2026-03-10", "n_departments": 2}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"expected": 0.0}, "expected"),
        ({"expected": float("inf")}, "expected"),
        ({"measure": "zero_result_rate", "expected": 5.0}, "expected"),
        ({"measure": "none"}, "measure"),
        ({"measure": "pulse_aw", "expected": 5.0}, "measure"),
        ({"measure": "pulse_response", "expected": 0.1}, "measure"),
        ({"stop_on": dt.date(2026, 3, 12)}, "stop_on"),
        ({"flaw": "no_such_flaw"}, "flaw"),
        ({"wave_id": 99}, "flaw"),
        ({"owner_id": None}, "owner_id"),
        ({"cost": -1.0}, "cost"),
    ],
)
def test_what_cannot_be_judged_is_refused_at_its_field(
    who: Actor, units: list[Department], given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        factory.intervention(who, {units[0]: 7}, **given)
    assert refused.value.field == field


def test_its_first_day_is_pinned_on_the_charts_and_goes_along(who: Actor, units: list[Department]) -> None:
    made = factory.intervention(who, {units[0]: 7, units[1]: 21})
    (pin,) = changes.dates()
    assert (pin.on, pin.text) == (dt.date(2026, 3, 16), "Ask the portal first")
    with pytest.raises(Forbidden):
        changes.unpin(who, pin)
    starts = {number: day + 2 * DAY for number, day in made.start_days.items()}
    interventions.change(who, made, interventions.about_of(made), starts, reason="", version=1)
    assert [pin.on for pin in changes.dates()] == [dt.date(2026, 3, 18)]
    interventions.stop(who, made, reason="No time")
    assert interventions.state_of(made) is State.WITHDRAWN
    assert changes.dates() == []


def test_after_the_start_what_was_expected_is_frozen_and_a_change_needs_a_reason(
    who: Actor, units: list[Department], stopped_clock: Any
) -> None:
    made = factory.intervention(who, {units[0]: 7, units[1]: 21})
    starts, about = made.start_days, interventions.about_of(made)
    interventions.change(who, made, replace(about, expected=25.0), starts, reason="", version=1)
    stopped_clock.move(days=7)
    assert interventions.state_of(made) is State.RUNNING
    settled = {"expected": 5.0, "measure": "reach", "direction": Direction.DOWN, "flaw": "not_known"}
    for name, value in settled.items():
        about = replace(interventions.about_of(made), **{name: value})
        with pytest.raises(Invalid, match="stays as it was") as refused:
            interventions.change(who, made, about, starts, reason="It looks better", version=2)
        assert refused.value.field == name
    later = replace(interventions.about_of(made), stop_on=made.stop_on + 30 * DAY)
    with pytest.raises(Invalid, match="Say why"):
        interventions.change(who, made, later, starts, reason=" ", version=2)
    interventions.change(who, made, later, starts, reason="Easter lies in between", version=2)
    moved = {**starts, units[0].id: clock.today() + 9 * DAY}
    with pytest.raises(Invalid, match="has started has started"):
        interventions.change(who, made, later, moved, reason="Later", version=3)
    assert made.expected == 25.0
    assert [(line.what, line.reason) for line in presenting.history(revisions.of(made.ref))] == [
        ("Stops on", "Easter lies in between"),
        ("By how much", ""),
    ]


def test_a_lot_can_be_drawn_again_from_its_seed_and_days_that_are_moved_are_drawn_no_longer(
    who: Actor, units: list[Department]
) -> None:
    first = clock.today() + 7 * DAY
    plan = planning.drawn(units, first=first, weeks=2, n_without=1)
    assert plan.seed is not None
    again = planning.drawn(units, first=first, weeks=2, n_without=1, seed=plan.seed)
    assert again.starts == plan.starts
    assert sorted(plan.starts.values()) == [first, first + 14 * DAY, first + 28 * DAY]
    made = interventions.register(who, factory.about(who), plan)
    assert (made.is_randomised, made.seed) == (True, plan.seed)
    assert planning.compared(made) == sorted(unit.id for unit in units)
    drawn = made.start_days
    last = max(drawn, key=lambda number: drawn[number])
    moved = {**drawn, last: drawn[last] + 7 * DAY}
    interventions.change(who, made, interventions.about_of(made), moved, reason="A fair", version=1)
    assert not made.is_randomised
    assert "Drawn by lot" in {line.what for line in presenting.history(revisions.of(made.ref))}


def test_few_departments_are_warned_of(who: Actor, units: list[Department]) -> None:
    few, more = (planning.drawn(units[:n], first=clock.today() + DAY, weeks=1, n_without=0) for n in (3, 4))
    found = [planning.outlook(plan.starts, plan.starts) for plan in (few, more)]
    assert [(each.is_few, each.n_handouts, each.can_detect) for each in found if each] == [
        (True, 6, False),
        (False, 24, False),
    ]


def test_what_came_of_it_is_told_only_when_it_is_over_and_then_to_everybody(
    who: Actor, units: list[Department], ana: Visitor, stopped_clock: Any
) -> None:
    made = factory.intervention(who, {units[0]: 7}, stop_on=clock.today() + 30 * DAY)
    stopped_clock.move(days=20)
    with pytest.raises(Invalid, match="not over yet"):
        interventions.publish(who, made, readout="It looks good today")
    with pytest.raises(NotFound):
        interventions.get(ana.actor, made.id)
    stopped_clock.move(days=12)
    assert interventions.state_of(made) is State.OVER
    interventions.publish(who, made, readout="Nothing could be seen of it.")
    assert interventions.get(ana.actor, made.id).readout
    assert not policies.can_change(who, made)
    with ana.app.test_request_context():
        assert load_things(ana.actor, [made.ref])[made.ref].title == "Ask the portal first"


def counted(
    starts: dict[int, dt.date], among: list[Department], *, lift: float, since: dt.date, until: dt.date
) -> None:
    """Put down the sums of each day: needs swing alike everywhere, and are `lift` times as many from a start on."""
    rng = np.random.default_rng(4)
    for unit in among:
        db.session.add(AdoptionReading(slice=f"department:{unit.id}", as_of=until, version=1, figures={}))
    db.session.add(DailyAttempts(day=since, n=0, packed=b""))
    for number in range((until - since).days):
        day = since + number * DAY
        swing = 40 + 8 * np.sin(number / 20)
        for unit in among:
            begun = unit.id in starts and day >= starts[unit.id]
            needs = rng.normal(swing * (lift if begun else 1.0), 1.0)
            of = f"department:{unit.id}"
            db.session.add(DailyMeasure(day=day, measure="needs.presumed", slice=of, value=round(needs)))
            db.session.add(Headcount(day=day, slice=of, n=6))
    db.session.merge(FoldState(id=1, folded_until=until, version=fold.VERSION))
    db.session.commit()


@pytest.mark.parametrize(("lift", "verdict"), [(1.5, Verdict.DETECTED), (1.0, Verdict.NOT_DETECTABLE)])
def test_the_effect_is_the_rise_of_those_under_way_over_those_still_waiting(
    who: Actor, eli: Visitor, units: list[Department], stopped_clock: Any, lift: float, verdict: Verdict
) -> None:
    every = [*units, *(people.department(name) for name in ("Care", "Kitchen", "Press"))]
    for unit in every[4:]:
        for n in range(6):
            people.person(f"{unit.name} {n}", department_id=unit.id)
    plan = planning.drawn(every, first=clock.today() + 7 * DAY, weeks=2, n_without=2, seed=3)
    made = interventions.register(who, factory.about(who, stop_on=clock.today() + 200 * DAY), plan)
    until = clock.today() + 150 * DAY
    counted(dict(plan.starts), every, lift=lift, since=clock.today() - 160 * DAY, until=until)
    stopped_clock.move(days=150)
    assert steering.renew() == 1
    db.session.commit()
    db.session.refresh(made)
    found = effects.read(made)
    assert found is not None
    assert found.mean is not None
    assert (found.weeks, found.verdict, found.left_out) == (2, verdict, ())
    planted = (lift - 1) * 40 * 100 * 30.4375 / 6
    assert found.mean.low <= planted * 1.03
    assert found.mean.high >= planted * 0.97
    assert presenting.effect_picture(presenting.intervention(made)) is not None
    eli.sign_in()
    panel, unknown = exchange.read_panel(eli.get(f"/interventions/{made.id}/panel.csv").data)
    again = judge(panel, is_randomised=True).mean
    assert again is not None
    assert not unknown
    assert (again.point, again.low, again.high) == pytest.approx((found.mean.point, found.mean.low, found.mean.high))
    interventions.stop(who, made, reason="Enough is known")
    interventions.publish(who, made, readout="It is told as it stood.")
    assert made.frozen["verdict"] == verdict.value


def test_what_departments_answered_is_not_told_by_an_effect(
    who: Actor, eli: Visitor, ana: Visitor, units: list[Department], stopped_clock: Any
) -> None:
    """Were it registered all the same: with one department starting, what is told would be that one's score."""
    made = factory.intervention(who, {units[0]: 7}, stop_on=clock.today() + 30 * DAY)
    counted({}, units, lift=1.0, since=clock.today() - 60 * DAY, until=clock.today() + 28 * DAY)
    stopped_clock.move(days=31)
    assert steering.renew() == 1
    path = f"/interventions/{made.id}"
    for visitor in (eli, ana):
        visitor.sign_in()
    assert eli.get(f"{path}/panel.csv").status_code == 200
    made.measure = "pulse_aw"
    db.session.commit()
    assert effects.read(made) is None
    assert eli.get(f"{path}/panel.csv").status_code == 404
    assert steering.renew() == 1
    assert made.kept == {}
    interventions.publish(who, made, readout="More of them know of it.")
    db.session.commit()
    page = ana.page(path)
    assert "It is too early to say what it did" in page.text
    assert ana.get(f"{path}/panel.csv").status_code == 404
    with pytest.raises(Invalid, match="Choose a figure of what people do"):
        factory.intervention(who, {units[0]: 7, units[1]: 7}, measure="pulse_aw", expected=5.0)
    assert eli.page("/interventions/new").all("option", value="pulse_aw") == []


def test_a_plan_by_choice_is_told_by_its_placebo_rank(who: Actor, units: list[Department], stopped_clock: Any) -> None:
    made = factory.intervention(who, {unit: 7 + 14 * place for place, unit in enumerate(units[:3])})
    counted(
        made.start_days, units, lift=2.0, since=clock.today() - 100 * DAY,
        until=clock.today() + 110 * DAY,
    )  # fmt: skip
    stopped_clock.move(days=110)
    effects.renew(made)
    found = effects.read(made)
    assert found is not None
    assert found.verdict is Verdict.TOO_FEW
    assert "Placebo rank" in wording.rank(made, found)
