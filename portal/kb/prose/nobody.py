"""A text without the people in it: what helped one person is to help the next, and nobody's name goes along.

Whoever goes on writing reads it anyway; but what is not there cannot be overlooked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analytics.blotting import blot_all

SHORTEST = 3
"""Letters of a part of a name that is looked for by itself."""
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_FORMULA = re.compile(
    r"(hi|hello|hallo|hey|dear|good (morning|afternoon|evening)|guten (morgen|tag|abend)|liebe[r]?|thanks|thank you|"
    r"best( regards| wishes)?|kind regards|regards|cheers|danke|viele grüße|(mit )?(freundlichen|besten) grüßen?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Names:
    """The parts of names that are not to stand in a text."""

    all: frozenset[str]
    """Of everybody in the portal, as they are written: "Will" but not "will"."""
    close: frozenset[str] = frozenset()
    """In small letters, of the people on the ticket: these are looked for however they are written."""

    @classmethod
    def of(cls, everybody: Iterable[str], close: Iterable[str] = ()) -> Names:
        near = {part.casefold() for name in close for part in _parts(name)}
        return cls(frozenset(part for name in everybody for part in _parts(name) if part[0].isupper()), frozenset(near))

    def __contains__(self, word: str) -> bool:
        stem = re.sub(r"['’]s?$", "", word)
        return stem in self.all or stem.casefold() in self.close


def _parts(name: str) -> list[str]:
    return [part for part in _WORD.findall(name) if len(part) >= SHORTEST]


def nobody_in(words: str, names: Names) -> str:
    """Return a text without mail addresses, long numbers and names of people.

    >>> names = Names.of(["Ana Ruiz", "Ben Kaya", "Will Hart"], close=["Ana Ruiz"])
    >>> nobody_in("Ana, call Ben Kaya on +44 20 7946 0018 or ben@ostreyvale.example", names)
    '[name], call [name] on [number] or [address]'
    >>> nobody_in("ana’s laptop will start", names)
    '[name] laptop will start'
    """
    text = _WORD.sub(lambda match: "[name]" if match.group() in names else match.group(), blot_all(words))
    return re.sub(r"\[name\](?:[ -]\[name\])+", "[name]", text)


def without_formulas(text: str) -> str:
    """Return a letter without its greeting and its end.

    >>> without_formulas("Hello [name],\\n\\nforget the network.\\n\\nBest regards\\n[name]")
    'forget the network.'
    """
    kept = []
    for line in text.strip().splitlines():
        plain = line.strip(" ,.!–-")
        is_formula = len(plain.split()) <= 5 and _FORMULA.match(plain) and "." not in plain
        if not is_formula and plain != "[name]":
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
