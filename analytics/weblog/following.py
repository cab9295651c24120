"""What of a file was read before: told by its first bytes, never by its name, its age, or its lines.

A fingerprint is the hash of the first bytes that were there at first sight, at most 1,024; how many is kept with it,
for a young file grows. A log that was renamed or packed is known by it and goes on where it was left; a file that was
cut off and began anew has other first bytes, and is another. Lines are never told apart by what they say: two people
can send the same one in the same second (METRICS 5.5, 11).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedIOBase

from analytics.weblog import lines

HEAD = 1_024


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a log was read."""

    fingerprint: str
    length: int
    """Bytes the fingerprint is of."""
    offset: int = 0
    n_lines: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """Where reading a file begins."""

    mark: Mark
    is_known: bool

    @property
    def offset(self) -> int:
        return self.mark.offset


def fingerprint(head: bytes) -> Mark | None:
    r"""Return the mark of a log that is seen for the first time; None while it has no whole line.

    >>> fingerprint(b"10.0.0.1 - - [17/May") is None, fingerprint(b"a line\n").length
    (True, 7)
    """
    if b"\n" not in head and len(head) < HEAD:
        return None
    return Mark(sha256(head[:HEAD]).hexdigest(), min(HEAD, len(head)))


def start(file: BufferedIOBase, known: Sequence[Mark], *, is_whole: bool = False) -> Start | None:
    """Say where to begin with an opened log; None when there is nothing in it yet. Refuses (`lines.Damaged`).

    Where it goes on with what was read as a file of its own before (a log cut into pieces, given whole afterwards),
    that is passed over too.
    """
    head = lines.head(file, HEAD)
    found = _find(head, known)
    if found is None:
        new = fingerprint(head) or (Mark(sha256(head).hexdigest(), len(head)) if head and is_whole else None)
        return Start(new, False) if new else None
    left = [mark for mark in known if mark.fingerprint != found.fingerprint]
    while left:
        following = _find(_at(file, found.offset), left)
        if following is None or not following.offset:
            break
        left.remove(following)
        found = Mark(
            found.fingerprint, found.length, found.offset + following.offset, found.n_lines + following.n_lines
        )
    return Start(found, True)


def _at(file: BufferedIOBase, offset: int) -> bytes:
    try:
        file.seek(offset)
    except (OSError, EOFError):
        return b""
    return lines.head_here(file, HEAD)


def _find(head: bytes, known: Iterable[Mark]) -> Mark | None:
    """Return the mark these bytes bear; of several the one that was read furthest."""
    hashes: dict[int, str] = {}
    found = []
    for mark in known:
        if 0 < mark.length <= len(head):
            if mark.length not in hashes:
                hashes[mark.length] = sha256(head[: mark.length]).hexdigest()
            if hashes[mark.length] == mark.fingerprint:
                found.append(mark)
    return max(found, key=lambda mark: (mark.length, mark.offset), default=None)
