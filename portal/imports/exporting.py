"""Giving everything out again, as files that come in again; written while they are read, so that no size matters."""

from __future__ import annotations

import gzip
import io
import itertools
import tarfile
from collections.abc import Iterator
from pathlib import Path

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.registry import registry

EVERYTHING = "everything"
CHUNK = 1 << 16


def kinds() -> list[str]:
    return [*registry().exporters]


def members(actor: Actor, kind: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one kind of things, or of all, each below its kind's folder."""
    if kind == EVERYTHING:
        for name, exporter in registry().exporters.items():
            for path, content in exporter.members(actor):
                yield f"{name}/{path}", content
        return
    if kind not in registry().exporters:
        raise NotFound("")
    yield from registry().exporters[kind].members(actor)


def handed_out(found: Iterator[tuple[str, bytes]]) -> tuple[str, str, Iterator[bytes]]:
    """Return the ending, the kind and the content of what a browser gets: one table as it is, anything else packed."""
    begun = list(itertools.islice(found, 2))
    if len(begun) == 1 and begun[0][0].endswith(".csv"):
        return ".csv", "text/csv", iter([begun[0][1]])
    return ".tar.gz", "application/gzip", packed(itertools.chain(begun, found))


def packed(found: Iterator[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a .tar.gz of these files, piece by piece."""
    sink = _Sink()
    squeezed = gzip.GzipFile(fileobj=sink, mode="wb", mtime=0)
    with squeezed, tarfile.open(fileobj=squeezed, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for name, content in found:
            header = tarfile.TarInfo(name)
            header.size, header.mode, header.mtime = len(content), 0o644, int(clock.now().timestamp())
            archive.addfile(header, io.BytesIO(content))
            yield from sink.take()
    yield from sink.take()


class _Sink(io.RawIOBase):
    """A file that is read while it is written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        if pieces:
            yield b"".join(pieces)


def write_folder(found: Iterator[tuple[str, bytes]], folder: Path) -> int:
    """Write files below a folder that is empty or not there; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    n = 0
    for name, content in found:
        n += 1
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return n
