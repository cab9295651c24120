"""Words that mean the same in everyday IT, added to a question with a low weight.

The list is short on purpose: measured, a long one helps nobody, and every wrong pair shows on the page.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.search.analyzers import WORD, fold, stem

PATH = Path(__file__).with_name("synonyms.toml")
LONGEST_PHRASE = 3


@dataclass(frozen=True)
class Synonyms:
    """Other words for a word, and for a phrase of two or three words."""

    words: dict[str, tuple[str, ...]]
    phrases: dict[tuple[str, ...], tuple[str, ...]]

    def of(self, word: str) -> tuple[str, ...]:
        """Return the stems that mean the same as this stem."""
        return self.words.get(word, ())

    def of_phrases(self, words: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
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
        groups = tomllib.load(file).get("same", [])
    words: dict[str, list[str]] = {}
    phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
    for number, group in enumerate(groups, start=1):
        unknown = group.keys() - {"words", "phrases"}
        if unknown or not group.get("words"):
            raise ValueError(f"{path.name}, group {number}: needs words, may have phrases, nothing else")
        same = list(dict.fromkeys(stem(fold(word)) for word in group["words"]))
        for word in same:
            words.setdefault(word, []).extend(other for other in same if other != word)
        for phrase in group.get("phrases", ()):
            parts = tuple(fold(match.group()) for match in WORD.finditer(phrase))
            if not 2 <= len(parts) <= LONGEST_PHRASE:
                raise ValueError(f"{path.name}, group {number}: {phrase!r} is no phrase of two or three words")
            phrases[parts] = tuple(same)
    return Synonyms({word: tuple(dict.fromkeys(others)) for word, others in words.items()}, phrases)
