"""The form of a backup: a `.tar.gz` that can tell when it was cut short or altered.

Its last member, `manifest.json`, names every other member with size and SHA-256. Reading goes through the whole
archive and holds each piece against it; nothing is used before that.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from portal.core.version import VERSION

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
SECRET = "secret.key"  # noqa: S105 - a name, not a secret
ROWS = "rows/"
FILES = "home/"
CHUNK = 1 << 20
LARGEST_MANIFEST = 64 << 20


class BackupDamaged(Exception):
    """The archive is cut short, altered or not one of ours; nothing of it was used."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One piece of an archive."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What an archive says about itself."""

    made_at: str
    revision: str
    """Version of the database's schema."""
    counts: dict[str, int]
    """Rows of every table at the instant of the backup."""
    members: dict[str, Member] = field(default_factory=dict)
    version: str = VERSION
    format: int = FORMAT

    @property
    def is_sqlite(self) -> bool:
        """True when the database is a file; otherwise it is rows."""
        return DATABASE in self.members

    @property
    def n_files(self) -> int:
        return sum(name.startswith(FILES) for name in self.members)

    @property
    def n_bytes(self) -> int:
        return sum(member.size for member in self.members.values())

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read a manifest; refuse one of a later form (BackupDamaged)."""
        try:
            given = json.loads(text)
            if given["format"] != FORMAT:
                raise BackupDamaged("This backup was written by another release; restore it with that one.")
            given["members"] = {name: Member(**member) for name, member in given["members"].items()}
            return cls(**given)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise BackupDamaged(f"The backup's manifest cannot be read ({problem}).") from None


class Writer:
    """Adds members to an open archive and keeps their sizes and hashes."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self.members: dict[str, Member] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file; one that was deleted since we saw it is passed over, its row goes with it."""
        try:
            with path.open("rb") as file:
                self._put(name, os.fstat(file.fileno()).st_size, file)
        except FileNotFoundError:
            return

    def add_bytes(self, name: str, content: bytes) -> None:
        self._put(name, len(content), io.BytesIO(content))

    def _put(self, name: str, size: int, file: IO[bytes]) -> None:
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        reading = _Hashing(file)
        self._archive.addfile(header, reading)
        self.members[name] = Member(size=size, sha256=reading.hash.hexdigest())


class _Hashing:
    """A file that knows the hash of what was read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.hash.update(chunk)
        return chunk


def verify(path: Path) -> Manifest:
    """Read a whole archive and return its manifest; refuse (BackupDamaged) one that is not as it was written."""
    return _read(path, lambda name: None)


def extract(path: Path, folder: Path) -> Manifest:
    """Unpack into an empty folder while verifying; on refusal (BackupDamaged) the folder is to be thrown away."""

    def place(name: str) -> IO[bytes]:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    return _read(path, place)


_UNREADABLE = (
    tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, UnicodeError,
    FileExistsError, NotADirectoryError, IsADirectoryError,
)  # fmt: skip
"""What an archive makes happen that is not as we write them; the last three by names that are in each other's way."""


def _read(path: Path, place: Callable[[str], IO[bytes] | None]) -> Manifest:
    try:
        return _checked(path, place)
    except _UNREADABLE as problem:
        raise BackupDamaged(f"{path.name} is cut short or altered ({problem}).") from None


def _checked(path: Path, place: Callable[[str], IO[bytes] | None]) -> Manifest:
    seen: dict[str, Member] = {}
    manifest: Manifest | None = None
    for name, size, content in _members(path):
        if manifest or name in seen:
            raise BackupDamaged(f"{path.name} goes on after its end.")
        if name == MANIFEST:
            manifest = Manifest.from_json(content.read(min(size, LARGEST_MANIFEST)))
        else:
            seen[name] = _take(content, place(name))
    if manifest is None:
        raise BackupDamaged(f"{path.name} is cut short: it has no manifest.")
    if wrong := [n for n in {*seen, *manifest.members} if seen.get(n) != manifest.members.get(n)]:
        raise BackupDamaged(f"{path.name} was altered: {', '.join(sorted(wrong)[:5])}.")
    return manifest


def _take(content: IO[bytes], file: IO[bytes] | None) -> Member:
    digest, size = hashlib.sha256(), 0
    try:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if file:
                file.write(chunk)
        if file:
            file.flush()
            os.fsync(file.fileno())
    finally:
        if file:
            file.close()
    return Member(size=size, sha256=digest.hexdigest())


def _members(path: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Yield (name, size, content) of each member in order; content has to be read before the next."""
    # gzip's own reader: it compares the checksum at the end, which tarfile's does not.
    with gzip.open(path) as unpacked:
        with tarfile.open(fileobj=unpacked, mode="r|") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or not _is_ours(member.name):
                    raise BackupDamaged(f"{path.name} holds {member.name[:80]!r}, as no backup of ours does.")
                yield member.name, member.size, content
        while unpacked.read(CHUNK):
            pass


def _is_ours(name: str) -> bool:
    if name in (MANIFEST, DATABASE, SECRET):
        return True
    pure = PurePosixPath(name)
    is_inside = not pure.is_absolute() and ".." not in pure.parts and "\\" not in name and "\0" not in name
    return is_inside and name.startswith((ROWS, FILES))
