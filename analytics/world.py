"""What a simulated organisation is made of, and the effects planted in it.

`simulate` acts a world out. What is written here is the ground truth: a measure that is run over the events
must find it again, within its own interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from analytics.events import ActorKind


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who may look for help; `activity` is needs a working week once they know the portal."""

    key: str
    department: str
    site: str
    groups: frozenset[str] = frozenset()
    """What else they belong to; everybody belongs to their department."""
    activity: float = 1.5
    kind: ActorKind = ActorKind.USER
    joined_on: date | None = None
    left_on: date | None = None
    comes: bool = True
    """Whether they ever get to know the portal; who does not asks the desk as ever."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """An answer that exists, and what people type when they need it."""

    subject: str
    topic: str
    questions: tuple[str, ...]
    helpfulness: float
    """Share of those who answer that say it solved their problem."""
    demand: float = 1.0
    audience: frozenset[str] | None = None
    """Departments and groups that may see it; None: everybody."""
    published_on: date | None = None
    """First day it can be found; asked for earlier, it finds nothing. None: before the world began."""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something nobody has written about yet, and what people type when they need it."""

    questions: tuple[str, ...]
    demand: float = 1.0
    audience: frozenset[str] | None = None
    """Departments and groups that ask for it; None: everybody."""
    topic: str | None = None
    """Where the desk files it."""


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """Planted: from this day an article has a new version that helps another share of its readers."""

    subject: str
    on: date
    helpfulness: float


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """Planted: from this day a department has `lift` times as many needs met here, for some weeks."""

    department: str
    starts_on: date
    weeks: int
    lift: float


@dataclass(frozen=True, kw_only=True)
class Outage:
    """Planted: for some minutes many people meet the same trouble; a share of them says “me too”."""

    subject: str
    topic: str
    question: str
    starts_at: datetime
    minutes: int
    reach: float = 0.3
    """Share of people who come because of it."""
    echo: float = 0.5
    """Share of those who say “me too”."""


@dataclass(frozen=True, kw_only=True)
class World:
    """An organisation, its answers, its questions and what is planted in it."""

    people: tuple[Person, ...]
    articles: tuple[Article, ...]
    missing: tuple[Missing, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    outages: tuple[Outage, ...] = ()
    leaning: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """How many times more a department asks about a topic: {("finance", "expenses"): 3.0}."""
    month_end: Mapping[str, float] = field(default_factory=dict)
    """How many times more a department asks while the books are closed: {"finance": 1.6}."""
    closed: frozenset[date] = frozenset()
    timezone: str = "Europe/London"
    weeks: int = 65


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How people behave; shares are of those who came so far."""

    by_search: float = 0.7
    by_suggestion: float = 0.16
    """The rest come by browsing."""
    early_adopters: float = 0.35
    """Share of people who know the portal from the first day; the others come to know it along an S-curve."""
    opens_at_first: float = 0.62
    opens_when_used_to_it: float = 0.86
    """Learning: who has searched more often opens more of what they find."""
    learning_needs: float = 12.0
    """After so many needs, about two thirds of the learning is done."""
    first_rank: float = 0.64
    tries_again: float = 0.4
    answers: float = 0.24
    """Share of those who read that say whether it solved their problem."""
    answers_when_not: float | None = None
    """The same share of those whom it did not help; None: those who answer are like those who do not."""
    reasons_given: float = 0.75
    asked_for_intent: float = 0.25
    would_have_called: float = 0.55
    """True intent: share of needs for which the desk would be asked, were there nothing to read."""
    hands_over: float = 0.25
    """Share of those not helped, and who would call, that do."""
    asks_community: float = 0.03
    asks_colleague: float = 0.6
    """Of those who do neither; the rest give up."""
    begins_form: float = 0.06
    """Share of those who would call that open the form for a ticket and leave it."""
    goes_straight: float = 0.1
    """Needs handed over by people who do not know the portal, against the needs they would bring here."""
    still_straight: float = 0.02
    """The same of people who know it."""
    is_answered: float = 0.85
    answer_helps: float = 0.8
    hours_to_answer: float = 6.0
    """Median."""
    accepts: float = 0.6
    """Share of askers who say that an answer helped, of those whom one did."""
    votes: float = 0.3
    """Share of those who found an answer useful that vote for it."""
    nothing_found: float = 0.8
    """Share of searches for something missing that find nothing at all; the others find what does not fit."""
    misspells: float = 0.06
    evenings: float = 0.03
