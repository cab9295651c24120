"""Tokens: what opens the survey once. A mail carries one twice, in the fragment of its link and as a code to type.

The database keeps SHA-256 of a token and nothing else of it. What a token is derived from is random for each wave
(`WaveKey`), takes the portal's secret to be of use, and goes when the wave closes.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for another one."""
LENGTH = 26
"""Letters of a token: 130 bits."""
GROUP = 4

_ALIKE = str.maketrans("OILU", "011V")


def derive(key: bytes, owner: str) -> str:
    """Return the token of somebody: the same for the same key, and nothing that tells another's.

    >>> len(derive(b"k" * 32, "invitation:17"))
    26
    """
    number = int.from_bytes(hmac.digest(key, owner.encode(), "sha256")) >> (256 - 5 * LENGTH)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def spelled(token: str) -> str:
    """Return a token as it is printed, in groups that can be read out.

    >>> spelled("7K3F9QWX2HTBM0ND4CPZXV8ERJ")
    '7K3F-9QWX-2HTB-M0ND-4CPZ-XV8E-RJ'
    """
    return "-".join(token[place : place + GROUP] for place in range(0, len(token), GROUP))


def understood(typed: str) -> str:
    """Return the token that somebody typed, however they spelled it; empty for what cannot be one.

    >>> understood(" 7k3f 9qwx-2HTB mOnd 4cpz xv8e rj. ")
    '7K3F9QWX2HTBM0ND4CPZXV8ERJ'
    >>> understood("open sesame")
    ''
    """
    if len(typed) > 200:
        return ""
    found = "".join(letter for letter in typed.upper().translate(_ALIKE) if letter in ALPHABET)
    return found if len(found) == LENGTH else ""


def digest(token: str) -> str:
    """Return what the database keeps of a token."""
    return sha256(token.encode()).hexdigest()
