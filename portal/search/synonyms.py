"""Words that mean the same in everyday IT, and those an installation added, put beside a question with a low weight.

The list that comes with the portal is short on purpose: measured, a long one helps nobody, and every wrong pair shows
on the page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from portal.search.analyzers import STOPPED, WORD, fold, spellings, stem

PATH = Path(__file__).with_name("synonyms.toml")
LONGEST_PHRASE = 3

SAME_WEIGHT = 0.7
NEAR_WEIGHT = 0.4
SAME, NEAR, LEADS = "same", "near", "leads"
WEIGHTS = {SAME: SAME_WEIGHT, NEAR: NEAR_WEIGHT, LEADS: SAME_WEIGHT}

Weighed = tuple[tuple[str, float], ...]
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Words and phrases that lead to each other; of one way, to what is `sought`.

    Phrases that come with the portal lead to the words of their group alone; `is_whole` lets them be found as well.
    """

    kind: str
    words: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()
    is_whole: bool = False

    @property
    def key(self) -> str:
        """Name it, so that it can be switched off and stays off when words are added to it."""
        return f"{self.kind}:{self.words[0]}"

    @property
    def all_words(self) -> tuple[str, ...]:
        return (*self.words, *self.phrases)

    def __str__(self) -> str:
        if self.kind == LEADS:
            return f"{', '.join(self.all_words)} → {', '.join(self.sought)}"
        return (" = " if self.kind == SAME else " ~ ").join(self.all_words)


@dataclass(frozen=True)
class Synonyms:
    """Other words for a word, and for a phrase of two or three words, each with its weight."""

    words: dict[str, Weighed]
    phrases: dict[Phrase, Weighed]
    spelled: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    """Phrases that a word stands for, as folded words: `po` is `purchase order`."""
    stopped: frozenset[str] = frozenset()
    """Folded words that are left out of a question, beside those of the language."""

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


def build(groups: Iterable[Group], stopped: Iterable[str] = ()) -> Synonyms:
    """Put groups together; where two join the same words, the stronger counts."""
    words: dict[str, dict[str, float]] = {}
    phrases: dict[Phrase, dict[str, float]] = {}
    spelled: dict[str, dict[Phrase, None]] = {}
    for group in groups:
        weight = WEIGHTS[group.kind]
        typed = _stems(group.words)
        into = _stems(w for w in group.sought if len(parts_of(w)) == 1) if group.kind == LEADS else typed
        whole = [parts_of(w) for w in group.sought if len(parts_of(w)) > 1] if group.kind == LEADS else []
        if group.is_whole and group.kind != LEADS:
            whole = [parts_of(phrase) for phrase in group.phrases]
        for word in typed:
            _add(words.setdefault(word, {}), (other for other in into if other != word), weight)
            spelled.setdefault(word, {}).update(dict.fromkeys(whole))
        for phrase in map(parts_of, group.phrases):
            _add(phrases.setdefault(phrase, {}), into, weight)
            others = [stem(part) for other in whole if other != phrase for part in other if part not in STOPPED]
            _add(phrases[phrase], others, min(weight, NEAR_WEIGHT))
    return Synonyms(
        {word: tuple(others.items()) for word, others in words.items() if others},
        {phrase: tuple(others.items()) for phrase, others in phrases.items() if others},
        {word: tuple(others) for word, others in spelled.items() if others},
        frozenset(stopped),
    )


def parts_of(text: str) -> Phrase:
    """Return the folded words of a word or phrase."""
    return tuple(fold(match.group()) for match in WORD.finditer(text))


def _stems(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(stem((spellings(word) or (fold(word),))[0]) for word in words))


def _add(known: dict[str, float], words: Iterable[str], weight: float) -> None:
    for word in words:
        known[word] = max(weight, known.get(word, 0.0))


@cache
def shipped(path: Path = PATH) -> tuple[Group, ...]:
    """Read the list that comes with the portal; refuse a file that is not of this form (ValueError names the group)."""
    with path.open("rb") as file:
        given = tomllib.load(file)
    groups = []
    for kind in (SAME, NEAR):
        for number, group in enumerate(given.pop(kind, []), start=1):
            unknown = group.keys() - {"words", "phrases"}
            if unknown or not group.get("words"):
                raise ValueError(f"{path.name}, {kind} {number}: needs words, may have phrases, nothing else")
            for phrase in group.get("phrases", ()):
                if not 2 <= len(parts_of(phrase)) <= LONGEST_PHRASE:
                    raise ValueError(f"{path.name}, {kind} {number}: {phrase!r} is no phrase of two or three words")
            groups.append(Group(kind, tuple(group["words"]), tuple(group.get("phrases", ()))))
            _refuse_twice(groups, f"{path.name}, {kind} {number}")
    if given:
        raise ValueError(f"{path.name}: knows [[same]] and [[near]], not {', '.join(sorted(given))}")
    return tuple(groups)


def _refuse_twice(groups: Sequence[Group], place: str) -> None:
    if any(group.key == groups[-1].key for group in groups[:-1]):
        raise ValueError(f"{place}: another group begins with {groups[-1].words[0]!r}")


@cache
def load(path: Path = PATH) -> Synonyms:
    """Return what the list that comes with the portal says by itself."""
    return build(shipped(path))
