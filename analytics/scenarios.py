"""Two plays on which the estimate of self-service is tried, because their truth is known.

In the first, those who answer "Did this solve it?" are like those who do not: the interval of the estimate must hold
the truth as often as it says. In the second, people answer mostly when it helped: there the estimate is wrong, only
floor and ceiling can be believed, and it must be said that those who answer differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from analytics import reckoning
from analytics.exits import End
from analytics.needs.trails import HOUR
from analytics.simulate import simulate
from analytics.simulated import mature, tables
from analytics.world import Article, Habits, Missing, Person, World

UNTIL = dt.datetime(2026, 5, 29, 16, tzinfo=dt.UTC)
WINDOW = 24 * HOUR
N_PEOPLE, N_ARTICLES, N_TOPICS, WEEKS = 240, 60, 30, 10
DEPARTMENTS = ("finance", "sales", "workshop", "design")


class Scenario(StrEnum):
    """Who it is that answers."""

    ALIKE = "those who answer are like those who do not"
    BIASED = "people answer mostly when it helped"


PLAIN = Habits(answers=0.3, early_adopters=0.8, evenings=0.0, hands_over=0.45, asks_community=0.0)
"""Nobody asks the community: what is tried is the estimate of what reading settles."""
HABITS = {Scenario.ALIKE: PLAIN, Scenario.BIASED: replace(PLAIN, answers=0.45, answers_when_not=0.08)}


@dataclass(frozen=True, slots=True)
class Trial:
    """What was measured in one play, beside what was true."""

    seed: int
    n: int
    truth: float
    """Share of the needs of the play that reading solved."""
    expected: float
    """The same before a die was cast."""
    floor: float
    ceiling: float
    value: float
    low: float
    high: float
    says_voters_differ: bool

    @property
    def covers(self) -> bool:
        """Whether the interval of the estimate holds what was true."""
        return self.low <= self.truth <= self.high

    @property
    def covers_expected(self) -> bool:
        """Whether it holds what was to be expected."""
        return self.low <= self.expected <= self.high

    @property
    def is_between(self) -> bool:
        """Whether floor and ceiling hold what was true."""
        return self.floor <= self.truth <= self.ceiling


def world(seed: int) -> World:
    """Return an organisation of some size: people and articles differ, and differ with the seed."""
    draws = np.random.default_rng([seed, 2])
    often = draws.lognormal(-0.3, 0.5, N_PEOPLE)
    helps = draws.beta(7, 2.5, N_ARTICLES)
    wanted = draws.lognormal(0.0, 0.6, N_ARTICLES)
    return World(
        people=tuple(
            Person(key=f"p{i:03d}", department=DEPARTMENTS[i % 4], site="one", activity=float(often[i]))
            for i in range(N_PEOPLE)
        ),
        articles=tuple(
            Article(
                subject=f"article:{i}",
                topic=f"topic:{i % N_TOPICS}",
                questions=(f"trouble {i}", f"help with {i}"),
                helpfulness=float(helps[i]),
                demand=float(wanted[i]),
            )
            for i in range(N_ARTICLES)
        ),
        missing=tuple(
            Missing(questions=(f"nothing about {i}",), demand=0.6, topic=f"topic:{N_TOPICS + i}") for i in range(10)
        ),
        weeks=WEEKS,
    )


def attempt(scenario: Scenario, seed: int) -> Trial:
    """Act one play out and measure it, by the code of `dity measure needs`."""
    own = world(seed)
    played = simulate(own, seed=seed, until=UNTIL, habits=HABITS[scenario])
    events, tickets = tables(played, own)
    found = reckoning.reckon(events, tickets, as_of=mature(played, window=WINDOW), window=WINDOW, windows=())
    deflection, truth = found.deflection, played.truth
    floor, ceiling, estimate = deflection.floor, deflection.ceiling, deflection.estimate
    if not (floor and ceiling and estimate and truth.settled is not None and truth.settled_expected is not None):
        raise ValueError(f"nothing to measure in the play of seed {seed}")
    return Trial(
        seed=seed,
        n=deflection.counts.n,
        truth=truth.ends[End.SOLVED] / truth.n_needs,
        expected=truth.settled_expected,
        floor=floor.point,
        ceiling=ceiling.point,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        says_voters_differ=deflection.voters.is_different,
    )
