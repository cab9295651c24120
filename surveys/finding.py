"""Which flaws a wave shows: the rules held against what may be seen of it (METRICS 4.8, 11).

A flaw is looked for only in groups that are shown, and the interval has to clear the threshold, so that a small
group's bad luck is no finding. It is judged by unrounded figures; what it shows as evidence has passed the gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.changes import changes
from surveys.figures import figure, item_figure
from surveys.flaws import Bound, Condition, Evidence, Fired, Flaw, Measured, Source
from surveys.groups import Group
from surveys.instrument import Instrument
from surveys.privacy.gate import Before
from surveys.privacy.released import Mean, Released, Row, Share, State
from surveys.reading import WaveReading
from surveys.trend import Change

WHOLE = ""
"""The unit of what is told of everybody, here and in `measures`."""
Measures = Mapping[str, Mapping[str, Measured]]
"""By unit, by name: the portal's own figures, from so many people as it shows."""


def find(
    rules: Iterable[Flaw],
    instrument: Instrument,
    reading: WaveReading,
    released: Released,
    *,
    before: Before | None = None,
    measures: Measures | None = None,
) -> tuple[Fired, ...]:
    """Look for flaws in the total and in every named unit that is shown; what is hidden is not looked into.

    A unit of which too few answered keeps its scores but gets that one flaw alone.
    """
    every = tuple(rules)
    changed: dict[str, Mapping[str, Change]] = {}
    if before is not None:
        since = changes(
            instrument,
            before.reading,
            reading,
            hidden_before=before.released.suppression,
            hidden_after=released.suppression,
        )
        changed = {**since.units, WHOLE: since.total}
    shown = [(WHOLE, reading.total, released.total)]
    shown += [(row.name, reading.unit(row.name), row) for row in released.units.rows if row.name]
    found: list[Fired] = []
    for name, group, row in shown:
        if row.state is State.HIDDEN:
            continue
        looked = _Looked(
            instrument=instrument,
            group=group,
            row=row,
            changes=changed.get(name, {}),
            measures=(measures or {}).get(name, {}),
        )
        fired = [(flaw, evidence) for flaw in every if (evidence := looked.evidence(flaw))]
        found += [
            Fired(code=flaw.code, unit=name, wave=reading.wave, evidence=evidence, handles=flaw.handles)
            for flaw, evidence in [each for each in fired if each[0].silences] or fired
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A group being looked at: raw, and as it is shown."""

    instrument: Instrument
    group: Group
    row: Row
    changes: Mapping[str, Change]
    measures: Mapping[str, Measured]

    def evidence(self, flaw: Flaw) -> tuple[Evidence, ...]:
        """Return what speaks for a flaw: every way whole in which it holds; nothing if there is none."""
        found: list[Evidence] = []
        for whole in flaw.when:
            pairs = [(condition, self.measured(condition)) for condition in whole]
            holding = [
                Evidence(condition=condition, measured=pair[1])
                for condition, pair in pairs
                if pair is not None and holds(condition, pair[0])
            ]
            if len(holding) == len(whole):
                found += holding
        return tuple(found)

    def measured(self, condition: Condition) -> tuple[Measured, Measured] | None:
        """Return the figure a condition asks for, to judge by and to show; None where none is shown."""
        match condition.source:
            case Source.SCORE:
                return self._score(condition.of)
            case Source.FAVOURABLE:
                return self._favourable(condition.of)
            case Source.CHANGE:
                return self._change(condition.of)
            case Source.MEASURE:
                found = self.measures.get(condition.of)
                return (found, found) if found else None
            case Source.RESPONSE:
                rate = self.row.response
                if rate is None:
                    return None
                answered = Measured(value=rate, low=rate, high=rate, n=self.row.n)
                return answered, answered

    def _score(self, code: str) -> tuple[Measured, Measured] | None:
        score = self.row.score(code)
        raw = figure(self.instrument, self.group, code) if score else None
        if score is None or score.mean is None or raw is None:
            return None
        return Measured(value=raw.mean, low=raw.low, high=raw.high, n=raw.n), _told(score.mean, n=score.n)

    def _favourable(self, code: str) -> tuple[Measured, Measured] | None:
        item = self.row.item(code)
        raw = item_figure(self.instrument, self.group, code) if item else None
        if item is None or raw is None or raw.favourable is None:
            return None
        share = raw.favourable
        return Measured(value=share.value, low=share.low, high=share.high, n=share.n), _told(item.favourable, n=item.n)

    def _change(self, code: str) -> tuple[Measured, Measured] | None:
        score, raw = self.row.score(code), self.changes.get(code)
        if score is None or score.since is None or score.since.g is None or raw is None or raw.g is None:
            return None
        told = Measured(value=score.since.g, low=score.since.low, high=score.since.high, n=score.n)
        return Measured(value=raw.g, low=raw.low, high=raw.high, n=raw.n_after), told


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
