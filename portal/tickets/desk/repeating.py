"""Whether a reply says again what somebody has read already.

>>> says_again("Hello! Open the settings of the app, please.", "1. Open the **settings** of the app.")
True
>>> says_again("I have reset your password, please try again now.", "Open the settings.")
False
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORTEST = 6
"""Fewer words in a row than these say nothing of their own."""
RUN = 3
SHARE = 0.7
_WORDS = re.compile(r"\w+")
_ENDS = re.compile(r"[.!?:\n]+")
_LINKS = re.compile(r"\]\([^)]*\)|https?://\S+")


def says_again(reply: str, text: str) -> bool:
    """Say whether any sentence of the reply stands in the text, nearly word for word."""
    known = set(_runs(_words(text)))
    for sentence in _ENDS.split(_LINKS.sub(" ", reply)):
        words = _words(sentence)
        runs = list(_runs(words))
        if len(words) >= SHORTEST and sum(run in known for run in runs) >= SHARE * len(runs):
            return True
    return False


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
