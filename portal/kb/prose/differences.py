"""What changed between two texts, line by line and word by word. Pure: two texts in, rows and pieces out.

Joining the pieces gives both texts back, whatever they are: without what is new the old one, without what is gone
the new one. Two texts that are too long to be compared word by word count as wholly replaced, so that no text keeps
a page waiting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

MOST_CELLS = 60_000_000
"""Of the table that is filled to compare two sequences; more would take noticeable time and memory."""
MOST_PAIRS = 3_600
"""Of lines that are tried as the former and the later form of one."""
ALIKE = 45.0
"""Similarity (0 to 100) from which one line is a later form of another (house rule)."""
CONTEXT = 3
"""Unchanged lines that are shown around a change."""
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"(\s*)(\w+|[^\w\s]|\Z)")


class Kind(StrEnum):
    """What became of a piece of text, or of a line."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    CHANGED = "changed"
    """Of lines alone: some of its pieces are gone or new."""
    LEFT_OUT = "left_out"
    """Of rows alone: unchanged lines that are not shown."""


@dataclass(frozen=True)
class Piece:
    """Some text that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Row:
    """One line of the comparison; `old` and `new` are its numbers on both sides, none where it is not there."""

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    old: int | None = None
    new: int | None = None
    n: int = 0
    """How many lines are left out."""

    @property
    def left(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.kind != Kind.NEW)

    @property
    def right(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.kind != Kind.GONE)


def words(old: str, new: str) -> list[Piece]:
    """Return what changed, word by word.

    >>> [f"{piece.kind}:{piece.text}" for piece in words("Press the red key", "Press the key twice")]
    ['same:Press the', 'gone: red', 'same: key', 'new: twice']
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[Piece] = []
    i = j = 0
    # Words are compared without the space before them, or spaces would be what two sentences have in common.
    for kind, first, second in _steps([word for _space, word in before], [word for _space, word in after]):
        for n in range(max(len(first), len(second))):
            if kind is Kind.SAME:
                pieces += _spaced(before[i + n], after[j + n])
            else:
                space, word = before[i + n] if kind is Kind.GONE else after[j + n]
                pieces.append(Piece(kind, space + word))
        i, j = i + len(first), j + len(second)
    return _joined(_without_scraps(_joined(pieces)))


def _spaced(first: tuple[str, str], second: tuple[str, str]) -> list[Piece]:
    if first == second:
        return [Piece(Kind.SAME, "".join(first))]
    return [Piece(Kind.GONE, first[0]), Piece(Kind.NEW, second[0]), Piece(Kind.SAME, first[1])]


def rows(old: str, new: str) -> list[Row]:
    """Return the lines of both texts beside each other; a changed line keeps its words apart."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    made: list[Row] = []
    gone: list[str] = []
    come: list[str] = []
    at_old = at_new = 1

    def settle() -> None:
        nonlocal at_old, at_new
        for row in _paired(gone, come, at_old, at_new):
            made.append(row)
        at_old, at_new = at_old + len(gone), at_new + len(come)
        gone.clear()
        come.clear()

    for kind, first, second in _steps(before, after):
        if kind is Kind.GONE:
            gone += first
        elif kind is Kind.NEW:
            come += second
        else:
            settle()
            for line in first:
                made.append(Row(Kind.SAME, (Piece(Kind.SAME, line),), at_old, at_new))
                at_old, at_new = at_old + 1, at_new + 1
    settle()
    return made


def shortened(found: Sequence[Row], *, context: int = CONTEXT) -> list[Row]:
    """Leave out unchanged lines that are far from every change, and say how many."""
    near = [False] * len(found)
    for at, row in enumerate(found):
        if row.kind is not Kind.SAME:
            for i in range(max(0, at - context), min(len(found), at + context + 1)):
                near[i] = True
    made: list[Row] = []
    for row, is_near in zip(found, near, strict=True):
        if is_near:
            made.append(row)
        elif made and made[-1].kind is Kind.LEFT_OUT:
            made[-1] = Row(Kind.LEFT_OUT, n=made[-1].n + 1)
        else:
            made.append(Row(Kind.LEFT_OUT, n=1))
    return made


def n_changed(found: Iterable[Row]) -> int:
    """Return how many lines are not the same."""
    return sum(row.kind not in (Kind.SAME, Kind.LEFT_OUT) for row in found)


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Kind, Sequence[str], Sequence[str]]]:
    """Yield runs that stayed, went or came; what both begin and end with is never compared."""
    start = 0
    least = min(len(before), len(after))
    while start < least and before[start] == after[start]:
        start += 1
    end = 0
    while end < least - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield Kind.SAME, before[:start], after[:start]
    if len(old) * len(new) > MOST_CELLS:
        yield Kind.GONE, old, ()
        yield Kind.NEW, (), new
    else:
        for step in Indel.opcodes(old, new):
            first, second = old[step.src_start : step.src_end], new[step.dest_start : step.dest_end]
            if step.tag == "equal":
                yield Kind.SAME, first, second
            elif step.tag == "delete":
                yield Kind.GONE, first, ()
            else:
                yield Kind.NEW, (), second
    yield Kind.SAME, before[len(before) - end :], after[len(after) - end :]


def _without_scraps(pieces: Sequence[Piece]) -> list[Piece]:
    """Let spaces and commas between two changes go with them: a text is read in words, not in scraps."""
    made: list[Piece] = []
    for at, piece in enumerate(pieces):
        is_between = 0 < at < len(pieces) - 1 and all(
            one.kind is not Kind.SAME for one in (pieces[at - 1], pieces[at + 1])
        )
        if piece.kind is Kind.SAME and is_between and not re.search(r"\w", piece.text) and "\n" not in piece.text:
            made += [Piece(Kind.GONE, piece.text), Piece(Kind.NEW, piece.text)]
        else:
            made.append(piece)
    return made


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Put what went before what came, each run in one piece."""
    made: list[Piece] = []
    gone = come = ""

    def keep(text: str) -> None:
        if made and made[-1].kind is Kind.SAME:
            made[-1] = Piece(Kind.SAME, made[-1].text + text)
        else:
            made.append(Piece(Kind.SAME, text))

    def settle() -> None:
        nonlocal gone, come
        # The space before a word that took another's place is nobody's change.
        if gone and come and (space := _SPACE.match(gone)[0]) and space == _SPACE.match(come)[0]:  # type: ignore[index]
            keep(space)
            gone, come = gone[len(space) :], come[len(space) :]
        made.extend(Piece(kind, text) for kind, text in ((Kind.GONE, gone), (Kind.NEW, come)) if text)
        gone = come = ""

    for piece in pieces:
        if piece.kind is Kind.GONE:
            gone += piece.text
        elif piece.kind is Kind.NEW:
            come += piece.text
        elif piece.text:
            settle()
            keep(piece.text)
    settle()
    return made


def _paired(gone: Sequence[str], come: Sequence[str], at_old: int, at_new: int) -> Iterator[Row]:
    """Yield the lines that went and came between two unchanged ones, later forms beside former ones."""
    i = j = 0
    for first, second in [*_pairs(gone, come), (len(gone), len(come))]:
        for n in range(i, first):
            yield Row(Kind.GONE, (Piece(Kind.GONE, gone[n]),), old=at_old + n)
        for n in range(j, second):
            yield Row(Kind.NEW, (Piece(Kind.NEW, come[n]),), new=at_new + n)
        if first < len(gone) and second < len(come):
            yield Row(Kind.CHANGED, tuple(words(gone[first], come[second])), at_old + first, at_new + second)
        i, j = first + 1, second + 1


def _pairs(gone: Sequence[str], come: Sequence[str]) -> list[tuple[int, int]]:
    """Choose which lines are forms of one another, in order, so that together they are most alike."""
    if len(gone) * len(come) > MOST_PAIRS:
        return [(n, n) for n in range(min(len(gone), len(come), MOST_PAIRS)) if _alike(gone[n], come[n])]
    alike = [[_alike(first, second) for second in come] for first in gone]
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for i in reversed(range(len(gone))):
        for j in reversed(range(len(come))):
            both = alike[i][j] + best[i + 1][j + 1] if alike[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    pairs, i, j = [], 0, 0
    while i < len(gone) and j < len(come):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _alike(first: str, second: str) -> float:
    """Say how alike two lines are, nothing below the threshold; empty lines are like empty lines only."""
    if not first.strip() or not second.strip():
        return 1.0 if first.strip() == second.strip() else 0.0
    return fuzz.ratio(first.strip(), second.strip(), score_cutoff=ALIKE)
