"""Words that mean the same in everyday IT, added to a question with a low weight.

The list is short on purpose: measured, a long one helps nobody, and every wrong pair shows on the page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.search.analyzers import WORD, fold, stem

PATH = Path(__file__).with_name("synonyms.toml")
LONGEST_PHRASE = 3


SAME_WEIGHT = 0.7
NEAR_WEIGHT = 0.4

Weighed = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Synonyms:
    """Other words for a word, and for a phrase of two or three words, each with its weight."""

    words: dict[str, Weighed]
    phrases: dict[tuple[str, ...], Weighed]

    def of(self, word: str) -> Weighed:
        """Return the stems that mean the same as this stem."""
        return self.words.get(word, ())

    def of_phrases(self, words: list[str]) -> list[tuple[int, int, Weighed]]:
        """Find phrases in a row of folded words: first word, number of words, stems that mean the same."""
        found = []
        for size in range(2, LONGEST_PHRASE + 1):
            for start in range(len(words) - size + 1):
                same = self.phrases.get(tuple(words[start : start + size]))
                if same:
                    found.append((start, size, same))
        return found


@cache
def load(path: Path = PATH) -> Synonyms:
    """Read the list; refuse a file that is not of this form (ValueError names the group)."""
    with path.open("rb") as file:
        given = tomllib.load(file)
    words: dict[str, dict[str, float]] = {}
    phrases: dict[tuple[str, ...], dict[str, float]] = {}
    for kind, weight in (("same", SAME_WEIGHT), ("near", NEAR_WEIGHT)):
        for number, group in enumerate(given.pop(kind, []), start=1):
            unknown = group.keys() - {"words", "phrases"}
            if unknown or not group.get("words"):
                raise ValueError(f"{path.name}, {kind} {number}: needs words, may have phrases, nothing else")
            stemmed = list(dict.fromkeys(stem(fold(word)) for word in group["words"]))
            for word in stemmed:
                _add(words.setdefault(word, {}), (other for other in stemmed if other != word), weight)
            for phrase in group.get("phrases", ()):
                parts = tuple(fold(match.group()) for match in WORD.finditer(phrase))
                if not 2 <= len(parts) <= LONGEST_PHRASE:
                    raise ValueError(f"{path.name}, {kind} {number}: {phrase!r} is no phrase of two or three words")
                _add(phrases.setdefault(parts, {}), stemmed, weight)
    if given:
        raise ValueError(f"{path.name}: knows [[same]] and [[near]], not {', '.join(sorted(given))}")
    return Synonyms(
        {word: tuple(others.items()) for word, others in words.items()},
        {phrase: tuple(others.items()) for phrase, others in phrases.items()},
    )


def _add(known: dict[str, float], words: Iterable[str], weight: float) -> None:
    for word in words:
        known[word] = max(weight, known.get(word, 0.0))
