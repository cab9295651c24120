"""Beginning, choosing, running and undoing an import. The work itself is in `working`; callers commit."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, BinaryIO

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.importing import Importer
from portal.core.refs import Ref
from portal.core.registry import registry
from portal.imports import mapping, policies, queries
from portal.imports.models import ImportLine, ImportRun, State
from portal.jobs import services as jobs
from portal.ledger import services as ledger

WORK = "imports.work"
KEPT_DAYS = 7
"""How long the file of an import that was never run is kept, and what a killed one left."""
LINES_KEPT_DAYS = 90
CHUNK = 1 << 16


def folder() -> Path:
    """Return the folder of files that were brought; it holds nothing once their imports are over."""
    home: Path = current_app.config["DITY"].home
    return home / "imports"


def importer_of(kind: str) -> Importer:
    found = registry().importers.get(kind)
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


def get(actor: Actor, run_id: int) -> ImportRun:
    """Return the run or refuse: Forbidden for who may not import, NotFound when there is none of their kinds."""
    policies.require_any(actor)
    run = db.session.get(ImportRun, run_id, populate_existing=True)
    if run is None or not actor.can(policies.needed(run.kind)):
        raise NotFound(_("There is no such import."))
    return run


def bring(actor: Actor, kind: str, stream: BinaryIO | IO[bytes], *, name: str) -> ImportRun:
    """Take in a file; nothing is read of it yet. Refuses (Invalid, field `file`) endings the importer does not take."""
    importer = importer_of(kind)
    actor.require(policies.needed(kind))
    name = " ".join(name.replace("\\", "/").rsplit("/", 1)[-1].split())[-200:]
    if not name.lower().endswith(importer.endings):
        raise Invalid(_("Choose a file that ends in %(endings)s.", endings=", ".join(importer.endings)), field="file")
    run = begin(actor, kind, source="", name=name)
    place = folder() / str(run.id)
    shutil.rmtree(place, ignore_errors=True)  # what an earlier database of this home may have left
    place.mkdir(mode=0o700, parents=True)
    run.source = str(place / "source")
    with Path(run.source).open("xb") as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
    if not Path(run.source).stat().st_size:
        raise Invalid(_("This file is empty."), field="file")
    run.columns = mapping.guess(importer, Path(run.source))
    db.session.flush()
    return run


def begin(actor: Actor, kind: str, *, source: str, name: str) -> ImportRun:
    """Begin an import of what lies on this machine."""
    actor.require(policies.needed(kind))
    choices = {choice.name: choice.default for choice in importer_of(kind).choices}
    run = ImportRun(
        kind=kind,
        name=name,
        source=source,
        by_id=actor.person_id,
        state=State.READY.value,
        choices=choices,
        columns={},
        created_at=clock.now(),
        counts={},
        n_rows=0,
        n_done=0,
    )
    db.session.add(run)
    db.session.flush()
    return run


def choose(actor: Actor, run: ImportRun, *, choices: Mapping[str, str], columns: Mapping[str, str]) -> None:
    """Keep what was chosen.

    Refuses (Invalid) what is not offered, a field that two columns would fill, and one that is needed and no column
    fills.
    """
    actor.require(policies.needed(run.kind))
    importer = importer_of(run.kind)
    offered = {choice.name: choice for choice in importer.choices}
    for name, value in choices.items():
        if name not in offered:
            raise Invalid(_("This cannot be chosen here: %(name)s", name=name))
        options = offered[name].options
        if value and options is not None and value not in {option for option, _label in options()}:
            raise Invalid(_("Choose something from the list."), field=name)
    run.choices = {**run.choices, **choices}
    run.columns = mapping.settled(importer, columns)
    if missing := mapping.told_missing(importer, run.columns):
        raise Invalid(missing)
    db.session.flush()


def try_out(actor: Actor, run: ImportRun) -> None:
    """Ask for a dry run: every line with what would become of it."""
    _restart(actor, run, State.TRYING, allowed=(State.READY, State.TRIED, State.REFUSED))


def run_it(actor: Actor, run: ImportRun, *, is_here: bool = False) -> None:
    """Ask for the import itself; `is_here` when the caller works it off without a job."""
    _restart(actor, run, State.RUNNING, allowed=(State.READY, State.TRIED), is_here=is_here)


def _restart(actor: Actor, run: ImportRun, state: State, *, allowed: tuple[State, ...], is_here: bool = False) -> None:
    actor.require(policies.needed(run.kind))
    if run.state not in allowed:
        raise Conflict(_("This import has gone on in the meantime."))
    if state is State.RUNNING and queries.another_under_way(run):
        raise Conflict(_("Another import of this kind is under way. Wait until it is through."))
    db.session.execute(delete(ImportLine).where(ImportLine.run_id == run.id))
    run.state, run.n_rows, run.n_done, run.counts, run.problem = state.value, 0, 0, {}, ""
    run.beat_at = clock.now()
    _enqueue(run, is_here=is_here)


def undo(actor: Actor, run: ImportRun, *, is_here: bool = False) -> None:
    """Ask for everything to be taken back that was not changed since."""
    actor.require(policies.needed(run.kind))
    if run.state != State.DONE:
        raise Conflict(_("Only an import that is through can be undone, and only once."))
    if reason := importer_of(run.kind).for_good:
        raise Conflict(str(reason))
    if queries.another_under_way(run):
        raise Conflict(_("Another import of this kind is under way. Wait until it is through."))
    run.state, run.beat_at = State.UNDOING.value, clock.now()
    _enqueue(run, is_here=is_here)


def is_stuck(run: ImportRun) -> bool:
    """Say whether whatever worked on it is gone."""
    return run.is_under_way and run.beat_at is not None and run.beat_at < clock.now() - queries.STALE


def go_on(actor: Actor, run: ImportRun, *, is_here: bool = False) -> None:
    """Go on with a run whose worker is gone, after the last batch that was settled."""
    actor.require(policies.needed(run.kind))
    if not run.is_under_way:
        raise Conflict(_("There is nothing left to go on with."))
    run.beat_at = clock.now()
    _enqueue(run, is_here=is_here)


def _enqueue(run: ImportRun, *, is_here: bool) -> None:
    db.session.flush()
    if not is_here:
        jobs.enqueue(WORK, {"run": run.id})


def note_end(actor: Actor, run: ImportRun) -> None:
    """Record that an import, or its undo, is through."""
    name = Name.IMPORT_UNDONE if run.state == State.UNDONE else Name.IMPORT_FINISHED
    ledger.record(name, actor=actor, subject=Ref("import", run.id), kind=run.kind, lines=run.n_done)


def forget_source(run: ImportRun) -> None:
    """Delete the file that was brought, once nothing needs it; what lay on this machine before stays."""
    place = Path(run.source)
    if place.parent.parent == folder():
        shutil.rmtree(place.parent, ignore_errors=True)


def sweep() -> int:
    """Delete files of imports that nobody ran, what a killed one left, and old lines that tell of no change."""
    over = select(ImportRun.id).where(ImportRun.state.in_((State.DONE.value, State.UNDONE.value)))
    old = over.where(ImportRun.finished_at < clock.now() - dt.timedelta(days=LINES_KEPT_DAYS))
    quiet = ImportLine.outcome.in_(("unchanged", "skipped"))
    db.session.execute(delete(ImportLine).where(ImportLine.run_id.in_(old), quiet))
    latest, n = time.time() - KEPT_DAYS * 86_400, 0
    for place in folder().iterdir() if folder().is_dir() else ():
        if place.stat().st_mtime < latest:
            shutil.rmtree(place, ignore_errors=True)
            n += 1
    return n
