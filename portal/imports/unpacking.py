"""What comes out of an archive, counted and named before it is used. Nothing an archive says of itself is believed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.importing import Unusable

MOST_PACKED = 50_000_000
MOST_UNPACKED = 200_000_000
MOST_MEMBERS = 5_000
MOST_DEPTH = 20
RATIO = 50
RATIO_FROM = 10_000_000
"""Bytes from which the ratio counts: a handful of empty forms packs well and harms nobody."""
LONGEST_NAME = 300
CHUNK = 1 << 16
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]|^[A-Za-z]:")


@dataclass(frozen=True, order=True)
class Member:
    """A file of the archive: its name as the archive calls it, and where its content lies now."""

    name: str
    content: Path


class Unpacking:
    """Counts what comes out of an archive, whatever the archive said would."""

    def __init__(self, folder: Path, packed: int, wanted: Callable[[str], bool]) -> None:
        self._folder, self._packed, self._wanted = folder, packed, wanted
        self._names: set[str] = set()
        self.members: list[Member] = []
        self.n_bytes = self.n_members = 0

    def enter(self, name: str, *, is_folder: bool) -> str:
        """Take the name of the next member; refuses (Unusable) names that lead elsewhere, and a file's with none."""
        self.n_members += 1
        if self.n_members > MOST_MEMBERS:
            raise too_many()
        parts = name.rstrip("/").split("/")
        is_odd = not name or len(name) > LONGEST_NAME or _FORBIDDEN.search(name) or name.startswith("/")
        is_odd = is_odd or (not is_folder and (name.endswith("/") or parts[-1] == "."))
        if is_odd or ".." in parts or len(parts) > MOST_DEPTH or any(0xD800 <= ord(char) < 0xE000 for char in name):
            raise Unusable(_("The archive holds a file with a name that leads elsewhere: %(name)s", name=shown(name)))
        clean = "/".join(part for part in parts if part not in ("", "."))
        if clean.casefold() in self._names and not is_folder:
            raise Unusable(_("The archive holds %(name)s twice.", name=shown(name)))
        self._names.add(clean.casefold())
        return clean

    def count(self, n_bytes: int) -> None:
        """Take note of bytes that were unpacked, before they are used."""
        self.n_bytes += n_bytes
        if self.n_bytes > MOST_UNPACKED:
            raise too_large()
        if self.n_bytes > max(RATIO_FROM, RATIO * self._packed):
            raise Unusable(_("The archive unpacks to far more than an honest one would."))

    def keep(self, name: str, chunks: Iterator[bytes], *, is_counted: bool = False) -> None:
        """Write a member's content under a number; what nobody wants is read and thrown away."""
        target = self._folder / f"{len(self.members)}"
        with _sink(target if self._wanted(name) else None) as file:
            for chunk in chunks:
                if not is_counted:
                    self.count(len(chunk))
                if file:
                    file.write(chunk)
        self.members.append(Member(name, target))


@contextmanager
def _sink(path: Path | None) -> Iterator[BinaryIO | None]:
    if path is None:
        yield None
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file


def shown(name: str) -> str:
    """Return a name fit to stand in a message."""
    return "".join(char if char.isprintable() else "�" for char in name[:120])


def too_many() -> Unusable:
    words = ngettext("At most %(num)s file can be imported at once.", "At most %(num)s files at once.", MOST_MEMBERS)
    return Unusable(words)


def too_large() -> Unusable:
    return Unusable(_("This unpacks to more than %(n)s MB.", n=MOST_UNPACKED // 1_000_000))


def damaged() -> Unusable:
    return Unusable(_("The archive is damaged."))
