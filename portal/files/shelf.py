"""Where the files lie: `files/<two letters>/<name>` in the home folder. Names are made here and nowhere else."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from flask import current_app

_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{40}\.[a-z]{3,4}")


def folder() -> Path:
    """Return the folder of stored files; it is made with the first one."""
    home: Path = current_app.config["DITY"].home
    return home / "files"


def path_of(name: str) -> Path:
    """Return where a stored file lies; refuses names not of our making (ValueError)."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of ours")
    return folder() / name


def incoming() -> IO[bytes]:
    """Return an empty file to receive into; it lies beside the others and disappears when closed."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder(), prefix=".incoming-")


def put(content: bytes, ending: str) -> str:
    """Write the content under a new name and return it: whole, on the disk, or not at all."""
    token = secrets.token_hex(20)
    name = f"{token[:2]}/{token}.{ending}"
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync(path.parent)
    return name


def _sync(directory: Path) -> None:
    """Make sure the name itself is on the disk; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def all_names() -> Iterator[tuple[str, Path]]:
    """Yield everything that lies there, what was left half written included, with its name below the folder."""
    if folder().is_dir():
        for path in folder().rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder()).as_posix(), path
