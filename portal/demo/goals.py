"""What Eli steers by: four goals in different states, and what was tried: posters that changed nothing, and ten minutes
in the morning meeting that did. Registered before their starts, with the clock standing then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import select

from analytics.effects.judging import Direction
from portal.adoption import goals, interventions, planning
from portal.adoption.goals import About
from portal.adoption.models import Goal, Intervention, Sort
from portal.core.database import db
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.organisation import DEPARTMENTS
from portal.demo.story import Staggered
from portal.demo.timeline import Do
from portal.measures.reports import Slice
from portal.people.models import Department

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
ASK_FIRST, POSTERS, GUIDES = "Ask the portal first", "Posters at the coffee machines", "A guide in every team"


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield what was set, registered, changed and told, each at its time."""
    for days, goal in _goals(at):
        yield story.days_before(at, days, hour=10), partial(_set, cast, goal)
    yield story.days_before(at, 60, hour=11), partial(_raise, cast)
    for told, about in ((story.POSTERS, _posters), (story.ASK_FIRST, _ask_first)):
        first = dt.datetime.combine(told.first(at), dt.time(9), dt.UTC)
        yield first - 12 * DAY, partial(_register, cast, told, at, about)
    yield dt.datetime.combine(story.POSTERS.stop(at) + 7 * DAY, dt.time(10), dt.UTC), partial(_tell, cast)
    yield story.days_before(at, 2, hour=10), partial(_guides, cast, at)


def _goals(at: dt.datetime) -> Iterator[tuple[int, About]]:
    """Yield how many days ago each goal was set, and what it says; Eli answers for all."""
    given = (
        (200, "activation", 0.75, 100, "Three of four have been helped here by spring",
         "Whoever was helped once comes again by themselves."),
        (150, "self_service_first", 0.97, 80, "Almost everybody looks here before they ask the desk",
         "A minute here spares ten on the phone, on both sides."),
        (120, "contributors", 0.3, 24, "Three of ten give something to others",
         "Who answers a colleague knows what the desk does not."),
        (230, "zero_result_rate", 0.13, -40, "Seven of eight searches find something",
         "Nothing puts people off as much as an empty page."),
    )  # fmt: skip
    for days, measure, target, ahead, title, why in given:
        due_on = at.date() + ahead * DAY
        yield (
            days,
            About(title=title, why=why, measure=measure, of=Slice(), target=target, due_on=due_on, owner_id=None),
        )


def _set(cast: Cast, about: About) -> None:
    eli = cast.actor("eli")
    goals.set_goal(eli, replace(about, owner_id=eli.person_id))


def _raise(cast: Cast) -> None:
    """It went faster than thought, so more is aimed at."""
    eli = cast.actor("eli")
    goal = db.session.execute(select(Goal).where(Goal.measure == "activation")).scalar_one()
    about = replace(goals.about_of(goal), target=0.8, title="Four of five have been helped here by spring")
    reason = "It goes faster than we thought, and the steering group asked for more."
    goals.change(eli, goal, about, reason=reason, version=goal.version)


def _ask_first(first: dt.date) -> interventions.About:
    return _about(
        title=ASK_FIRST,
        what="For three weeks the morning meeting begins with one trouble of yesterday, looked up together on the big "
        "screen. The manager of the department does it, not IT.",
        flaw="not_known",
        expected=150.0,
        stop_on=first + story.ASK_FIRST.weeks * WEEK,
        cost=1200.0,
    )


def _posters(first: dt.date) -> interventions.About:
    return _about(
        title=POSTERS,
        what="A poster beside every coffee machine: “Printer jammed? Type it in.” Changed after three weeks.",
        flaw="not_known",
        expected=100.0,
        stop_on=first + story.POSTERS.weeks * WEEK,
        cost=380.0,
    )


def _about(**given: Any) -> interventions.About:
    """A campaign that is to bring more needs here, unless something else is said."""
    usual = {"sort": Sort.CAMPAIGN, "wave_id": None, "measure": "needs_rate", "direction": Direction.UP}
    return interventions.About(**{**usual, "owner_id": None, **given})


def _register(cast: Cast, told: Staggered, at: dt.datetime, about: Callable[[dt.date], interventions.About]) -> None:
    eli, first = cast.actor("eli"), told.first(at)
    units = _units()
    plan = planning.drawn(
        [units[DEPARTMENTS[slug]] for slug in told.departments],
        first=first,
        weeks=told.apart,
        n_without=told.n_without,
        seed=told.seed,
    )
    interventions.register(eli, replace(about(first), owner_id=eli.person_id), plan)


def _units() -> dict[str, Department]:
    return {unit.name: unit for unit in db.session.execute(select(Department)).scalars()}


def _guides(cast: Cast, at: dt.datetime) -> None:
    """One that has not started yet."""
    first, units = at.date() + (14 - at.weekday()) * DAY, _units()
    about = _about(
        title=GUIDES,
        what="One person in every team has two hours a week to look things up with others.",
        sort=Sort.TRAINING,
        flaw="not_able",
        expected=100.0,
        stop_on=first + 26 * WEEK,
        cost=None,
        owner_id=cast.actor("mia").person_id,
    )
    starts = {units["Logistics"].id: first, units["Workshop"].id: first + 4 * WEEK}
    interventions.register(cast.actor("eli"), about, planning.chosen(starts))


def _tell(cast: Cast) -> None:
    made = db.session.execute(select(Intervention).where(Intervention.title == POSTERS)).scalar_one()
    words = (
        "People liked the posters and went on calling the desk. We take them down, and try something that shows the "
        "portal at work instead of talking about it."
    )
    interventions.publish(cast.actor("eli"), made, readout=words)
