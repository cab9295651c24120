"""When two texts speak of the same thing (METRICS 1.10, rule 17): the one normal form, and what counts as similar."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

ENOUGH = 60.0
"""Token-sort similarity from which two texts are similar, itself included."""
SHORTEST = 5
"""Shorter texts must be equal: "vpn" and "pin" would reach 66.7."""


def normal(text: str | None) -> str:
    """Fold case, drop accents and punctuation, leave one space between words; nothing becomes an empty text.

    >>> normal("  Wi-Fi: Café ÉTÉ? ")
    'wifi cafe ete'
    """
    if not text:
        return ""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in letters if unicodedata.category(letter)[0] not in "MPS")
    return " ".join("".join(kept).split())


def words(text: str | None) -> frozenset[str]:
    """Return the distinct words of a text in their normal form.

    >>> sorted(words("VPN token, vpn"))
    ['token', 'vpn']
    """
    return frozenset(normal(text).split())


def are_similar(one: str, other: str) -> bool:
    """Tell whether two normal forms are equal, or alike and long enough to say so.

    >>> are_similar("printer jam", "jammed printer"), are_similar("vpn", "pin"), are_similar("vpn", "vpn")
    (True, False, True)
    """
    if not one or not other:
        return False
    if one == other:
        return True
    return min(len(one), len(other)) >= SHORTEST and fuzz.token_sort_ratio(one, other) >= ENOUGH


def are_one_quest(one: str, other: str) -> bool:
    """Tell whether two queries, in their normal form, look for the same: words of one all in the other, or similar.

    >>> are_one_quest("token vpn", "vpn"), are_one_quest("vpn", "printer")
    (True, False)
    """
    few, many = set(one.split()), set(other.split())
    return few <= many or many <= few or are_similar(one, other)


def similar_pairs(ones: Sequence[str], others: Sequence[str]) -> NDArray[np.bool_]:
    """Tell of each pair of normal forms whether they are similar, as `are_similar` does, many at once.

    >>> similar_pairs(["vpn", "printer jam"], ["pin", "jammed printer"]).tolist()
    [False, True]
    """
    if not ones:
        return np.zeros(0, dtype=np.bool_)
    ratio = process.cpdist(ones, others, scorer=fuzz.token_sort_ratio, dtype=np.float64)
    shorter = np.array([min(len(one), len(other)) for one, other in zip(ones, others, strict=True)])
    equal = np.array([one == other for one, other in zip(ones, others, strict=True)])
    return np.asarray((shorter > 0) & (equal | ((shorter >= SHORTEST) & (ratio >= ENOUGH))))
