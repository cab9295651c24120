"""Bringing together two texts that grew from one. Pure: three texts in, one merged text or the places to choose out.

What only one of the two changed is taken from there; what both changed to the same is taken once; what each changed
in another way is a conflict, and a person says which words stay. Without the text both began with, every difference
is a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rapidfuzz.distance import Indel

MOST_CELLS = 60_000_000
"""Of all tables that are filled to compare lines, or words, of one merge; beyond it they count as changed whole."""
SHORT = ("title", "summary", "category_id", "tags", "audience")
"""Fields that are merged whole."""
_WORD = re.compile(r"\S+\s*|\s+")


class Kind(StrEnum):
    """Where a part of the merged text comes from."""

    SAME = "same"
    MINE = "mine"
    THEIRS = "theirs"
    CONFLICT = "conflict"


class Pick(StrEnum):
    """What a person says to a conflict."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass
class Allowance:
    """What comparing may still cost: one for all parts of a merge, or many parts would cost many times as much."""

    cells: int = MOST_CELLS

    def take(self, cells: int) -> bool:
        """Take this much away; false, and nothing taken, where there is not as much left."""
        if cells > self.cells:
            return False
        self.cells -= cells
        return True


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some lines, as each of the two has them; `n` counts conflicts from nought and names the choice in the form."""

    kind: Kind
    mine: str
    theirs: str
    n: int = -1

    def text(self, pick: str = "") -> str:
        """Return the lines that stay; a conflict needs a pick (KeyError)."""
        if self.kind is not Kind.CONFLICT:
            return self.theirs if self.kind is Kind.THEIRS else self.mine
        return {Pick.MINE: self.mine, Pick.THEIRS: self.theirs, Pick.BOTH: _one_after_the_other(self)}[Pick(pick)]


@dataclass(frozen=True, kw_only=True)
class Field:
    """A short field, as each of the two has it, and what stays where that needs no choice."""

    name: str
    kind: Kind
    mine: Any
    theirs: Any


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Two texts brought together as far as that goes by itself."""

    fields: tuple[Field, ...]
    parts: tuple[Part, ...]

    @property
    def open_choices(self) -> list[str]:
        """Name the conflicts as the form does: `title`, `summary`… and `body-0`, `body-1`…"""
        in_fields = [field.name for field in self.fields if field.kind is Kind.CONFLICT]
        return in_fields + [f"body-{part.n}" for part in self.parts if part.kind is Kind.CONFLICT]

    def text(self, picks: Mapping[str, str]) -> dict[str, Any]:
        """Return the merged text; `picks` answers every open choice (KeyError or ValueError where it does not)."""
        made: dict[str, Any] = {}
        for field in self.fields:
            pick = Pick(picks[field.name]) if field.kind is Kind.CONFLICT else field.kind
            made[field.name] = field.theirs if pick == Kind.THEIRS else field.mine
        made["body"] = "".join(
            part.text(picks[f"body-{part.n}"] if part.kind is Kind.CONFLICT else "") for part in self.parts
        )
        return made


def merge(base: Mapping[str, Any] | None, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Bring `mine` and `theirs` together; `base` is what I saw when I began, as far as that is known."""
    fields = tuple(
        _field(name, None if base is None else base.get(name), mine[name], theirs[name])
        for name in SHORT
        if name in mine and name in theirs
    )
    bodies = (None if base is None else base.get("body"), mine.get("body", ""), theirs.get("body", ""))
    return Merge(fields=fields, parts=tuple(lines(*bodies)))


def _field(name: str, base: Any, mine: Any, theirs: Any) -> Field:
    if mine == theirs:
        kind = Kind.SAME
    elif base is not None and mine == base:
        kind = Kind.THEIRS
    elif base is not None and theirs == base:
        kind = Kind.MINE
    else:
        kind = Kind.CONFLICT
    return Field(name=name, kind=kind, mine=mine, theirs=theirs)


def lines(base: str | None, mine: str, theirs: str) -> list[Part]:
    """Merge by lines.

    >>> [part.kind.value for part in lines("a\\nb\\nc\\nd\\n", "A\\nb\\nc\\nd\\n", "a\\nb\\nc\\nD\\n")]
    ['mine', 'same', 'theirs']
    """
    ours, others = _split(mine), _split(theirs)
    found = _against_each_other(ours, others) if base is None else _three_ways(_split(base), ours, others)
    parts: list[Part] = []
    n_conflicts = 0
    for kind, left, right in found:
        if left or right:
            n = n_conflicts if kind is Kind.CONFLICT else -1
            parts.append(Part(kind=kind, mine="".join(left), theirs="".join(right), n=n))
            n_conflicts += kind is Kind.CONFLICT
    return parts


Found = tuple[Kind, Sequence[str], Sequence[str]]


def _three_ways(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[Found]:
    """Walk along what all three have in common; what stands between is compared with the base."""
    at_base = at_mine = at_theirs = 0
    for start, in_mine, in_theirs, n in _anchors(base, mine, theirs):
        yield _between(base[at_base:start], mine[at_mine:in_mine], theirs[at_theirs:in_theirs])
        same = mine[in_mine : in_mine + n]
        yield Kind.SAME, same, same
        at_base, at_mine, at_theirs = start + n, in_mine + n, in_theirs + n
    yield _between(base[at_base:], mine[at_mine:], theirs[at_theirs:])


def _between(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Found:
    if mine == theirs:
        return Kind.SAME, mine, theirs
    if mine == base:
        return Kind.THEIRS, mine, theirs
    if theirs == base:
        return Kind.MINE, mine, theirs
    return Kind.CONFLICT, mine, theirs


def _anchors(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the runs of lines that all three share: where they begin in each, and how many lines."""
    allowance = Allowance()
    to_mine, to_theirs = matches(base, mine, allowance), matches(base, theirs, allowance)
    i = j = 0
    while i < len(to_mine) and j < len(to_theirs):
        (a, m, n), (b, t, k) = to_mine[i], to_theirs[j]
        start, end = max(a, b), min(a + n, b + k)
        if start < end:
            yield start, m + start - a, t + start - b, end - start
        if a + n < b + k:
            i += 1
        else:
            j += 1


def _against_each_other(mine: Sequence[str], theirs: Sequence[str]) -> Iterator[Found]:
    at_mine = at_theirs = 0
    for m, t, n in [*matches(mine, theirs, Allowance()), (len(mine), len(theirs), 0)]:
        left, right = mine[at_mine:m], theirs[at_theirs:t]
        yield (Kind.SAME if left == right else Kind.CONFLICT), left, right
        yield Kind.SAME, mine[m : m + n], theirs[t : t + n]
        at_mine, at_theirs = m + n, t + n


def words(before: str, after: str, allowance: Allowance | None = None) -> list[tuple[Kind, str]]:
    """Return `after` in pieces, marked as the same as in `before` or new (MINE), with what fell away (THEIRS).

    Who compares many parts gives one allowance to all of them.

    >>> [(kind.value, text) for kind, text in words("press Start", "press Enter")]
    [('same', 'press '), ('theirs', 'Start'), ('mine', 'Enter')]
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[tuple[Kind, str]] = []
    at_old = at_new = 0
    for i, j, n in [*matches(old, new, allowance or Allowance()), (len(old), len(new), 0)]:
        gone, come = "".join(old[at_old:i]), "".join(new[at_new:j])
        pieces += [(Kind.THEIRS, gone)] if gone else []
        pieces += [(Kind.MINE, come)] if come else []
        pieces += [(Kind.SAME, "".join(new[j : j + n]))] if n else []
        at_old, at_new = i + n, j + n
    return pieces


def matches(one: Sequence[str], other: Sequence[str], allowance: Allowance) -> list[tuple[int, int, int]]:
    """Return runs that both have, in order; where that would be too much work only what both begin and end with."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    middle, opposite = one[start : len(one) - end], other[start : len(other) - end]
    found = [(0, 0, start)] if start else []
    if allowance.take(len(middle) * len(opposite)):
        for step in Indel.opcodes(middle, opposite):
            if step.tag == "equal":
                found.append((start + step.src_start, start + step.dest_start, step.src_end - step.src_start))
    if end:
        found.append((len(one) - end, len(other) - end, end))
    return found


def _split(text: str) -> list[str]:
    """Return the lines of a text with their ends, the last one closed like the others."""
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    made = [f"{part}\n" for part in parts]
    return made[:-1] if parts[-1] == "" else made


def _one_after_the_other(part: Part) -> str:
    return part.mine + part.theirs
