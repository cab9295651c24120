"""The last part of the simulation: how each need truly ended, whatever anybody says of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np

from analytics.arrivals import Floats, Ints, Marks, Needs, Span, Times, later, straight
from analytics.columns import NONE
from analytics.world import Habits, World


class End(StrEnum):
    """How a need truly ended; nobody but the simulator ever knows."""

    SOLVED = "solved by reading"
    HANDED_OVER = "handed over"
    ASKED = "asked the community"
    COLLEAGUE = "asked a colleague"
    GAVE_UP = "gave up"


ENDS = tuple(End)
SOURCES = ("portal", "mail", "call", "walk_in")
FROM_HERE = (0.62, 0.13, 0.2, 0.05)
"""How those hand over who looked for an answer first."""
FROM_ELSEWHERE = (0.0, 0.35, 0.45, 0.2)
"""How those hand over who never came here."""


@dataclass(frozen=True)
class Exits:
    """What each need leads to, in the order of the needs."""

    end: Ints
    """Place in `ENDS`."""
    would_call: Marks
    """The true intent: would have asked the desk, had there been nothing to read."""
    begins_form: Marks
    """Solved, or given up, with the form for a ticket already open."""

    def are(self, end: End) -> Marks:
        """Mark the needs that ended so."""
        return np.asarray(self.end == ENDS.index(end))


@dataclass(frozen=True)
class Tickets:
    """What was handed over, in order of time; numbered from 0."""

    at: Times
    person: Ints
    target: Ints
    """Place among the articles, then among what is missing."""
    source: Ints
    """Place in `SOURCES`."""
    need: Ints
    """The need it came from, or NONE where nobody looked here before."""

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: Ints) -> Tickets:
        """Keep these rows, in this order."""
        return replace(self, **{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class Asked:
    """Questions to the community, in order of time, and what came back."""

    need: Ints
    at: Times
    answerer: Ints
    """Person who answers, or NONE."""
    hours: Floats
    """From the question to the answer."""
    is_accepted: Marks
    """The asker says so; of those whom an answer helped some never do."""
    voters: tuple[tuple[int, ...], ...]
    """Who found the answer useful and said so."""


def leave(needs: Needs, habits: Habits, rng: np.random.Generator, *, is_solved: Marks) -> Exits:
    """Draw how each need ends that reading did not solve."""
    n = len(needs)
    would_call = rng.random(n) < habits.would_have_called
    hands_over, asks, turns, forms = rng.random((4, n))
    end = np.select(
        [
            is_solved,
            would_call & (hands_over < habits.hands_over),
            asks < habits.asks_community,
            turns < habits.asks_colleague,
        ],
        [ENDS.index(end) for end in (End.SOLVED, End.HANDED_OVER, End.ASKED, End.COLLEAGUE)],
        default=ENDS.index(End.GAVE_UP),
    )
    is_left_out = end == ENDS.index(End.HANDED_OVER)
    return Exits(end, would_call, would_call & ~is_left_out & (forms < habits.begins_form))


def hand_over(
    world: World,
    habits: Habits,
    span: Span,
    needs: Needs,
    rng: np.random.Generator,
    *,
    exits: Exits,
    left_at: Times,
    known_from: Ints,
) -> Tickets:
    """Draw when and how things are handed over: by those who looked here first, and by those who did not."""
    need = np.flatnonzero(exits.are(End.HANDED_OVER))
    source = rng.choice(len(SOURCES), len(need), p=FROM_HERE)
    seconds = np.where(
        source == 0, rng.integers(40, 400, len(need)), rng.exponential(4_000, len(need)).clip(240, 6 * 3600)
    )
    person, at, target = straight(world, habits, span, rng, known_from=known_from)
    elsewhere = rng.choice(len(SOURCES), len(person), p=FROM_ELSEWHERE)
    tickets = Tickets(
        at=np.concatenate([later(left_at[need], seconds.astype(np.int64)), at]),
        person=np.concatenate([needs.person[need], person]),
        target=np.concatenate([needs.target[need], target]),
        source=np.concatenate([source, elsewhere]).astype(np.int64),
        need=np.concatenate([need, np.full(len(person), NONE, dtype=np.int64)]),
    )
    ends = np.array([span.place(p.left_on) if p.left_on else len(span.days) for p in world.people], dtype=np.int64)
    last = np.append(span.midnights, span.until)[ends]
    order = np.argsort(tickets.at, kind="stable")
    return tickets.take(order[tickets.at[order] <= last[tickets.person[order]]])


def ask(
    world: World,
    habits: Habits,
    needs: Needs,
    rng: np.random.Generator,
    *,
    exits: Exits,
    left_at: Times,
    known_from: Ints,
) -> Asked:
    """Draw what becomes of the questions: answers, and votes of some of those who found them useful."""
    need = np.flatnonzero(exits.are(End.ASKED))
    n = len(need)
    at = later(left_at[need], rng.integers(60, 900, n))
    order = np.argsort(at, kind="stable")
    need, at = need[order], at[order]
    stays = np.array([person.left_on is None for person in world.people], dtype=np.bool_)
    is_answered, is_helped, accepts = rng.random((3, n)) < [
        [habits.is_answered],
        [habits.answer_helps],
        [habits.accepts],
    ]
    n_useful = rng.poisson(2.0, n)
    answerer, voters = np.full(n, NONE, dtype=np.int64), []
    for place, asker in enumerate(needs.person[need].tolist()):
        others = np.flatnonzero(stays & (known_from <= needs.day[need[place]]))
        others = rng.permutation(others[others != asker])[: 1 + n_useful[place]]
        useful = others[1:][rng.random(max(len(others) - 1, 0)) < habits.votes]
        if is_answered[place] and len(others):
            answerer[place] = others[0]
        voters.append(tuple(useful.tolist()) if is_helped[place] else ())
    return Asked(
        need=need,
        at=at,
        answerer=answerer,
        hours=rng.lognormal(np.log(habits.hours_to_answer), 1.0, n),
        is_accepted=(answerer != NONE) & is_helped & accepts,
        voters=tuple(voters),
    )
