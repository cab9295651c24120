"""From text to the words that are indexed and asked for; index and query must go through the same door.

Works like Whoosh's StemmingAnalyzer with the expression `\\w+(\\.?\\w+)*` (the default of the living forks counts `*`
as part of a word), and treats the short words of IT beside it: `e-mail` is `email`, `Wi-Fi` is `wifi`, `log-in` is
`login`, `C++` and `C#` are words, a single digit is one too. Its own tokenizer, because the chain of filters takes
three times as long to build an index.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import Stemmer
from whoosh.analysis import Analyzer, Token
from whoosh.analysis.filters import STOP_WORDS

# The same words as \w+(\.?\w+)*, written so that no text can make it slow, with compounds kept together.
WORD = re.compile(r"[cC]\+\+|[cC]#|\w+(?:[.'’-]\w+)*")

SUFFIX = re.compile(r"'(?:s|d|m|ve|ll|re)$")
"""What stands behind an apostrophe and says nothing; of "can't" the whole word says nothing, see CONTRACTIONS."""

SEPARATOR = "\x1f"
"""Between the values of a field that holds several."""

LONGEST = 40
"""Longer words are hashes, keys and addresses; only their beginning is kept."""

CONTRACTIONS = frozenset(
    """
    cant cannot couldnt didnt doesnt dont hasnt havent im isnt ive its theres thats wasnt werent whats wont wouldnt
    youre
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
FILLERS = frozenset(
    """
    am been but did do does get gets getting got had has he her hers him his how into just me mine my no our she so
    some than their them then there these they those too very was were what where which who why would
    """.split()  # noqa: SIM905
)
VOWELS = frozenset("aeiouy")
UNSTEMMED = frozenset({"excellent"})
"""Words whose stem is the name of something else."""

_stemmer = Stemmer.Stemmer("english")
_stemming = threading.Lock()  # the stemmer keeps the word it works on

STOPPED: frozenset[str] = (STOP_WORDS - {"tbd"}) | CONTRACTIONS | FILLERS


def fold(text: str) -> str:
    """Lower the case, straighten apostrophes and take accents off."""
    text = text.casefold()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in text if not unicodedata.combining(c))


@lru_cache(maxsize=65_536)
def spellings(token: str) -> tuple[str, ...]:
    """Return the plain words one token stands for, the most telling first.

    >>> spellings("E-Mail"), spellings("sign-in"), spellings("two-factor")
    (('email', 'mail'), ('signin', 'sign'), ('twofactor', 'two', 'factor'))
    >>> spellings("user's"), spellings("Node.js"), spellings("10.15.7"), spellings("a"), spellings("C++")
    (('user',), ('node.js', 'node', 'js'), ('10.15.7',), (), ('c++',))
    """
    word = SUFFIX.sub("", fold(token)[:LONGEST]).replace("'", "")
    if "-" not in word and "." not in word:
        return (word,) if _is_word(word) else ()
    parts = re.split(r"[.-]", word)
    if all(part.isdigit() for part in parts):
        return (word,)
    found = [word.replace("-", "") if "." not in word else word] if len(parts) == 2 or "." in word else []
    found += [part for part in parts if _is_word(part) and part not in STOPPED and part not in found]
    return tuple(found)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of a plain word; what is no English word stays as it is.

    By Snowball: the stemmer that comes with Whoosh leaves `dropp` of `dropping` and finds no `drop`.
    """
    if not word.isalpha() or word in UNSTEMMED:
        return word
    if word[-1] == "s" and len(word) > 2 and not VOWELS.intersection(word):
        return word[:-1]  # PCs, PDFs, VPNs
    with _stemming:
        stemmed: str = _stemmer.stemWord(word)
    return stemmed


@lru_cache(maxsize=65_536)
def stems(token: str) -> tuple[str, ...]:
    """Return what is indexed for one token: nothing for a word that carries no meaning of its own."""
    return tuple(dict.fromkeys(stem(word) for word in spellings(token) if word not in STOPPED))


def _is_word(word: str) -> bool:
    # Single letters say little and are everywhere; a single digit tells tray 2 from tray 1.
    return len(word) > 1 or word.isdigit()


class Stems(Analyzer):
    """Writes the stems of a text into a field."""

    cut = staticmethod(stems)

    def __call__(self, value: str, **_options: Any) -> Iterator[Token]:
        token = Token()
        token.boost, token.stopped = 1.0, False
        for match in WORD.finditer(value):
            for token.text in self.cut(match.group()):
                yield token


class Words(Stems):
    """Writes words as they were written, for spelling and for unfinished words."""

    cut = staticmethod(spellings)


class Values(Analyzer):
    """Writes the values of a list, untouched."""

    def __call__(self, value: str, **_options: Any) -> Iterator[Token]:
        token = Token()
        token.boost, token.stopped = 1.0, False
        for token.text in filter(None, value.split(SEPARATOR)):
            yield token
