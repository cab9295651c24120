"""Zip archives, whose index is looked at before Python's reader may make a list of it."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from flask_babel import gettext as _

from portal.core.importing import Unusable
from portal.imports.unpacking import CHUNK, MOST_MEMBERS, MOST_UNPACKED, Unpacking, damaged, too_large, too_many

LARGEST_INDEX = 2_000_000
"""Bytes of the list of members; five thousand names of ordinary length take less than half of it."""
_END = struct.Struct("<4s4H2LH")
_HEADER = 30
_ZIP64 = b"PK\x06\x07"


def find_end(file: BinaryIO) -> tuple[int, tuple[int, ...]] | None:
    """Return where the end record of a zip stands, and what it says; nothing for a file without one."""
    file.seek(0, 2)
    size = file.tell()
    begin = max(0, size - _END.size - (1 << 16))
    file.seek(begin)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        return None
    _sign, *said = _END.unpack(tail[at : at + _END.size])
    return begin + at, tuple(said)


def unpack(file: BinaryIO, unpacking: Unpacking) -> None:
    """Unpack a zip; refuses one that is more, or says other things, than an ordinary packer writes."""
    _look_at_index(file)
    try:
        with zipfile.ZipFile(file) as archive:
            found = archive.infolist()
            _look_at_members(found)
            for info in found:
                name = unpacking.enter(info.filename, is_folder=info.is_dir())
                if not info.is_dir():
                    with archive.open(info) as content:
                        unpacking.keep(name, _chunks(content))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as trouble:
        if isinstance(trouble, OSError) and trouble.errno is not None:
            raise  # the disk, not the archive
        raise damaged() from trouble


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk


def _look_at_index(file: BinaryIO) -> None:
    """Refuse by the end record alone: too many members, a second archive before or behind, more than four gigabytes."""
    found = find_end(file)
    if found is None:
        raise damaged()
    at, (disk, first_disk, here, n, size, offset, comment) = found
    if n > MOST_MEMBERS or size > LARGEST_INDEX:
        raise too_many()
    file.seek(max(0, at - 20))
    is_large = file.read(4) == _ZIP64 or 0xFFFFFFFF in (size, offset)
    file.seek(0, 2)
    is_whole = (disk, first_disk) == (0, 0) and here == n and file.tell() == at + _END.size + comment
    if is_large or not is_whole or offset + size != at:
        raise damaged()
    file.seek(0)
    if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
        raise damaged()
    file.seek(0)


def _look_at_members(found: list[zipfile.ZipInfo]) -> None:
    if len(found) > MOST_MEMBERS:
        raise too_many()
    for info in found:
        if info.flag_bits & 0x1:
            raise Unusable(_("The archive is locked by a password."))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unusable(_("The archive is packed in a way we do not open. Pack it as an ordinary .zip."))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Unusable(_("The archive holds a link or a device; only files and folders can be imported."))
    if sum(info.file_size for info in found) > MOST_UNPACKED:
        raise too_large()
    _refuse_overlaps(found)


def _refuse_overlaps(found: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share bytes: the trick by which a small zip holds more than it has room for."""
    ends = 0
    for info in sorted(found, key=lambda one: one.header_offset):
        if info.header_offset < ends:
            raise Unusable(_("The archive’s files lie over each other, as no packer writes them."))
        ends = info.header_offset + _HEADER + len(info.orig_filename) + info.compress_size
