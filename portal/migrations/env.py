"""Runs migrations inside the app context that called them, on the app's own engine."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from portal.core.database import Base, db


def run() -> None:
    with db.engine.connect() as connection:
        _set_foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            transaction_per_migration=False,
            compare_type=True,
            user_module_prefix="types.",
        )
        with context.begin_transaction():
            context.run_migrations()
            _refuse_orphans(connection)
        connection.commit()
        _set_foreign_keys(connection, "ON")


def _set_foreign_keys(connection: Connection, state: str) -> None:
    """Batch mode copies tables; foreign keys must not fire while the old one is dropped.

    Inside a transaction SQLite ignores this word, and our transactions begin with the first statement; hence the
    driver's own connection.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={state}")  # type: ignore[union-attr]


def _refuse_orphans(connection: Connection) -> None:
    """What was not watched is looked at before it is committed."""
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(f"the migration leaves rows that point nowhere: {orphans[:5]}")


run()
