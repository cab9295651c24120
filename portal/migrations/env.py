"""Runs migrations inside the app context that called them, on the app's own engine."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from portal.core.database import BUSY_LIMIT_MS, Base, db

PATIENCE_MS = 600_000
"""How long an upgrade of SQLite waits for whoever writes just now; most likely another upgrade."""
LOCK = 4_683_149
"""Of PostgreSQL, held by who upgrades; any number that nobody else takes."""


def run() -> None:
    with db.engine.connect() as connection:
        _set(connection, foreign_keys="OFF", busy_timeout=PATIENCE_MS)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            transaction_per_migration=False,
            transactional_ddl=True,  # Alembic thinks that SQLite cannot; with transactions of our own it can
            compare_type=True,
            user_module_prefix="types.",
        )
        with context.begin_transaction():
            _wait_for_others(connection)
            context.run_migrations()
            _refuse_orphans(connection)
        connection.commit()
        _set(connection, foreign_keys="ON", busy_timeout=BUSY_LIMIT_MS)


def _set(connection: Connection, **pragmas: str | int) -> None:
    """Batch mode copies tables; foreign keys must not fire while the old one is dropped.

    Inside a transaction SQLite ignores this word, and our transactions begin with the first statement; hence the
    driver's own connection.
    """
    if connection.dialect.name == "sqlite":
        for name, value in pragmas.items():
            connection.connection.driver_connection.execute(f"PRAGMA {name}={value}")  # type: ignore[union-attr]


def _wait_for_others(connection: Connection) -> None:
    """Of two who upgrade at the same time the second waits, and then finds nothing left to do.

    SQLite lets in one writer at a time, whose transaction begins by asking for the lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _refuse_orphans(connection: Connection) -> None:
    """What was not watched is looked at before it is committed."""
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(f"the migration leaves rows that point nowhere: {orphans[:5]}")


run()
