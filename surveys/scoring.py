"""From ticks to scores, one sheet at a time (METRICS 4.4, 11).

An item is 0 to 100, turned round where it asks the other way. A dimension's score is the mean of its answered items
if at least two are; the index is the mean of the core dimensions if at least two are scored. Scores are exact
fractions here and become floats once, so that equal scores are equal whichever way they came about.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from surveys.instrument import Instrument, Item, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one person handed in; nobody knows who."""

    answers: Mapping[str, int]
    """Raw, as ticked, by item; what was left out or does not apply is absent."""
    unit: str = ""
    """The group it counts for, by name; empty: not stated."""
    other: str = ""
    """The group of a second breakdown."""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What one sheet says."""

    turned: Mapping[str, int]
    """Answers with those of reversed items turned round."""
    dimensions: Mapping[str, float]
    index: float | None
    is_straight: bool

    @property
    def counts(self) -> bool:
        """An empty sheet is a row, not a submission."""
        return bool(self.dimensions)


def dimension_score(answers: Sequence[int], scale: Scale, *, least: int) -> Fraction | None:
    """Return the mean of the answered items of a dimension on 0 to 100, turned already; None for fewer than `least`.

    >>> five = Scale(low=1, high=5, labels=(), not_applicable="")
    >>> [round(float(dimension_score(each, five, least=2)), 2) for each in ([4, 4, 5], [4, 5])]
    [83.33, 87.5]
    >>> dimension_score([5], five, least=2) is None
    True
    """
    if len(answers) < least:
        return None
    n = len(answers)
    return Fraction(100 * (sum(answers) - n * scale.low), n * (scale.high - scale.low))


def is_straight(raw: Mapping[str, int], asked: Sequence[Item]) -> bool:
    """Tell whether somebody ticked one point all the way, statements that contradict each other included.

    At least half of what was asked is answered, a reversed item among it, and all raw answers are the same.
    """
    answered = [item for item in asked if item.code in raw]
    if 2 * len(answered) < len(asked) or not any(item.is_reversed for item in answered):
        return False
    return len({raw[item.code] for item in answered}) == 1


def counts(instrument: Instrument, asked: Collection[str], raw: Mapping[str, int]) -> bool:
    """Tell whether a sheet counts (`Scored.counts`), without scoring it."""
    least = instrument.rules.least_items
    return any(
        sum(item.code in asked and item.code in raw for item in dimension.items) >= least
        for dimension in instrument.dimensions
    )


def score(instrument: Instrument, asked: Collection[str], raw: Mapping[str, int]) -> Scored:
    """Score one sheet by an instrument of which these items were asked; answers to others count for nothing."""
    scale, rules = instrument.scale, instrument.rules
    items = [item for item in instrument.items if item.code in asked]
    if wrong := [code for code, tick in raw.items() if not scale.low <= tick <= scale.high]:
        raise ValueError(f"{raw[wrong[0]]} for {wrong[0]} is no answer")
    turned = {
        item.code: scale.turned(raw[item.code]) if item.is_reversed else raw[item.code]
        for item in items
        if item.code in raw
    }
    exact: dict[str, Fraction] = {}
    for dimension in instrument.dimensions:
        answers = [turned[item.code] for item in dimension.items if item.code in turned]
        found = dimension_score(answers, scale, least=rules.least_items)
        if found is not None:
            exact[dimension.code] = found
    core = [exact[code] for code in rules.core if code in exact]
    index = sum(core, Fraction(0)) / len(core) if len(core) >= rules.least_core else None
    return Scored(
        turned=turned,
        dimensions={code: float(value) for code, value in exact.items()},
        index=None if index is None else float(index),
        is_straight=is_straight(raw, items),
    )
