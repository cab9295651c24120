"""Which groups of a breakdown stay hidden, so that nobody can be made out, not even by subtraction (METRICS 4.6, 11).

A breakdown has several columns of counts: the sheets, and each item or dimension answered by fewer. Each column is
judged by itself; a group that has to be hidden in one is hidden in all, because figures of one column stand beside
those of another. A column with too few answers in all is not released for anybody, and so it hides nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 5
"""Fewer people than this are never shown. A wave may ask for more, none for less."""
LEAST_TEXTS = 10
"""How many answers distributions and comments need."""

NOT_STATED = ""
"""The group of the sheets that name none: a group as any other, or total less shown would be theirs."""

Counts = Mapping[str, int]


def hidden_groups(counts: Counts, *, least: int = LEAST) -> frozenset[str]:
    """Return the groups of one column of counts to hide, where its total is shown.

    Groups of 1 to least - 1 are hidden. Where one is, the smallest remaining ones are too (equal sizes by name), until
    at least two are hidden and they are `least` people together. Empty groups hide nothing and give no cover. When
    there are fewer than `least` in all, all are hidden and the total with them.

    >>> sorted(hidden_groups({"HR": 4, "IT": 12, "Sales": 7, "Ops": 30, "Legal": 6}))
    ['HR', 'Legal']
    """
    check_least(least)
    if any(n < 0 for n in counts.values()):
        raise ValueError("a group cannot be less than empty")
    by_size = sorted((n, name) for name, n in counts.items() if n)
    n_small = sum(n < least for n, _name in by_size)
    if not n_small:
        return frozenset()
    n_hidden = n_small
    # One group alone is never enough: it would have been large enough to be shown.
    while n_hidden < len(by_size) and sum(n for n, _name in by_size[:n_hidden]) < least:
        n_hidden += 1
    return frozenset(name for _n, name in by_size[:n_hidden])


@dataclass(frozen=True)
class Suppression:
    """What of one breakdown stays hidden: whole rows, and columns with too few answers in all."""

    rows: frozenset[str]
    columns: frozenset[str]


def suppress(columns: Mapping[str, Counts], *, least: int = LEAST) -> Suppression:
    """Judge all columns of one breakdown; the rows hidden are those hidden in any column that is released.

    Here the mail item was answered by four people in all: it is released for nobody. Without that rule it would hide
    every row of the wave.

    >>> found = suppress({"sheets": {"HR": 4, "IT": 12, "Ops": 9}, "mail": {"HR": 0, "IT": 4, "Ops": 0}})
    >>> sorted(found.rows), sorted(found.columns)
    (['HR', 'Ops'], ['mail'])
    """
    check_least(least)
    scarce = frozenset(name for name, counts in columns.items() if 0 < sum(counts.values()) < least)
    rows: frozenset[str] = frozenset()
    for name, counts in columns.items():
        if name not in scarce:
            rows |= hidden_groups(counts, least=least)
    return Suppression(rows, scarce)


def check_least(least: int) -> None:
    """Refuse a threshold under the floor (ValueError)."""
    if least < LEAST:
        raise ValueError(f"fewer than {LEAST} people are never shown")
