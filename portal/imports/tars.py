"""Tar archives, read header by header: a long name or a sparse file never takes more room than we say."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from flask_babel import gettext as _

from portal.core.importing import Unusable
from portal.imports.unpacking import CHUNK, Unpacking, damaged

BLOCK = 512
LARGEST_HEADER = 1 << 16
_FILES = frozenset({b"0", b"\0", b"7"})
_FOLDER, _LONG_NAME, _LONG_LINK, _PAX, _PAX_FOR_ALL = b"5", b"L", b"K", b"x", b"g"
_EMPTY = bytes(BLOCK)


def unpack(file: BinaryIO, unpacking: Unpacking, *, is_gzip: bool) -> None:
    """Unpack a tar; refuses links, devices, sparse files, and whatever goes on after its end."""
    read = _Gunzip(file).read if is_gzip else file.read
    stream = _Counted(read, unpacking)
    long_name = ""
    while (block := stream.read(BLOCK)) != _EMPTY:
        if len(block) < BLOCK:
            if block or not unpacking.n_members:
                raise damaged()
            return  # some packers leave the two empty blocks out
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.TarError as trouble:
            raise damaged() from trouble
        if not 0 <= header.size <= 1 << 40:
            raise damaged()
        kind = header.type
        if kind in (_PAX, _PAX_FOR_ALL, _LONG_NAME, _LONG_LINK):
            text = _extra(stream, header.size)
            if kind == _LONG_NAME:
                long_name = text.rstrip(b"\0").decode("utf-8", "surrogateescape")
            elif kind == _PAX:
                long_name = _pax_name(text) or long_name
            continue
        if kind not in _FILES and kind != _FOLDER:
            raise Unusable(_("The archive holds a link or a device; only files and folders can be imported."))
        name = unpacking.enter(long_name or block_name(header), is_folder=kind == _FOLDER)
        long_name = ""
        if kind == _FOLDER:
            stream.skip(header.size)
        else:
            unpacking.keep(name, stream.chunks(header.size), is_counted=True)
            stream.skip_padding(header.size)
    _refuse_more(stream)


def block_name(header: tarfile.TarInfo) -> str:
    return header.name + "/" if header.type == _FOLDER and not header.name.endswith("/") else header.name


def _extra(stream: _Counted, size: int) -> bytes:
    """Read a header that speaks of the next member."""
    if size > LARGEST_HEADER:
        raise damaged()
    content = b"".join(stream.chunks(size))
    stream.skip_padding(size)
    return content


def _pax_name(content: bytes) -> str:
    """Return the `path` of an extended header; refuses what changes a size, as only sparse and huge files need."""
    name, at = "", 0
    while at < len(content):
        length, _space, _rest = content[at : at + 20].partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(content) - at:
            raise damaged()
        key, _equals, value = content[at + len(length) + 1 : at + int(length) - 1].partition(b"=")
        if key == b"size" or key.startswith(b"GNU.sparse"):
            raise damaged()
        if key == b"path":
            name = value.decode("utf-8", "surrogateescape")
        at += int(length)
    return name


def _refuse_more(stream: _Counted) -> None:
    while chunk := stream.read(CHUNK):
        if chunk.strip(b"\0"):
            raise Unusable(_("The archive goes on after its end."))


class _Counted:
    """What comes out of the archive, counted before it is used."""

    def __init__(self, read: Callable[[int], bytes], unpacking: Unpacking) -> None:
        self._read, self._unpacking = read, unpacking

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer only at the end."""
        pieces, missing = [], size
        while missing and (piece := self._read(missing)):
            pieces.append(piece)
            missing -= len(piece)
        self._unpacking.count(size - missing)
        return b"".join(pieces)

    def chunks(self, size: int) -> Iterator[bytes]:
        while size:
            chunk = self.read(min(size, CHUNK))
            if not chunk:
                raise damaged()
            size -= len(chunk)
            yield chunk

    def skip(self, size: int) -> None:
        for _chunk in self.chunks(size + -size % BLOCK):
            pass

    def skip_padding(self, size: int) -> None:
        self.read(-size % BLOCK)


class _Gunzip:
    """A gzip stream of one member; a second one behind it is refused, for nobody packs so."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._inflate = zlib.decompressobj(wbits=31)
        self._packed = self._ready = b""

    def read(self, size: int) -> bytes:
        """Return up to so many bytes, none at the end."""
        if not self._ready:
            self._ready = self._more()
        found, self._ready = self._ready[:size], self._ready[size:]
        return found

    def _more(self) -> bytes:
        try:
            while not self._inflate.eof:
                packed = self._packed or self._file.read(CHUNK)
                if not packed:
                    raise damaged()
                found = self._inflate.decompress(packed, CHUNK)
                self._packed = self._inflate.unconsumed_tail
                if found:
                    return found
        except zlib.error as trouble:
            raise damaged() from trouble
        if self._inflate.unused_data.strip(b"\0") or self._file.read(CHUNK).strip(b"\0"):
            raise Unusable(_("The archive goes on after its end."))
        return b""
