"""Did the gap close? Thirty and ninety days after delivery the same question is asked of the same figures.

An item is there because a figure stood on the wrong side of a threshold. It is proven when the whole interval of that
figure stands on the other side, over days that all lie after delivery; everything else is unproven, and says why. The
gap has closed then; that the item closed it is more than this can tell (`effects` can).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import fsum

from analytics.rates import Span

CHECKS = (30, 90)
"""Days after delivery."""


class Comparison(StrEnum):
    """The gap is open while the figure stands so to the threshold."""

    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="

    def holds(self, value: float, threshold: float) -> bool:
        """Tell whether the gap is open for a value.

        >>> Comparison.ABOVE.holds(0.1, 0.1), Comparison.AT_LEAST.holds(0.1, 0.1)
        (False, True)
        """
        return {
            Comparison.BELOW: value < threshold,
            Comparison.AT_MOST: value <= threshold,
            Comparison.ABOVE: value > threshold,
            Comparison.AT_LEAST: value >= threshold,
        }[self]


class Reason(StrEnum):
    """Why a gap is said to be closed, or is not."""

    CLOSED = "closed"
    STILL_OPEN = "still_open"
    """Even the near end of the interval is on the wrong side."""
    WITHIN_CHANCE = "within_chance"
    """The threshold lies inside the interval."""
    NO_INTERVAL = "no_interval"
    """The figure comes without one, so chance cannot be kept out."""
    TOO_LITTLE = "too_little"
    TOO_EARLY = "too_early"
    """Some of the days lie before delivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an item hangs on, such as: share of searches in vain > 0.10 over 28 days, from 50 on."""

    comparison: Comparison
    threshold: float
    days: int = 28
    minimum_n: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The figure, over the days before `on`."""

    on: date
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ReadOut:
    """One question after delivery."""

    reason: Reason

    @property
    def is_proven(self) -> bool:
        return self.reason is Reason.CLOSED


def is_open(question: Question, answer: Answer) -> bool | None:
    """Tell whether the gap is open by the figure itself, as evidence is read every night; None: too little is known."""
    if answer.value is None or answer.n < question.minimum_n:
        return None
    return question.comparison.holds(answer.value, question.threshold)


def read_out(question: Question, answer: Answer, *, delivered_on: date) -> ReadOut:
    """Ask again after delivery.

    >>> question = Question(comparison=Comparison.ABOVE, threshold=0.10)
    >>> answer = Answer(on=date(2026, 4, 1), value=0.04, low=0.02, high=0.08, n=240)
    >>> read_out(question, answer, delivered_on=date(2026, 3, 1)).reason
    <Reason.CLOSED: 'closed'>
    """
    if answer.on - timedelta(days=question.days) < delivered_on:
        return ReadOut(Reason.TOO_EARLY)
    if answer.value is None or answer.n < question.minimum_n:
        return ReadOut(Reason.TOO_LITTLE)
    if answer.low is None or answer.high is None:
        return ReadOut(Reason.NO_INTERVAL)
    open_ends = {question.comparison.holds(end, question.threshold) for end in (answer.low, answer.high)}
    if open_ends == {False}:
        return ReadOut(Reason.CLOSED)
    return ReadOut(Reason.STILL_OPEN if open_ends == {True} else Reason.WITHIN_CHANCE)


def is_proven(readouts: Collection[ReadOut]) -> bool:
    """Tell whether an item is proven: every gap it was there for has closed, and there was one."""
    return bool(readouts) and all(each.is_proven for each in readouts)


def check_due(delivered_on: date, today: date, *, done: Collection[int] = ()) -> int | None:
    """Return which check (30 or 90 days) is due and not done; a missed one is not made up for by a later one.

    >>> check_due(date(2026, 1, 1), date(2026, 2, 1)), check_due(date(2026, 1, 1), date(2026, 2, 1), done=[30])
    (30, None)
    """
    return next((days for days in CHECKS if days not in done and today >= delivered_on + timedelta(days=days)), None)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How what was foretold compares with what was measured, over the items of one task force."""

    n: int
    predicted: float
    measured: float
    n_inside: int
    """Measured figures inside the interval that was foretold."""

    @property
    def ratio(self) -> float | None:
        """Measured for each one foretold: below 1 is too hopeful."""
        return self.measured / self.predicted if self.predicted else None


def calibration(pairs: Iterable[tuple[Span, float]]) -> Calibration:
    """Compare tickets avoided as foretold with those measured.

    >>> told = calibration([(Span(100, 60, 140), 80), (Span(50, 40, 60), 10)])
    >>> told.ratio, told.n_inside
    (0.6, 1)
    """
    rows = list(pairs)
    return Calibration(
        n=len(rows),
        predicted=fsum(span.point for span, _measured in rows),
        measured=fsum(measured for _span, measured in rows),
        n_inside=sum(span.low <= measured <= span.high for span, measured in rows),
    )
