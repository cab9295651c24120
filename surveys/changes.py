"""A wave set against another: which scores may be compared at all, and where an arrow stands (METRICS 4.3, 4.5, 11).

Across stages only the core dimensions are: the others were not asked, or mean something else after go-live. Units are
compared under exactly the same name only, and only where both waves show them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.groups import INDEX
from surveys.instrument import Instrument
from surveys.privacy.suppression import Suppression
from surveys.reading import WaveReading
from surveys.trend import Change, compare, stand_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """What of two waves means the same."""

    codes: tuple[str, ...]
    """Dimensions, the index first."""
    reworded: tuple[str, ...]
    """Items of these whose tense changed at go-live in between: to be marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed from one wave to another, where both may be shown."""

    since: str
    comparable: Comparable
    total: Mapping[str, Change]
    units: Mapping[str, Mapping[str, Change]]
    arrows: frozenset[tuple[str, str]]
    """Unit and dimension where the change stands out among all cells shown in both waves."""
    new: tuple[str, ...]
    """Units shown now that the earlier wave did not have under this name: no line is drawn to anything."""


def comparable(instrument: Instrument, before: WaveReading, after: WaveReading) -> Comparable:
    """Say which scores of two waves may be set against each other; nothing across instruments."""
    if before.instrument != after.instrument:
        return Comparable(codes=(), reworded=())
    both = [code for code in after.dimensions if code in before.dimensions]
    if before.stage != after.stage:
        both = [code for code in both if code in instrument.rules.core]
    reworded: tuple[str, ...] = ()
    if before.stage and after.stage and instrument.stage(before.stage).phase != instrument.stage(after.stage).phase:
        asked = set(before.asked) & set(after.asked)
        reworded = tuple(
            item.code
            for code in both
            for item in instrument.dimension(code).items
            if item.changes_at_go_live and item.code in asked
        )
    return Comparable(codes=(INDEX, *both), reworded=reworded)


def changes(
    instrument: Instrument,
    before: WaveReading,
    after: WaveReading,
    *,
    hidden_before: Suppression,
    hidden_after: Suppression,
) -> Changes:
    """Compare two waves as far as both are shown; the index and the total are no part of the family of tests."""
    found = comparable(instrument, before, after)
    gone = hidden_before.columns | hidden_after.columns
    codes = [code for code in found.codes if code not in gone]
    total = {code: change for code in codes if (change := compare(before.total.score(code), after.total.score(code)))}
    earlier = {unit.name: unit for unit in before.units if unit.valid}
    hidden = hidden_before.rows | hidden_after.rows
    shown = [unit for unit in after.units if unit.valid and unit.name not in hidden_after.rows]
    units = {
        unit.name: {
            code: change
            for code in codes
            if (change := compare(earlier[unit.name].score(code), unit.score(code))) is not None
        }
        for unit in shown
        if unit.name in earlier and unit.name not in hidden
    }
    cells = [(name, code) for name, each in units.items() for code in each if code != INDEX]
    passed = stand_out([units[name][code].p for name, code in cells]) if cells else ()
    return Changes(
        since=before.wave,
        comparable=found,
        total=total,
        units=units,
        arrows=frozenset(cell for cell, stands in zip(cells, passed, strict=True) if stands),
        new=tuple(unit.name for unit in shown if unit.name not in {other.name for other in before.units}),
    )
