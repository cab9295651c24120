"""Which of the scored documents are results, whether the first is the answer, and what loosening would give.

Any document with any word of a sentence gets a score; a person would not call all of them results. What counts is the
cover: the share of the question a document speaks of, where a word weighs more the fewer documents have it, and a word
that no document has weighs most of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.search.documents import Relaxation
from portal.search.query import Query, Term, Token
from portal.search.scorer import Bits, Scored

LEAST_COVER = (0.15, 0.34)
"""A document that speaks of less of the question is no result. The longer a question, the more of it is chatter: the
first number holds for sentences, the second for a few words."""
SHARE_OF_BEST = (0.3, 0.6)
"""Neither is one that speaks of much less of it than the best document does."""

STRONG_COVER = 0.7
STRONG_TITLE_COVER = 0.5
STRONG_LEAD = 1.25
"""How far ahead of the second the first must be to be shown as the answer."""
RELAXATION_LIMIT = 3

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Selection:
    """The rows that have anything of a query, and how much of it."""

    rows: NDArray[np.intp]
    has: Bits
    weights: Numbers
    cover: Numbers
    is_enough: Mask
    """Answers enough of the query, whatever the filters say."""
    is_wanted: Mask
    """Passes the filters. They only narrow: what is a result does not depend on them, so that counts stay true."""

    @property
    def results(self) -> NDArray[np.intp]:
        return self.rows[self.is_enough & self.is_wanted]


def select(scored: Scored, n_terms: int, n_documents: int, among: Mask, wanted: Mask) -> Selection:
    """Weigh the rows `among` which results are sought, and mark those that are `wanted`."""
    rows = np.flatnonzero((scored.has != 0) & among)
    has = scored.has[rows]
    weights = _weights(has, n_terms, n_documents)
    cover = _cover(has, weights)
    return Selection(rows, has, weights, cover, _is_enough(cover, n_terms), wanted[rows])


def title_cover(scored: Scored, row: int, weights: Numbers) -> float:
    return float(_cover(scored.has_in_title[[row]], weights)[0])


def is_strong(covers: Sequence[float], scores: Sequence[float], in_title: float) -> bool:
    """Say whether the first of the ordered results is very likely the answer."""
    if not covers or covers[0] < STRONG_COVER or in_title < STRONG_TITLE_COVER:
        return False
    return len(scores) == 1 or scores[0] >= STRONG_LEAD * scores[1]


def relaxations(query: Query, selection: Selection) -> list[Relaxation]:
    """Return the ways of leaving words out that would give more results, the most helpful first."""
    total = len(selection.results)
    options = {frozenset([i]) for i in range(len(query.terms))}
    if len(selection.rows):
        # What the nearest document does not speak of, left out together.
        best = selection.has[int(np.argmax(selection.cover * selection.is_wanted))]
        options.add(frozenset(i for i in range(len(query.terms)) if not int(best) >> i & 1))
    found = []
    for left_out in options:
        if not 0 < len(left_out) < len(query.terms):
            continue
        weights = selection.weights.copy()
        weights[list(left_out)] = 0
        enough = _is_enough(_cover(selection.has, weights), len(query.terms) - len(left_out))
        n = int((enough & selection.is_wanted).sum())
        if n > total:
            terms = [query.terms[i] for i in sorted(left_out)]
            lost = float(selection.weights[list(left_out)].sum())
            found.append((len(left_out), lost, _relaxation(query, terms, n)))
    found.sort(key=lambda option: (option[0], option[1], option[2].left_out))
    return [relaxation for _, _, relaxation in found[:RELAXATION_LIMIT]]


def _weights(has: Bits, n_terms: int, n_documents: int) -> Numbers:
    df = np.array([int(np.count_nonzero(has & np.uint64(1 << i))) for i in range(n_terms)], np.float64)
    weights: Numbers = np.log1p(max(1, n_documents) / (df + 1))
    return weights


def _cover(has: Bits, weights: Numbers) -> Numbers:
    cover = np.zeros(len(has))
    for i, weight in enumerate(weights):
        cover += weight * ((has >> np.uint64(i)) & np.uint64(1)).astype(np.float64)
    return cover / (weights.sum() or 1.0)


def _is_enough(cover: Numbers, n_terms: int) -> Mask:
    best = float(cover.max(initial=0.0))
    least = _between(LEAST_COVER, 1.0 / max(1, n_terms))
    if best < least:
        return np.zeros(len(cover), np.bool_)
    share = _between(SHARE_OF_BEST, 1.8 / max(1, n_terms))
    enough: Mask = cover >= max(least, share * best) - 1e-9
    return enough


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
