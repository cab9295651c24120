"""Which groups must stay hidden so that nobody can be made out, not even by subtraction (METRICS 4.6, 3.1).

A group of fewer than m people is hidden. Where one is, further ones are, smallest first, until at least two are
hidden and they are m together: else the total less what is shown would be theirs. Two breakdowns of the same people
are only shown together where no few of them lie between sums of the one and sums of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

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


def is_second_safe(cells: Mapping[tuple[str, str], int], *, least: int = LEAST) -> bool:
    """Tell whether groups of a second breakdown may be shown beside those of a first, by how many people are in both.

    Groups are points and people lines between them; what is hidden of a breakdown is one point. Fewer than `least`
    lines that hold two parts together are people who can be made out by adding and subtracting sums (METRICS 11).

    >>> is_second_safe({("Sales", "North"): 20, ("IT", "North"): 8, ("IT", "South"): 7})
    True
    >>> is_second_safe({("Sales", "North"): 20, ("IT", "North"): 1, ("IT", "South"): 9})
    False
    """
    ties: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (first, second), n in cells.items():
        if n:
            ties[f"1{first}"][f"2{second}"] += n
            ties[f"2{second}"][f"1{first}"] += n
    while firm := next(((a, b) for a, ends in ties.items() for b, n in ends.items() if n >= least), None):
        _join(ties, *firm)
    return all(_smallest_cut(ties, piece) >= least for piece in _pieces(ties) if len(piece) > 1)


def _join(ties: dict[str, dict[str, int]], into: str, point: str) -> None:
    """Make one point of two."""
    for end, n in ties.pop(point).items():
        del ties[end][point]
        if end != into:
            ties[into][end] += n
            ties[end][into] += n


def _pieces(ties: Mapping[str, Mapping[str, int]]) -> Iterable[set[str]]:
    """Give the sets of points that hang together."""
    left = set(ties)
    while left:
        piece, new = set[str](), {next(iter(left))}
        while new:
            piece |= new
            new = {end for point in new for end in ties[point]} - piece
        left -= piece
        yield piece


def _smallest_cut(ties: Mapping[str, Mapping[str, int]], piece: set[str]) -> int:
    """Return the fewest lines whose loss parts a piece (Stoer and Wagner)."""
    own: dict[str, dict[str, int]] = {point: defaultdict(int, ties[point]) for point in piece}
    smallest = sum(next(iter(own.values())).values())
    while len(own) > 1:
        weights = dict.fromkeys(own, 0)
        before = last = ""
        while weights:
            before, last = last, max(weights, key=lambda point: weights[point])
            lost = weights.pop(last)
            for end, n in own[last].items():
                if end in weights:
                    weights[end] += n
        smallest = min(smallest, lost)
        _join(own, before, last)
    return smallest
