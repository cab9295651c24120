"""Which flaws a wave shows: the rules held against what may be seen of it (METRICS 4.8, 11).

A flaw is looked for only in groups that are shown, and the interval has to clear the threshold, so that a small
group's bad luck is no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.changes import Changes
from surveys.figures import figure, item_figure
from surveys.flaws import Bound, Condition, Evidence, Fired, Flaw, Measured, Source
from surveys.groups import VALID, Group
from surveys.instrument import Instrument
from surveys.privacy.policy import LEAST_ITEMS
from surveys.privacy.suppression import Suppression
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
    *,
    suppression: Suppression,
    changes: Changes | None = None,
    measures: Measures | None = None,
) -> tuple[Fired, ...]:
    """Look for flaws in the total and in every unit that is shown; nothing is looked for in what is hidden.

    A unit of which too few answered keeps its scores but gets that one flaw alone.
    """
    every = tuple(rules)
    if VALID in suppression.columns:
        return ()
    groups = [(WHOLE, reading.total)]
    groups += [(unit.name, unit) for unit in reading.units if unit.name and unit.name not in suppression.rows]
    found: list[Fired] = []
    for name, group in groups:
        looked = _Looked(
            instrument=instrument,
            group=group,
            gone=suppression.columns,
            has_items=name == WHOLE or group.valid >= LEAST_ITEMS,
            changes=_changed(changes, name),
            measures=(measures or {}).get(name, {}),
        )
        fired = [(flaw, evidence) for flaw in every if (evidence := looked.evidence(flaw))]
        found += [
            Fired(code=flaw.code, unit=name, wave=reading.wave, evidence=evidence, handles=flaw.handles)
            for flaw, evidence in [each for each in fired if each[0].silences] or fired
        ]
    return tuple(found)


def _changed(changes: Changes | None, unit: str) -> Mapping[str, Change]:
    if changes is None:
        return {}
    return changes.total if unit == WHOLE else changes.units.get(unit, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A group being looked at."""

    instrument: Instrument
    group: Group
    gone: frozenset[str]
    """Columns that are released for nobody."""
    has_items: bool
    """A small group's items are not told, so they are no evidence either."""
    changes: Mapping[str, Change]
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
        """Return the figure a condition asks for; None where there is none to be seen."""
        code = condition.of
        match condition.source:
            case Source.SCORE if code in self.group.dimensions and code not in self.gone:
                score = figure(self.instrument, self.group, code)
                return None if score is None else Measured(value=score.mean, low=score.low, high=score.high, n=score.n)
            case Source.FAVOURABLE if self.has_items and code in self.group.items and code not in self.gone:
                item = item_figure(self.instrument, self.group, code)
                share = item.favourable if item else None
                return None if share is None else Measured(value=share.value, low=share.low, high=share.high, n=share.n)
            case Source.CHANGE if (change := self.changes.get(code)) and change.g is not None:
                return Measured(value=change.g, low=change.low, high=change.high, n=change.n_after)
            case Source.MEASURE:
                return self.measures.get(code)
            case Source.RESPONSE if (rate := self.group.response) is not None:
                return Measured(value=rate, low=rate, high=rate, n=self.group.valid)
        return None


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
