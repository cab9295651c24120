"""Searches that found nothing, put together by what was meant and counted by people (METRICS 2.2).

Two searches mean the same when their keys are nearly equal (`rapidfuzz`), and what is near to something near belongs
to it too (union-find). A set ratio would say 100 for `vpn` beside `vpn token` and glue everything together. A search
can name a person or an illness: nothing is shown that fewer than two people typed, and no gap of fewer than three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from analytics.blotting import blot
from analytics.stems import STOPPED, WORD, spellings, stem

SAME_WORDS = 85.0
SAME_WORD = 90.0
"""How alike two keys are, of several words and of one, when they mean the same."""
WORDS_SHOWN = 3
SHARED = 2
"""What so many people typed names none of them."""


@dataclass(frozen=True)
class Miss:
    """One search that found nothing."""

    query: str
    visitor: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What several people looked for in vain."""

    words: tuple[str, ...]
    """As it was typed, what most people typed first; nothing that only one of them did."""
    n_people: int
    n_searches: int
    keys: tuple[str, ...] = ()
    """What was meant, in each form; for comparing, never to be shown: one person's alone may be among them."""


def key(query: str) -> str:
    """Return what stays of a search when order, endings and small words are taken away.

    >>> key("My printers jammed"), key("jam in the printer")
    ('jam printer', 'jam printer')
    """
    words = [word for match in WORD.finditer(query) for word in spellings(match.group())[:1]]
    return " ".join(sorted({stem(word) for word in words if word not in STOPPED}))


def gaps(misses: Iterable[Miss], *, least_people: int) -> list[Gap]:
    """Put misses together and return what at least so many people looked for, most people first."""
    by_key: dict[str, list[Miss]] = {}
    for miss in misses:
        blotted = Miss(query=blot(miss.query).casefold().strip(), visitor=miss.visitor)
        if found := key(blotted.query):
            by_key.setdefault(found, []).append(blotted)
    told = []
    for group in _alike(sorted(by_key)):
        together = [miss for found in group for miss in by_key[found]]
        people = {miss.visitor for miss in together}
        if len(people) < least_people:
            continue
        if words := _shown(together):
            gap = Gap(words=words, n_people=len(people), n_searches=len(together), keys=tuple(group))
            told.append(gap)
    return sorted(told, key=lambda gap: (-gap.n_people, -gap.n_searches, gap.words))


def slip_of(gap: Gap, known: Iterable[str]) -> str | None:
    """Return the word that a gap of one word is a slip of, among the keys of searches that do find something.

    Such a gap wants a synonym or a mended spelling, not an article.

    >>> slip_of(Gap(words=("outlok",), n_people=3, n_searches=3, keys=("outlok",)), ["outlook", "vpn"])
    'outlook'
    """
    words = [each for each in known if " " not in each]
    for found in gap.keys:
        best = None if " " in found else process.extractOne(found, words, scorer=fuzz.ratio, score_cutoff=SAME_WORD)
        if best and best[0] != found:
            return str(best[0])
    return None


def _shown(together: Iterable[Miss]) -> tuple[str, ...]:
    """Return what may be shown of searches: as typed where people typed the same, else the words they share."""
    typed: dict[str, set[str]] = {}
    said: dict[str, set[str]] = {}
    for miss in together:
        typed.setdefault(miss.query, set()).add(miss.visitor)
        for word in key(miss.query).split():
            said.setdefault(word, set()).add(miss.visitor)
    often = sorted((query for query in typed if len(typed[query]) >= SHARED), key=lambda query: -len(typed[query]))
    if often:
        return tuple(often[:WORDS_SHOWN])
    shared = " ".join(sorted(word for word, people in said.items() if len(people) >= SHARED))
    return (shared,) if shared else ()


def _alike(keys: list[str]) -> list[list[str]]:
    """Join keys that are nearly the same."""
    home = {found: found for found in keys}

    def root(found: str) -> str:
        while home[found] != found:
            home[found] = home[home[found]]
            found = home[found]
        return found

    # The words of a key are sorted, so the ratio of two keys is the ratio of their sorted words.
    for place, left in enumerate(keys):
        near = process.extract(left, keys[place + 1 :], scorer=fuzz.ratio, score_cutoff=SAME_WORDS, limit=None)
        for right, likeness, _ in near:
            if " " in left or " " in right or likeness >= SAME_WORD:
                home[root(right)] = root(left)
    groups: dict[str, list[str]] = {}
    for found in keys:
        groups.setdefault(root(found), []).append(found)
    return list(groups.values())
