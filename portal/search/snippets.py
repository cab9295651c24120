"""The passage of a document that answers best, with the words of the query marked. Plain text, never HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from portal.search.analyzers import WORD, stems
from portal.search.documents import Passage, Pieces
from portal.search.query import Term
from portal.search.schema import Kept, stems_of

LENGTH = 180
"""Characters shown of a passage; longer ones are cut around the words that were found."""


SHORT = 40
NEEDLES = 6
"""Words for one thing that decide which passage is shown."""


class Span(NamedTuple):
    """A word of a text that was asked for: where it stands, for which term, and how much it says."""

    start: int
    end: int
    term: int
    weight: float


class Marker:
    """Finds the words of a query in text. Built once for a query, used on every hit."""

    def __init__(self, terms: Sequence[Term], weights: Sequence[float]) -> None:
        self._words: dict[str, tuple[int, float]] = {}
        self._needles: list[list[tuple[str, float]]] = []
        for i, (term, weight) in enumerate(zip(terms, weights, strict=True)):
            shares = [(word, float(weight) * share) for word, share in term.words]
            nearest = sorted(shares, key=lambda s: -s[1])[:NEEDLES]
            self._needles.append([(f" {word} ", w) for word, w in nearest])
            for word, w in shares:
                self._words.setdefault(word, (i, w))

    def spans(self, text: str) -> list[Span]:
        """Return every word that was asked for."""
        found = []
        for match in WORD.finditer(text):
            for word in stems(match.group()):
                if word in self._words:
                    found.append(Span(match.start(), match.end(), *self._words[word]))
                    break
        return found

    def pieces(self, text: str) -> Pieces:
        """Cut a text into what was asked for and what was not."""
        return _cut(text, [(span.start, span.end) for span in self.spans(text)])

    def best(self, kept: Kept) -> tuple[Passage, float]:
        """Return the passage that speaks of most of the query and how much it does; the summary when none says more."""
        summary = Passage(text=kept.document.summary)
        best, best_score = summary, self._score(summary.text, stems_of(summary.text))
        for passage, its_stems in zip(kept.document.passages, kept.stems, strict=True):
            score = self._score(passage.text, its_stems)
            if score > best_score or not best.text:
                best, best_score = passage, score
        return best, best_score

    def around(self, text: str) -> Pieces:
        """Cut a long text down to the stretch with the most in it, at borders of words."""
        spans = self.spans(text)
        if len(text) <= LENGTH:
            return _cut(text, [(span.start, span.end) for span in spans])
        start = _best_start(spans)
        if len(text) - start < LENGTH:
            start = len(text) - LENGTH
        if start > 0:
            start = text.find(" ", max(0, start - 1)) + 1
        end = min(len(text), start + LENGTH)
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + LENGTH // 2)
        inside = [(s.start - start, s.end - start) for s in spans if s.start >= start and s.end <= end]
        pieces = _cut(text[start:end].rstrip(), inside)
        before: Pieces = (("… ", False),) if start else ()
        after: Pieces = ((" …", False),) if end < len(text) else ()
        return before + pieces + after

    def _score(self, text: str, its_stems: str) -> float:
        score = 0.0
        for needles in self._needles:
            for needle, weight in needles:
                if needle in its_stems:
                    score += weight
                    break
        # A heading says a little less than a sentence with the same words.
        return score if len(text) > SHORT else 0.8 * score


def _best_start(spans: list[Span]) -> int:
    """Return where the stretch with the most in it begins, with some room before it."""
    best_weight, best = 0.0, 0
    for first, span in enumerate(spans):
        terms: dict[int, float] = {}
        for other in spans[first:]:
            if other.end - span.start > LENGTH * 3 // 4:
                break
            terms[other.term] = max(terms.get(other.term, 0.0), other.weight)
        if sum(terms.values()) > best_weight:
            best_weight, best = sum(terms.values()), span.start
    return max(0, best - LENGTH // 5)


def _cut(text: str, spans: list[tuple[int, int]]) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return tuple(pieces)
