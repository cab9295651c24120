"""BM25F over posting lists kept as arrays: the ranking of Whoosh's own scorer, a hundred times as fast.

Whoosh walks posting lists one Python call at a time; at 10,000 documents that takes 140 ms for a sentence. Here each
list is read once and added up by numpy. `benchmarks/search_scale.py` checks that the rankings are the same.
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
Scores = NDArray[np.float64]
Bits = NDArray[np.uint64]

NO_ROWS: Rows = np.zeros(0, np.int32)
NO_GAINS: Scores = np.zeros(0)


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
        """Return in how many documents a word stands, for telling how much it says.

        Counted over all fields: in the titles of a small collection even chatter is rare, and would weigh like gold.
        """


@dataclass(frozen=True)
class Scored:
    """Outcome for all rows at once; bit i of a row is set where it has term i."""

    scores: Scores
    has: Bits
    has_in_title: Bits


def score(
    terms: Sequence[Term],
    collection: Collection,
    boosts: Mapping[str, float] = SCORED,
    line_boost: float = BEST_LINE_BOOST,
    b: float = B,
) -> Scored:
    """Score every row. A document's score is that of its fields, each scored apart, plus its best line."""
    n = collection.n_rows
    total, title, lines = np.zeros(n), np.zeros(n), np.zeros(n)
    has, has_in_title = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    for i, term in enumerate(terms):
        bit = np.uint64(1 << i)
        for field, boost in boosts.items():
            rows, gains = _gains(term, field, field, collection, b)
            if not len(rows):
                continue
            total[rows] += boost * gains
            has[rows] |= bit
            if field == "title":
                title[rows] += gains
                has_in_title[rows] |= bit
        if collection.parents is not None:
            # A line is scored with the statistics of titles, so that learning lines moves no other document.
            rows, gains = _gains(term, "line", "title", collection, b)
            lines[rows] += gains
            has[collection.parents[rows]] |= bit
    if collection.parents is not None:
        np.maximum.at(title, collection.parents, lines)
    total += line_boost * title
    return Scored(total, has, has_in_title)


def _gains(
    term: Term, field: str, like: str, collection: Collection, b: float
) -> tuple[Rows, NDArray[np.float64]]:
    """Return what a term adds to the rows of a field; statistics come from the field it is `like`."""
    if term.is_prefix:
        return _prefix_gains(term, field, like, collection, b)
    found = []
    for word, weight in term.words:
        rows, counts = collection.postings(field, word)
        if len(rows):
            df = collection.frequency(like, word)
            found.append((rows, weight * _bm25(rows, counts, df, field, like, collection, b)))
    if len(found) < 2:
        return found[0] if found else (NO_ROWS, NO_GAINS)
    # Of several words for one thing the best counts, so that a page gains nothing by using all of them.
    best = np.zeros(collection.n_rows)
    for rows, gains in found:
        best[rows] = np.maximum(best[rows], gains)
    some = np.flatnonzero(best).astype(np.int32)
    return some, best[some]


def _prefix_gains(
    term: Term, field: str, like: str, collection: Collection, b: float
) -> tuple[Rows, NDArray[np.float64]]:
    """Score all words that begin alike as one, or the rarest of them would always win."""
    counts = np.zeros(collection.n_rows, np.float32)
    for word, _ in term.words:
        rows, times = collection.postings(field, word)
        counts[rows] = np.maximum(counts[rows], times)
    some = np.flatnonzero(counts).astype(np.int32)
    return some, _bm25(some, counts[some], len(some), field, like, collection, b)


def _bm25(
    rows: Rows, counts: Floats, df: int, field: str, like: str, collection: Collection, b: float
) -> NDArray[np.float64]:
    idf = math.log(max(1, collection.n_documents) / (df + 1)) + 1
    norm = K1 * ((1 - b) + b * collection.lengths(field)[rows].astype(np.float64) / collection.mean_length(like))
    gains: NDArray[np.float64] = idf * (counts * (K1 + 1)) / (counts + norm)
    return gains
