"""Where an index lies on disk: a folder of builds, one of them current.

    index/CURRENT            name of the build that is read
    index/<build>/           one Whoosh index
    index/<build>/manifest   what it should hold: stamp, number of documents, size and checksum of every file

A rebuild makes a new build and then renames a new CURRENT into place, so readers see the old one or the new one.
The manifest is written after every commit; an index that does not agree with it is damaged. Index files hold pickles:
they are made here, from the database, and never taken from anywhere else.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import try_for

from portal.search.engine import IndexBusy, IndexUnusable, Stamp, State
from portal.search.schema import VERSION

MANIFEST = "manifest"
POINTER = "CURRENT"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a build should hold."""

    build: str
    changes: int
    n_documents: int
    version: int = VERSION
    files: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.build, self.changes)


class Store:
    """The folder of builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def writing(self, timeout: float) -> Iterator[None]:
        """Be the only writer, of updates and rebuilds alike; raises IndexBusy when another does not end in time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(self.folder)).lock("WRITING")
        if not try_for(lock.acquire, timeout=timeout, delay=0.02):
            raise IndexBusy("another process writes to the search index")
        try:
            yield
        finally:
            lock.release()

    def current(self) -> Path:
        """Return the folder of the current build; raises IndexUnusable when there is none."""
        try:
            name = (self.folder / POINTER).read_text().strip()
        except FileNotFoundError:
            raise IndexUnusable(State.MISSING, "there is no index yet") from None
        path = self.folder / name
        if not name or "/" in name or not path.is_dir():
            raise IndexUnusable(State.MISSING, "the folder of the index is gone")
        return path

    def signature(self) -> tuple[int, ...]:
        """Return what changes with every build and commit; two calls to the file system, meant for each request."""
        try:
            pointer = os.stat(self.folder / POINTER)
            manifest = os.stat(self.current() / MANIFEST)
        except FileNotFoundError:
            raise IndexUnusable(State.MISSING, "there is no index yet") from None
        return pointer.st_ino, pointer.st_mtime_ns, manifest.st_ino, manifest.st_mtime_ns

    def new_build(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir()
        return path

    def put_in_place(self, path: Path) -> None:
        """Make a build the current one, and remove the others."""
        _replace(self.folder / POINTER, path.name)
        for other in self.folder.iterdir():
            if other.is_dir() and other != path:
                self.throw_away(other)

    @staticmethod
    def throw_away(path: Path) -> None:
        """Remove a build. On Windows a reader may still hold a file of it; the next rebuild tries again."""
        shutil.rmtree(path, ignore_errors=True)

    def retire(self) -> None:
        """Take the current build out of use, so that every process stops to read it."""
        (self.folder / POINTER).unlink(missing_ok=True)

    def write_manifest(self, path: Path, *, changes: int, n_documents: int) -> Manifest:
        """Describe a build after a commit; checksums of files that did not change are kept."""
        try:
            known = self.manifest(path).files
        except IndexUnusable:
            known = {}
        files = {}
        for file in _files(path):
            size = file.stat().st_size
            before = known.get(file.name)
            # Whoosh never writes a file twice, so the same name and size is the same file.
            files[file.name] = before if before and before[0] == size else (size, _checksum(file))
        manifest = Manifest(build=path.name, changes=changes, n_documents=n_documents, files=files)
        _replace(path / MANIFEST, json.dumps(manifest.__dict__))
        return manifest

    def manifest(self, path: Path) -> Manifest:
        """Read what a build should hold; raises IndexUnusable when that cannot be read or is of another version."""
        try:
            given = json.loads((path / MANIFEST).read_text())
            files = {str(name): (int(size), int(crc)) for name, (size, crc) in given.pop("files").items()}
            manifest = Manifest(files=files, **given)
        except FileNotFoundError:
            raise IndexUnusable(State.MISSING, "the index was never finished") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise IndexUnusable(State.DAMAGED, "the description of the index cannot be read") from None
        if manifest.version != VERSION:
            raise IndexUnusable(State.MISSING, "the index was made by another version of the portal")
        return manifest

    def verify(self, path: Path, checked: set[str] | None = None) -> Manifest:
        """Compare a build with its manifest, byte by byte; raises IndexUnusable with the first difference.

        Files named in `checked` are only looked at for their size; those that agree are added to it.
        """
        manifest = self.manifest(path)
        for name, (size, crc) in manifest.files.items():
            file = path / name
            try:
                if file.stat().st_size != size:
                    raise IndexUnusable(State.DAMAGED, f"{name} has another size than when it was written")
                if (checked is None or name not in checked) and _checksum(file) != crc:
                    raise IndexUnusable(State.DAMAGED, f"{name} is not what was written")
            except FileNotFoundError:
                raise IndexUnusable(State.DAMAGED, f"{name} is gone") from None
            if checked is not None:
                checked.add(name)
        return manifest


def files_in(path: Path) -> FileStorage:
    """Return a build as Whoosh opens it.

    Read, not mapped: of a file that it maps, Whoosh copies the whole into every process as well.
    """
    return FileStorage(str(path), supports_mmap=False)


def _files(path: Path) -> Iterator[Path]:
    return (f for f in sorted(path.iterdir()) if f.is_file() and f.suffix in {".seg", ".toc"})


def _checksum(file: Path) -> int:
    crc = 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            crc = zlib.crc32(chunk, crc)
    return crc


def _replace(path: Path, text: str) -> None:
    """Write a small file so that readers see the old or the new one, also after a power cut."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with new.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
