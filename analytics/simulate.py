"""The ground-truth simulator: acts out a `World` and tells what was planted in it.

Everything follows from the seed and the instant it runs up to: the same two give the same events. A measure
that is run over the events must find the planted truth again; that is how the figures of the portal are tried.

How a need goes: somebody meets a problem, searches (or takes a suggestion, or browses), opens a result or
does not, reads, and some of them say whether it solved it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.arrivals import Floats, Ints, Marks, Needs, Span, Times, arrive, later, nth_of_its_kind
from analytics.columns import NONE, Coded, Columns
from analytics.events import Name
from analytics.vocabulary.feedback import REASONS
from analytics.world import Habits, World

REASON_SHARES = (0.4, 0.25, 0.22, 0.13)
DOORS = ("search", "suggestion", "home")


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What was planted, in the terms in which a measure should find it."""

    n_needs: int
    helpfulness: Mapping[tuple[str, int], float]
    """Share of yes among the answers to each version of each article."""
    nothing_found: float
    """Share of searches that find nothing, as expected of these needs."""
    would_have_called: float
    """Share of yes among the answers to the question of intent."""
    known_from: Mapping[str, date]
    """First day each person knows the portal; those who never do are left out."""


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """The events of a world, in order of time, and the truth behind them."""

    columns: Columns
    truth: Truth


def simulate(world: World, *, seed: int, until: datetime, habits: Habits | None = None) -> Simulation:
    """Act out the weeks of a world that end at `until`; nothing happens after that instant."""
    rng, habits = np.random.default_rng(seed), habits or Habits()
    span = Span(weeks=world.weeks, timezone=world.timezone, until=until)
    needs, known_from = arrive(world, habits, span, rng)
    play = _Play(world, habits, span, needs, rng)
    play.act()
    n_days = len(span.days)
    truth = Truth(
        n_needs=len(needs),
        helpfulness=_helpfulness(world),
        nothing_found=_nothing_found(needs, habits),
        would_have_called=habits.would_have_called,
        known_from={
            p.key: span.days[day] for p, day in zip(world.people, known_from.tolist(), strict=True) if day < n_days
        },
    )
    return Simulation(columns=play.columns(), truth=truth)


def _helpfulness(world: World) -> dict[tuple[str, int], float]:
    found = {(a.subject, 1): a.helpfulness for a in world.articles}
    for change in sorted(world.improvements, key=lambda c: c.on):
        version = 1 + max(v for subject, v in found if subject == change.subject)
        found[change.subject, version] = change.helpfulness
    return found


def _p_open(needs: Needs, habits: Habits) -> Floats:
    """Return how likely each person opens what they find: learning is planted here."""
    skill = 1 - np.exp(-needs.experience / habits.learning_needs)
    return habits.opens_at_first + (habits.opens_when_used_to_it - habits.opens_at_first) * skill


def _nothing_found(needs: Needs, habits: Habits) -> float:
    by_search = np.where(needs.is_missing | (needs.outage != NONE), 1.0, habits.by_search)
    again = np.where(needs.is_missing, 1.0, 1.0 - _p_open(needs, habits)) * habits.tries_again
    searches = by_search * (1 + again)
    return float(habits.nothing_found * searches[needs.is_missing].sum() / searches.sum()) if len(needs) else 0.0


@dataclass
class _Script:
    """Collects what happens, kind by kind, before it is put in order of time."""

    name: list[Name] = field(default_factory=list)
    need: list[Ints] = field(default_factory=list)
    at: list[Times] = field(default_factory=list)
    subject: list[Ints] = field(default_factory=list)
    props: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, name: Name, need: Ints, at: Times, props: Sequence[dict[str, Any]], subject: Ints | None = None
    ) -> None:
        self.name += [name] * len(need)
        self.need.append(need)
        self.at.append(at)
        self.subject.append(np.full(len(need), NONE) if subject is None else subject)
        self.props += props


@dataclass
class _Play:
    """What becomes of the needs; every draw comes from one generator in one order."""

    world: World
    habits: Habits
    span: Span
    needs: Needs
    rng: np.random.Generator
    script: _Script = field(default_factory=_Script)

    def act(self) -> None:
        needs, habits, n = self.needs, self.habits, len(self.needs)
        door = self.rng.random(n)
        searches = (door < habits.by_search) | needs.is_missing | (needs.outage != NONE)
        suggests = ~searches & (door < habits.by_search + habits.by_suggestion)
        self.via: Ints = np.where(searches, 0, np.where(suggests, 1, 2))
        self.key = [f"d{number:06x}" for number in range(2 * n)]
        self._results = self._find()
        p_open = _p_open(needs, habits)
        opens = (self.rng.random(n) < p_open) & ~needs.is_missing
        again = searches & ~opens & (self.rng.random(n) < habits.tries_again)
        opens_then = again & (self.rng.random(n) < p_open) & ~needs.is_missing
        second_at = later(needs.at, self.rng.integers(8, 50, n))
        self._search(np.flatnonzero(searches), needs.at, 0)
        self._search(np.flatnonzero(again), second_at, n)
        self._suggest(np.flatnonzero(suggests))
        self.opened_by = np.arange(n) + np.where(opens_then, n, 0)
        self.opened_at = later(np.where(opens_then, second_at, needs.at), self.rng.integers(4, 26, n))
        self._click(np.flatnonzero(searches & (opens | opens_then)))
        self._read(np.flatnonzero(opens | opens_then | ~searches))
        self._echo()

    # What they find

    def _find(self) -> Ints:
        n, is_missing = len(self.needs), self.needs.is_missing
        is_empty = is_missing & (self.rng.random(n) < self.habits.nothing_found)
        return np.where(is_empty, 0, 1 + self.rng.poisson(np.where(is_missing, 2.0, 6.0)))

    def _search(self, need: Ints, at: Times, first_key: int) -> None:
        draws, slips = self.rng.random((2, len(need)))
        surface = np.where(self.rng.random(len(need)) < 0.8, "home", "search")
        props = []
        for i, draw, slip, where in zip(need.tolist(), draws.tolist(), slips.tolist(), surface.tolist(), strict=True):
            query, n_results = self._question(i, draw), int(self._results[i])
            found = {"search": self.key[first_key + i], "n_results": n_results, "surface": where}
            if slip < self.habits.misspells and n_results and len(query) > 5:
                props.append(found | {"query": _slip(query, int(draw * 1e6)), "corrected": query})
            else:
                props.append(found | {"query": query})
        self.script.add(Name.SEARCH_PERFORMED, need, at[need], props)

    def _question(self, need: int, draw: float) -> str:
        if (outage := int(self.needs.outage[need])) != NONE:
            return self.world.outages[outage].question
        target, n_articles = int(self.needs.target[need]), len(self.world.articles)
        thing = self.world.articles[target] if target < n_articles else self.world.missing[target - n_articles]
        return thing.questions[int(draw * len(thing.questions))]

    def _click(self, need: Ints) -> None:
        rank = np.minimum(self.rng.geometric(self.habits.first_rank, len(need)), self._results[need])
        keys = self.opened_by[need].tolist()
        props = [{"search": self.key[k], "rank": r} for k, r in zip(keys, rank.tolist(), strict=True)]
        self.script.add(Name.SEARCH_RESULT_OPENED, need, self.opened_at[need], props, self.needs.target[need])

    def _suggest(self, need: Ints) -> None:
        at, n = self.needs.at[need], len(need)
        draws, ranks = self.rng.random(n).tolist(), self.rng.geometric(0.6, n).clip(1, 5).tolist()
        shown, opened = [], []
        for i, draw, rank in zip(need.tolist(), draws, ranks, strict=True):
            where = {"surface": "home", "search": self.key[i]}
            shown.append(where | {"query": self._question(i, draw)[:12].rstrip(), "n_results": 5})
            opened.append(where | {"rank": rank})
        self.script.add(Name.SUGGESTION_SHOWN, need, at, shown)
        self.script.add(Name.SUGGESTION_OPENED, need, later(at, 3), opened, self.needs.target[need])

    # What it does for them

    def _read(self, need: Ints) -> None:
        article, at, n = self.needs.target[need], self.opened_at[need], len(need)
        version, helpfulness = self._version(article, self.needs.day[need])
        props: list[dict[str, Any]] = []
        for i, by, v in zip(need.tolist(), self.opened_by[need].tolist(), version.tolist(), strict=True):
            door = DOORS[int(self.via[i])]
            props.append({"version": v, "via": door} | ({} if door == "home" else {"search": self.key[by]}))
        self.script.add(Name.ARTICLE_VIEWED, need, at, props, article)
        seconds = self.rng.lognormal(4.0, 0.9, n).astype(np.int64).clip(3, 1800)
        left = later(at, seconds)
        read = [{"seconds": s, "version": v} for s, v in zip(seconds.tolist(), version.tolist(), strict=True)]
        self.script.add(Name.ARTICLE_READ, need, left, read, article)

        answers = (self.rng.random(n) < self.habits.answers) & (seconds >= 10)
        is_yes = self.rng.random(n) < helpfulness
        rows = np.flatnonzero(answers)
        # One answer per person and version stands; here nobody changes their mind.
        rows = rows[nth_of_its_kind(self.needs.person[need[rows]], article[rows], version[rows]) == 0]
        self._answer(need[rows], left[rows], article[rows], version[rows], is_yes[rows])

    def _version(self, article: Ints, day: Ints) -> tuple[Ints, Floats]:
        """Return the version of the article on each day, and how much it helps."""
        places = {a.subject: place for place, a in enumerate(self.world.articles)}
        version = np.ones(len(article), dtype=np.int64)
        helpfulness = np.array([a.helpfulness for a in self.world.articles])[article]
        for change in sorted(self.world.improvements, key=lambda c: c.on):
            after = (article == places[change.subject]) & (day >= self.span.place(change.on))
            version[after] += 1
            helpfulness[after] = change.helpfulness
        return version, helpfulness

    def _answer(self, need: Ints, at: Times, article: Ints, version: Ints, is_yes: Marks) -> None:
        n, habits = len(need), self.habits
        reason = self.rng.choice(len(REASONS), n, p=REASON_SHARES)
        has_reason = ~is_yes & (self.rng.random(n) < habits.reasons_given)
        props: list[dict[str, Any]] = [
            {"solved": yes, "version": v, "via": "article"}
            for yes, v in zip(is_yes.tolist(), version.tolist(), strict=True)
        ]
        for i in np.flatnonzero(has_reason).tolist():
            props[i]["reason"] = REASONS[reason[i]]
        self.script.add(Name.SOLUTION_MARKED, need, at, props, article)
        called = self.rng.random(n) < habits.would_have_called
        rows = np.flatnonzero(is_yes & (self.rng.random(n) < habits.asked_for_intent))
        intents = [{"would_have_called": bool(called[i]), "version": int(version[i])} for i in rows]
        self.script.add(Name.INTENT_STATED, need[rows], later(at[rows], 8), intents, article[rows])

    def _echo(self) -> None:
        for place, trouble in enumerate(self.world.outages):
            need = np.flatnonzero(self.needs.outage == place)
            need = need[self.rng.random(len(need)) < trouble.echo]
            subject = np.full(len(need), len(self.world.articles) + place)
            at = later(self.needs.at[need], 2)
            self.script.add(Name.INCIDENT_ECHOED, need, at, [{} for _ in need], subject)

    # What is handed over

    def columns(self) -> Columns:
        """Put everything in order of time, and cut it off at the end of the span."""
        script, needs, world = self.script, self.needs, self.world
        at = np.concatenate(script.at)
        order = np.argsort(at, kind="stable")
        order = order[at[order] <= self.span.until]
        at, need = at[order], np.concatenate(script.need)[order]
        subject = np.concatenate(script.subject)[order]
        person, target = needs.person[need], needs.target[need]
        n_articles = len(world.articles)
        topic = np.where(subject != NONE, subject, np.where(target < n_articles, target, NONE))
        afternoon = (at - self.span.midnights[needs.day[need]]) > np.timedelta64(12, "h")
        visit = (person * len(self.span.days) + needs.day[need]) * 2 + afternoon
        subjects = [a.subject for a in world.articles] + [o.subject for o in world.outages]
        topics = [a.topic for a in world.articles] + [o.topic for o in world.outages]
        return Columns(
            at=at,
            name=Coded.of([script.name[i] for i in order.tolist()]),
            visitor=_looked_up([p.key for p in world.people], person),
            actor_kind=_looked_up([p.kind for p in world.people], person),
            department=_looked_up([p.department for p in world.people], person),
            site=_looked_up([p.site for p in world.people], person),
            subject=_looked_up(subjects, subject),
            topic=_looked_up(topics, topic),
            visit=Coded.of([f"v{number:07x}" for number in visit.tolist()]),
            props=[script.props[i] for i in order.tolist()],
        )


def _looked_up(texts: Sequence[str], places: NDArray[np.int64]) -> Coded:
    """Code a column whose texts are found by place; NONE stays nothing."""
    own = Coded.of(texts)
    codes = np.append(own.codes, np.int32(NONE))  # place -1 is the last, which is nothing
    return Coded(codes[places], own.labels)


def _slip(query: str, draw: int) -> str:
    """Let two neighbouring letters change places, as fingers do.

    >>> _slip("printer", 3)
    'prinetr'
    """
    place = 1 + draw % (len(query) - 2)
    return query[:place] + query[place + 1] + query[place] + query[place + 2 :]
