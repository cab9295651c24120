"""A campaign that works and one that does not, played in an organisation whose truth is known.

Ten departments; eight are to start, one after the other and in an order drawn by lot, two stay without. The figure is
needs that people bring to the portal, a hundred people and fortnight. It swings by season, by the close of the books,
by who has come to know the portal already, and because people are few; the campaign, if it works, multiplies it. What
was planted is then the mean, over every department and fortnight under way, of what was to be expected with it less
what was to be expected without.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from analytics.arrivals import Floats, Span, expected_rates
from analytics.effects.judging import Effect, Verdict, judge
from analytics.effects.panel import Panel
from analytics.effects.planning import draw
from analytics.needs.trails import HOUR
from analytics.reckoning import reckon
from analytics.simulate import Simulation, simulate
from analytics.simulated import mature, tables
from analytics.world import Article, Campaign, Habits, Missing, Person, World

UNTIL = dt.datetime(2026, 5, 31, 20, tzinfo=dt.UTC)
WINDOW = 24 * HOUR
WEEKS, PERIOD = 23, 14
DEPARTMENTS = tuple(f"department {letter}" for letter in "abcdefghij")
STARTS = (4, 5, 6, 7, 8, 9, 10, 11, None, None)
"""The fortnight each of them starts in, to be handed out by lot; 1 is the first."""
N_PERIODS = 12
A_HUNDRED = 100.0
HABITS = Habits(early_adopters=0.6, evenings=0.0, asks_community=0.0)


class Scenario(StrEnum):
    """What the campaign does."""

    WORKS = "half as many needs again are brought here"
    NOTHING = "nothing"


LIFT = {Scenario.WORKS: 1.5, Scenario.NOTHING: 1.0}


@dataclass(frozen=True, slots=True)
class Trial:
    """What was judged in one play, beside what was planted."""

    seed: int
    planted: float
    point: float
    low: float
    high: float
    p: float
    verdict: Verdict

    @property
    def covers(self) -> bool:
        """Whether the interval holds what was planted."""
        return self.low <= self.planted <= self.high

    @property
    def is_detected(self) -> bool:
        return self.verdict is Verdict.DETECTED


def world(seed: int, starts: dict[str, int | None], *, lift: float) -> World:
    """Return an organisation whose departments differ in size, in how much they need and in when."""
    draws = np.random.default_rng([seed, 3])
    first = Span(weeks=WEEKS, timezone="UTC", until=UNTIL).days[0]
    people = []
    for department in DEPARTMENTS:
        n, often = int(draws.integers(18, 30)), float(draws.lognormal(0.0, 0.15))
        people += [
            Person(key=f"{department} {i}", department=department, site="one", activity=often * float(each))
            for i, each in enumerate(draws.lognormal(-0.4, 0.4, n))
        ]
    return World(
        people=tuple(people),
        articles=tuple(
            Article(subject=f"article:{i}", topic=f"topic:{i}", questions=(f"trouble {i}",), helpfulness=0.7)
            for i in range(60)
        ),
        missing=(Missing(questions=("nothing about this",), demand=3.0, topic="topic:missing"),),
        campaigns=tuple(
            Campaign(
                department=department,
                starts_on=first + dt.timedelta(days=PERIOD * (start - 1)),
                weeks=WEEKS,
                lift=lift,
            )
            for department, start in starts.items()
            if start is not None
        ),
        month_end={DEPARTMENTS[0]: 1.5, DEPARTMENTS[5]: 1.3},
        timezone="UTC",
        weeks=WEEKS,
    )


def attempt(scenario: Scenario, seed: int) -> Trial:
    """Plan by lot, act out, measure by the code of `dity measure`, and judge."""
    starts = draw(DEPARTMENTS, STARTS, seed=seed)
    own = world(seed, starts, lift=LIFT[scenario])
    played = simulate(own, seed=seed, until=UNTIL, habits=HABITS)
    found = judge(_panel(own, played, starts), is_randomised=True)
    if found.mean is None or found.p is None:
        raise ValueError(f"nothing to judge in the play of seed {seed}")
    return Trial(
        seed=seed,
        planted=_planted(own, played, found),
        point=found.mean.point,
        low=found.mean.low,
        high=found.mean.high,
        p=found.p,
        verdict=found.verdict,
    )


def _panel(own: World, played: Simulation, starts: dict[str, int | None]) -> Panel:
    """Count the needs of every department and fortnight as the dashboards do, over the people there are."""
    events, tickets = tables(played, own)
    chains = reckon(events, tickets, as_of=mature(played, window=WINDOW), window=WINDOW, windows=()).needs.chains
    since = (played.span.midnights[0].astype("datetime64[ms]") - np.datetime64(0, "ms")).astype(np.int64)
    period = (chains.start - since) // (PERIOD * 24 * HOUR)
    department = np.array(chains.department.labels)[chains.department.codes]
    values: dict[str, dict[int, float]] = {}
    for name, n in _headcount(own).items():
        n_needs = np.bincount(period[(department == name) & chains.is_need], minlength=N_PERIODS)
        values[name] = {place + 1: A_HUNDRED * k / n for place, k in enumerate(n_needs[:N_PERIODS].tolist())}
    return Panel.of(values, starts)


def _planted(own: World, played: Simulation, found: Effect) -> float:
    """Return what was to be expected of the campaign, over the department-fortnights that the figure speaks of."""
    with_it, without = (_expected(each, played) for each in (own, replace(own, campaigns=())))
    names = found.panel.departments
    under_way = [(place, cell.period) for cell, _value in found.cells for place in cell.members]
    return float(np.mean([with_it[names[place]][t] - without[names[place]][t] for place, t in under_way]))


def _expected(own: World, played: Simulation) -> dict[str, Floats]:
    """Return the needs a hundred people and fortnight to expect of each department, by who knows the portal when."""
    span, known = played.span, played.truth.known_from
    known_from = np.array([span.place(known[p.key]) if p.key in known else len(span.days) for p in own.people])
    daily = expected_rates(own, span, known_from)
    departments = np.array([person.department for person in own.people])
    return {
        name: A_HUNDRED * daily[departments == name].reshape(n, N_PERIODS, PERIOD).sum(axis=(0, 2)) / n
        for name, n in _headcount(own).items()
    }


def _headcount(own: World) -> dict[str, int]:
    departments = [person.department for person in own.people]
    return {name: departments.count(name) for name in DEPARTMENTS}
