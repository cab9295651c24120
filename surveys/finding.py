"""Which flaws a wave shows: the rules held against what has passed the gate (METRICS 4.8, 11).

A flaw is looked for only in groups that are shown, and the interval has to clear the threshold, so that a small
group's bad luck is no finding. Nothing is judged by raw figures: a flaw that fires where the printed interval does not
clear the line would tell what the gate has blurred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.flaws import Bound, Condition, Evidence, Fired, Flaw, Measured, Source
from surveys.privacy.released import Mean, Released, Row, Share, State

WHOLE = ""
"""The unit of what is told of everybody, here and in `measures`."""
Measures = Mapping[str, Mapping[str, Measured]]
"""By unit, by name: the portal's own figures, from so many people as it shows."""


def find(rules: Iterable[Flaw], released: Released, *, measures: Measures | None = None) -> tuple[Fired, ...]:
    """Look for flaws in the total and in every named unit that is not hidden.

    A unit of which too few answered keeps its scores but gets that one flaw alone.
    """
    every = tuple(rules)
    rows = [(WHOLE, released.total), *((row.name, row) for row in released.units.rows if row.name)]
    found: list[Fired] = []
    for name, row in rows:
        if row.state is State.HIDDEN:
            continue
        looked = _Looked(row=row, measures=(measures or {}).get(name, {}))
        fired = [(flaw, evidence) for flaw in every if (evidence := looked.evidence(flaw))]
        found += [
            Fired(code=flaw.code, unit=name, wave=released.wave, evidence=evidence, handles=flaw.handles)
            for flaw, evidence in [each for each in fired if each[0].silences] or fired
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A group being looked at, as it is shown."""

    row: Row
    measures: Mapping[str, Measured]

    def evidence(self, flaw: Flaw) -> tuple[Evidence, ...]:
        """Return what speaks for a flaw: every way whole in which it holds; nothing if there is none."""
        found: list[Evidence] = []
        for whole in flaw.when:
            measured = [(condition, self.measured(condition)) for condition in whole]
            holding = [
                Evidence(condition=condition, measured=each)
                for condition, each in measured
                if each is not None and holds(condition, each)
            ]
            if len(holding) == len(whole):
                found += holding
        return tuple(found)

    def measured(self, condition: Condition) -> Measured | None:
        """Return the figure a condition asks for; None where none is shown."""
        match condition.source:
            case Source.SCORE:
                score = self.row.score(condition.of)
                return _told(score.mean, n=score.n) if score and score.mean else None
            case Source.FAVOURABLE:
                item = self.row.item(condition.of)
                return _told(item.favourable, n=item.n) if item else None
            case Source.CHANGE:
                return self._change(condition.of)
            case Source.MEASURE:
                return self.measures.get(condition.of)
            case Source.RESPONSE:
                rate = self.row.response
                return None if rate is None else Measured(value=rate, low=rate, high=rate, n=self.row.n)

    def _change(self, code: str) -> Measured | None:
        score = self.row.score(code)
        if score is None or score.since is None or score.since.g is None:
            return None
        return Measured(value=score.since.g, low=score.since.low, high=score.since.high, n=score.n)


def _told(found: Mean | Share, *, n: int | None) -> Measured:
    return Measured(value=found.value.value, low=found.low, high=found.high, n=n, side=found.value.side)


def holds(condition: Condition, found: Measured) -> bool:
    """Tell whether a figure clears a threshold with the near end of its interval.

    >>> below = Condition(source=Source.SCORE, of="VA", bound=Bound.BELOW, threshold=50)
    >>> [holds(below, Measured(value=45, low=45 - wide, high=45 + wide, n=20)) for wide in (4, 6)]
    [True, False]
    """
    match condition.bound:
        case Bound.BELOW:
            return found.high is not None and found.high < condition.threshold
        case Bound.ABOVE:
            return found.low is not None and found.low > condition.threshold
        case Bound.AT_LEAST:
            return found.value >= condition.threshold
        case Bound.FALLS_BY:
            return found.value <= -condition.threshold and found.high is not None and found.high < 0
