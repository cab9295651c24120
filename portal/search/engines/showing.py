"""From rows to hits: the last word on the order of the first page, and what is shown of each document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.search.documents import Hit, Passage
from portal.search.engines.snapshot import View
from portal.search.query import Query
from portal.search.schema import Kept, unpack
from portal.search.scorer import Scored
from portal.search.selection import Selection, is_likely, is_strong
from portal.search.snippets import Marker

REORDERED = 10
PASSAGE_BONUS = 0.75
"""What it counts that the words of a query stand together in one passage. Only told of the first few, whose passages
are read anyway."""


@dataclass(frozen=True)
class _Look:
    kept: Kept
    passage: Passage
    score: float


class Showing:
    """Makes hits of rows, for one query and one person."""

    def __init__(self, view: View, query: Query, scored: Scored, chosen: Selection) -> None:
        self._view = view
        self._scored = scored
        self._cover = chosen.cover
        self._marker = Marker(query.terms, chosen.cover.weights.tolist())
        self._looks: dict[int, _Look] = {}

    def settled(self, order: Sequence[int]) -> list[int]:
        """Return ordered rows with the first few in their final order."""
        first = sorted(order[:REORDERED], key=lambda row: -self._look(row).score)
        return [*first, *order[REORDERED:]]

    def is_strong(self, order: Sequence[int]) -> bool:
        """Say whether the first of settled rows is very likely the answer."""
        if not order:
            return False
        scores = [self._look(row).score for row in order[:2]]
        first = order[0]
        return is_strong(self._cover, int(self._scored.has[first]), int(self._scored.has_in_title[first]), scores)

    def is_likely(self, order: Sequence[int]) -> bool:
        """Say whether settled rows are worth offering to somebody who did not search."""
        if not order:
            return False
        first = order[0]
        return is_likely(self._cover, int(self._scored.has[first]), float(self._scored.scores[first]))

    def hit(self, row: int) -> Hit:
        look = self._look(row)
        document = look.kept.document
        return Hit(
            ref=document.ref,
            title=self._marker.pieces(document.title),
            summary=document.summary,
            snippet=self._marker.around(look.passage.text),
            anchor=look.passage.anchor,
            score=look.score,
            cover=self._cover.of(int(self._scored.has[row])),
            category=document.category,
            tags=document.tags,
            platforms=document.platforms,
            verified_on=document.verified_on,
            steps=document.steps,
        )

    def _look(self, row: int) -> _Look:
        if row not in self._looks:
            stored = self._view.stored(row)
            kept = unpack(stored["ref"], stored["document"])
            passage, bonus = self._marker.best(kept)
            score = float(self._scored.scores[row]) + PASSAGE_BONUS * bonus
            self._looks[row] = _Look(kept, passage, score)
        return self._looks[row]
