"""The passage of a document that answers best, with the words of the query marked. Plain text, never HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.search.analyzers import stems
from portal.search.documents import Passage, Pieces
from portal.search.query import Term

LENGTH = 220
"""Characters shown of a passage; longer ones are cut around the words that were found."""


class Marker:
    """Finds the words of a query in text. Built once for a query, used on every hit."""

    def __init__(self, terms: Sequence[Term], weights: Sequence[float]) -> None:
        self._weights = {
            word: (i, float(weight) * share)
            for i, (term, weight) in reversed(list(enumerate(zip(terms, weights, strict=True))))
            for word, share in term.words
        }
        # A stem and its words begin alike up to the last letter or two; the stem itself decides afterwards.
        beginnings = sorted({word[: max(2, len(word) - 2)] for word in self._weights}, key=len, reverse=True)
        any_of = "|".join("['’-]?".join(map(re.escape, beginning)) for beginning in beginnings)
        self._pattern = re.compile(rf"(?<!\w)(?:{any_of})(?:[.'’-]?[\w+#])*", re.IGNORECASE) if any_of else None

    def spans(self, text: str) -> list[tuple[int, int, int, float]]:
        """Return start, end, term and weight of every word that was asked for."""
        if self._pattern is None:
            return []
        found = []
        for match in self._pattern.finditer(text):
            known = [self._weights[word] for word in stems(match.group()) if word in self._weights]
            if known:
                term, weight = max(known, key=lambda k: k[1])
                found.append((match.start(), match.end(), term, weight))
        return found

    def pieces(self, text: str) -> Pieces:
        """Cut a text into what was asked for and what was not."""
        return _cut(text, [(start, end) for start, end, _, _ in self.spans(text)])

    def best(self, passages: Sequence[Passage], otherwise: str) -> tuple[Pieces, str]:
        """Return the passage that speaks of most of the query and its anchor; `otherwise` when none speaks of it."""
        best_score, best, anchor = 0.0, "", ""
        for passage in passages:
            score = self._score(passage.text)
            if score > best_score:
                best_score, best, anchor = score, passage.text, passage.anchor
        if self._score(otherwise) >= best_score:
            best, anchor = otherwise, ""
        return self.around(best), anchor

    def around(self, text: str) -> Pieces:
        """Cut a long text down to the stretch with the most in it, at borders of words."""
        spans = self.spans(text)
        if len(text) <= LENGTH:
            return _cut(text, [(start, end) for start, end, _, _ in spans])
        start = _best_start(spans)
        if len(text) - start < LENGTH:
            start = len(text) - LENGTH
        if start > 0:
            start = text.find(" ", max(0, start - 1)) + 1
        end = min(len(text), start + LENGTH)
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + LENGTH // 2)
        inside = [(s - start, e - start) for s, e, _, _ in spans if s >= start and e <= end]
        pieces = _cut(text[start:end].rstrip(), inside)
        before: Pieces = (("… ", False),) if start else ()
        after: Pieces = ((" …", False),) if end < len(text) else ()
        return before + pieces + after

    def _score(self, text: str) -> float:
        spans = self.spans(text)
        best: dict[int, float] = {}
        for _, _, term, weight in spans:
            best[term] = max(best.get(term, 0.0), weight)
        # A second mention says a little more; a bare heading a little less than the sentence below it.
        return sum(best.values()) + 0.01 * min(len(spans), 10) if len(text) > 40 else 0.8 * sum(best.values())


def _best_start(spans: list[tuple[int, int, int, float]]) -> int:
    best_weight, best = -1.0, 0
    for first, (start, _, _, _) in enumerate(spans):
        terms: dict[int, float] = {}
        for _, end, term, weight in spans[first:]:
            if end - start > LENGTH * 3 // 4:
                break
            terms[term] = max(terms.get(term, 0.0), weight)
        if sum(terms.values()) > best_weight:
            best_weight, best = sum(terms.values()), start
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
