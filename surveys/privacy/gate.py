"""The one gate between what people answered and everybody who reads it.

    released = release(instrument, reading, policy)

What may be shown is decided here once, when a wave closes, and kept (`freezing`). Nothing is worked out again for
another view, a move of people or a late sheet: each of these would be one more equation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random, SystemRandom

from surveys.changes import Changes, changes
from surveys.figures import response
from surveys.groups import INDEX, VALID
from surveys.instrument import Instrument
from surveys.privacy.detail import NOBODY, Chooser, Told
from surveys.privacy.hiding import Decision, decide, is_second_allowed, may_leave_out_straight
from surveys.privacy.policy import Policy
from surveys.privacy.redaction import Redactor
from surveys.privacy.released import VERSION, Compared, Released, Row, Score, StraightLined, Table
from surveys.privacy.rows import Rows
from surveys.privacy.suppression import Suppression
from surveys.privacy.telling import Teller
from surveys.reading import WaveReading
from surveys.trend import Change
from surveys.weighting import Weighted, weighted


@dataclass(frozen=True, slots=True)
class Before:
    """The wave before: read anew, its renamed units under their names of today, and as it was released."""

    reading: WaveReading
    released: Released


def release(
    instrument: Instrument,
    reading: WaveReading,
    policy: Policy | None = None,
    *,
    before: Before | None = None,
    redact: Redactor | None = None,
    chance: Random | None = None,
) -> Released:
    """Return what may be read of a wave.

    Comments go through `redact` and lose their order by `chance`, which only tests have reason to choose.
    """
    return _Gate(instrument, reading, policy or Policy(), redact or Redactor(), chance or SystemRandom()).open(before)


class _Gate:
    """One release being made."""

    def __init__(
        self, instrument: Instrument, reading: WaveReading, policy: Policy, redact: Redactor, chance: Random
    ) -> None:
        self.instrument, self.reading, self.policy = instrument, reading, policy
        self.redact, self.chance = redact, chance
        self.teller = Teller(instrument, policy.is_exact)
        self.first = decide(instrument, reading, reading.units, policy)
        self.second = self._second()
        self.chooser = Chooser(
            teller=self.teller, reading=reading, groups=reading.units, decision=self.first, policy=policy
        )
        self.index = self.chooser.index()

    def open(self, before: Before | None) -> Released:
        reading, is_hidden = self.reading, self.first.is_total_hidden
        rows = self._rows(self.first, is_first=True)
        total, units = rows.total(self._said), rows.table(reading.units)
        by_unit = {code: weighted(reading, code, self._strata(code)) for code in (INDEX, *reading.dimensions)}
        if total.is_shown:
            total = replace(total, scores=tuple(self._weighted(score, by_unit[score.code]) for score in total.scores))
        compared = None
        if before is not None and total.is_shown and before.released.total.is_shown:
            found = self._changes(before)
            compared = Compared(
                wave=before.released.wave, codes=found.comparable.codes, reworded=found.comparable.reworded
            )
            total = self._since(total, before.released.total, found.total, found, is_total=True)
            units = self._units_since(units, before.released.units, found)
        answered = response(reading)
        return Released(
            version=VERSION,
            wave=reading.wave,
            instrument=reading.instrument,
            digest=reading.digest,
            stage=reading.stage,
            asked=reading.asked,
            dimensions=reading.dimensions,
            policy=self.policy,
            total=total,
            units=units,
            second=self._rows(self.second, is_first=False).table(reading.other_units) if self.second else None,
            is_second_refused=self.policy.has_second and self.second is None,
            is_response_low=not is_hidden and answered.is_low,
            is_response_apart=not is_hidden and answered.is_apart,
            not_on_roster=reading.not_on_roster,
            unweighted=next((each.left_out for each in by_unit.values() if each), ()) if not is_hidden else (),
            straight=None if is_hidden or not total.is_shown else self._straight(),
            reliability=() if is_hidden else self.teller.agreements(reading.reliability),
            drivers=None if is_hidden else self.teller.drivers(reading.drivers, gone=self.first.scores.columns),
            compared=compared,
        )

    def _second(self) -> Decision | None:
        """Decide on the second breakdown; None where it is not wished for or not safe."""
        if not self.policy.has_second or self.first.is_total_hidden:
            return None
        found = decide(self.instrument, self.reading, self.reading.other_units, self.policy)
        return found if is_second_allowed(self.reading, self.first, found, self.policy) else None

    def _rows(self, decision: Decision, *, is_first: bool) -> Rows:
        return Rows(
            teller=self.teller,
            reading=self.reading,
            decision=decision,
            index=self.index if is_first else self._index_of_second(decision),
            detail=self.chooser.detail() if is_first else None,
            comments=self._said if is_first and self.policy.comments_by_group else None,
        )

    def _index_of_second(self, decision: Decision) -> Told:
        """Beside the first breakdown's indexes the second's are safe only when everybody has all that they are of."""
        if not self.policy.is_exact and self._n_partial:
            return NOBODY
        shown = {group.name for group in self.reading.other_units if group.name not in decision.scores.rows}
        return Told(everybody=True, groups=frozenset(shown))

    @property
    def _n_partial(self) -> int:
        return sum(cell.partial[INDEX] for cell in self.reading.crossed)

    def _strata(self, code: str) -> Suppression:
        """Return what is one stratum in a weighted total: whatever has no figure of its own."""
        hidden = self.first.scores
        if code != INDEX:
            return hidden
        return Suppression(
            hidden.rows | {unit.name for unit in self.reading.units if unit.valid} - self.index.groups, hidden.columns
        )

    def _said(self, comments: Iterable[str]) -> tuple[str, ...]:
        told = [self.redact(comment) for comment in comments]
        self.chance.shuffle(told)
        return tuple(told)

    def _weighted(self, score: Score, found: Weighted | None) -> Score:
        return replace(score, weighted=self.teller.weighted(found)) if found and score.mean else score

    def _straight(self) -> StraightLined:
        raw, without = self.reading.straight, self.reading.straight.without
        codes = [code for code in (INDEX, *self.reading.dimensions) if code not in self.first.scores.columns]
        if INDEX in codes and self._n_partial and not self.policy.is_exact:
            codes.remove(INDEX)
        if without is None or not may_leave_out_straight(self.reading, VALID, self.first, self.second, self.policy):
            codes = []
        told = [
            self.teller.score(without, code)
            for code in codes
            if without and may_leave_out_straight(self.reading, code, self.first, self.second, self.policy)
        ]
        return StraightLined(n=raw.n, share=raw.share, without=tuple(told))

    def _changes(self, before: Before) -> Changes:
        return changes(
            self.instrument,
            before.reading,
            self.reading,
            hidden_before=before.released.suppression,
            hidden_after=self.first.scores,
        )

    def _units_since(self, units: Table, earlier: Table, found: Changes) -> Table:
        rows = []
        for row in units.rows:
            was = earlier.row(row.name)
            if row.is_shown and was is not None and row.name in found.units:
                row = self._since(row, was, found.units[row.name], found)
            rows.append(replace(row, is_new=row.is_shown and row.name in found.new))
        return replace(units, rows=tuple(rows))

    def _since(
        self, row: Row, was: Row, changed: Mapping[str, Change], found: Changes, *, is_total: bool = False
    ) -> Row:
        """Set a row against the wave before; a cell only where both waves show it."""
        scores = []
        for score in row.scores:
            earlier, change = was.score(score.code), changed.get(score.code)
            if score.mean and earlier and earlier.mean and change:
                since = self.teller.since(
                    change,
                    before=earlier.mean.value,
                    now=score.mean.value,
                    is_notable=not is_total and (row.name, score.code) in found.arrows,
                )
                score = replace(score, since=since)
            scores.append(score)
        return replace(row, scores=tuple(scores))
