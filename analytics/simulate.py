"""The ground-truth simulator: acts out a `World` and tells what was planted in it.

Everything follows from the seed and the instant it runs up to: the same two give the same events. A measure
that is run over the events must find the planted truth again; that is how the figures of the portal are tried.

How a need goes: somebody meets a problem, searches (or takes a suggestion, or browses), opens a result or
does not, reads, and some of them say whether it solved it. Who was not helped hands it over, asks the community
or a colleague, or gives up; how each need truly ended is known here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import erfc, log, sqrt
from typing import Any

import numpy as np

from analytics.arrivals import Floats, Ints, Marks, Needs, Span, Times, arrive, later, nth_of_its_kind
from analytics.columns import NONE, Columns
from analytics.events import Name
from analytics.exits import ENDS, SOURCES, Asked, End, Exits, Tickets, ask, hand_over, leave
from analytics.script import Script
from analytics.vocabulary.feedback import REASONS
from analytics.world import Habits, World

REASON_SHARES = (0.4, 0.25, 0.22, 0.13)
DOORS = ("search", "suggestion", "home")
GLANCE = 10
"""Whoever looks for fewer seconds than this was not helped, and says nothing."""
MU, SIGMA = 4.0, 0.9
"""Of the logarithm of the seconds of reading."""
SAYS_WHY = 0.6
"""Share of those who leave the form that say why."""


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
    ends: Mapping[End, int]
    """How the needs truly ended that people came here with."""
    settled: float | None
    """Share of those needs that reading truly solved; None without needs."""
    settled_expected: float | None
    """The same share, as expected of these needs before a die is cast."""


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """The events of a world, in order of time, and the truth behind them."""

    columns: Columns
    span: Span
    needs: Needs
    exits: Exits
    tickets: Tickets
    asked: Asked
    truth: Truth


def simulate(world: World, *, seed: int, until: datetime, habits: Habits | None = None) -> Simulation:
    """Act out the weeks of a world that end at `until`; nothing happens after that instant."""
    rng, habits = np.random.default_rng(seed), habits or Habits()
    span = Span(weeks=world.weeks, timezone=world.timezone, until=until)
    needs, known_from = arrive(world, habits, span, rng)
    play = _Play(world, habits, span, needs, rng)
    # What comes after reading has dice of its own, so that it may grow without changing what people look for.
    after = np.random.default_rng([seed, 1])
    play.act(after)
    play.leave(known_from, after)
    n_days = len(span.days)
    ends = np.bincount(play.exits.end, minlength=len(ENDS)).tolist()
    truth = Truth(
        n_needs=len(needs),
        helpfulness=_helpfulness(world),
        nothing_found=_nothing_found(needs, habits),
        would_have_called=habits.would_have_called,
        known_from={
            p.key: span.days[day] for p, day in zip(world.people, known_from.tolist(), strict=True) if day < n_days
        },
        ends=dict(zip(ENDS, ends, strict=True)),
        settled=float(play.exits.are(End.SOLVED).mean()) if len(needs) else None,
        settled_expected=float(play.expected().mean()) if len(needs) else None,
    )
    return Simulation(
        columns=play.columns(),
        span=span,
        needs=needs,
        exits=play.exits,
        tickets=play.tickets,
        asked=play.asked,
        truth=truth,
    )


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
class _Play:
    """What becomes of the needs; every draw comes from one generator in one order."""

    world: World
    habits: Habits
    span: Span
    needs: Needs
    rng: np.random.Generator
    script: Script = field(default_factory=Script)

    def act(self, after: np.random.Generator) -> None:
        """Let everybody look for help; `after` is for what comes of it."""
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
        self.reads: Marks = opens | opens_then | ~searches
        need = np.flatnonzero(self.reads)
        self.left_at = np.where(again, second_at, needs.at)
        version, helpfulness = self._version(needs.target[need], needs.day[need])
        seconds = self._read(need, version)
        said, is_solved = self.rng.random((2, len(need)))
        is_yes = is_solved < helpfulness
        solved = np.zeros(n, dtype=np.bool_)
        solved[need] = is_yes & (seconds >= GLANCE)
        self.exits = leave(needs, habits, after, is_solved=solved)
        when_not = habits.answers if habits.answers_when_not is None else habits.answers_when_not
        self._say(need, version, (said < np.where(is_yes, habits.answers, when_not)) & (seconds >= GLANCE), is_yes)
        self._echo()

    def expected(self) -> Floats:
        """Return how likely reading was to solve each need, before anybody came through any door."""
        needs, habits = self.needs, self.habits
        p_open = _p_open(needs, habits)
        by_search = np.where(needs.outage != NONE, 1.0, habits.by_search)
        reads = by_search * (p_open + (1 - p_open) * habits.tries_again * p_open) + 1 - by_search
        found = np.flatnonzero(~needs.is_missing)
        share = np.zeros(len(needs))
        p_read = 0.5 * erfc((log(GLANCE) - MU) / (SIGMA * sqrt(2)))
        share[found] = reads[found] * p_read * self._version(needs.target[found], needs.day[found])[1]
        return share

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

    def _read(self, need: Ints, version: Ints) -> Ints:
        """Let them read, and return for how many seconds each does."""
        article, at, n = self.needs.target[need], self.opened_at[need], len(need)
        props: list[dict[str, Any]] = []
        for i, by, v in zip(need.tolist(), self.opened_by[need].tolist(), version.tolist(), strict=True):
            door = DOORS[int(self.via[i])]
            props.append({"version": v, "via": door} | ({} if door == "home" else {"search": self.key[by]}))
        self.script.add(Name.ARTICLE_VIEWED, need, at, props, article)
        seconds = self.rng.lognormal(MU, SIGMA, n).astype(np.int64).clip(3, 1800)
        self.left_at[need] = later(at, seconds)
        read = [{"seconds": s, "version": v} for s, v in zip(seconds.tolist(), version.tolist(), strict=True)]
        self.script.add(Name.ARTICLE_READ, need, self.left_at[need], read, article)
        return seconds

    def _say(self, need: Ints, version: Ints, answers: Marks, is_yes: Marks) -> None:
        rows, article = np.flatnonzero(answers), self.needs.target[need]
        # One answer per person and version stands; here nobody changes their mind.
        rows = rows[nth_of_its_kind(self.needs.person[need[rows]], article[rows], version[rows]) == 0]
        self._answer(need[rows], self.left_at[need[rows]], article[rows], version[rows], is_yes[rows])

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
        called = self.exits.would_call[need]
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

    # What it leads to

    def leave(self, known_from: Ints, rng: np.random.Generator) -> None:
        """Let everybody go their way: those who were helped, and those who were not."""
        left_at = np.maximum(self.left_at, later(self.needs.at, 60))
        self.tickets = hand_over(
            *(self.world, self.habits, self.span, self.needs, rng),
            exits=self.exits,
            left_at=left_at,
            known_from=known_from,
        )
        self.asked = ask(
            self.world, self.habits, self.needs, rng, exits=self.exits, left_at=left_at, known_from=known_from
        )
        self._begin_forms(left_at, rng)
        self._submit()
        self._talk()

    def _begin_forms(self, left_at: Times, rng: np.random.Generator) -> None:
        need = np.flatnonzero(self.exits.begins_form)
        # Whoever read had the form open before: what it suggested is what they read.
        begun = np.where(self.reads[need], later(self.opened_at[need], -1), later(left_at[need], 15))
        self.script.add(Name.DRAFT_STARTED, need, begun, [{} for _ in need])
        need = need[rng.random(len(need)) < SAYS_WHY]
        reasons = np.where(self.exits.are(End.SOLVED)[need], "solved", "left").tolist()
        self.script.add(Name.DRAFT_ABANDONED, need, later(left_at[need], 90), [{"reason": why} for why in reasons])

    def _submit(self) -> None:
        number = np.flatnonzero(self.tickets.source == SOURCES.index("portal"))
        need, at = self.tickets.need[number], self.tickets.at[number]
        self.script.add(Name.DRAFT_STARTED, need, later(at, -35), [{} for _ in need])
        props = [{"source": "portal", "queue": 1} for _ in need]
        self.script.add(Name.TICKET_OPENED, need, at, props, self.first_ticket + number)

    def _talk(self) -> None:
        asked = self.asked
        number = np.arange(len(asked.need))
        subject = self.first_ticket + len(self.tickets) + number
        self.script.add(Name.QUESTION_ASKED, asked.need, asked.at, [{} for _ in number], subject)
        rows = np.flatnonzero(asked.answerer != NONE)
        at = later(asked.at, (asked.hours * 3600).astype(np.int64))
        props: list[dict[str, Any]] = [{"question": int(i), "hours": int(asked.hours[i])} for i in rows]
        who = asked.answerer[rows]
        self.script.add(Name.ANSWER_GIVEN, asked.need[rows], at[rows], props, len(number) + subject[rows], who)
        votes = [(int(i), voter) for i in rows for voter in asked.voters[i]]
        place, voters = np.array(votes, dtype=np.int64).reshape(-1, 2).T
        useful = [{"voice": "useful", "is_on": True} for _ in votes]
        voted_at, answers = later(at[place], 3600), len(number) + subject[place]
        self.script.add(Name.VOTE_CAST, asked.need[place], voted_at, useful, answers, voters)
        rows = np.flatnonzero(asked.is_accepted)
        accepted = [{"answer": int(i), "is_on": True, "hours": int(asked.hours[i])} for i in rows]
        self.script.add(Name.ANSWER_ACCEPTED, asked.need[rows], later(at[rows], 1800), accepted, subject[rows])

    @property
    def first_ticket(self) -> int:
        """Place of the first ticket among all that facts are about."""
        return len(self.world.articles) + len(self.world.outages)

    def columns(self) -> Columns:
        """Put everything in order of time, and cut it off at the end of the span."""
        n_asked = len(self.asked.need)
        subjects = [
            *(article.subject for article in self.world.articles),
            *(outage.subject for outage in self.world.outages),
            *(f"ticket:{number}" for number in range(len(self.tickets))),
            *(f"question:{number}" for number in range(n_asked)),
            *(f"answer:{number}" for number in range(n_asked)),
        ]
        return self.script.columns(self.world, self.needs, self.span, subjects)


def _slip(query: str, draw: int) -> str:
    """Let two neighbouring letters change places, as fingers do.

    >>> _slip("printer", 3)
    'prinetr'
    """
    place = 1 + draw % (len(query) - 2)
    return query[:place] + query[place + 1] + query[place] + query[place + 2 :]
