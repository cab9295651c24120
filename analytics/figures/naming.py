"""Where the names of points stand, so that none lies on another, on a point, or outside the picture.

Around each point places are tried from near to far; a name that finds room only far from its point gets a line there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LETTER, ROW = 7.0, 14.0
"""About as wide as a letter is, and as high as a line."""
REACH = 8.0
"""How far a point's mark reaches from its middle."""
NEAR = 11.0
STEP = 13.0
FARTHEST = 10
"""So many steps away a name is still looked for a place."""
SLANT = 0.75
DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (SLANT, -SLANT), (SLANT, SLANT), (-SLANT, -SLANT), (-SLANT, SLANT))


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of the picture; down is more."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """Return how large a piece two boxes have in common.

        >>> Box(0, 0, 10, 10).shared(Box(8, 5, 20, 20)), Box(0, 0, 10, 10).shared(Box(10, 0, 20, 10))
        (10, 0)
        """
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point with its name."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in its place, by the middle of its line."""

    x: float
    y: float
    anchor: str
    """`start`, `middle` or `end` of the words stands at x."""
    lead: tuple[float, float] | None
    """Where a line from its point ends; None where it stands so near that none is needed."""

    def box(self, words: str) -> Box:
        return written(words, self.x, self.y, self.anchor)


def written(words: str, x: float, y: float, anchor: str) -> Box:
    """Return the room words take."""
    length = LETTER * len(words)
    left = x - {"start": 0.0, "middle": length / 2, "end": length}[anchor]
    return Box(left, y - ROW / 2, left + length, y + ROW / 2)


def place(points: Sequence[Point], *, within: Box, taken: Iterable[Box] = ()) -> list[Name]:
    """Find a place for the name of each point, in their order; where all is full, the one that covers least."""
    marks = [Box(each.x - REACH, each.y - REACH, each.x + REACH, each.y + REACH) for each in points]
    full, found = [*taken, *marks], []
    for point in points:
        name = _free(point, within, full)
        full.append(name.box(point.name))
        found.append(name)
    return found


def _free(point: Point, within: Box, full: Sequence[Box]) -> Name:
    best, least = None, float("inf")
    for name in _around(point):
        box = name.box(point.name)
        if not within.holds(box):
            continue
        covered = sum(box.shared(other) for other in full)
        if not covered:
            return name
        if covered < least:
            best, least = name, covered
    return best or Name(x=point.x + NEAR, y=point.y, anchor="start", lead=None)


def _around(point: Point) -> Iterator[Name]:
    for step in range(FARTHEST):
        away = NEAR + step * STEP
        for across, down in DIRECTIONS:
            anchor = "middle" if not across else "start" if across > 0 else "end"
            # Words above or below are as high as a line.
            lift = (ROW / 2 - 2) * down if not across else 0.0
            x, y = point.x + across * away, point.y + down * away
            yield Name(x=x, y=y + lift, anchor=anchor, lead=(x - 2 * across, y - 2 * down) if step else None)
