"""What was different before and after a text was published: honest about chance, and about being too early.

The same number of days on both sides of the day of publishing, which belongs to neither; 28 at most. It compares, it
proves nothing: other things change in the same weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analytics.proportions import Difference, Share, newcombe, wilson
from analytics.rates import Rate, RateRatio, rate_ratio

MOST_DAYS = 28
LEAST_DAYS = 14
"""Sooner nothing is said."""
LEAST = 5
"""Cases on either side without which nothing is said."""


class Verdict(StrEnum):
    """What can be said of a change."""

    TOO_EARLY = "too_early"
    TOO_FEW = "too_few"
    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"
    """Chance alone would bring as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What was counted on one side."""

    searches: int = 0
    """For what the text was to answer."""
    failed: int = 0
    """Of these, how many found nothing."""
    tickets: int = 0
    """On the topic of the text."""
    said: int = 0
    """Answers to "Did this solve it?" about the text."""
    solved: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Both sides, over so many days each."""

    days: int
    before: Side
    after: Side

    @property
    def is_early(self) -> bool:
        return self.days < LEAST_DAYS

    @property
    def failing(self) -> Difference | None:
        """By how much the share of searches that find nothing rose; None where one side has too few."""
        before, after = wilson(self.before.failed, self.before.searches), wilson(self.after.failed, self.after.searches)
        if before is None or after is None or min(before.n, after.n) < LEAST:
            return None
        return newcombe(after, before)

    @property
    def asking(self) -> RateRatio | None:
        """How many times as many tickets came; None where either side had none, or both together too few."""
        if self.before.tickets + self.after.tickets < LEAST or not self.days:
            return None
        return rate_ratio(Rate(self.after.tickets, self.days), Rate(self.before.tickets, self.days))

    @property
    def confirmed(self) -> Share | None:
        """How many of those who said anything since said that it solved it."""
        return wilson(self.after.solved, self.after.said)

    @property
    def of_searches(self) -> Verdict:
        """Say what can be said of the searches.

        >>> sides = {"before": Side(searches=14, failed=12), "after": Side(searches=9, failed=1)}
        >>> str(Change(days=28, **sides).of_searches), str(Change(days=9, **sides).of_searches)
        ('better', 'too_early')
        """
        found = self.failing
        return self._said(None if found is None else (found.low, found.high), level=0.0)

    @property
    def of_tickets(self) -> Verdict:
        """Say what can be said of the tickets.

        >>> str(Change(days=28, before=Side(tickets=8), after=Side(tickets=5)).of_tickets)
        'unclear'
        """
        found = self.asking
        return self._said(None if found is None else (found.low, found.high), level=1.0)

    def _said(self, ends: tuple[float, float] | None, *, level: float) -> Verdict:
        if self.is_early:
            return Verdict.TOO_EARLY
        if ends is None:
            return Verdict.TOO_FEW
        low, high = ends
        if high < level:
            return Verdict.BETTER
        return Verdict.WORSE if low > level else Verdict.UNCLEAR
