"""How answers are kept so that nothing leads from one to a person: codes, random keys, no order.

METRICS 4.6. A code can be used once and stands in the mail alone; the database holds its SHA-256 beside the recipient,
and no table holds both a code and an answer. A sheet's key is drawn by chance. When a wave closes all its sheets are
written anew under other keys, in the order of these, so that neither place nor key tells when one came.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

BITS = 128
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code read from paper is typed right."""
LENGTH = 26
GROUP = 5
MISREAD = str.maketrans("ILO", "110")


def new_code() -> str:
    """Draw a code of 128 random bits, in groups for reading: it goes into the mail and nowhere else.

    >>> len(new_code().replace("-", ""))
    26
    """
    number = secrets.randbits(BITS)
    text = "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(text[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def digest(code: str) -> str | None:
    """Return what the database keeps of a code, however it was typed; None for what cannot be one.

    >>> digest("00000-00000-00000-00000-00000-1") == digest(" ooooo 00000 00000 00000 00000 l")
    True
    >>> digest("'; drop") is None
    True
    """
    if len(code) > 4 * LENGTH:
        return None
    text = "".join(code.upper().replace("-", " ").split()).translate(MISREAD)
    if len(text) != LENGTH or any(letter not in LETTERS for letter in text):
        return None
    return sha256(text.encode()).hexdigest()


def new_key() -> str:
    """Draw the key of a sheet: 128 random bits, hex; no time and no sequence in it."""
    return secrets.token_hex(BITS // 8)


def written_anew(sheets: Iterable[T]) -> list[tuple[str, T]]:
    """Give every sheet another key and return them in the order in which they are to be written.

    That is the order of the keys, hence chance: the table has no other.
    """
    return sorted(((new_key(), sheet) for sheet in sheets), key=lambda pair: pair[0])
