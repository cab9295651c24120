"""Sheets: added, mixed, deleted. Nothing else writes them.

A database remembers more than its rows: where a row lies on the disk, which transaction wrote it, what was there
before. Whoever can read that, and knows in which order people answered, could tell who wrote which sheet. So at the
close, and every night while a wave runs, all sheets are written anew in random order under new random keys, into a
table made anew, and the log of changes is emptied. `docs/runbook.md` says what this cannot reach.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any, cast

import structlog
from sqlalchemy import Engine, Table, event, exists, insert, select, text
from sqlalchemy.orm import Session, SessionTransaction

from portal.core.database import BUSY_LIMIT_MS, db
from portal.pulse.models import Invitation, Sheet, Wave, WaveState

log = structlog.get_logger(__name__)

_TABLE = cast(Table, Sheet.__table__)
_CHANCE = secrets.SystemRandom()
_WAITS = "sheets.log_waits"
"""Where a session notes that the log of changes is to be emptied."""
_READ = text("SELECT wave_id, department, site, CAST(answers AS TEXT) AS answers, comment FROM sheet")
_WRITE = (
    "INSERT INTO sheet (id, wave_id, department, site, answers, comment)"
    " VALUES (:id, :wave_id, :department, :site, {answers}, :comment)"
)
_MADE_FROM = text(
    "SELECT sql FROM sqlite_master WHERE tbl_name = 'sheet' AND sql IS NOT NULL ORDER BY type = 'table' DESC"
)


def add(invitation: Invitation, *, answers: Mapping[str, int | None], comment: str) -> None:
    """Write a sheet that counts for the groups of this invitation and says nothing else of it."""
    values = {
        "id": _new_id(),
        "wave_id": invitation.wave_id,
        "department": invitation.department,
        "site": invitation.site,
        "answers": dict(sorted(answers.items())),
        "comment": comment,
    }
    # The table, not the class: the session then holds no object that knows of both.
    db.session.execute(insert(_TABLE).values(**values))


def delete(wave: Wave) -> None:
    """Delete what was answered in a wave, traces included."""
    _write_anew(without=wave.id)


def rewrite_in_random_order(wave: Wave | None = None) -> None:
    """Write all sheets anew, so that neither their place nor their age tells anything of who wrote them.

    Of all waves, whichever closes: they share the pages of one table. Belongs into the transaction of the close, before
    the sheets are read; the log of changes is emptied when it is committed.
    """
    _write_anew()


def mix(payload: Mapping[str, Any]) -> None:
    """Do so every night while a wave runs; a job, which commits. The log is emptied every night: see `empty_log`."""
    running = exists().where(Wave.state == WaveState.OPEN.value, Wave.id == Sheet.wave_id)
    if db.session.execute(select(running)).scalar():
        _write_anew()
    elif db.engine.dialect.name == "sqlite":
        _empty_log_at_the_end()


def _write_anew(*, without: int | None = None) -> None:
    is_postgres = db.engine.dialect.name == "postgresql"
    if is_postgres:
        db.session.execute(text("LOCK TABLE sheet IN ACCESS EXCLUSIVE MODE"))
    rows = [dict(row) | {"id": _new_id()} for row in db.session.execute(_READ).mappings() if row["wave_id"] != without]
    if is_postgres:
        # Begins a new file, and drops the old one at the commit with every row that was ever in it.
        db.session.execute(text("TRUNCATE sheet"))
    else:
        _make_table_anew()
    if rows:
        _CHANCE.shuffle(rows)
        write = _WRITE.format(answers="CAST(:answers AS JSON)" if is_postgres else ":answers")
        db.session.execute(text(write), rows)
    if not is_postgres:
        _empty_log_at_the_end()


def _empty_log_at_the_end() -> None:
    """Have the log of changes emptied when this transaction is over, once, whatever is nested in it."""
    session, engine = db.session(), db.engine
    is_known = _WAITS in session.info
    session.info[_WAITS] = True
    if is_known:
        return

    def over(session: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is None and session.info[_WAITS]:
            session.info[_WAITS] = False
            empty_log(engine)

    event.listen(session, "after_transaction_end", over)


def _make_table_anew() -> None:
    """Drop the table and make it again from its own description: only whole pages that are given back are wiped.

    Deleting row by row leaves pieces in the gaps of pages that once were divided.
    """
    made_from = list(db.session.execute(_MADE_FROM).scalars())
    db.session.execute(text("DROP TABLE sheet"))
    for statement in made_from:
        db.session.execute(text(statement.replace(":", r"\:")))


def empty_log(engine: Engine) -> bool:
    """Move SQLite's log of changes into the database and cut it to nothing; False when somebody reads just now.

    Until then the log holds each answer beside the flag that was set with it. The next night tries again.
    """
    with closing(sqlite3.connect(engine.url.database or "", timeout=BUSY_LIMIT_MS / 1000)) as connection:
        is_busy = bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
    if is_busy:
        log.warning("log_of_changes_kept", why="somebody was reading")
    return not is_busy


def _new_id() -> str:
    return secrets.token_hex(16)
