"""One file that holds a whole installation: database, files, secret. Written while people work.

The archive is a `.tar.gz` whose last member, `manifest.json`, names every other member with size and SHA-256, so
that a cut or altered archive is refused before anything of it is used. SQLite is copied by its own online backup,
PostgreSQL as lines of JSON from one snapshot. What can be made again (the search index) is left out.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from portal.core import rows
from portal.core.version import VERSION

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
ROWS = "rows/"
FILES = "home/"
SECRET = "secret.key"
LEFT_OUT = frozenset({"index", "search", "backups", "metrics", "run", SECRET})
"""Names in the home folder that a backup does not need; database files are left out by their suffix."""
DATABASE_SUFFIXES = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".sqlite3-journal")
CHUNK = 1 << 20


class BackupDamaged(Exception):
    """The archive is cut short, altered or not one of ours; nothing of it was used."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What an archive says about itself."""

    made_at: str
    revision: str
    """Version of the database's schema."""
    counts: dict[str, int]
    """Rows of every table at the instant of the backup."""
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: str = VERSION
    format: int = FORMAT

    @property
    def is_sqlite(self) -> bool:
        return DATABASE in self.members

    @property
    def n_files(self) -> int:
        return sum(1 for name in self.members if name.startswith(FILES))

    @property
    def n_bytes(self) -> int:
        return sum(int(member["size"]) for member in self.members.values())


def write(target: Path, *, engine: Engine, home: Path, secret: str, made_at: str) -> Manifest:
    """Write a backup to `target`, which appears only when it is whole; readable by its owner alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        partial = Path(folder) / target.name
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as archive:
                # The database first: every file its rows speak of was in place before the rows were.
                members, revision, counts = _put_database(archive, engine, Path(folder))
                for path in _files(home):
                    name = FILES + path.relative_to(home).as_posix()
                    if found := _put(archive, name, path):
                        members[name] = found
                members[SECRET] = _put_bytes(archive, SECRET, secret.encode())
                manifest = Manifest(made_at=made_at, revision=revision, counts=counts, members=members)
                _put_bytes(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(target)
    return manifest


def _put_database(
    archive: tarfile.TarFile, engine: Engine, folder: Path
) -> tuple[dict[str, dict[str, Any]], str, dict[str, int]]:
    members: dict[str, dict[str, Any]] = {}
    if engine.dialect.name == "sqlite":
        copy = folder / DATABASE
        copy_sqlite(Path(engine.url.database or ""), copy)
        with closing(sqlite3.connect(copy)) as connection:
            revision = connection.execute(f"SELECT version_num FROM {rows.VERSION_TABLE}").fetchone()[0]  # noqa: S608
            counts = {
                table.name: connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]  # noqa: S608
                for table in rows.tables()
            }
        members[DATABASE] = _put(archive, DATABASE, copy) or {}
        return members, revision, counts
    with rows.snapshot(engine) as connection:
        revision = connection.scalar(text(f"SELECT version_num FROM {rows.VERSION_TABLE}")) or ""  # noqa: S608
        counts = rows.counts(connection)
        for table in rows.tables():
            lines = folder / "rows.jsonl"
            with lines.open("w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in rows.dump(connection, table))
            name = f"{ROWS}{table.name}.jsonl"
            members[name] = _put(archive, name, lines) or {}
    return members, revision, counts


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database as it is at one instant, however much is written meanwhile; refuse a damaged one."""
    # All pages in one step: that reads one snapshot of the WAL and makes no writer wait.
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
        found = writing.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise BackupDamaged(f"The database itself is damaged: {found}")


def _files(home: Path) -> Iterator[Path]:
    for entry in sorted(home.iterdir()):
        if entry.name in LEFT_OUT or entry.name.endswith(DATABASE_SUFFIXES) or entry.name.startswith("."):
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir():
            yield from sorted(path for path in entry.rglob("*") if path.is_file() and not path.is_symlink())


def _put(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, Any] | None:
    """Add a file; None when it was deleted since we saw it (its row goes with it)."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        size = os.fstat(file.fileno()).st_size
        hashing = _Hashing(file)
        archive.addfile(_header(name, size), hashing)  # type: ignore[arg-type]
        return {"size": size, "sha256": hashing.sum.hexdigest()}


def _put_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> dict[str, Any]:
    archive.addfile(_header(name, len(content)), io.BytesIO(content))
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header


class _Hashing:
    """A file that knows the hash of what was read from it."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk: bytes = self._file.read(size)
        self.sum.update(chunk)
        return chunk


def verify(path: Path) -> Manifest:
    """Read a whole archive and return its manifest; refuses (BackupDamaged) one that is not as it was written."""
    seen = {name: _digest(content) for name, content in _members(path)}
    return _checked(path, seen)


def extract(path: Path, folder: Path) -> Manifest:
    """Unpack into an empty folder, then hold the pieces against the manifest; refuses (BackupDamaged) a difference."""
    seen = {}
    for name, content in _members(path):
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            seen[name] = _digest(content, file.write)
            file.flush()
            os.fsync(file.fileno())
    manifest = _checked(path, seen)
    return manifest


_last_manifest: dict[Path, bytes] = {}


def _members(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        with tarfile.open(path, mode="r|gz") as archive:
            for member in archive:
                if not member.isreg() or not _is_ours(member.name):
                    raise BackupDamaged(f"{path.name} holds {member.name!r}, which no backup of ours does.")
                yield member.name, archive.extractfile(member)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as problem:
        if isinstance(problem, FileNotFoundError | PermissionError):
            raise
        raise BackupDamaged(f"{path.name} is cut short or altered ({problem}).") from None


def _is_ours(name: str) -> bool:
    if name in (MANIFEST, DATABASE, SECRET):
        return True
    parts = Path(name).parts
    return name.startswith((ROWS, FILES)) and ".." not in parts and "\\" not in name and not name.startswith("/")


def _digest(content: Any, keep: Callable[[bytes], Any] = lambda chunk: None) -> tuple[int, str, bytes]:
    digest, size, last = hashlib.sha256(), 0, b""
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        keep(chunk)
        size, last = size + len(chunk), chunk
    return size, digest.hexdigest(), last


def _checked(path: Path, seen: dict[str, Any]) -> Manifest:
    raise NotImplementedError
