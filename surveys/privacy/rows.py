"""The rows of what is released, made of raw groups by a decision on what stays hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from surveys.figures import first_barrier
from surveys.groups import INDEX, VALID, Group
from surveys.privacy.detail import Detail, Told
from surveys.privacy.hiding import Decision
from surveys.privacy.released import ItemScore, Row, Score, State, Table
from surveys.privacy.telling import Teller
from surveys.reading import WaveReading

Manner = Callable[[Iterable[str]], tuple[str, ...]]
"""What becomes of comments: names taken out, order lost."""
EVERYBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Makes the rows of one breakdown."""

    teller: Teller
    reading: WaveReading
    decision: Decision
    index: Told
    """Of whom the index is told."""
    detail: Detail | None
    """None: means only."""
    comments: Manner | None
    """None: comments stand under the total only, or nowhere."""

    def total(self, comments: Manner) -> Row:
        """Tell of everybody."""
        everybody = self.reading.total
        if self.decision.is_total_hidden or not everybody.valid:
            return Row(name=EVERYBODY, state=State.HIDDEN if everybody.rows else State.EMPTY)
        said = () if VALID in self.decision.texts.columns else comments(everybody.comments)
        return replace(self._row(everybody, is_total=True), name=EVERYBODY, comments=said)

    def table(self, groups: Iterable[Group]) -> Table:
        """Tell of every group."""
        given = list(groups)
        n_hidden = sum(group.valid for group in given if self._is_hidden(group))
        rows = tuple(self._group(group) for group in given)
        return Table(rows=rows, n_hidden=None if self.decision.is_total_hidden else n_hidden or None)

    def _group(self, group: Group) -> Row:
        if self._is_hidden(group):
            return Row(name=group.name, state=State.HIDDEN)
        if not group.valid:
            return replace(_bare(group), state=State.EMPTY)
        row = self._row(group, is_total=False)
        if self.comments is None or group.name in self.decision.texts.rows:
            return row
        return replace(row, comments=self.comments(group.comments))

    def _is_hidden(self, group: Group) -> bool:
        if self.decision.is_total_hidden:
            return group.rows > 0
        return group.name in self.decision.scores.rows

    def _row(self, group: Group, *, is_total: bool) -> Row:
        scores = tuple(self._score(group, code, is_total=is_total) for code in (INDEX, *self.reading.dimensions))
        raw = {score.code: group.score(score.code).mean for score in scores if score.mean and score.code != INDEX}
        means = {code: mean for code, mean in raw.items() if mean is not None}
        return replace(
            _bare(group),
            scores=scores,
            items=self._items(group, is_total=is_total),
            barrier=first_barrier(self.teller.instrument, means),
        )

    def _score(self, group: Group, code: str, *, is_total: bool) -> Score:
        if code in self.decision.scores.columns:
            return Score(code=code, n=None)
        score = self.teller.score(group, code)
        if code == INDEX and not self.index.has(group, is_total=is_total):
            return Score(code=code, n=score.n)
        if self.detail is None or not self.detail.bands[code].has(group, is_total=is_total):
            return score
        return replace(score, bands=self.teller.bands(group.score(code)))

    def _items(self, group: Group, *, is_total: bool) -> tuple[ItemScore, ...]:
        if self.detail is None:
            return ()
        told = [code for code in self.reading.asked if self.detail.items[code].has(group, is_total=is_total)]
        found = (
            self.teller.item(
                group,
                code,
                has_mean=code not in self.detail.without_mean,
                has_people=self.detail.people[code].has(group, is_total=is_total),
            )
            for code in told
        )
        return tuple(item for item in found if item is not None)


def _bare(group: Group) -> Row:
    headcount = group.headcount
    return Row(
        name=group.name,
        state=State.SHOWN,
        n=group.valid,
        eligible=headcount.eligible if headcount else None,
        delivered=headcount.delivered if headcount else None,
    )
