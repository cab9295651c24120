"""Hits joined to visits, whatever order they come in and however many batches they are read in.

Each day has a salt of its own, and a visitor of a day is a keyed hash of the full address and the agent (or of the
account), so nobody can be followed from day to day. Of a visitor only stretches of time are held: a hit within half an
hour of one lengthens it, and one that lies between two joins them. Their number does not depend on the order of hits,
which is why a log that is out of order, and one read in two halves, give the same (METRICS 5.2, 5.5).

The one place where two days meet is midnight: while the address is still at hand its key is tried under the salt of
the day beside too, and a visit that goes on is joined, so that it counts once (METRICS 11).
"""

from __future__ import annotations

import hmac
import json
import struct
from array import array
from dataclasses import dataclass, field
from typing import Any

GAP = 1_800
"""Seconds without a hit that still belong to the visit."""
DAY = 86_400
SALT_BYTES = 32

# What is held of a visitor: a list, because millions are made and changed. Places of it:
FIRST, LAST, OLDER, JOINED, WIDTH = 0, 1, 2, 3, 4
ALL, VIEWS = 0, 4
"""Where the stretches of all hits begin, and those of page views; each has WIDTH places."""
Visitor = list[Any]
NONE = -1


def key_of(salt: bytes, name: str) -> int:
    """Return the key of a visitor on the day of a salt.

    >>> f"{key_of(bytes(32), '203.0.113.0|Mozilla/5.0 (X11; Linux x86_64)'):016x}"
    'cf12de58270aff87'
    """
    return int.from_bytes(hmac.digest(salt, as_logged(name), "sha256")[:8], "big")


def as_logged(text: str) -> bytes:
    """Return the bytes a text was read from; JSON may hold halves of pairs that no bytes stand for."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def name_of(address: str, account: str, agent: str) -> str:
    """Return what a visitor is known by while a line is read: the account where there is one."""
    return f"{address}|{agent}" if account == "-" else f"\0{account}"


@dataclass(slots=True)
class Searched:
    """How often words were searched for while too few had used them, and by whom."""

    n: int = 0
    by: set[int] | None = field(default_factory=set)
    """Keys of visitors; None once they were enough."""

    def search(self, key: int, least: int) -> int:
        """Take note of a search; returns how many may be told of now."""
        if self.by is None:
            return 1
        self.n += 1
        self.by.add(key)
        if len(self.by) < least:
            return 0
        self.by, told, self.n = None, self.n, 0
        return told


@dataclass(slots=True)
class DayState:
    """The visitors of one day: what re-opening a visit needs, and no more."""

    day: int
    """Days since 1970, UTC."""
    salt: bytes
    kept: dict[int, Visitor] = field(default_factory=dict)
    """By key."""
    seen: dict[str, Visitor] = field(default_factory=dict)
    """By name, of those met since the state was opened; never packed."""
    searched: dict[str, Searched] = field(default_factory=dict)
    """Words of searches, until enough different visitors have used them."""

    def visitor(self, name: str) -> Visitor:
        """Return somebody of this day, made if they are new."""
        key = key_of(self.salt, name)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = [NONE, NONE, None, 0, NONE, NONE, None, 0]
        self.seen[name] = found
        return found

    def known(self, name: str) -> Visitor | None:
        """Return somebody of this day, None where they were not met on it."""
        found = self.seen.get(name)
        if found is None:
            found = self.kept.get(key_of(self.salt, name))
            if found is not None:
                self.seen[name] = found
        return found


def put(visitor: Visitor, place: int, at: int) -> int:
    """Put a hit into the stretches that begin at a place; returns by how much their number grew: 1, 0, or -1."""
    first, last = visitor[place + FIRST], visitor[place + LAST]
    if last == NONE:
        visitor[place + FIRST] = visitor[place + LAST] = at
        return 1
    if first <= at:
        if at <= last:
            return 0
        if at - last <= GAP:
            visitor[place + LAST] = at
            return 0
        older = visitor[place + OLDER]
        if older is None:
            visitor[place + OLDER] = [first, last]
        else:
            older += (first, last)
        visitor[place + FIRST] = visitor[place + LAST] = at
        return 1
    return _insert(visitor, place, at)


def _insert(visitor: Visitor, place: int, at: int) -> int:
    """Put a hit elsewhere than at the end of the latest stretch, which stays in FIRST and LAST."""
    whole = stretches(visitor, place)
    before = len(whole)
    whole.append((at, at))
    whole.sort()
    joined = [whole[0]]
    for first, last in whole[1:]:
        if first - joined[-1][1] <= GAP:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    _set(visitor, place, joined)
    return len(joined) - before


def stretches(visitor: Visitor, place: int) -> list[tuple[int, int]]:
    """Return the stretches of a visitor in order."""
    older, first, last = visitor[place + OLDER], visitor[place + FIRST], visitor[place + LAST]
    found = list(zip(older[::2], older[1::2], strict=True)) if older else []
    return [*found, (first, last)] if last != NONE else found


def _set(visitor: Visitor, place: int, whole: list[tuple[int, int]]) -> None:
    visitor[place + FIRST], visitor[place + LAST] = whole[-1]
    visitor[place + OLDER] = [end for stretch in whole[:-1] for end in stretch] or None


def join(before: Visitor, after: Visitor, place: int) -> int:
    """Join a visit over midnight: -1 when the last stretch of one day goes on in the first of the next, else 0.

    Said once: `after` remembers that it was joined, and nothing that comes later can part them.
    """
    if after[place + JOINED]:
        return 0
    early, late = stretches(before, place), stretches(after, place)
    if early and late and late[0][0] - early[-1][1] <= GAP:
        after[place + JOINED] = 1
        return -1
    return 0


_HEAD = struct.Struct("<4sII")
_MARK = b"WLD1"


def packed(state: DayState) -> bytes:
    """Return a day's visitors as bytes, without its salt: keys, how many stretches, and the stretches."""
    keys, shape, times = array("Q"), array("H"), array("I")
    start = state.day * DAY
    for key, visitor in state.kept.items():
        keys.append(key)
        for place in (ALL, VIEWS):
            first, last, older, joined = visitor[place : place + WIDTH]
            if last == NONE:
                shape.append(joined)
            elif older is None:
                shape.append(2 | joined)
                times.append(first - start)
                times.append(last - start)
            else:
                shape.append(len(older) + 2 | joined)
                times.extend([end - start for end in older])
                times.append(first - start)
                times.append(last - start)
    words = {word: [said.n, None if said.by is None else sorted(said.by)] for word, said in state.searched.items()}
    text = json.dumps(words).encode()
    head = _HEAD.pack(_MARK, len(keys), len(text))
    return b"".join((head, keys.tobytes(), shape.tobytes(), text, times.tobytes()))


def unpacked(day: int, salt: bytes, found: bytes) -> DayState:
    """Return a day's visitors from bytes."""
    mark, n, n_text = _HEAD.unpack_from(found)
    if mark != _MARK:
        raise ValueError("these bytes hold no visitors")
    keys, shape, times = array("Q"), array("H"), array("I")
    at = _HEAD.size
    keys.frombytes(found[at : at + 8 * n])
    shape.frombytes(found[at + 8 * n : at + 12 * n])
    at += 12 * n
    words = json.loads(found[at : at + n_text])
    times.frombytes(found[at + n_text :])
    kept: dict[int, Visitor] = {}
    start, cursor = day * DAY, 0
    for n_visitor, key in enumerate(keys):
        visitor: Visitor = []
        for n_place in range(2):
            size = shape[2 * n_visitor + n_place]
            ends = [end + start for end in times[cursor : cursor + 2 * (size >> 1)]]
            cursor += len(ends)
            if ends:
                visitor += [ends[-2], ends[-1], ends[:-2] or None, size & 1]
            else:
                visitor += [NONE, NONE, None, 0]
        kept[key] = visitor
    searched = {word: Searched(n, None if by is None else set(by)) for word, (n, by) in words.items()}
    return DayState(day, salt, kept, searched=searched)
