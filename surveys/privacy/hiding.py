"""What of a reading stays hidden: decided once, here, for every way it is looked at (METRICS 4.6, 11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from surveys.groups import VALID, Group, Ticks
from surveys.instrument import Instrument
from surveys.privacy.cuts import HIDDEN, is_second_safe
from surveys.privacy.policy import Policy
from surveys.privacy.suppression import Suppression, suppress
from surveys.reading import WaveReading


@dataclass(frozen=True, slots=True)
class Decision:
    """What stays hidden of one breakdown."""

    scores: Suppression
    texts: Suppression
    """For distributions and comments: by a threshold and a hidden set of their own."""

    @property
    def is_total_hidden(self) -> bool:
        return VALID in self.scores.columns


def decide(instrument: Instrument, reading: WaveReading, units: Sequence[Group], policy: Policy) -> Decision:
    """Judge one breakdown of a reading."""
    columns: dict[str, dict[str, int]] = defaultdict(dict)
    for unit in units:
        for name, n in unit.columns().items():
            columns[name][unit.name] = n
    found = suppress(columns, least=policy.least)
    if not policy.is_exact:
        found = Suppression(_without_agreement(instrument, reading, units, found.rows), found.columns)
    texts = suppress(columns, least=policy.least_texts)
    return Decision(found, Suppression(texts.rows | found.rows, texts.columns | found.columns))


def _without_agreement(
    instrument: Instrument, reading: WaveReading, units: Sequence[Group], rows: frozenset[str]
) -> frozenset[str]:
    """Hide the next smallest groups too while those hidden agree wholly: total less shown would tell it of them."""
    while rows:
        shown = sorted((unit.valid, unit.name) for unit in units if unit.valid and unit.name not in rows)
        hidden = [unit for unit in units if unit.name in rows]
        if not shown or not _agree(instrument, reading, hidden):
            break
        rows |= {shown[0][1]}
    return rows


def _agree(instrument: Instrument, reading: WaveReading, groups: Collection[Group]) -> bool:
    """Tell whether all give the same answer to an item, or all answers to a dimension are good, or none is."""
    for code in reading.dimensions:
        items = [item.code for item in instrument.dimension(code).items if item.code in reading.asked]
        ticks = [together(group.items[item] for group in groups) for item in items]
        if any(max(each.people) == each.n for each in ticks if each.n):
            return True
        good, n = sum(each.favourable for each in ticks), sum(each.n for each in ticks)
        if n and good in (0, n):
            return True
    return False


def together(ticks: Iterable[Ticks]) -> Ticks:
    """Add answers to one item up."""
    return Ticks(tuple(sum(each) for each in zip(*(each.people for each in ticks), strict=True)))


def is_second_allowed(reading: WaveReading, first: Decision, second: Decision, policy: Policy) -> bool:
    """Tell whether the second breakdown may stand beside the first, in every column of figures."""
    columns = sorted({column for cell in reading.crossed for column in cell.people} - first.scores.columns)
    return all(
        is_second_safe(
            {(cell.unit, cell.other): cell.people[column] for cell in reading.crossed},
            hidden=first.scores.rows,
            hidden_second=second.scores.rows,
            least=policy.least,
        )
        for column in columns
    )


def may_leave_out_straight(
    reading: WaveReading, column: str, first: Decision, second: Decision | None, policy: Policy
) -> bool:
    """Tell whether a figure of the total may also be told without straight lines.

    They and the others are one more breakdown, of two groups. What follows from it beside the other figures is about
    at least as many people as the cells have on their smaller side, taken together.
    """
    if policy.is_exact:
        n = sum(cell.straight[column] for cell in reading.crossed)
        return n >= policy.least and sum(cell.people[column] for cell in reading.crossed) - n >= policy.least
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for cell in reading.crossed:
        unit = HIDDEN if cell.unit in first.scores.rows else cell.unit
        other = "" if second is None else HIDDEN if cell.other in second.scores.rows else cell.other
        cells[unit, other][0] += cell.straight[column]
        cells[unit, other][1] += cell.people[column] - cell.straight[column]
    return sum(map(min, cells.values())) >= policy.least
