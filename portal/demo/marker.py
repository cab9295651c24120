"""Whose folder is this? A note in the home folder says that it holds the demo, of which seed, and whether it is whole.

The demo fills, resets and opens without passwords only what carries this note, never somebody's own portal.
"""

from __future__ import annotations

import json
import shutil
from enum import StrEnum
from pathlib import Path

SEED_VERSION = 2
"""Grows when what the demo holds changes so much that an old one should be started over."""
FILE = "demo.json"


class State(StrEnum):
    """What is in a home folder."""

    EMPTY = "empty"
    READY = "ready"
    OUTDATED = "outdated"
    HALF = "half"
    """Filling began and did not end."""
    FOREIGN = "foreign"
    """Something that is not the demo's."""


def look(home: Path) -> State:
    """Say what is in the home folder."""
    if not home.is_dir() or not any(home.iterdir()):
        return State.EMPTY
    try:
        note = json.loads((home / FILE).read_text(encoding="utf-8"))
        is_ready, version = bool(note["is_ready"]), int(note["seed"])
    except (OSError, ValueError, KeyError, TypeError):
        return State.FOREIGN
    if not is_ready:
        return State.HALF
    return State.READY if version == SEED_VERSION else State.OUTDATED


def write(home: Path, *, is_ready: bool) -> None:
    """Claim the folder for the demo, or say that it is filled."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = {"seed": SEED_VERSION, "is_ready": is_ready}
    (home / FILE).write_text(json.dumps(note) + "\n", encoding="utf-8")


def clear(home: Path) -> None:
    """Empty the demo's folder; leaves one that is not the demo's alone (ValueError)."""
    state = look(home)
    if state is State.FOREIGN:
        raise ValueError(f"{home} is not the demo's")
    if state is State.EMPTY:
        return
    for path in home.iterdir():
        if path.name != FILE:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    (home / FILE).unlink()
