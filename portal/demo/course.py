"""How a ticket of the past went: who worked it, when it was answered and solved, and what it left behind."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.workinghours import WorkingHours
from portal.demo.handing_over import PROMISED
from portal.tickets.models import Knowledge, Source

QUEUE_OF = {"network": "network", "software": "apps", "laptops": "workplace", "printing": "workplace"}
QUEUE_OF |= {"meetings": "workplace"}
WORKED_BY = {"desk": ("cleo", "lorna"), "network": ("cleo", "lorna"), "apps": ("lorna",), "workplace": ("cleo",)}
PRIORITIES = (("normal", 0.8, 1.0), ("high", 0.1, 0.4), ("low", 0.1, 2.0))
"""How often each is set, and how many times as long it takes."""
FIRST_MINUTES, SOLVED_MINUTES = (150, 55), (420, 220)
"""Working minutes, medians: on the first day and now. The desk became quicker."""
AT_ONCE = 0.35
"""Share that the first answer solves."""
SAYS_WHAT_IT_LEAVES = (0.8, 0.96)
"""Share of solved tickets of which the desk says what they leave behind: on the first day and now."""
BY_ARTICLE = 0.6
"""Of those, where there is an article, that are tied to it."""
IMPROVES = 0.08
"""Of those, where there is an article, after which it was made better."""
RATED = 0.2
SPOKEN = (Source.CALL, Source.WALK_IN)
"""Who calls or walks in has had a first answer when the ticket is written down."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something that was handed over, in the words of the story."""

    at: dt.datetime
    who: str
    """Mail address."""
    source: str
    question: str
    topic: str | None
    article: str | None
    """Slug of what would have helped, where it was there already."""
    has_looked: bool
    visit: str | None
    """The visit in which the form was sent."""

    @property
    def queue(self) -> str:
        """Slug of the queue it lands in."""
        return QUEUE_OF.get(self.topic or "", "desk")

    @property
    def text(self) -> str:
        """What they ask, as the beginning of a sentence."""
        return self.question[:1].upper() + self.question[1:]


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a ticket went: who worked it, when it was answered and when solved."""

    agent: str
    priority: str
    first_at: dt.datetime
    first_minutes: int
    solved_at: dt.datetime
    solved_minutes: int
    first_due: dt.datetime
    solved_due: dt.datetime
    knowledge: Knowledge | None
    reason: str
    rating: int | None

    @property
    def is_at_once(self) -> bool:
        return self.first_at == self.solved_at


def draw(
    problem: Problem,
    *,
    rng: random.Random,
    years: float,
    hours: WorkingHours,
    has_article: bool,
    reasons: Sequence[str],
    until: dt.datetime,
) -> Course | None:
    """Draw how a ticket goes; `years` is 0 on the first day and 1 now. None where it would not be solved by `until`."""
    agent = rng.choice(WORKED_BY[problem.queue])
    name, _share, slower = rng.choices(PRIORITIES, [share for _name, share, _slower in PRIORITIES])[0]
    is_spoken = problem.source in SPOKEN
    first = 0 if is_spoken else round(_between(FIRST_MINUTES, years) * slower * rng.lognormvariate(0, 0.7))
    more = 0 if rng.random() < AT_ONCE else round(_between(SOLVED_MINUTES, years) * slower * rng.lognormvariate(0, 0.9))
    solved = max(first + more, 8)
    first = solved if not more and not is_spoken else first
    knowledge, reason = _knowledge(rng, years, has_article=has_article, reasons=reasons)
    rating = rng.choices((5, 4, 3, 2), (6, 3, 1, 0.4))[0] if rng.random() < RATED else None
    solved_at = _after(hours, problem.at, solved)
    if solved_at > until:
        return None
    promised = PROMISED[name]
    return Course(
        agent=agent,
        priority=name,
        first_at=problem.at if is_spoken else _after(hours, problem.at, first),
        first_minutes=first,
        solved_at=solved_at,
        solved_minutes=solved,
        first_due=_after(hours, problem.at, promised[0]),
        solved_due=_after(hours, problem.at, promised[1]),
        knowledge=knowledge,
        reason=reason,
        rating=rating,
    )


def _knowledge(
    rng: random.Random, years: float, *, has_article: bool, reasons: Sequence[str]
) -> tuple[Knowledge | None, str]:
    says, is_tied, reason = rng.random(), rng.random(), rng.choice(reasons)
    if says > _between(SAYS_WHAT_IT_LEAVES, years):
        return None, ""
    if has_article and is_tied < BY_ARTICLE:
        return Knowledge.LINKED, ""
    if has_article and is_tied < BY_ARTICLE + IMPROVES:
        return Knowledge.IMPROVED, ""
    return Knowledge.NOT_REUSABLE, reason


def _after(hours: WorkingHours, at: dt.datetime, minutes: int) -> dt.datetime:
    return hours.add(at, dt.timedelta(minutes=minutes))


def _between(ends: tuple[float, float], years: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * years
