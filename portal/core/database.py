"""The database: our own typed base, one session, and SQLite made honest.

Python's SQLite driver opens no transaction for SELECT, so read-modify-write loses updates, and a deferred
transaction that read before it writes fails at once when somebody else wrote. Hence every transaction begins
by an explicit statement: IMMEDIATE where something may be written, DEFERRED for a request that only looks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, Engine, Integer, MetaData, event, func
from sqlalchemy.orm import DeclarativeBase

BUSY_LIMIT_MS = 5000

_writes: ContextVar[bool] = ContextVar("writes", default=True)


class Base(DeclarativeBase):
    """Base of all models; constraint names by convention, so that migrations can name what they drop."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(metadata=Base.metadata)


def upsert(table: Any) -> Any:
    """Return an insert that can be told what to do where the row is there by now (`on_conflict_do_…`).

    Each database has its own; the dialect of the other takes time and memory, and is never loaded.
    """
    if db.engine.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(table)


def unindexed(column: Any) -> ColumnElement[Any]:
    """Return a column of words or numbers for which no index is used: it would lead SQLite to most of the table."""
    return func.coalesce(column, 0 if isinstance(column.type, Integer) else "", type_=column.type)


@contextmanager
def looking() -> Iterator[None]:
    """Begin transactions inside the block as readers: they wait for nobody and can write nothing."""
    token = _writes.set(False)
    try:
        yield
    finally:
        _writes.reset(token)


def set_looking(is_looking: bool) -> None:
    """Say for the rest of this context whether transactions only look (requests do, by method)."""
    _writes.set(not is_looking)


def prepare(engine: Engine) -> None:
    """Attach the SQLite pragmas and explicit BEGIN to this engine; other databases need nothing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA secure_delete=ON")  # no default everywhere: what is deleted goes from the file
        cursor.execute(f"PRAGMA busy_timeout={BUSY_LIMIT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes.get() else "BEGIN DEFERRED")
