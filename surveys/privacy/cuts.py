"""Is a second breakdown safe beside the first? A minimum cut answers exactly (METRICS 11).

Points are the groups shown of both breakdowns, the hidden ones of each merged into one; each person is a line between
their department and their site. Whatever can be worked out from sums over the points is a sum over the lines of a cut
(some with a minus). So nothing follows about fewer than m people exactly when no connected piece can be split by
taking away fewer than m lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

Cells = Mapping[tuple[str, str], int]
"""How many people each pair of groups has: one of the first breakdown, one of the second."""

Point = tuple[int, str]
Graph = dict[Point, dict[Point, int]]
HIDDEN = "\x00hidden"


def is_second_safe(cells: Cells, *, hidden: Collection[str], hidden_second: Collection[str], least: int) -> bool:
    """Tell whether both breakdowns of one column of counts may be shown together.

    D1 is HR and IT, D2 is Legal and Ops; HR and Legal are hidden. D1 less IT is HR:

    >>> people = {("HR", "D1"): 4, ("IT", "D1"): 12, ("Legal", "D2"): 6, ("Ops", "D2"): 20}
    >>> is_second_safe(people, hidden={"HR", "Legal"}, hidden_second=(), least=5)
    False
    >>> is_second_safe({**people, ("HR", "D1"): 6}, hidden={"HR", "Legal"}, hidden_second=(), least=5)
    True
    """
    lines: dict[tuple[Point, Point], int] = defaultdict(int)
    for (one, other), n in cells.items():
        if n:
            first = (0, HIDDEN if one in hidden else one)
            second = (1, HIDDEN if other in hidden_second else other)
            lines[first, second] += n
    return not has_cut_below(lines, least)


def has_cut_below(lines: Mapping[tuple[Point, Point], int], least: int) -> bool:
    """Tell whether taking away fewer than `least` lines splits a connected piece.

    Stoer, M., Wagner, F. (1997): A simple min-cut algorithm. Journal of the ACM 44, 585-591; points that no such cut
    can part are merged beforehand, and it ends at the first cut small enough.
    """
    graph = _merged(lines, least)
    while graph:
        piece = _piece(graph)
        for point in piece:
            del graph[point]
        while len(piece) > 1:
            last, before, weight = _phase(piece)
            if weight < least:
                return True
            _merge(piece, before, last)
    return False


def _merged(lines: Mapping[tuple[Point, Point], int], least: int) -> Graph:
    """Build the graph; the ends of `least` lines or more cannot be parted and become one point."""
    parent: dict[Point, Point] = {}

    def root(point: Point) -> Point:
        while (above := parent.setdefault(point, point)) != point:
            parent[point] = parent[above]
            point = above
        return point

    for (one, other), n in lines.items():
        if n >= least:
            parent[root(one)] = root(other)
    graph: Graph = defaultdict(lambda: defaultdict(int))
    for (one, other), n in lines.items():
        here, there = root(one), root(other)
        graph[here]  # a point without lines is a point too
        if here != there:
            graph[here][there] += n
            graph[there][here] += n
    return graph


def _piece(graph: Graph) -> Graph:
    """Return one connected piece."""
    found: set[Point] = set()
    todo = [next(iter(graph))]
    while todo:
        point = todo.pop()
        if point not in found:
            found.add(point)
            todo.extend(graph[point])
    return {point: dict(graph[point]) for point in found}


def _phase(piece: Graph) -> tuple[Point, Point, int]:
    """Order the points by how tightly they hang on those before; the last one's lines are a cut."""
    start = next(iter(piece))
    tied = dict.fromkeys(piece, 0)
    before = last = start
    weight = 0
    while tied:
        before, last = last, max(tied, key=lambda point: (tied[point], point == start))
        weight = tied.pop(last)
        for neighbour, n in piece[last].items():
            if neighbour in tied:
                tied[neighbour] += n
    return last, before, weight


def _merge(piece: Graph, kept: Point, gone: Point) -> None:
    for neighbour, n in piece.pop(gone).items():
        del piece[neighbour][gone]
        if neighbour != kept:
            piece[kept][neighbour] = piece[kept].get(neighbour, 0) + n
            piece[neighbour][kept] = piece[neighbour].get(kept, 0) + n
