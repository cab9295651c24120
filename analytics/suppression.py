"""Which groups must stay hidden so that nobody can be made out, not even by subtraction (METRICS 4.6, 3.1).

A group of fewer than m people is hidden. Where one is, further ones are, smallest first, until at least two are
hidden and they are m together: else the total less what is shown would be theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 5


def hidden(groups: Mapping[str, int], *, least: int = LEAST) -> frozenset[str]:
    """Return the groups to hide of one breakdown whose total is shown; empty ones hide nothing and cover nobody.

    Equal sizes are taken by name. Where all together are fewer than `least`, all are hidden, and the total is not to
    be shown either (`is_total_hidden`).

    >>> sorted(hidden({"HR": 4, "IT": 12, "Sales": 7, "Ops": 30, "Legal": 6}))
    ['HR', 'Legal']
    """
    if least < LEAST:
        raise ValueError(f"fewer than {LEAST} people are never shown")
    if any(n < 0 for n in groups.values()):
        raise ValueError("a group cannot be less than empty")
    by_size = sorted((n, name) for name, n in groups.items() if n)
    found = [(n, name) for n, name in by_size if n < least]
    if not found:
        return frozenset()
    for each in by_size[len(found) :]:
        if len(found) >= 2 and sum(n for n, _name in found) >= least:
            break
        found.append(each)
    return frozenset(name for _n, name in found)


def is_total_hidden(groups: Mapping[str, int], *, least: int = LEAST) -> bool:
    """Tell whether there are too few in all to say anything of them.

    >>> is_total_hidden({"HR": 3, "IT": 1}), is_total_hidden({"HR": 4, "IT": 12})
    (True, False)
    """
    return 0 < sum(groups.values()) < least
