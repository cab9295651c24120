"""A log as blocks of whole lines, plain or packed with gzip, from any place of it on.

A line ends at a line feed and nowhere else. Offsets count bytes of the unpacked log, so that a packed copy of a file
goes on where the file itself was left.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

BLOCK = 4 << 20
PIECE = 1 << 17
LONGEST = 1 << 20
"""Bytes of a line from which on it is none: kept out of memory, and refused."""
ENDLESS = 64 << 20
"""Bytes without an end of line after which nobody reads on: a packed megabyte can hold a thousand."""
_MAGIC = b"\x1f\x8b"
_FOUND_TO_BE_DAMAGED = (OSError, EOFError, zlib.error)


class Damaged(Exception):
    """A packed log that breaks off or is none; what was read of it before holds."""


class Endless(Damaged):
    """A log whose line goes on without an end, packed or not."""

    def __init__(self) -> None:
        super().__init__(f"one line goes on for more than {ENDLESS >> 20} MB")


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines that stand one after the other."""

    lines: bytes
    """Without the last line feed."""
    until: int
    """Offset behind them."""
    is_too_long: bool = False
    """One line that is too long to be one; `lines` is empty."""

    @property
    def n(self) -> int:
        return self.lines.count(b"\n") + 1


@contextmanager
def opened(path: Path) -> Iterator[BufferedIOBase]:
    """Open a log; whether it is packed is told by its first bytes, never by its name."""
    with path.open("rb") as file:
        is_packed = file.read(2) == _MAGIC
        file.seek(0)
        if is_packed:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked
        else:
            yield file


def head(file: BufferedIOBase, size: int) -> bytes:
    """Return the first bytes of an opened log. Refuses (Damaged)."""
    _go_to(file, 0)
    return head_here(file, size)


def head_here(file: BufferedIOBase, size: int) -> bytes:
    """Return the next bytes of an opened log. Refuses (Damaged)."""
    found, broken = _read(file, size)
    if broken and not found:
        raise broken
    return found


def blocks(file: BufferedIOBase, start: int = 0, *, is_whole: bool = False, size: int = BLOCK) -> Iterator[Block]:
    r"""Yield the log from an offset on. A last line without its end waits, unless the log is said to be whole.

    Refuses (Damaged) a packed log that breaks off, after everything before the break, and (Endless) to look for the
    end of a line for ever.

    >>> import io
    >>> text = b"\n".join([b"one", b"two", b"thr"])
    >>> [(block.lines, block.until) for block in blocks(io.BytesIO(text))]
    [(b'one\ntwo', 8)]
    >>> [(block.lines, block.until) for block in blocks(io.BytesIO(text), 4, is_whole=True)]
    [(b'two', 8), (b'thr', 11)]
    """
    _go_to(file, start)
    rest, at, n_skipped = b"", start, 0
    broken: Damaged | None = None
    while broken is None:
        chunk, broken = _read(file, size)
        if not chunk:
            break
        cut = chunk.rfind(b"\n")
        if cut < 0:
            rest += chunk
            if n_skipped or len(rest) > LONGEST:
                n_skipped, rest = n_skipped + len(rest), b""
            if n_skipped > ENDLESS:
                raise Endless
            continue
        if n_skipped:
            end = chunk.index(b"\n") + 1
            at += n_skipped + end
            yield Block(b"", at, is_too_long=True)
            chunk, cut, n_skipped = chunk[end:], cut - end, 0
            if cut < 0:
                rest = chunk
                continue
        lines = rest + chunk[:cut]
        rest = chunk[cut + 1 :]
        at += len(lines) + 1
        yield Block(lines, at)
    if broken:
        raise broken
    if is_whole and n_skipped:
        yield Block(b"", at + n_skipped, is_too_long=True)
    elif is_whole and rest:
        yield Block(rest, at + len(rest))


def _go_to(file: BufferedIOBase, start: int) -> None:
    try:
        file.seek(start)
    except _FOUND_TO_BE_DAMAGED as trouble:
        raise Damaged(str(trouble)) from None


def _read(file: BufferedIOBase, size: int) -> tuple[bytes, Damaged | None]:
    """Read on, in small pieces, so that what stands before a break is not lost with it."""
    pieces: list[bytes] = []
    left = size
    try:
        while left and (piece := file.read1(min(left, PIECE))):
            pieces.append(piece)
            left -= len(piece)
    except _FOUND_TO_BE_DAMAGED as trouble:
        return b"".join(pieces), Damaged(str(trouble))
    return b"".join(pieces), None
