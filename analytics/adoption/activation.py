"""How long it takes from being able to use the portal to being helped by it for the first time.

Who has not been helped yet is no failure but somebody whose time is still running; leaving them out makes every
launch look fast. Kaplan, E. L., Meier, P. (1958): Nonparametric estimation from incomplete observations. JASA 53,
457-481, with Greenwood's variance on the scale of ln(-ln S), so that the interval stays between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt

from analytics.proportions import Z95


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How many days one person has waited, and whether that ended with being helped."""

    days: float
    is_activated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A day on which somebody was activated, and the share not activated after it, with its interval."""

    days: float
    at_risk: int
    activated: int
    share: float
    low: float
    high: float


def waited(eligible_on: date, activated_on: date | None, *, as_of: date, left_on: date | None = None) -> Waited | None:
    """Return how long somebody waited; None where they became eligible after `as_of`.

    >>> waited(date(2026, 3, 1), None, as_of=date(2026, 3, 29), left_on=date(2026, 3, 15))
    Waited(days=14, is_activated=False)
    """
    end = as_of if left_on is None else min(as_of, left_on)
    if end < eligible_on:
        return None
    if activated_on is not None and activated_on <= end:
        return Waited(days=max(0, (activated_on - eligible_on).days), is_activated=True)
    return Waited(days=(end - eligible_on).days, is_activated=False)


def survival(people: Iterable[Waited]) -> list[Step]:
    """Return the share not yet activated, day by day; whoever stops being watched on a day was there for its events.

    >>> steps = survival([Waited(days=1, is_activated=True), Waited(days=2, is_activated=False)])
    >>> [(step.days, step.share) for step in steps]
    [(1, 0.5)]
    """
    rows = list(people)
    share, greenwood = 1.0, 0.0
    told = []
    for days in sorted({row.days for row in rows if row.is_activated}):
        at_risk = sum(row.days >= days for row in rows)
        activated = sum(row.days == days and row.is_activated for row in rows)
        share *= 1 - activated / at_risk
        if at_risk > activated:
            greenwood += activated / (at_risk * (at_risk - activated))
        low, high = _interval(share, greenwood)
        told.append(Step(days=days, at_risk=at_risk, activated=activated, share=share, low=low, high=high))
    return told


def days_until(share: float, steps: Iterable[Step]) -> float | None:
    """Return the day by which this share is activated (.5: the median); None where it is not reached yet."""
    return next((step.days for step in steps if step.share <= 1 - share + 1e-12), None)


def _interval(share: float, greenwood: float) -> tuple[float, float]:
    if share <= 0:
        return 0.0, 0.0
    half = Z95 * sqrt(greenwood) / abs(log(share))
    return share ** exp(half), share ** exp(-half)
