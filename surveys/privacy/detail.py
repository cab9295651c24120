"""Of which groups more than a mean may be told: statement by statement, or how answers are spread (METRICS 4.6, 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.groups import INDEX, Group, Ticks
from surveys.instrument import Instrument
from surveys.privacy.hiding import Decision, together
from surveys.privacy.policy import LEAST_ITEMS, Policy
from surveys.privacy.telling import Teller
from surveys.reading import WaveReading


@dataclass(frozen=True, slots=True)
class Told:
    """Of whom one thing is told."""

    everybody: bool
    groups: frozenset[str]

    def has(self, group: Group, *, is_total: bool) -> bool:
        return self.everybody if is_total else group.name in self.groups


NOBODY = Told(everybody=False, groups=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is told of whom, by code."""

    bands: Mapping[str, Told]
    """How the scores of a dimension or the index are spread."""
    items: Mapping[str, Told]
    people: Mapping[str, Told]
    """How the answers to a statement are spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Chooses for one breakdown."""

    teller: Teller
    reading: WaveReading
    groups: Sequence[Group]
    decision: Decision
    policy: Policy

    def detail(self) -> Detail:
        codes = (INDEX, *self.reading.dimensions)
        items = {code: self._items(code) for code in self.reading.asked}
        return Detail(
            bands={code: self._bands(code) for code in codes},
            items=items,
            people={code: self._people(code, told) for code, told in items.items()},
        )

    @property
    def _shown(self) -> list[Group]:
        return [group for group in self.groups if group.valid and group.name not in self.decision.scores.rows]

    def _has_texts(self, group: Group) -> bool:
        return group.name not in self.decision.texts.rows

    def _bands(self, code: str) -> Told:
        counted = {group.name: self.teller.bands(group.score(code)) for group in self.groups}
        told = {group.name for group in self._shown if self._has_texts(group) and group.score(code).n}
        return self._spread(code, counted, told, self.teller.bands(self.reading.total.score(code)))

    def _people(self, code: str, told: Told) -> Told:
        if not told.everybody:
            return NOBODY
        counted = {group.name: group.items[code].people for group in self.groups}
        names = {group.name for group in self.groups if group.name in told.groups and self._has_texts(group)}
        return self._spread(code, counted, names, self.reading.total.items[code].people)

    def _spread(
        self, code: str, counted: Mapping[str, tuple[int, ...]], told: set[str], whole: tuple[int, ...]
    ) -> Told:
        """Choose of whom a distribution may be seen.

        Where all of one group stand in one place no group's is told: the others and the total would tell that one's.
        """
        if code in self.decision.texts.columns or not sum(whole) or not self._may_tell([whole]):
            return NOBODY
        rest = [counts for name, counts in counted.items() if name not in told]
        parts = [counts for name, counts in counted.items() if name in told]
        if rest:
            parts.append(tuple(map(sum, zip(*rest, strict=True))))
        return Told(everybody=True, groups=frozenset(told if self._may_tell(parts) else ()))

    def _may_tell(self, parts: Sequence[Sequence[int]]) -> bool:
        return self.policy.is_exact or all(sum(n > 0 for n in part) != 1 for part in parts)

    def _items(self, code: str) -> Told:
        """Choose of whom a statement is told: large groups, as long as all the others do not agree wholly."""
        if code in self.decision.scores.columns or not self._is_whole(code):
            return NOBODY
        told = [group for group in self._shown if group.valid >= LEAST_ITEMS and group.items[code].n]
        told.sort(key=lambda group: (-group.items[code].n, group.name))
        while told and not self.policy.is_exact:
            names = {group.name for group in told}
            rest = [group.items[code] for group in self.groups if group.name not in names]
            if not rest or not agrees(together(rest)):
                break
            told.pop()
        return Told(everybody=True, groups=frozenset(group.name for group in told))

    def _is_whole(self, code: str) -> bool:
        """Tell whether nobody can be made out by what they left out: many people, or nobody left out anything."""
        total, dimension = self.reading.total, _dimension(self.teller.instrument, code)
        if self.policy.is_exact or total.valid >= LEAST_ITEMS:
            return True
        asked = [each for each in dimension if each in total.items]
        return all(total.items[each].n == total.rows for each in asked)


def _dimension(instrument: Instrument, code: str) -> list[str]:
    """Return the items beside which an item stands."""
    return [item.code for item in instrument.dimension(instrument.item(code).dimension).items]


def agrees(ticks: Ticks) -> bool:
    """Tell whether all answers are favourable, or none is."""
    return ticks.n > 0 and ticks.favourable in (0, ticks.n)
