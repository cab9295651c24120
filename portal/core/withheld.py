"""What backups leave out: values that say nothing by themselves, and too much beside another backup.

Two copies of a database taken around one change show what changed together. A column whose changes nobody may lay
beside those of another says so itself, with the condition under which: `mapped_column(info=withheld("…"))`. A backup
then holds its default instead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, case, literal, text

from portal.core.database import Base

_KEY = "withheld_from_backups"


def withheld(condition: str) -> dict[str, str]:
    """Return the `info` of a column that backups leave out where this SQL, of the same table, is true."""
    return {_KEY: condition}


def columns() -> Iterator[tuple[Table, Column[Any], str]]:
    """Yield every such column with its condition."""
    for table in Base.metadata.sorted_tables:
        yield from ((table, column, column.info[_KEY]) for column in table.columns if _KEY in column.info)


def as_written(table: Table) -> list[ColumnElement[Any]]:
    """Return what a backup writes for each column of a table."""
    kept: list[ColumnElement[Any]] = []
    for column in table.columns:
        if _KEY in column.info:
            instead = literal(_default(column), column.type)
            kept.append(case((text(column.info[_KEY]), instead), else_=column).label(column.name))
        else:
            kept.append(column)
    return kept


def blank(connection: sqlite3.Connection) -> None:
    """Take the withheld values out of a copied SQLite database, and with them every trace in its pages."""
    with connection:
        n = sum(_blank(connection, *each) for each in columns())
    if n:
        # The order of rows within a page is the order of their writing; a file written anew has them by key.
        connection.execute("VACUUM")


def _blank(connection: sqlite3.Connection, table: Table, column: Column[Any], condition: str) -> int:
    found = connection.execute("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", (table.name, column.name))
    if found.fetchone() is None:  # the database is one before its upgrade
        return 0
    change = f"UPDATE {table.name} SET {column.name} = ? WHERE {condition}"  # noqa: S608 - our own words
    return connection.execute(change, (_default(column),)).rowcount


def _default(column: Column[Any]) -> Any:
    return getattr(column.default, "arg", None)
