"""Mending spelling from the portal's own vocabulary: the words of the documents somebody may see, nothing else.

A dictionary would not know the names of the tools people ask for, and would offer words that find nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from rapidfuzz.distance import OSA

SHORTEST = 3
TWO_SLIPS_FROM = 7
"""From this many letters on, two slips are forgiven."""

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
VOWELS = frozenset("aeiouy")
SOUND_ALIKE = frozenset(map(frozenset, ("ck", "sc", "sz", "fv", "bp", "mn", "dt", "gj")))


class Speller:
    """Finds near words fast: letters as bits sort out nearly all of the vocabulary before any distance is taken."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [w for w in dict.fromkeys(words) if len(w) >= SHORTEST and not w[0].isdigit()]
        self._letters = np.fromiter((_letters(w) for w in self._words), np.uint64, len(self._words))
        self._sizes = np.fromiter((len(w) for w in self._words), np.int16, len(self._words))

    def nearest(self, word: str, frequency: Callable[[str], int]) -> str | None:
        """Return the word that was most likely meant, or None.

        `frequency` tells in how many visible documents a word stands; a word that stands in none is not there.
        Ties go to the same first letter, then to the more frequent word, then to the alphabet.
        """
        if len(word) < SHORTEST or any(c.isdigit() for c in word):
            return None
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        found = []
        for distance, near in self._near(word, slips):
            if count := frequency(near):
                found.append((distance, near[0] != word[0], -count, near))
        return min(found)[3] if found else None

    def _near(self, word: str, slips: int) -> list[tuple[int, str]]:
        # One slip changes at most two of the letters a word has.
        differing = np.bitwise_count(self._letters ^ np.uint64(_letters(word)))
        possible = (np.abs(self._sizes - len(word)) <= slips) & (differing <= 2 * slips)
        found = []
        for i in np.flatnonzero(possible):
            near = self._words[i]
            distance = OSA.distance(word, near, score_cutoff=slips)
            if not 0 < distance <= slips:
                continue
            # Of three letters any other word is one slip away; only letters in the wrong order are believed.
            if len(word) == SHORTEST and sorted(near) != sorted(word):
                continue
            # Two slips with another first letter are most often another word.
            if distance == 2 and near[0] != word[0]:
                continue
            if distance == 1 and len(near) == len(word) and not _is_slip(word, near):
                continue
            found.append((distance, near))
        return found


def _is_slip(word: str, near: str) -> bool:
    """Say whether a letter in place of another is one a hand or an ear takes for it: `calender`, not `wife`/`wise`."""
    differing = [(a, b) for a, b in zip(word, near, strict=True) if a != b]
    if len(differing) != 1:  # two letters that changed places
        return True
    ((a, b),) = differing
    return (a in VOWELS and b in VOWELS) or frozenset((a, b)) in SOUND_ALIKE or b in NEIGHBOURS.get(a, ())


def _neighbours() -> dict[str, frozenset[str]]:
    places = {c: (y, x + y / 2) for y, row in enumerate(ROWS) for x, c in enumerate(row)}
    return {
        a: frozenset(b for b, (v, u) in places.items() if b != a and abs(v - y) <= 1 and abs(u - x) <= 1)
        for a, (y, x) in places.items()
    }


NEIGHBOURS = _neighbours()


def _letters(word: str) -> int:
    """Return a set of letters as bits; letters beyond a to z share the upper ones."""
    bits = 0
    for c in word:
        code = ord(c)
        bits |= 1 << (code - 97 if 97 <= code <= 122 else 26 + code % 38)
    return bits
