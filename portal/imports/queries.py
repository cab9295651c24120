"""Reads of runs, their lines, and what earlier imports left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, String, cast, func, literal, select
from sqlalchemy.orm import defer, joinedload

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.importing import Ground, Known, Outcome
from portal.core.refs import Ref
from portal.imports import policies
from portal.imports.models import ImportKnown, ImportLine, ImportRun, State
from portal.jobs import queries as jobs

PAGE = 50
GROUND = "ground"
"""Kind of what runs made before their first row, beside the kinds of importers."""
STALE = dt.timedelta(minutes=2)
"""After so long without a settled batch, whatever worked on a run is gone."""


def runs(actor: Actor, *, before_id: int | None = None, limit: int = PAGE) -> list[ImportRun]:
    """Return the latest runs of what this actor may import, with who began them."""
    query = select(ImportRun).options(joinedload(ImportRun.by)).order_by(ImportRun.id.desc()).limit(limit)
    query = query.where(policies.is_of_theirs(actor))
    if before_id is not None:
        query = query.where(ImportRun.id < before_id)
    return list(db.session.execute(query).scalars())


def lines(run: ImportRun, *, show: str = "", after: int = 0, limit: int = PAGE) -> list[ImportLine]:
    """Return lines of a run in the order of the file; `show` is an outcome, `notes` or `not-undone`."""
    query = (
        select(ImportLine).where(ImportLine.run_id == run.id, ImportLine.n > after).options(defer(ImportLine.before))
    )
    if show == "notes":
        query = query.where(ImportLine.n_notes > 0)
    elif show == "not-undone":
        query = query.where(ImportLine.undone != "")
    elif show:
        query = query.where(ImportLine.outcome == show)
    return list(db.session.execute(query.order_by(ImportLine.n).limit(limit)).scalars())


def all_lines(run: ImportRun) -> Iterator[ImportLine]:
    """Yield every line of a run, a few hundred at a time."""
    after = 0
    while found := lines(run, after=after, limit=500):
        yield from found
        after = found[-1].n


def to_undo(run: ImportRun, limit: int) -> list[ImportLine]:
    """Return the last lines that changed something and were not looked at by an undo yet."""
    touched = ImportLine.outcome.in_((Outcome.CREATED.value, Outcome.CHANGED.value)) & ImportLine.subject.is_not(None)
    query = select(ImportLine).where(ImportLine.run_id == run.id, touched, ImportLine.undone.is_(None))
    return list(db.session.execute(query.order_by(ImportLine.n.desc()).limit(limit)).scalars())


def subjects(run: ImportRun, *, is_undone: bool = False) -> list[Ref]:
    """Return what a run created or changed, or what its undo took back."""
    touched = ImportLine.outcome.in_((Outcome.CREATED.value, Outcome.CHANGED.value))
    query = select(ImportLine.subject).where(ImportLine.run_id == run.id, touched, ImportLine.subject.is_not(None))
    if is_undone:
        query = query.where(ImportLine.undone == "")
    return sorted({Ref.parse(text) for text in db.session.execute(query).scalars() if text}, key=str)


def known(kind: str) -> dict[str, Known]:
    """Return what earlier imports of this kind left, by key."""
    query = select(ImportKnown.key, ImportKnown.subject, ImportKnown.checksum, ImportKnown.left)
    rows = db.session.execute(query.where(ImportKnown.kind == kind))
    return {
        key: Known(subject=Ref.parse(subject), checksum=checksum, left=left) for key, subject, checksum, left in rows
    }


def ground_key(run: ImportRun, n: int) -> str:
    return f"{run.id:09}/{n:06}"


def ground_rows(run: ImportRun) -> list[ImportKnown]:
    """Return what is kept of what a run made before its first row, in the order in which it was made."""
    is_of_run = (ImportKnown.kind == GROUND) & ImportKnown.key.startswith(f"{run.id:09}/")
    return list(db.session.execute(select(ImportKnown).where(is_of_run).order_by(ImportKnown.key)).scalars())


def ground(run: ImportRun) -> list[Ground]:
    """Return what a run made before its first row, and how it left it."""
    return [
        Ground(subject=Ref.parse(row.subject), title=row.left["title"], left=row.left["left"])
        for row in ground_rows(run)
    ]


def stays(run: ImportRun) -> list[tuple[str, str]]:
    """Return by name what an undo had to leave of what the run made before its first row, and why."""
    return [(row.left["title"], row.left["stays"]) for row in ground_rows(run) if "stays" in row.left]


def another_under_way(run: ImportRun) -> bool:
    """Say whether another import of this kind is being worked on, by somebody who is not gone."""
    query = select(ImportRun.id).where(
        ImportRun.kind == run.kind,
        ImportRun.id != run.id,
        ImportRun.state.in_((State.RUNNING.value, State.UNDOING.value)),
        ImportRun.beat_at > clock.now() - STALE,
    )
    return db.session.execute(query.limit(1)).first() is not None


def n_waiting_for_search(run: ImportRun) -> int:
    """Count what a run touched and the search index has yet to take in."""
    waiting = {text for payload in jobs.in_hand("search.update") for text in payload["refs"]}
    return len(waiting.intersection(map(str, subjects(run)))) if waiting else 0


def is_of_finished_run(column: Any) -> ColumnElement[bool]:
    """Return the SQL for "this text is the Ref of a run of which the audit log tells that it is through"."""
    ref = literal("import:") + cast(ImportRun.id, String)
    found: ColumnElement[bool] = column.in_(select(ref).where(ImportRun.finished_at.is_not(None)))
    return found


def spell(run_id: int) -> tuple[dt.datetime, dt.datetime] | None:
    """Return from when to when a run, and the undo of it, could have changed anything."""
    row = db.session.get(ImportRun, run_id)
    if row is None:
        return None
    end = row.undone_at or (clock.now() if row.is_under_way else row.finished_at or row.beat_at) or clock.now()
    return row.created_at, end + dt.timedelta(seconds=1)


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return runs for those who may import what they brought."""
    mine = ImportRun.id.in_(ids) & policies.is_of_theirs(actor)
    rows = db.session.execute(select(ImportRun).where(mine)).scalars()
    return {
        row.id: Thing(ref=Ref("import", row.id), title=row.name, url=url_for("imports.run", run_id=row.id))
        for row in rows
    }


def n_not_undone(run: ImportRun) -> int:
    """Count the lines that an undo could not take back."""
    query = select(func.count()).select_from(ImportLine).where(ImportLine.run_id == run.id, ImportLine.undone != "")
    return db.session.execute(query).scalar_one()
