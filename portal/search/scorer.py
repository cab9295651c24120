"""BM25F over posting lists kept as arrays: the ranking of Whoosh's own scorer, a hundred times as fast.

Whoosh walks posting lists one Python call at a time; at 10,000 documents that takes 140 ms for a sentence. Here each
list is read once, weighed once for everybody who may see the same documents, and added up by numpy.
`benchmarks/search_scale.py` checks that the rankings are the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.search.query import Term
from portal.search.schema import BEST_LINE_BOOST, K1, SCORED, B

Rows = NDArray[np.int32]
Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Bits = NDArray[np.uint64]

NO_ROWS: Rows = np.zeros(0, np.int32)
NO_GAINS: Numbers = np.zeros(0)

KEPT = 500_000
"""Weighed postings that are kept for one set of access keys, about 6 MB; the rest is weighed again when needed."""


class Collection(Protocol):
    """The documents one person may see, as arrays. Lines are rows too; `parents` leads to their document."""

    n_rows: int
    n_documents: int
    parents: Rows | None

    def postings(self, field: str, word: str) -> tuple[Rows, Floats]:
        """Return the rows whose field has this word, and how often."""

    def lengths(self, field: str) -> Floats:
        """Return the number of words in this field, row by row."""

    def mean_length(self, field: str) -> float:
        """Return the mean number of words in this field."""

    def frequency(self, field: str, word: str) -> int:
        """Return in how many documents a word stands, for telling how much it says there.

        Best counted over all fields: in the titles of a small collection even chatter is rare, and would weigh
        like gold.
        """


@dataclass(frozen=True)
class Scored:
    """Outcome for all rows at once; bit i of a row is set where it has term i."""

    scores: Numbers
    has: Bits
    has_in_title: Bits


class Scorer:
    """Scores one collection. Keeps what it weighed, so it lives as long as the collection stays as it is."""

    def __init__(
        self,
        collection: Collection,
        *,
        boosts: Mapping[str, float] = SCORED,
        line_boost: float = BEST_LINE_BOOST,
        b: float = B,
    ) -> None:
        self._collection = collection
        self._boosts = boosts
        self._line_boost = line_boost
        self._b = b
        self._norms: dict[str, Numbers] = {}
        self._gains: dict[tuple[str, str], tuple[Rows, Numbers]] = {}
        self._n_kept = 0

    def score(self, terms: Sequence[Term]) -> Scored:
        """Score every row. A document's score is that of its fields, each scored apart, plus its best line."""
        n, parents = self._collection.n_rows, self._collection.parents
        total, title, lines = np.zeros(n), np.zeros(n), np.zeros(n)
        has, has_in_title = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
        for i, term in enumerate(terms):
            bit = np.uint64(1 << i)
            for field, boost in self._boosts.items():
                rows, gains = self._of_term(term, field)
                if not len(rows):
                    continue
                total[rows] += boost * gains
                has[rows] |= bit
                if field == "title":
                    title[rows] += gains
                    has_in_title[rows] |= bit
            if parents is not None:
                rows, gains = self._of_term(term, "line")
                lines[rows] += gains
                has[parents[rows]] |= bit
        if parents is not None:
            np.maximum.at(title, parents, lines)
        total += self._line_boost * title
        return Scored(total, has, has_in_title)

    def _of_term(self, term: Term, field: str) -> tuple[Rows, Numbers]:
        """Return what a term adds to the rows that have it in a field."""
        if term.is_prefix:
            return self._of_prefix(term, field)
        found = [
            (rows, gains if weight == 1.0 else weight * gains)
            for word, weight in term.words
            for rows, gains in (self._of_word(field, word),)
            if len(rows)
        ]
        if len(found) < 2:
            return found[0] if found else (NO_ROWS, NO_GAINS)
        # Of several words for one thing the best counts, so that a page gains nothing by using all of them.
        best = np.zeros(self._collection.n_rows)
        for rows, gains in found:
            best[rows] = np.maximum(best[rows], gains)
        some = np.flatnonzero(best).astype(np.int32)
        return some, best[some]

    def _of_word(self, field: str, word: str) -> tuple[Rows, Numbers]:
        key = (field, word)
        found = self._gains.get(key)
        if found is None:
            rows, counts = self._collection.postings(field, word)
            frequency = self._collection.frequency(_like(field), word) if len(rows) else 0
            found = rows, self._bm25(rows, counts, frequency, field)
            if self._n_kept > KEPT:
                self._gains.clear()
                self._n_kept = 0
            self._gains[key] = found
            self._n_kept += len(rows) + 1
        return found

    def _of_prefix(self, term: Term, field: str) -> tuple[Rows, Numbers]:
        """Score all words that begin alike as one, or the rarest of them would always win."""
        counts = np.zeros(self._collection.n_rows, np.float32)
        for word, _ in term.words:
            rows, times = self._collection.postings(field, word)
            counts[rows] = np.maximum(counts[rows], times)
        some = np.flatnonzero(counts).astype(np.int32)
        return some, self._bm25(some, counts[some], len(some), field)

    def _bm25(self, rows: Rows, counts: Floats, frequency: int, field: str) -> Numbers:
        idf = math.log(max(1, self._collection.n_documents) / (frequency + 1)) + 1
        gains: Numbers = idf * (counts * (K1 + 1)) / (counts + self._norm(field)[rows])
        return gains

    def _norm(self, field: str) -> Numbers:
        if field not in self._norms:
            lengths = self._collection.lengths(field).astype(np.float64)
            mean = self._collection.mean_length(_like(field))
            self._norms[field] = K1 * ((1 - self._b) + self._b * lengths / mean)
        return self._norms[field]


def _like(field: str) -> str:
    """Lines are scored with the statistics of titles, so that learning one moves no other document."""
    return "title" if field == "line" else field
