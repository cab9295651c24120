"""Working a run off, batch by batch. Whoever iterates commits at each step: what a step did is whole or not there.

Rows are looked at while nothing is locked; only what is to be written waits for the lock. The run's `n_done` moves in
the transaction of its batch, so that after a kill the next worker goes on behind it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DataError, IntegrityError

from portal.core import clock, database
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Refusal
from portal.core.importing import Done, Given, Ground, Importer, Made, Outcome, Plan, Row, Undone, Unusable, Work
from portal.core.refs import Ref
from portal.imports import policies, queries, services
from portal.imports.models import ImportKnown, ImportLine, ImportRun, State
from portal.ledger import services as ledger

log = logging.getLogger(__name__)

UNDO_BATCH = 50
_CARRIED_OUT = (Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED)
T = TypeVar("T")


def given(run: ImportRun) -> Given:
    """Return what the run starts with, and what earlier ones left."""
    return Given(name=run.name, choices=run.choices, columns=run.columns, known=queries.known(run.kind))


def planned(actor: Actor, importer: Importer, path: Path, start: Given) -> Iterator[Plan]:
    """Yield what would become of every row; writes nothing."""
    with importer.read(path, start) as rows:
        work = importer.plan(actor, rows, start)
        yield from (checked(work, row) for row in rows)
        yield from work.rest()


def checked(work: Work, row: Row) -> Plan:
    """Return the plan for a row; one that cannot be read, or that trips us, is a failed one."""
    if row.problem:
        return Plan(row=row, outcome=Outcome.SKIPPED if row.is_foreign else Outcome.FAILED, reason=row.problem)
    try:
        return work.check(row)
    except Refusal as refusal:
        return Plan(row=row, outcome=Outcome.FAILED, reason=refusal.message, title=row.title)
    except Exception:
        log.warning("import_row_tripped", extra={"path": row.path, "line": row.line}, exc_info=True)
        return Plan(row=row, outcome=Outcome.FAILED, reason=_("This line could not be understood."), title=row.title)


def work_off(actor: Actor, run: ImportRun) -> Iterator[None]:
    """Bring a run that is under way to its end; a refused file ends it with the reason.

    What is recorded on the way is marked as part of the run.
    """
    steps, whole = _work_off(actor, run), Ref("import", run.id)
    while True:
        with ledger.part_of(whole):
            try:
                next(steps)
            except StopIteration:
                return
        yield


def _work_off(actor: Actor, run: ImportRun) -> Iterator[None]:
    run_id = run.id
    if not actor.can(policies.needed(run.kind)):
        run.state, run.problem = State.REFUSED.value, _("Whoever began this import may not import any more.")
        yield
        return
    steps = _undo if run.state == State.UNDOING else _import
    try:
        yield from steps(actor, run)
    except Unusable as refusal:
        db.session.rollback()
        _close(actor, _again(run_id), State.REFUSED, problem=refusal.message)
        yield


def _import(actor: Actor, run: ImportRun) -> Iterator[None]:
    importer, run_id, state = services.importer_of(run.kind), run.id, run.state
    is_real, source, start = state == State.RUNNING, Path(run.source), given(run)
    db.session.rollback()
    if not source.exists():
        raise Unusable(_("The file of this import is gone."))
    with importer.read(source, start) as rows:
        with database.looking():
            work = importer.plan(actor, rows, start)
            db.session.rollback()
        # From here to the end of the transaction the run is ours: `prepare` finds what another runner made.
        run = _again(run_id)
        mark = _begin(run, n_rows=len(rows))
        if is_real:
            _note_ground(run, work.prepare())
        yield
        for batch in _looked_at(importer, work, rows[mark:]):
            mark = _settle(_held(run_id, mark, state), work, batch, is_real=is_real)
            yield
        with database.looking():
            rest = list(work.rest())
            db.session.rollback()
        for batch in _batches(rest, importer.batch):
            mark = _settle(_held(run_id, mark, state), work, batch, is_real=is_real)
            yield
        run = _held(run_id, mark, state)
        if is_real:
            work.finish(queries.subjects(run))
        _close(actor, run, State.DONE if is_real else State.TRIED)
        yield


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _looked_at(importer: Importer, work: Work, rows: Sequence[Row]) -> Iterator[Sequence[Plan]]:
    for batch in _batches(rows, importer.batch):
        with database.looking():
            plans = [checked(work, row) for row in batch]
            db.session.rollback()
        yield plans


def _again(run_id: int) -> ImportRun:
    """Return the run as it is now, in a transaction that may write."""
    return db.session.get_one(ImportRun, run_id, populate_existing=True, with_for_update=True)


def _held(run_id: int, mark: int, state: str) -> ImportRun:
    """Return the run if it still stands where we left it; refuses (Conflict) when somebody else has gone on with it."""
    run = _again(run_id)
    if (run.n_done, run.state) != (mark, state):
        raise Conflict(_("This import is being worked on elsewhere."))
    return run


def _begin(run: ImportRun, *, n_rows: int) -> int:
    if run.n_done and run.n_rows > n_rows:
        raise Unusable(_("The file was changed while it was being imported. Import it again."))
    run.n_rows, run.beat_at = max(run.n_rows, n_rows), clock.now()
    return run.n_done


def _settle(run: ImportRun, work: Work, plans: Sequence[Plan], *, is_real: bool) -> int:
    """Carry a batch out, write its lines and move the mark, together; returns where it is now."""
    first = run.n_done
    done = _applied(work, plans) if is_real else [Done(plan=plan) for plan in plans]
    counts = Counter(run.counts)
    counts.update(entry.plan.outcome.value for entry in done)
    counts["notes"] += sum(len(entry.plan.notes) for entry in done)
    run.n_done, run.counts, run.beat_at = first + len(done), dict(counts), clock.now()
    run.n_rows = max(run.n_rows, run.n_done)
    db.session.execute(insert(ImportLine), [_line(run.id, n, entry) for n, entry in enumerate(done, start=first + 1)])
    _remember(run.kind, done)
    db.session.flush()
    return run.n_done


def _applied(work: Work, plans: Sequence[Plan]) -> list[Done]:
    """Apply a batch as a whole; where the database refuses it, one by one, so that only the culprit fails."""
    to_do = [plan for plan in plans if plan.outcome in _CARRIED_OUT]
    try:
        with db.session.begin_nested():
            found = list(work.apply(to_do)) if to_do else []
    except (Refusal, IntegrityError, DataError):
        found = [_applied_alone(work, plan) for plan in to_do]
    entries = iter(found)
    return [next(entries) if plan.outcome in _CARRIED_OUT else Done(plan=plan) for plan in plans]


def _applied_alone(work: Work, plan: Plan) -> Done:
    try:
        with db.session.begin_nested():
            (found,) = work.apply([plan])
            return found
    except Refusal as refusal:
        return Done(plan=replace(plan, outcome=Outcome.FAILED, reason=refusal.message))
    except (IntegrityError, DataError):
        log.warning("import_row_refused", extra={"path": plan.row.path, "line": plan.row.line}, exc_info=True)
        return Done(plan=replace(plan, outcome=Outcome.FAILED, reason=_("The database did not take it.")))


def _line(run_id: int, n: int, entry: Done) -> dict[str, Any]:
    plan = entry.plan
    return {
        "run_id": run_id,
        "n": n,
        "path": plan.row.path[:400],
        "line": plan.row.line,
        "title": plan.title[:254],
        "outcome": plan.outcome.value,
        "reason": plan.reason,
        "notes": [[note.line, note.text] for note in plan.notes],
        "n_notes": len(plan.notes),
        "subject": str(entry.subject) if entry.subject else None,
        "before": dict(entry.before),
        "undone": None,
    }


def _remember(kind: str, done: Iterable[Done]) -> None:
    rows = [
        {
            "kind": kind,
            "key": entry.key,
            "subject": str(entry.known.subject),
            "checksum": entry.known.checksum,
            "left": dict(entry.known.left),
        }
        for entry in done
        if entry.known is not None
    ]
    if rows:
        keys = [row["key"] for row in rows]
        db.session.execute(delete(ImportKnown).where(ImportKnown.kind == kind, ImportKnown.key.in_(keys)))
        db.session.execute(insert(ImportKnown), rows)


def _close(actor: Actor, run: ImportRun, state: State, *, problem: str = "") -> None:
    run.state, run.problem, run.beat_at = state.value, problem, clock.now()
    if state in (State.DONE, State.UNDONE):
        run.finished_at = run.finished_at or clock.now()
        run.undone_at = clock.now() if state is State.UNDONE else None
        services.note_end(actor, run)
    db.session.flush()
    if state is State.DONE:
        services.forget_source(run)


def _undo(actor: Actor, run: ImportRun) -> Iterator[None]:
    """Take lines back, the last first. What was changed since stays, and its line says so."""
    importer, run_id = services.importer_of(run.kind), run.id
    while found := queries.to_undo(run, UNDO_BATCH):
        for line in found:
            _take_back(actor, importer, run, line)
        run.beat_at = clock.now()
        db.session.flush()
        yield
        run = _again(run_id)
    ground = queries.ground(run)
    _note_what_stays(run, importer.after_undo(actor, queries.subjects(run, is_undone=True), ground))
    _close(actor, run, State.UNDONE)
    yield


def _note_ground(run: ImportRun, made: Iterable[Ground]) -> None:
    """Keep what was made for the rows, in the order in which it was made."""
    n_known = len(queries.ground(run))
    for n, one in enumerate(made, start=n_known):
        left = {"title": one.title, "left": dict(one.left)}
        key = queries.ground_key(run, n)
        db.session.add(ImportKnown(kind=queries.GROUND, key=key, subject=str(one.subject), checksum="", left=left))
    db.session.flush()


def _note_what_stays(run: ImportRun, stay: Mapping[Ref, str]) -> None:
    for row in queries.ground_rows(run):
        reason = stay.get(Ref.parse(row.subject))
        if reason is None:
            db.session.delete(row)
        else:
            row.left = {**row.left, "stays": reason}
    db.session.flush()


def _take_back(actor: Actor, importer: Importer, run: ImportRun, line: ImportLine) -> None:
    subject = Ref.parse(line.subject or "")
    made = Made(subject=subject, outcome=Outcome(line.outcome), before=line.before)
    try:
        with db.session.begin_nested():
            result = importer.undo(actor, made)
    except Refusal as refusal:
        result = Undone(reason=refusal.message)
    line.undone = result.reason
    if result.reason:
        return
    known = ImportKnown.subject == str(subject)
    for row in db.session.execute(select(ImportKnown).where(ImportKnown.kind == run.kind, known)).scalars():
        if result.left is None:
            db.session.delete(row)
        else:
            row.left, row.checksum = dict(result.left), ""
