"""Keeping the index in step with the rows it is made from, and noticing when it is not.

The index is disposable: whatever is wrong with it, it is built again from the database while people go on searching,
in the old index where that is sound, by a plain look through the rows where it is not.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from flask import current_app

from portal.core import clock, database
from portal.core.database import db
from portal.core.refs import Ref
from portal.core.registry import registry
from portal.search import words
from portal.search.documents import Document
from portal.search.engine import IndexHealth, IndexUnusable, SearchEngine, Stamp, State
from portal.search.models import IndexRow

EXTENSION = "dity-search"
FOLDER = "index"
THE_ROW = 1


@dataclass(frozen=True, kw_only=True)
class Status:
    """How the index stands, for administrators."""

    is_ok: bool
    state: str
    """`good`, `missing`, `damaged` or `stale`."""
    detail: str
    n_documents: int
    n_rows: int
    """How many documents the database would give."""
    row: IndexRow | None


def engine() -> SearchEngine:
    """Return the app's engine, made with its first use: numpy and Whoosh take longer to load than all the rest."""
    found: SearchEngine | None = current_app.extensions.get(EXTENSION)
    if found is None:
        from portal.search.engines.whoosh import WhooshEngine

        made = WhooshEngine(current_app.config["DITY"].home / FOLDER, words.current)
        found = current_app.extensions.setdefault(EXTENSION, made)
    return found


def status() -> Status:
    """Look at every byte of the index and compare it with what the database knows."""
    health = engine().check()
    row = db.session.get(IndexRow, THE_ROW, populate_existing=True)
    n_rows = n_in_rows()
    state, detail = health.state.value, health.detail
    if health.state is State.GOOD and health.stamp != Stamp() and (reason := _stale(row, health.stamp)):
        state, detail = "stale", reason
    return Status(
        is_ok=state == State.GOOD,
        state=state,
        detail=detail,
        n_documents=health.n_documents,
        n_rows=n_rows,
        row=row,
    )


def n_in_rows() -> int:
    return sum(source.count() for source in registry().sources.values())


def staleness() -> str:
    """Say in what the index is behind the database, empty when it is not; raises IndexUnusable."""
    return _stale(db.session.get(IndexRow, THE_ROW, populate_existing=True), engine().stamp())


def _stale(row: IndexRow | None, stamp: Stamp) -> str:
    if row is None or not (row.build or row.next_build):
        return "the database knows of no index: this one belongs to another"
    if stamp.build == row.next_build:
        return ""
    if stamp.build != row.build:
        return "the index is another one than the database knows of"
    if stamp.changes < row.changes:
        return f"the index misses the last {row.changes - stamp.changes} changes"
    return ""


def plan_rebuild() -> str:
    """Name the next build and note it; to be committed before `rebuild`, so that nobody takes it for a stale one."""
    row = _row()
    row.next_build = secrets.token_hex(8)
    db.session.flush()
    return row.next_build


def rebuild(build: str) -> IndexHealth:
    """Build the index again from the rows. The caller commits; searching goes on meanwhile."""
    with database.looking():
        health = engine().rebuild(_read, build)
        db.session.rollback()
    row = _row()
    row.build, row.changes, row.n_documents = build, health.stamp.changes, health.n_documents
    row.built_at = row.changed_at = clock.now()
    if row.next_build == build:
        row.next_build = ""
    return health


def update(refs: Collection[Ref]) -> IndexHealth:
    """Bring the index in step with these things. The caller commits. Raises IndexUnusable, IndexBusy."""
    with database.looking():
        if reason := staleness():
            raise IndexUnusable(State.DAMAGED, reason)
        db.session.rollback()
        health = engine().update(refs, _read)
        db.session.rollback()
    row = _row()
    row.changes, row.n_documents, row.changed_at = health.stamp.changes, health.n_documents, clock.now()
    return health


def _read(refs: Collection[Ref] | None) -> Iterator[Document]:
    """Give the documents of these refs as they are committed now, or all of them."""
    db.session.rollback()
    for kind, source in registry().sources.items():
        if refs is None:
            yield from source.documents(None)
        elif ids := {ref.id for ref in refs if ref.kind == kind}:
            yield from _only_those(source.documents(ids), kind, ids)


def _only_those(documents: Iterable[Document], kind: str, ids: Collection[int]) -> Iterator[Document]:
    for document in documents:
        if document.ref.kind != kind or document.ref.id not in ids:
            raise ValueError(f"the source of {kind} gave {document.ref}, which was not asked for")
        yield document


def _row() -> IndexRow:
    row = db.session.get(IndexRow, THE_ROW, populate_existing=True)
    if row is None:
        row = IndexRow(id=THE_ROW, build="", next_build="", changes=0, n_documents=0)
        db.session.add(row)
    return row
