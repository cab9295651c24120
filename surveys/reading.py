"""A wave read: every group raw, before anything is hidden.

`read_wave` is the only way from sheets to figures. What it gives holds groups of one person as well, so nothing of it
may be shown: `surveys.privacy` decides what may, and page, file, print and command are made of what it releases.
What depends on which groups are shown (weights, changes, flaws) takes those that are hidden as an argument.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveys.drivers import Drivers, drivers
from surveys.groups import INDEX, NOT_STATED, Group, Headcount, Shape, named
from surveys.instrument import Instrument
from surveys.reliability import Reliability, reliability
from surveys.scoring import Scored, Sheet, score

STRAIGHT_MENTIONED = 0.05
"""From this share of straight lines on, the total is also told without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StraightLines:
    """Sheets with one point ticked all the way."""

    n: int
    valid: int
    without: Group | None
    """The total without them, when they are more than one in twenty; for the total only, and only from m of them on."""

    @property
    def share(self) -> float | None:
        return self.n / self.valid if self.valid else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """How many people of one unit and one other unit are behind each column, and how many of them draw a line."""

    unit: str
    other: str
    people: Mapping[str, int]
    straight: Mapping[str, int]
    partial: Mapping[str, int]
    """Of a dimension: who answered some of its statements only; of the index: who has some core dimensions only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveReading:
    """Everything that one wave says. Nothing of it may be shown before it has passed the gate."""

    wave: str
    instrument: str
    digest: str
    stage: str | None
    asked: tuple[str, ...]
    """Item codes, in the instrument's order."""
    dimensions: tuple[str, ...]
    total: Group
    units: tuple[Group, ...]
    """The primary breakdown, by name; `NOT_STATED` last if anybody stated none. Empty units of the roster included."""
    other_units: tuple[Group, ...] = ()
    """The second breakdown, alike."""
    crossed: tuple[Crossed, ...] = ()
    """The people behind the figures, by every pair of unit and other unit: from them the gate sees what follows."""
    not_on_roster: tuple[str, ...] = ()
    """Units that answered and have no line in the roster: the total's headcount is then unknown."""
    straight: StraightLines
    reliability: Mapping[str, Reliability | None]
    drivers: Drivers
    has_roster: bool = False

    def unit(self, name: str) -> Group:
        return next(group for group in self.units if group.name == name)


def read_wave(
    instrument: Instrument,
    sheets: Iterable[Sheet],
    *,
    wave: str = "",
    stage: str | None = None,
    asked: Sequence[str] | None = None,
    roster: Mapping[str, Headcount] | None = None,
    other_roster: Mapping[str, Headcount] | None = None,
) -> WaveReading:
    """Read a wave from its sheets and the headcounts of its units.

    What was asked follows from the stage; else it is named, or else it is what anybody answered. The order of the
    sheets changes nothing.
    """
    given = list(sheets)
    if stage is not None:
        codes = {item.code for item in instrument.asked_at(stage)}
    elif asked is not None:
        codes = set(asked)
    else:
        codes = {code for sheet in given for code in sheet.answers}
    items = tuple(item.code for item in instrument.items if item.code in codes)
    dimensions = tuple(d.code for d in instrument.dimensions if any(item.code in codes for item in d.items))
    found_stage = instrument.stage(stage) if stage else instrument.stage_of(items)
    read = [(sheet, score(instrument, codes, sheet.answers)) for sheet in given]

    shape = Shape(instrument=instrument, items=items, dimensions=dimensions)
    units = shape.groups([(sheet.unit, sheet, scored) for sheet, scored in read], roster or {})
    has_second = other_roster is not None or any(sheet.other for sheet in given)
    seconds = shape.groups([(sheet.other, sheet, scored) for sheet, scored in read], other_roster or {})
    strange = tuple(
        group.name for group in units if group.valid and group.headcount is None and group.name != NOT_STATED
    )
    whole = None
    if roster and not strange:
        whole = Headcount(
            eligible=sum(line.eligible for line in roster.values()),
            delivered=sum(line.delivered for line in roster.values()),
        )
    valid = [(sheet, scored) for sheet, scored in read if scored.counts]
    honest = [scored for _sheet, scored in valid if not scored.is_straight]
    n_straight = len(valid) - len(honest)
    without = None
    if valid and n_straight / len(valid) > STRAIGHT_MENTIONED:
        kept = [(sheet, scored) for sheet, scored in read if not scored.is_straight]
        without = shape.group("", kept, whole)
    return WaveReading(
        wave=wave,
        instrument=instrument.name,
        digest=instrument.digest,
        stage=found_stage.code if found_stage else None,
        asked=items,
        dimensions=dimensions,
        total=shape.group("", read, whole),
        units=units,
        other_units=seconds if has_second else (),
        crossed=_crossed(shape, read),
        not_on_roster=strange if roster is not None else (),
        straight=StraightLines(n=n_straight, valid=len(valid), without=without),
        reliability={code: reliability(instrument, code, items, honest) for code in dimensions},
        drivers=drivers(instrument, dimensions, [scored for _sheet, scored in valid]),
        has_roster=roster is not None,
    )


def _crossed(shape: Shape, read: Iterable[tuple[Sheet, Scored]]) -> tuple[Crossed, ...]:
    cells: dict[tuple[str, str], list[tuple[Sheet, Scored]]] = defaultdict(list)
    for sheet, scored in read:
        cells[named(sheet.unit), named(sheet.other)].append((sheet, scored))
    return tuple(
        Crossed(
            unit=unit,
            other=other,
            people=shape.group("", cell, None).columns(),
            straight=shape.group("", [each for each in cell if each[1].is_straight], None).columns(),
            partial=_partial(shape, [scored for _sheet, scored in cell]),
        )
        for (unit, other), cell in sorted(cells.items())
    )


def _partial(shape: Shape, scored: Iterable[Scored]) -> dict[str, int]:
    """Count whose answers stand beside those of others with another weight."""
    wholes = {
        code: [item.code for item in shape.instrument.dimension(code).items if item.code in shape.items]
        for code in shape.dimensions
    }
    core = [code for code in shape.instrument.rules.core if code in shape.dimensions]
    counts = dict.fromkeys((*wholes, INDEX), 0)
    for each in scored:
        for code, items in wholes.items():
            counts[code] += 0 < sum(item in each.turned for item in items) < len(items)
        counts[INDEX] += 0 < sum(code in each.dimensions for code in core) < len(core)
    return counts
