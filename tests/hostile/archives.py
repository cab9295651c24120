"""Archives that nobody honest packs, made here: each a few kilobytes, or a few megabytes that unpack to far more."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

PAGE = b"---\ntitle: A page\n---\nWords.\n"
MEGABYTE = bytes(1 << 20)


def _zip(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def named(name: str) -> Callable[[Path], None]:
    """A zip with a member of this name, beside an honest one."""

    def make(path: Path) -> None:
        _zip(path, {"a.md": PAGE, name: PAGE})

    return make


def tar_named(name: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with tarfile.open(path, "w:gz") as archive:
            _add(archive, name)

    return make


def _add(archive: tarfile.TarFile, name: str, content: bytes = PAGE, **more: object) -> None:
    header = tarfile.TarInfo(name)
    header.size = len(content)
    for key, value in more.items():
        setattr(header, key, value)
    archive.addfile(header, io.BytesIO(content))


def tar_link(kind: bytes) -> Callable[[Path], None]:
    """A tar with a link or a device that leads out of it."""

    def make(path: Path) -> None:
        with tarfile.open(path, "w:gz") as archive:
            _add(archive, "a.md")
            _add(archive, "out", b"", type=kind, linkname="/etc/passwd")

    return make


def zip_link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("out")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")


def zeros_in_zip(path: Path) -> None:
    """Ten gigabytes of zeros in ten megabytes; the list of members says so."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(packed.compress(MEGABYTE) for _n in range(100)) + packed.flush()
    _append_raw(path, "zeros.md", body, size=100 << 20, n=100)


def lying_zip(path: Path) -> None:
    """A member that says it is small and unpacks to eighty megabytes."""
    packed = zlib.compressobj(1, zlib.DEFLATED, -15)
    body = b"".join(packed.compress(MEGABYTE) for _n in range(80)) + packed.flush()
    _append_raw(path, "zeros.md", body, size=1000, n=1)


def _append_raw(path: Path, name: str, body: bytes, *, size: int, n: int) -> None:
    """Write a zip of `n` members that all have this packed body, with sizes as stated."""
    with path.open("wb") as file:
        index = b""
        for i in range(n):
            each = f"{i}-{name}".encode()
            at = file.tell()
            said = (20, 0, 8, 0, 0, 0, len(body), size, len(each))
            file.write(struct.pack("<4s5H3L2H", b"PK\x03\x04", *said, 0) + each + body)
            index += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *said, 0, 0, 0, 0, 0, at) + each
        at = file.tell()
        file.write(index + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, n, n, len(index), at, 0))


def overlapping(path: Path) -> None:
    """Many members whose contents are one and the same bytes."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(MEGABYTE) + body.flush()
    name = b"a.md"
    crc = zlib.crc32(MEGABYTE)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), len(MEGABYTE), len(name), 0)
    index = b""
    for n in range(150):
        each = f"{n}.md".encode()
        sizes = (crc, len(packed), len(MEGABYTE), len(each), 0, 0, 0, 0, 0, 0)
        index += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, *sizes) + each
    start = len(local) + len(name) + len(packed)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 150, 150, len(index), start, 0)
    path.write_bytes(local + name + packed + index + end)


def a_million_members(path: Path) -> None:
    """The list of members alone would fill the memory."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    index = entry * 1_000_000
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(index), len(local), 0)
    path.write_bytes(local + index + end)


def many_in_tar(path: Path) -> None:
    """More empty files than anybody has."""
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for n in range(6_000):
            _add(archive, f"{n}.md", b"")


def squeezed(path: Path) -> None:
    """An honest tar of sixty megabytes of zeros, squeezed to sixty kilobytes."""
    with tarfile.open(path, "w:gz") as archive:
        _add(archive, "zeros.md", bytes(60 << 20))


def zeros_in_tar(path: Path) -> None:
    """Ten gigabytes of zeros as a tar says it, of which we unpack no more than a few."""
    header = tarfile.TarInfo("zeros.md")
    header.size = 10 << 30
    squeeze = zlib.compressobj(1, zlib.DEFLATED, 31)
    with path.open("wb") as file:
        file.write(squeeze.compress(header.tobuf()))
        for _n in range(80):
            file.write(squeeze.compress(MEGABYTE))
        file.write(squeeze.flush())


def endless_name(path: Path) -> None:
    """A header that says the next name is four gigabytes long."""
    header = tarfile.TarInfo("././@LongLink")
    header.size, header.type = 4 << 30, b"L"
    squeeze = zlib.compressobj(1, zlib.DEFLATED, 31)
    content = squeeze.compress(header.tobuf()) + b"".join(squeeze.compress(MEGABYTE) for _n in range(80))
    path.write_bytes(content + squeeze.flush())


def sparse(path: Path) -> None:
    header = tarfile.TarInfo("holes.md")
    header.type = b"S"
    path.write_bytes(header.tobuf() + bytes(1024))


def nested(path: Path) -> None:
    """An archive of archives of archives, sixteen in each."""
    inner = MEGABYTE
    for _depth in range(3):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(16):
                archive.writestr(f"{n}.zip", inner)
        inner = out.getvalue()
    path.write_bytes(inner)


def zip_and_tar(path: Path) -> None:
    """A tar whose end is a zip."""
    with tarfile.open(path, "w") as archive:
        _add(archive, "a.md")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as second:
        second.writestr("b.md", PAGE)
    path.write_bytes(path.read_bytes() + out.getvalue())


def tar_behind_zip(path: Path) -> None:
    """A zip with something before it that a tar reader would take."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        _add(archive, "PK.md")
    _zip(path, {"a.md": PAGE})
    path.write_bytes(out.getvalue() + path.read_bytes())


def locked(path: Path) -> None:
    """A zip whose members are marked as encrypted."""
    _zip(path, {"a.md": PAGE})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def deep(path: Path) -> None:
    _zip(path, {"/".join(["a"] * 60) + ".md": PAGE})


def twice(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        _add(archive, "a.md")
        _add(archive, "A.md")


def cut_short(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        _add(archive, "a.md", PAGE * 5000)
    path.write_bytes(path.read_bytes()[:-20])


def two_in_one_gzip(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        _add(archive, "a.md")
    path.write_bytes(path.read_bytes() * 2)


HOSTILE: dict[str, Callable[[Path], None]] = {
    "climbs.zip": named("../../evil.md"),
    "climbs inside.zip": named("a/../../evil.md"),
    "absolute.zip": named("/etc/evil.md"),
    "drive.zip": named("C:/evil.md"),
    "backslash.zip": named("a\\..\\evil.md"),
    "long name.zip": named("a" * 301 + ".md"),
    "climbs.tar.gz": tar_named("../evil.md"),
    "absolute.tar.gz": tar_named("/etc/evil.md"),
    "nameless.tar.gz": tar_named("."),
    "a-file-called-like-a-folder.tar.gz": tar_named("a.md/"),
    "long name.tar.gz": tar_named("b" * 400 + ".md"),
    "symlink.tar.gz": tar_link(tarfile.SYMTYPE),
    "hard link.tar.gz": tar_link(tarfile.LNKTYPE),
    "device.tar.gz": tar_link(tarfile.CHRTYPE),
    "pipe.tar.gz": tar_link(tarfile.FIFOTYPE),
    "symlink.zip": zip_link,
    "zeros.zip": zeros_in_zip,
    "lying.zip": lying_zip,
    "overlapping.zip": overlapping,
    "a million.zip": a_million_members,
    "a crowd.tar.gz": many_in_tar,
    "zeros.tar.gz": zeros_in_tar,
    "squeezed.tar.gz": squeezed,
    "endless name.tar.gz": endless_name,
    "sparse.tar": sparse,
    "nested.zip": nested,
    "tar and zip.tar": zip_and_tar,
    "zip behind tar.zip": tar_behind_zip,
    "locked.zip": locked,
    "deep.zip": deep,
    "twice.tar.gz": twice,
    "cut short.tar.gz": cut_short,
    "two in one.tar.gz": two_in_one_gzip,
    "nothing.zip": lambda path: path.write_bytes(b"PK\x05\x06" + bytes(18)) and None,
    "no archive.zip": lambda path: path.write_bytes(b"MZ" + bytes(1000)) and None,
}
"""By name of the file; each maker writes it."""
