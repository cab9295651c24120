"""What to do first, by evidence: RICE for the list, WSJF for the steering group, never both in one list (METRICS 6).

Reach and impact come with an interval, so the score has one too: two items whose intervals overlap are not first and
second but tied, and the older goes first. How much one may believe of it is the grade of the evidence, not a feeling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from analytics.proportions import Z95
from analytics.rates import Span

IMPACTS = ((1.0, 3.0), (0.5, 2.0), (0.2, 1.0), (0.05, 0.5))
"""From so many tickets avoided a reached person on, this impact; less is a quarter. House rule."""
LEAST_IMPACT = 0.25
LEAST_EFFORT = 0.5
LEAST_ANSWERS = 30


class Grade(StrEnum):
    """How well something is known."""

    A = "A"
    """A randomised start, or departments compared over time, with an interval off nothing."""
    B = "B"
    """A series that was interrupted, or a change between waves, with an interval off nothing."""
    C = "C"
    """A driver, a survey of at least thirty, a cluster of searches in vain."""
    D = "D"
    """Votes and opinion."""


CONFIDENCE = {Grade.A: 1.0, Grade.B: 0.8, Grade.C: 0.5, Grade.D: 0.25}


class Kind(StrEnum):
    """What a piece of evidence is."""

    RANDOMISED = "randomised"
    COMPARED = "compared"
    INTERRUPTED = "interrupted"
    WAVES = "waves"
    DRIVER = "driver"
    SURVEY = "survey"
    GAP = "gap"
    VOTES = "votes"
    OPINION = "opinion"


COMPARING = {Kind.RANDOMISED: Grade.A, Kind.COMPARED: Grade.A, Kind.INTERRUPTED: Grade.B, Kind.WAVES: Grade.B}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece: what it is, the interval it came with, and on how many it rests."""

    kind: Kind
    low: float | None = None
    high: float | None = None
    n: int = 0

    @property
    def grade(self) -> Grade:
        """What compares and shows nothing is opinion still: it has not shown that there is anything.

        >>> Evidence(kind=Kind.COMPARED, low=0.2, high=1.4).grade, Evidence(kind=Kind.COMPARED, low=-0.2, high=1).grade
        (<Grade.A: 'A'>, <Grade.D: 'D'>)
        """
        if self.kind in COMPARING:
            is_off = self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)
            return COMPARING[self.kind] if is_off else Grade.D
        if self.kind in {Kind.DRIVER, Kind.GAP} or (self.kind is Kind.SURVEY and self.n >= LEAST_ANSWERS):
            return Grade.C
        return Grade.D


def best_grade(evidence: Iterable[Evidence]) -> Grade | None:
    """Return the best grade there is; None without evidence: such an item does not leave triage."""
    return min((each.grade for each in evidence), default=None)


def impact(avoided_per_person: float) -> float:
    """Return the impact of so many tickets avoided a reached person.

    >>> [impact(avoided) for avoided in (1, 0.99, 0.2, 0.05, 0.049)]
    [3.0, 2.0, 1.0, 0.5, 0.25]
    """
    return next((step for least, step in IMPACTS if avoided_per_person >= least), LEAST_IMPACT)


def impact_span(avoided_per_person: Span) -> Span:
    """Return the impact with that of both ends."""
    return Span(impact(avoided_per_person.point), impact(avoided_per_person.low), impact(avoided_per_person.high))


def counted(n: int) -> Span:
    """Return a count with the interval in which the rate behind it lies, by Byar's approximation.

    Breslow, N. E. and Day, N. E. (1987): Statistical methods in cancer research, volume II, 2.3.

    >>> span = counted(100)
    >>> span.point, round(span.low, 1), round(span.high, 1)
    (100.0, 81.4, 121.6)
    >>> counted(0).low, round(counted(0).high, 2)
    (0.0, 3.67)
    """
    if n < 0:
        raise ValueError("a count is not below nothing")
    above = n + 1
    low = n * (1 - 1 / (9 * n) - Z95 / (3 * n**0.5)) ** 3 if n else 0.0
    return Span(float(n), max(0.0, low), above * (1 - 1 / (9 * above) + Z95 / (3 * above**0.5)) ** 3)


def exactly(value: float) -> Span:
    """Return what somebody entered by hand: it has no interval, and says so by having none."""
    return Span(value, value, value)


def rice(reach: Span, impact: Span, *, confidence: float, effort: float) -> Span:
    """Return reach · impact · confidence / effort, and the same with the low and with the high ends.

    Effort is in person-weeks; less than half a week counts as half.

    >>> rice(Span(800, 700, 900), exactly(1), confidence=0.8, effort=2)
    Span(point=320.0, low=280.0, high=360.0)
    """
    if not 0 < confidence <= 1:
        raise ValueError(f"a confidence of {confidence} is none")
    if any(end < 0 for span in (reach, impact) for end in (span.point, span.low, span.high)):
        raise ValueError("reach and impact are not below nothing")
    scale = confidence / max(LEAST_EFFORT, effort)
    return Span(reach.point * impact.point * scale, reach.low * impact.low * scale, reach.high * impact.high * scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An item with its score, and since when it is there."""

    key: str
    score: Span
    since: date


def ranked(items: Iterable[Scored]) -> list[list[Scored]]:
    """Return ties, highest first: an item joins the one above while it overlaps the first of that tie, oldest first.

    >>> day = date(2026, 3, 1)
    >>> spans = {"a": Span(10, 8, 12), "b": Span(9, 7, 11), "c": Span(6, 5, 7.5)}
    >>> [[item.key for item in tie] for tie in ranked(Scored(key=k, score=s, since=day) for k, s in spans.items())]
    [['a', 'b'], ['c']]
    """
    ties: list[list[Scored]] = []
    for item in sorted(items, key=lambda item: (-item.score.point, item.since, item.key)):
        if ties and item.score.high >= ties[-1][0].score.low:
            ties[-1].append(item)
        else:
            ties.append([item])
    return [sorted(tie, key=lambda item: (item.since, item.key)) for tie in ties]


def wsjf(*, value: float, urgency: float, risk: float, size: float) -> float:
    """Return the weighted shortest job first of SAFe: (value + urgency + risk or opportunity) / size.

    >>> wsjf(value=8, urgency=5, risk=3, size=5), round(wsjf(value=5, urgency=8, risk=1, size=3), 2)
    (3.2, 4.67)
    """
    if size <= 0:
        raise ValueError("a job has a size")
    return (value + urgency + risk) / size


def trending(*, votes: int, comments: int, age_hours: float) -> float:
    """Return how much an idea is on people's minds by the votes and comments of the last 30 days, as Fider has it.

    (5 · votes + 3 · comments - 1) / (age in hours + 2)^1.4

    >>> round(trending(votes=4, comments=2, age_hours=30), 3), round(trending(votes=4, comments=2, age_hours=300), 4)
    (0.195, 0.0084)
    """
    return float((5 * votes + 3 * comments - 1) / (max(0.0, age_hours) + 2) ** 1.4)


def ice(*, impact: float, confidence: float, ease: float) -> float:
    """Return impact · confidence · ease, each of 1 to 10.

    >>> ice(impact=7, confidence=6, ease=5)
    210
    """
    return impact * confidence * ease
