"""Opening archives that anybody may have made: every limit is checked before or while a byte is unpacked.

Members are written under numbers of our own into a folder that is gone when the block ends, whatever happened
(QUALITY S14).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _

from portal.core.importing import Unusable
from portal.imports import tars, zips
from portal.imports.unpacking import MOST_MEMBERS, MOST_PACKED, MOST_UNPACKED, Member, Unpacking, too_large, too_many


@contextmanager
def opened(path: Path, *, wanted: Callable[[str], bool], work: Path | None = None) -> Iterator[list[Member]]:
    """Give the members of an archive or the files of a folder, by name; unpacked ones are gone after the block.

    `wanted` says by name which contents are needed. Refuses (Unusable) hostile, damaged and too large ones.
    """
    if path.is_dir():
        yield _walk(path)
        return
    packed = path.stat().st_size
    if packed > MOST_PACKED:
        raise Unusable(_("The archive is larger than %(n)s MB.", n=MOST_PACKED // 1_000_000))
    if work is not None:
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="unpacked-", dir=work))
    try:
        unpacking = Unpacking(folder, packed, wanted)
        _unpack(path, unpacking)
        yield sorted(unpacking.members)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(path: Path, unpacking: Unpacking) -> None:
    with path.open("rb") as file:
        head = file.read(512)
        has_zip_end = zips.find_end(file) is not None
        is_zip, is_gzip, is_tar = head[:2] == b"PK", head[:2] == b"\x1f\x8b", head[257:262] == b"ustar"
        if is_zip + is_gzip + is_tar > 1 or (has_zip_end and not is_zip):
            raise Unusable(_("This file claims to be two kinds of archive at once."))
        file.seek(0)
        if is_zip:
            zips.unpack(file, unpacking)
        elif is_gzip or is_tar:
            tars.unpack(file, unpacking, is_gzip=is_gzip)
        else:
            raise Unusable(_("This is not a .zip, .tar or .tar.gz archive."))


def _walk(folder: Path) -> list[Member]:
    """Give the files of a folder of this machine; links and hidden ones are passed over."""
    found: list[Member] = []
    n_bytes = 0
    for at, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in names:
            path = Path(at, name)
            if name.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            n_bytes += path.stat().st_size
            found.append(Member(path.relative_to(folder).as_posix(), path))
            if len(found) > MOST_MEMBERS:
                raise too_many()
            if n_bytes > MOST_UNPACKED:
                raise too_large()
    return sorted(found)
