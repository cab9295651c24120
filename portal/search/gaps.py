"""Searches that found nothing, put together by what was meant and counted by people (METRICS 2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from portal.search.analyzers import STOPPED, WORD, spellings, stem

SAME_WORDS = 85
SAME_WORD = 90
"""How alike two keys are, of several words and of one, when they mean the same. A set ratio would say 100 for `vpn`
beside `vpn token` and glue everything together."""
WORDS_SHOWN = 3


@dataclass(frozen=True)
class Miss:
    """One search that found nothing."""

    query: str
    visitor: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What several people looked for in vain."""

    words: tuple[str, ...]
    """As it was typed, the most frequent first; nothing that was typed only once."""
    n_people: int
    n_searches: int


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
        if found := key(miss.query):
            by_key.setdefault(found, []).append(miss)
    told = []
    for group in _alike(sorted(by_key)):
        together = [miss for found in group for miss in by_key[found]]
        people = {miss.visitor for miss in together}
        if len(people) < least_people:
            continue
        typed = Counter(miss.query.casefold() for miss in together)
        often = [words for words, n in typed.most_common(WORDS_SHOWN) if n > 1]
        # What everybody typed in another way is told by its key: typed once, it could name somebody.
        words = tuple(often) or (max(group, key=lambda found: len(by_key[found])),)
        told.append(Gap(words=words, n_people=len(people), n_searches=len(together)))
    return sorted(told, key=lambda gap: (-gap.n_people, -gap.n_searches, gap.words))


def _alike(keys: list[str]) -> list[list[str]]:
    """Join keys that are nearly the same; what is near to something near belongs to it too."""
    home = {found: found for found in keys}

    def root(found: str) -> str:
        while home[found] != found:
            found = home[found]
        return found

    for i, left in enumerate(keys):
        for right in keys[i + 1 :]:
            if _is_alike(left, right):
                home[root(right)] = root(left)
    groups: dict[str, list[str]] = {}
    for found in keys:
        groups.setdefault(root(found), []).append(found)
    return list(groups.values())


def _is_alike(left: str, right: str) -> bool:
    if " " in left or " " in right:
        return fuzz.token_sort_ratio(left, right) >= SAME_WORDS
    return fuzz.ratio(left, right) >= SAME_WORD
