"""Tickets that an article would have spared: told of departments, never of a person (METRICS 3.4).

A ticket is avoidable when an article that everybody may read was there before it, an agent linked that article to it,
and its requester had looked for nothing in the day before. A department with many has not heard of the portal, or
does not believe in it; the requester alone hears of their own, in private.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from analytics.proportions import Share, wilson
from analytics.suppression import LEAST, hidden

LOOKED_BEFORE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One ticket: whose department, when, and what was there."""

    department: str
    requester: str
    at: datetime
    linked_public_since: datetime | None = None
    """Since when the earliest article linked by an agent is public; None: none is linked."""
    last_attempt_at: datetime | None = None
    """When the requester last looked for something here before it."""

    @property
    def is_avoidable(self) -> bool:
        has_article = self.linked_public_since is not None and self.linked_public_since < self.at
        has_looked = self.last_attempt_at is not None and self.last_attempt_at >= self.at - LOOKED_BEFORE
        return has_article and not has_looked


def avoidable(tickets: Iterable[Handed], *, least: int = LEAST) -> tuple[dict[str, Share], tuple[str, ...]]:
    """Return the share of avoidable tickets of every department that may be shown, and those that may not.

    What counts for showing is how many people wrote tickets, not how many tickets there are.
    """
    by_department: dict[str, list[Handed]] = {}
    for ticket in tickets:
        by_department.setdefault(ticket.department, []).append(ticket)
    people = {name: len({ticket.requester for ticket in own}) for name, own in by_department.items()}
    closed = hidden(people, least=least)
    told = {
        name: share
        for name, own in sorted(by_department.items())
        if name not in closed and (share := wilson(sum(ticket.is_avoidable for ticket in own), len(own)))
    }
    return told, tuple(sorted(closed))
