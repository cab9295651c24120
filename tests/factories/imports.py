"""Imports worked off here and now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.importing import Plan
from portal.core.registry import registry
from portal.imports import mapping, queries, services, working
from portal.imports.models import ImportLine, ImportRun


def folder(at: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below a folder; one without front matter gets a title of its name."""
    for name, content in files.items():
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return at


def by_command(kind: str) -> dict[str, str]:
    """Return what the command for this kind means where nothing is said."""
    offered = registry().importers[kind].choices
    return {one.name: one.default if one.by_command is None else one.by_command for one in offered}


def begun(kind: str, path: Path, *, actor: Actor | None = None, **choices: str) -> ImportRun:
    """Begin an import, so that only the work is left."""
    actor = actor or system("tests")
    run = services.begin(actor, kind, source=str(path), name=path.name)
    columns = mapping.guess(registry().importers[kind], path)
    services.choose(actor, run, choices=by_command(kind) | choices, columns=columns)
    services.run_it(actor, run, is_here=True)
    db.session.commit()
    return run


def bring(kind: str, path: Path, *, actor: Actor | None = None, **choices: str) -> ImportRun:
    """Import a file or folder whole."""
    run = begun(kind, path, actor=actor, **choices)
    work_off(run, actor)
    return run


def work_off(run: ImportRun, actor: Actor | None = None) -> None:
    for _step in working.work_off(actor or system("tests"), run):
        db.session.commit()
    db.session.refresh(run)


def undo(run: ImportRun, actor: Actor | None = None) -> None:
    """Take an import back whole."""
    services.undo(actor or system("tests"), run, is_here=True)
    db.session.commit()
    work_off(run, actor)


def outcomes(run: ImportRun) -> dict[str, str]:
    """Return what became of each line, by path or title."""
    return {line.path or line.title: line.outcome for line in queries.all_lines(run)}


def line(run: ImportRun, path: str) -> ImportLine:
    """Return the only line of a file or title."""
    (found,) = [one for one in queries.all_lines(run) if path in (one.path, one.title)]
    return found


def plans(kind: str, path: Path, *, actor: Actor | None = None, **choices: Any) -> list[Plan]:
    """Return what would happen."""
    actor = actor or system("tests")
    run = services.begin(actor, kind, source=str(path), name=path.name)
    columns = mapping.guess(registry().importers[kind], path)
    services.choose(actor, run, choices=by_command(kind) | choices, columns=columns)
    start = working.given(run)
    db.session.rollback()
    return list(working.planned(actor, registry().importers[kind], path, start))
