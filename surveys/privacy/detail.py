"""Of which groups more than a mean may be told: statement by statement, or how answers are spread (METRICS 4.6, 11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.groups import INDEX, Group, Ticks
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
    without_mean: frozenset[str]
    """Statements of which only the favourable share is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Chooses for one breakdown."""

    teller: Teller
    reading: WaveReading
    groups: Sequence[Group]
    decision: Decision
    policy: Policy

    def detail(self) -> Detail:
        """Choose of whom statements and distributions are told."""
        codes = (INDEX, *self.reading.dimensions)
        items = {code: self._items(code) for code in self.reading.asked}
        without_mean = {code for each in self.reading.dimensions for code in self._without_mean(each, items)}
        spread = {code: NOBODY if code in without_mean else self._people(code, told) for code, told in items.items()}
        return Detail(
            bands={code: self._bands(code) for code in codes},
            items=items,
            people=spread,
            without_mean=frozenset(without_mean),
        )

    def index(self) -> Told:
        """Choose of whom the index is told beside its dimensions.

        Who lacks one of these weighs otherwise in the index, and would follow from both. Whole numbers blur that in
        large groups; a small one, and all that are left over taken together, must have nobody of the kind.
        """
        told = {group.name: group.valid for group in self._shown}
        if self.policy.is_exact:
            return Told(everybody=True, groups=frozenset(told))
        everybody = {group.name: group.valid for group in self.groups}
        if not self._is_blurred(everybody):
            return NOBODY
        told = {name: n for name, n in told.items() if self._is_blurred({name: n})}
        while told and not self._is_blurred({name: n for name, n in everybody.items() if name not in told}):
            del told[min(told, key=lambda name: (told[name], name))]
        return Told(everybody=True, groups=frozenset(told))

    def _is_blurred(self, groups: Mapping[str, int]) -> bool:
        n_partial = sum(cell.partial[INDEX] for cell in self.reading.crossed if cell.unit in groups)
        return not n_partial or sum(groups.values()) >= LEAST_ITEMS

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
        total = self.reading.total
        if code in self.decision.scores.columns or not (self.policy.is_exact or total.valid >= LEAST_ITEMS):
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

    def _without_mean(self, dimension: str, items: Mapping[str, Told]) -> tuple[str, ...]:
        """Choose the statement of a dimension whose mean is not told; none where that is safe.

        All its means beside the dimension's would give away what those few answered who left out the others. One mean
        less, and everybody else's answers stand in between.
        """
        codes = [item.code for item in self.teller.instrument.dimension(dimension).items if item.code in items]
        told = [items[code] for code in codes if items[code].everybody]
        if self.policy.is_exact or len(told) < len(codes):
            return ()
        apart = {name for each in told for name in each.groups}
        counts: dict[str | None, int] = defaultdict(int)
        for cell in self.reading.crossed:
            counts[cell.unit if cell.unit in apart else None] += cell.partial[dimension]
        if any(0 < n < self.policy.least for n in counts.values()):
            return (min(codes, key=lambda code: (self.reading.total.items[code].n, code)),)
        return ()


def agrees(ticks: Ticks) -> bool:
    """Tell whether all answers are favourable, or none is."""
    return ticks.n > 0 and ticks.favourable in (0, ticks.n)
