"""A group of people as counts: of each item how many ticked what, of each dimension how many had which score.

Nothing in a group ties an answer to another of the same person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveys.instrument import Instrument
from surveys.scoring import Scored, Sheet
from surveys.tally import Tally

NOT_STATED = ""
"""The group of those who named none; it is hidden and hides like any other. On paper it is called "not stated"."""
INDEX = "index"
VALID = "valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """A line of the roster: how many people there are, and how many invitations arrived."""

    eligible: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Ticks:
    """Answers to one item, turned already: how many people gave each point, the lowest first."""

    people: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(self.people)

    @property
    def favourable(self) -> int:
        """How many gave one of the two highest points."""
        return sum(self.people[-2:])

    @property
    def mean(self) -> float | None:
        """The mean on 0 to 100; None for no answers."""
        steps = len(self.people) - 1
        return 100 * sum(i * k for i, k in enumerate(self.people)) / steps / self.n if self.n else None

    @property
    def sd(self) -> float | None:
        """The standard deviation with n - 1, on 0 to 100; None for fewer than two."""
        step = 100 / (len(self.people) - 1)
        return Tally(tuple(i * step for i in range(len(self.people))), self.people).sd


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What the people of one unit said, of one item, dimension and the index at a time."""

    name: str
    rows: int
    """Sheets handed in, empty ones too."""
    valid: int
    """Sheets of which at least one dimension is scored: n."""
    headcount: Headcount | None
    index: Tally
    dimensions: Mapping[str, Tally]
    items: Mapping[str, Ticks]
    comments: tuple[str, ...] = ()
    """As typed, in the order of the alphabet."""

    @property
    def eligible(self) -> int | None:
        return self.headcount.eligible if self.headcount else None

    @property
    def response(self) -> float | None:
        """Valid sheets over invitations that arrived; None when those are not known."""
        return self.valid / self.headcount.delivered if self.headcount and self.headcount.delivered else None

    def score(self, code: str) -> Tally:
        """Return the scores of a dimension, or of the index."""
        return self.index if code == INDEX else self.dimensions[code]

    def favourable(self, dimension: str, items: Iterable[str]) -> tuple[int, int]:
        """Return how many answers to the items of a dimension are favourable, and how many there are."""
        ticks = [self.items[code] for code in items if code in self.items]
        return sum(each.favourable for each in ticks), sum(each.n for each in ticks)

    def columns(self) -> dict[str, int]:
        """Return every count that privacy has to protect: sheets, index, dimensions, items."""
        counts = {VALID: self.valid, INDEX: self.index.n}
        counts |= {code: tally.n for code, tally in self.dimensions.items()}
        return counts | {code: ticks.n for code, ticks in self.items.items()}


def named(unit: str) -> str:
    """Return the name of the group that a sheet counts for, as it was written.

    >>> named("HR"), named(" "), named("not stated")
    ('HR', '', '')
    """
    return NOT_STATED if unit.strip() in ("", "not stated") else unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What was asked: what every group of a wave has figures of."""

    instrument: Instrument
    items: tuple[str, ...]
    dimensions: tuple[str, ...]

    def group(self, name: str, read: Sequence[tuple[Sheet, Scored]], headcount: Headcount | None) -> Group:
        """Count the sheets of one group."""
        scored = [each for _sheet, each in read]
        return Group(
            name=name,
            rows=len(read),
            valid=sum(each.counts for each in scored),
            headcount=headcount,
            index=Tally.of(each.index for each in scored if each.index is not None),
            dimensions={
                code: Tally.of(each.dimensions[code] for each in scored if code in each.dimensions)
                for code in self.dimensions
            },
            items={code: self._ticks(code, scored) for code in self.items},
            comments=tuple(sorted(sheet.comment for sheet, _scored in read if sheet.comment.strip())),
        )

    def groups(self, read: Iterable[tuple[str, Sheet, Scored]], roster: Mapping[str, Headcount]) -> tuple[Group, ...]:
        """Count by unit: every one that answered or stands in the roster, by name, those who named none last."""
        lines = {named(unit): line for unit, line in roster.items()}
        found: dict[str, list[tuple[Sheet, Scored]]] = {unit: [] for unit in lines}
        for unit, sheet, scored in read:
            found.setdefault(named(unit), []).append((sheet, scored))
        order = sorted(found, key=lambda unit: (unit == NOT_STATED, unit))
        return tuple(self.group(unit, found[unit], lines.get(unit)) for unit in order)

    def _ticks(self, code: str, scored: Iterable[Scored]) -> Ticks:
        scale = self.instrument.scale
        people = [0] * (scale.high - scale.low + 1)
        for each in scored:
            if code in each.turned:
                people[each.turned[code] - scale.low] += 1
        return Ticks(tuple(people))
