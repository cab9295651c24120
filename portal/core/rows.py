"""All rows of a database as lines of JSON, and back, whatever the engine.

Used by backups of PostgreSQL and by `dity db copy`. A value that JSON has no form for travels as `[kind, text]`;
a JSON column's own value travels as `["json", value]`, so that nobody's list is mistaken for such a pair.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import enum
import itertools
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlalchemy.types import JSON, Enum

from portal.core import withheld
from portal.core.database import Base, looking

BATCH = 500
VERSION_TABLE = "alembic_version"

_WRITE: dict[type, Callable[[Any], list[Any]]] = {
    enum.Enum: lambda v: ["enum", v.name],
    dt.datetime: lambda v: ["datetime", v.isoformat()],
    dt.date: lambda v: ["date", v.isoformat()],
    dt.time: lambda v: ["time", v.isoformat()],
    dt.timedelta: lambda v: ["seconds", v.total_seconds()],
    bytes: lambda v: ["bytes", base64.b64encode(v).decode()],
    decimal.Decimal: lambda v: ["decimal", str(v)],
    uuid.UUID: lambda v: ["uuid", str(v)],
}
_READ: dict[str, Callable[[Any], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "seconds": lambda v: dt.timedelta(seconds=v),
    "bytes": base64.b64decode,
    "decimal": decimal.Decimal,
    "uuid": uuid.UUID,
    "json": lambda v: v,
}


class RowsDiffer(Exception):
    """What arrived is not what was sent; the message names the tables."""


def tables() -> list[Table]:
    """Return every table of the portal; rows are loaded without regard to their order (see `without_references`)."""
    return sorted(Base.metadata.tables.values(), key=lambda table: table.name)


def dump(connection: Connection, table: Table) -> Iterator[str]:
    """Yield each row of a table as one line of JSON, by primary key; the first line names the columns.

    What backups leave out is left out (`core.withheld`).
    """
    columns = list(table.columns)
    yield json.dumps([column.name for column in columns])
    rows = connection.execution_options(yield_per=BATCH).execute(
        select(*withheld.as_written(table)).order_by(*table.primary_key.columns)
    )
    for row in rows:
        yield json.dumps([_out(value, column.type) for value, column in zip(row, columns, strict=True)])


def load(connection: Connection, table: Table, lines: Iterable[str]) -> int:
    """Insert what `dump` wrote into an empty table; returns the number of rows.

    Refuses (RowsDiffer) lines whose columns are not those of the table.
    """
    lines = iter(lines)
    names = json.loads(next(lines))
    if set(names) != {column.name for column in table.columns}:
        raise RowsDiffer(f"The columns of {table.name} are not those that were written.")
    kinds = [table.columns[name].type for name in names]
    n = 0
    while batch := list(itertools.islice(lines, BATCH)):
        values = [map(_in, json.loads(line), kinds) for line in batch]
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in values])
        n += len(batch)
    return n


def _out(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, JSON):
        return ["json", value]
    for found in type(value).__mro__:
        if found in _WRITE:
            return _WRITE[found](value)
    return value


def _in(value: Any, kind: Any) -> Any:
    if not isinstance(value, list):
        return value
    if isinstance(kind, Enum) and kind.enum_class:
        return kind.enum_class[value[1]]
    return _READ[value[0]](value[1])


def counts(connection: Connection) -> dict[str, int]:
    """Return the number of rows of every table."""
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}


def revision(connection: Connection) -> str:
    """Return the version of the schema the rows are in."""
    return connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) or ""  # noqa: S608 - a constant


def unknown_tables(connection: Connection) -> list[str]:
    """Return tables of the database that are not the portal's; an empty database has none of either."""
    ours = {table.name for table in tables()} | {VERSION_TABLE}
    return sorted(set(inspect(connection).get_table_names()) - ours)


@contextmanager
def without_references(connection: Connection) -> Iterator[None]:
    """Load rows in any order: foreign keys are off inside the block and checked when it ends.

    Persons and departments point at each other, so no order of tables would do.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # until the commit, which checks them
        yield
        return
    keys = _foreign_keys(connection)
    for key in keys:
        connection.execute(DropConstraint(key))
    yield
    for key in keys:
        connection.execute(AddConstraint(key))


def _foreign_keys(connection: Connection) -> list[Any]:
    there = MetaData()
    there.reflect(connection)
    return [key for table in there.tables.values() for key in table.foreign_key_constraints]


def clear(connection: Connection) -> None:
    """Empty every table of a fresh schema: migrations may have put first rows there."""
    for table in tables():
        connection.execute(table.delete())


def advance_sequences(connection: Connection) -> None:
    """Let PostgreSQL count on after the highest id that was loaded."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        for column in table.primary_key.columns:
            named = connection.scalar(
                text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": f'"{table.name}"', "c": column.name}
            )
            highest = connection.scalar(select(func.max(column))) if named else None
            if highest is not None:
                connection.execute(text("SELECT setval(:s, :n)"), {"s": named, "n": highest})


def copy(source: Engine, target: Engine, *, say: Callable[[str, int], None] = lambda name, n: None) -> dict[str, int]:
    """Copy all rows into a target with a fresh schema, in one transaction there; returns the counts.

    The source is read as it was at one instant. Refuses (RowsDiffer) when the counts differ in the end; then the
    target is as it was before.
    """
    with snapshot(source) as reading, target.begin() as writing, without_references(writing):
        clear(writing)
        for table in tables():
            say(table.name, load(writing, table, dump(reading, table)))
        advance_sequences(writing)
        before, after = counts(reading), counts(writing)
        if wrong := [name for name in before if before[name] != after[name]]:
            raise RowsDiffer(f"Rows were lost on the way in: {', '.join(wrong)}.")
    return after


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees the database as it is at this instant, however much is written meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with looking():
            inspect(connection).get_table_names()  # the first read is what fixes the instant
        yield connection
