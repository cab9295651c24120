"""Which passwords are too easy to guess. Pure rules, applied when a password is chosen, never when it is used.

Length is what counts, so there is no rule about capitals and symbols, and no expiry. Refused is what guessing
programs try first: a common word or two with the usual decoration, walks over the keyboard, repetitions, dates,
and the words that anybody knows of this person and this portal. How much guessing is left is counted in *pieces*:
the cheapest way to spell the password with known words (1), runs and repetitions (¾), years and short numbers (½),
symbols (½) and single letters (1). Fewer than three pieces is what lists hold; three words that do not belong
together are good advice, so three pieces are enough from twelve characters on.

The words in `common_words.txt` are our own. Look-alikes (`p4ssw0rd`), capitals and doubling need no words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

SHORTEST = 8
ADVISED = 15
LONGEST = 256
ENOUGH_PIECES = 3.0
LONG_ENOUGH_FOR_THREE = 12
ENOUGH_BESIDES = 8
"""Letters a password needs besides the words that everybody knows of its owner."""

_LIST = Path(__file__).with_name("common_words.txt")
_ROWS = ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiopü", "azertyuiop", "yxcvbnm")
_COLUMNS = (
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujmikolp",
    "qawsedrftgyhujikolp",
    "azsxdcfvgbhnjmkl",
    "1qa2ws3ed4rf5tg6yh7uj8ik9ol",
    "12qw34er56ty78ui90op",
    "a1b2c3d4e5f6g7h8i9j0",
    "1a2b3c4d5e6f7g8h9i0j",
    "a1s2d3f4g5h6j7k8l9",
    "1a2s3d4f5g6h7j8k9l",
)
_PADS = ("147258369", "159357", "753951", "741852963", "789456123", "456123789", "852456", "1472583690", "adgjmptw")
_RUSSIAN_KEYS = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_LOOK_ALIKES = str.maketrans("@4310$5!7+8", "aaeiossittb")
_DATE = re.compile(
    r"(19|20)\d\d(0?[1-9]|1[0-2])?(0?[1-9]|[12]\d|3[01])?|(0?[1-9]|[12]\d|3[01])(0?[1-9]|1[0-2])(19|20)?\d\d"
)
_SYMBOL = re.compile(r"[\W_]")


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    OWN = "own"


def weakness(password: str, own_words: Iterable[str] = ()) -> Weakness | None:
    """Say why the password is too easy for somebody whose name, address and portal are made of `own_words`.

    >>> weakness("P4ssw0rd2024!"), weakness("qwertzuiop"), weakness("a good sentence about herons")
    (<Weakness.COMMON: 'common'>, <Weakness.COMMON: 'common'>, None)
    >>> weakness("Ostreyvale-2026", ["Ostrey & Vale"])
    <Weakness.OWN: 'own'>
    """
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(plain) < SHORTEST:
        return Weakness.SHORT
    if len(plain) > LONGEST:
        return Weakness.LONG
    if _is_mostly(plain, own_words):
        return Weakness.OWN
    n = pieces(plain[: ADVISED * 3])  # a long password is not made worse by how it goes on
    is_short = len(plain) < LONG_ENOUGH_FOR_THREE
    return Weakness.COMMON if n < ENOUGH_PIECES or (is_short and n == ENOUGH_PIECES) else None


def _is_mostly(plain: str, own_words: Iterable[str]) -> bool:
    words = {w for text in own_words for w in re.split(r"[\W_\d]+", text.casefold()) if len(w) >= 3}
    joined = {re.sub(r"[\W_\d]+", "", text.casefold()) for text in own_words}
    rest = read_as_letters(plain)
    for word in sorted(words | {w for w in joined if len(w) >= 3}, key=len, reverse=True):
        rest = rest.replace(word, " ")
    if rest == read_as_letters(plain):
        return False
    return len(re.sub(r"[\W_\d]", "", rest)) < ENOUGH_BESIDES


def read_as_letters(text: str) -> str:
    """Undo look-alikes, one character for one.

    >>> read_as_letters("p@$$w0rd")
    'password'
    """
    return text.translate(_LOOK_ALIKES)


def pieces(plain: str) -> float:
    """Return in how few known pieces the password can be spelled; it is at least as good as that."""
    whole = _unit(plain)
    if whole != plain:  # `abcabcabc` is `abc` and the thought of repeating it
        return pieces(whole) + 0.5 if len(whole) > SHORTEST // 2 else 1.0
    return min(_spell(text) for text in (plain, plain[::-1], plain.translate(_RUSSIAN_KEYS)))


def _unit(text: str) -> str:
    """Return what is repeated, or the text itself: `abcabc` is made of `abc`."""
    for n in range(1, len(text) // 2 + 1):
        if len(text) % n == 0 and text[:n] * (len(text) // n) == text:
            return text[:n]
    return text


def _spell(text: str) -> float:
    best = [0.0] + [float("inf")] * len(text)
    letters = read_as_letters(text)
    for start in range(len(text)):
        for end, cost in _steps(text, letters, start):
            best[end] = min(best[end], best[start] + cost)
    return best[-1]


def _steps(text: str, letters: str, start: int) -> list[tuple[int, float]]:
    """Return where one can get from here with one piece, and what the piece costs."""
    words, longest = _words()
    steps = [(start + 1, 0.5 if _SYMBOL.match(text[start]) else 1.0)]
    for end in range(start + 3, min(start + longest, len(text)) + 1):
        if text[start:end] in words or letters[start:end] in words:
            steps.append((end, 1.0))
    steps += [(end, 0.75) for end in range(start + 2, len(text) + 1) if _is_run(text[start:end])]
    digits = re.match(r"\d+", text[start:])
    if digits:
        n = len(digits[0])
        steps += [(start + k, 0.5) for k in range(1, min(n, 4) + 1)]
        steps += [(start + k, 1.0) for k in range(5, min(n, 8) + 1) if _DATE.fullmatch(text[start : start + k])]
    return steps


def _is_run(text: str) -> bool:
    """True for walks on the keyboard, counting up or down, the alphabet, and one character again and again."""
    if len(set(text)) == 1:
        return True
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    if steps in ({1}, {-1}) and text.isalnum():
        return True
    return any(text in walk or text in walk[::-1] for walk in (*_ROWS, *_COLUMNS, *_PADS))


@cache
def _words() -> tuple[frozenset[str], int]:
    lines = (line for line in _LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    words = {word for line in lines for word in line.partition(":")[2].split() if len(word) >= 3}
    cut = {word[:8] for word in words if len(word) > 8}  # systems that kept eight letters left their mark on lists
    return frozenset(words | cut), max(map(len, words))
