"""Which of the scored documents are results, whether the first is the answer, and what loosening would give.

Any document with any word of a sentence gets a score; a person would not call all of them results. What counts is the
cover: the share of the question a document speaks of, where a word weighs more the fewer documents have it, and a word
that no document has weighs most of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from portal.search.documents import Relaxation
from portal.search.query import Query, Term, Token
from portal.search.scorer import Bits, Numbers, Scored

LEAST_COVER = (0.12, 0.5)
"""A document that speaks of less of the question is no result. The longer a question, the more of it is chatter: the
first number holds for sentences, the second for a few words."""
SHARE_OF_BEST = (0.2, 0.6)
"""Neither is one that speaks of much less of it than the best document does."""

STRONG_COVER = 0.6
STRONG_TITLE_COVER = 0.2
STRONG_LEAD = 1.25
"""How far ahead of the second the first must be to be shown as the answer."""
STRONG_LEAD_OF_ONE_WORD = 2.0
"""A single word asks for little; only what nothing else is about is the answer to it."""
LIKELY_SHARE = 1.4
LIKELY_COVER = 0.8
"""Whether anything is offered to somebody who did not search is settled by the first result alone: what it scores for
each unit of what the words weigh, those included that no document has, or how much of them it speaks of. Measured by
`benchmarks/unasked.py`."""
RELAXATION_LIMIT = 3
PLENTY = 30
"""From this many results on nobody needs more; a narrower question helps better."""

TABLE_BITS = 12

Mask = NDArray[np.bool_]


class Cover:
    """How much of a query each combination of its terms is. Rows share few combinations, so they are told by them."""

    def __init__(self, has: Bits, n_terms: int, n_documents: int) -> None:
        self.n_terms = n_terms
        if n_terms <= TABLE_BITS:
            self._combinations = np.arange(1 << n_terms, dtype=np.uint64)
            self._which = has.astype(np.intp)
        else:
            self._combinations, self._which = np.unique(has, return_inverse=True)
        self._counts = np.bincount(self._which, minlength=len(self._combinations))
        self._matrix = (self._combinations[:, None] >> np.arange(n_terms, dtype=np.uint64)) & np.uint64(1)
        self._is_there = self._counts > 0
        frequencies = self._counts @ self._matrix.astype(np.float64)
        self.weights: Numbers = np.log1p(max(1, n_documents) / (frequencies + 1))
        """What each term weighs: the fewer documents have it, the more."""

    @cached_property
    def rows(self) -> Numbers:
        """The cover of each row, 0 to 1."""
        found: Numbers = self._covers(self.weights)[self._which]
        return found

    @cached_property
    def is_enough(self) -> Mask:
        """Whether each row answers enough of the query to be a result."""
        found: Mask = self._are_enough(self.weights, self.n_terms)[self._which]
        return found

    def of(self, combination: int) -> float:
        """Return the cover of one combination of terms."""
        bits = np.array([combination >> i & 1 for i in range(self.n_terms)], np.float64)
        return float(bits @ self.weights) / float(self.weights.sum() or 1.0)

    def n_without(self, left_out: frozenset[int], among: Mask) -> int:
        """Return how many rows would be results if these terms had not been asked for."""
        weights = self.weights.copy()
        weights[list(left_out)] = 0
        counts = np.bincount(self._which[among], minlength=len(self._combinations))
        return int(counts[self._are_enough(weights, self.n_terms - len(left_out))].sum())

    def _covers(self, weights: Numbers) -> Numbers:
        covers: Numbers = self._matrix @ weights / (weights.sum() or 1.0)
        return covers

    def _are_enough(self, weights: Numbers, n_terms: int) -> Mask:
        covers = self._covers(weights)
        best = float(covers[self._is_there].max(initial=0.0))
        least = _between(LEAST_COVER, 1.0 / max(1, n_terms))
        share = _between(SHARE_OF_BEST, 1.5 / max(1, n_terms))
        enough: Mask = (best >= least) & (covers >= max(least, share * best) - 1e-9)
        return enough


@dataclass(frozen=True)
class Selection:
    """The rows that have anything of a query, and how much of it."""

    rows: NDArray[np.intp]
    has: Bits
    cover: Cover
    is_wanted: Mask
    """Passes the filters. They only narrow: what is a result does not depend on them, so that counts stay true."""

    @cached_property
    def results(self) -> NDArray[np.intp]:
        return self.rows[self.cover.is_enough & self.is_wanted]

    @property
    def unfiltered(self) -> NDArray[np.intp]:
        return self.rows[self.cover.is_enough]

    @property
    def nearest(self) -> NDArray[np.intp]:
        """Everything with any word of the query, for when there is no result."""
        return self.rows[self.is_wanted]


def select(scored: Scored, n_terms: int, n_documents: int, among: Mask, wanted: Mask) -> Selection:
    """Weigh the rows `among` which results are sought, and mark those that are `wanted`."""
    rows = np.flatnonzero((scored.has != 0) & among)
    has = scored.has[rows]
    return Selection(rows, has, Cover(has, n_terms, n_documents), wanted[rows])


def is_strong(cover: Cover, has: int, has_in_title: int, scores: Sequence[float]) -> bool:
    """Say whether the first result is very likely the answer, from what it has and the first two scores."""
    if cover.of(has) < STRONG_COVER or cover.of(has_in_title) < STRONG_TITLE_COVER:
        return False
    lead = STRONG_LEAD if cover.n_terms > 1 else STRONG_LEAD_OF_ONE_WORD
    return len(scores) == 1 or scores[0] >= lead * scores[1]


def is_likely(cover: Cover, has: int, score: float) -> bool:
    """Say whether the first result, with this score, is worth offering to somebody who did not search."""
    return score >= LIKELY_SHARE * float(cover.weights.sum()) or cover.of(has) >= LIKELY_COVER


def relaxations(query: Query, selection: Selection) -> list[Relaxation]:
    """Return the ways of leaving words out that would give more results, the most helpful first."""
    total, n_terms = len(selection.results), len(query.terms)
    if total >= PLENTY:
        return []
    options = {frozenset([i]) for i in range(n_terms)}
    if selection.is_wanted.any():
        # What the nearest document does not speak of, left out together.
        best = int(selection.has[int(np.argmax(selection.cover.rows * selection.is_wanted))])
        options.add(frozenset(i for i in range(n_terms) if not best >> i & 1))
    found = []
    for left_out in options:
        if not 0 < len(left_out) < n_terms:
            continue
        n = selection.cover.n_without(left_out, selection.is_wanted)
        if n > total:
            terms = [query.terms[i] for i in sorted(left_out)]
            lost = float(selection.cover.weights[list(left_out)].sum())
            found.append((len(left_out), lost, _relaxation(query, terms, n)))
    found.sort(key=lambda option: (option[0], option[1], option[2].left_out))
    return [relaxation for _, _, relaxation in found[:RELAXATION_LIMIT]]


def _between(bounds: tuple[float, float], value: float) -> float:
    return min(max(value, bounds[0]), bounds[1])


def _relaxation(query: Query, left_out: list[Term], n_results: int) -> Relaxation:
    """Leave out the words and the small words before them, so that `on phone` goes as one."""
    gone = {token for term in left_out for token in query.tokens if _overlaps(token, term)}
    previous_gone = False
    for token in reversed(query.tokens):
        if token in gone:
            previous_gone = True
        elif previous_gone and token.is_stopped:
            gone.add(token)
        else:
            previous_gone = False
    kept = [token for token in query.tokens if token not in gone]
    meant = {term.token: term.meant for term in query.terms if term.meant}
    return Relaxation(
        left_out=" ".join(t.text for t in query.tokens if t in gone),
        query=" ".join(meant.get(t, t.text) for t in kept),
        n_results=n_results,
    )


def _overlaps(token: Token, term: Term) -> bool:
    return token.start < term.token.end and term.token.start < token.end
