"""Does what the desk solves find its way into the knowledge base? Trends for coaching, never a ranking of people.

The words are those of Knowledge-Centered Service (Consortium for Service Innovation), which gives intent and bands
but no formulas: the arithmetic is our own rule (METRICS 2.5). The Consortium says not to put goals on activities;
so none of these figures is ever shown for one person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from analytics.proportions import Share, wilson

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Resolved tickets by what they left behind; each counts once, under the first that holds."""

    linked: int
    """An article that was there answers it: reuse."""
    created: int
    """A new article was begun for it."""
    improved: int
    """Somebody searched, and flagged or mended what was found."""
    nothing: int
    """Nobody has said: knowledge debt."""
    not_reusable: int = 0
    """Said to hold nothing another person could use, with the reason: no opportunity, so in no share."""

    @property
    def eligible(self) -> int:
        return self.linked + self.created + self.improved + self.nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What became of the opportunities; every share is None where there was none."""

    eligible: int
    debt: int
    link_rate: Share | None
    """Tickets that ended with an article, old or new."""
    reuse: Share | None
    create: Share | None
    participation: Share | None
    """Tickets for which anything at all was done."""
    known: Share | None
    """Of those with an article, how many had one already: what people ask that is known."""


def knowledge(closed: Closed) -> Knowledge:
    """Measure what became of resolved tickets.

    >>> told = knowledge(Closed(linked=60, created=12, improved=2, nothing=6))
    >>> round(told.link_rate.point, 4), round(told.link_rate.low, 4), round(told.known.point, 4)
    (0.9, 0.8149, 0.8333)
    """
    n, with_article = closed.eligible, closed.linked + closed.created
    return Knowledge(
        eligible=n,
        debt=closed.nothing,
        link_rate=wilson(with_article, n),
        reuse=wilson(closed.linked, n),
        create=wilson(closed.created, n),
        participation=wilson(with_article + closed.improved, n),
        known=wilson(closed.linked, with_article),
    )


def link_accuracy(right: int, sampled: int) -> Share | None:
    """Return how many links of a sample point to an article that really answers the ticket."""
    return wilson(right, sampled)


def capture_rate(*, created: int, improved: int, unanswered: int) -> Share | None:
    """Return how many tickets for which no adequate article existed left one behind.

    >>> round(capture_rate(created=12, improved=3, unanswered=20).point, 4)
    0.75
    """
    return wilson(created + improved, unanswered)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One ticket of a sample, with what should have been done (None: no occasion) and whether it was.

    The four habits a review asks for: search early, link, improve or flag, create when there is nothing.
    """

    searched_early: bool | None
    linked: bool | None
    improved: bool | None
    created: bool | None


def contribution(sample: Iterable[Reviewed]) -> Share | None:
    """Return the right things done out of the occasions for them, over a sample of reviewed tickets."""
    occasions = [
        done
        for each in sample
        for done in (each.searched_early, each.linked, each.improved, each.created)
        if done is not None
    ]
    return wilson(sum(occasions), len(occasions))


def time_to_publish(pairs: Iterable[tuple[datetime, datetime | None]]) -> tuple[float | None, int]:
    """Return the median hours from resolving to a public article, and how many are not public yet.

    An article that was public before its ticket was resolved took no time.
    """
    hours, pending = [], 0
    for resolved_at, public_at in pairs:
        if public_at is None:
            pending += 1
        else:
            hours.append(max(0.0, (public_at - resolved_at) / HOUR))
    return (median(hours) if hours else None), pending
