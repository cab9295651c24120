"""From text to words, and from words to their stems: what is indexed, what is asked for, and what was meant.

Whatever looks for the same word in another form goes through this door: the index and its queries (`portal.search`),
titles held against searches, searches that found nothing put together (`analytics.gaps`). The short words of IT are
words: `e-mail` is `email`, `Wi-Fi` is `wifi`, `log-in` is `login`, `C++` and `C#` are words, a single digit is one
too. (Linking tickets to needs compares whole texts and has a plainer form: `analytics.words`.)
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

# The same words as \w+(\.?\w+)*, written so that no text can make it slow, with compounds kept together.
WORD = re.compile(r"[cC]\+\+|[cC]#|\w+(?:[.'’-]\w+)*")

SUFFIX = re.compile(r"'(?:s|d|m|ve|ll|re)$")
"""What stands behind an apostrophe and says nothing; of "can't" the whole word says nothing, see CONTRACTIONS."""

LONGEST = 40
"""Longer words are hashes, keys and addresses; only their beginning is kept."""

SMALL = frozenset(
    """
    a an and are as at be by can for from have if in is it may not of on or that the this to us we when will with yet
    you your
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
"""The words that Whoosh leaves out of an English text, but for `tbd`."""
CONTRACTIONS = frozenset(
    """
    cant cannot couldnt didnt doesnt dont hasnt havent im isnt ive its theres thats wasnt werent whats wont wouldnt
    youre
    """.split()  # noqa: SIM905
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

STOPPED: frozenset[str] = SMALL | CONTRACTIONS | FILLERS


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
