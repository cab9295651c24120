"""Databases of earlier releases with rows in every table, and all that stands in a database, to be compared.

A database of an earlier release is one that was taken back to it: rows of what exists there since are lost, and
tables nobody had filled get rows planted by what the database itself says of their columns.
"""

from __future__ import annotations

import datetime as dt
import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Time,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, SAWarning

VERSION = "alembic_version"
MOMENT = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)
SETTLED_BY_THE_UPGRADE = {("article_revision", "change"), ("article_revision", "access_key")}
"""What a migration works out anew for rows that stood there: no loss."""


@dataclass(frozen=True)
class State:
    """Everything a database holds: its version, its shape, and the rows of each table, column by column."""

    version: str
    shape: frozenset[str]
    rows: dict[str, dict[str, list[Any]]]

    def lost_in(self, later: State) -> list[str]:
        """Name each column whose values are not the same in a later state; one that is gone is no loss of rows."""
        lost = [f"{table}: the whole table" for table in sorted(set(self.rows) - set(later.rows))]
        for table, columns in self.rows.items():
            for name, values in columns.items():
                now = later.rows.get(table, {}).get(name)
                if now is not None and now != values and (table, name) not in SETTLED_BY_THE_UPGRADE:
                    lost.append(f"{table}.{name}: {len(values)} rows before, {len(now)} after")
        return lost

    @property
    def n_rows(self) -> int:
        return sum(len(next(iter(columns.values()), [])) for columns in self.rows.values())


def reflected(engine: Engine) -> list[Table]:
    """Return the tables as the database describes them; those that others point at come first, circles aside."""
    metadata = MetaData()
    metadata.reflect(engine)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of circles
        tables = metadata.sorted_tables
    return [table for table in tables if table.name != VERSION]


def state(engine: Engine) -> State:
    """Read all of a database."""
    tables = reflected(engine)
    with engine.connect() as connection:
        rows = {table.name: _columns(connection, table) for table in tables}
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    found = State(str(version), frozenset(_shape(engine)), rows)
    engine.dispose()
    return found


def _columns(connection: Connection, table: Table) -> dict[str, list[Any]]:
    keys = list(table.primary_key.columns) or list(table.columns)
    rows = connection.execute(select(table).order_by(*keys)).all()
    return {column.name: [_plain(row[n]) for row in rows] for n, column in enumerate(table.columns)}


def _plain(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def _shape(engine: Engine) -> Iterator[str]:
    """Yield what tables are made of, and what watches them, whatever the order in which it was added."""
    found = inspect(engine)
    for table in found.get_table_names():
        yield from (f"{table} {c['name']} {c['type']} {c['nullable']}" for c in found.get_columns(table))
        yield f"{table} {found.get_pk_constraint(table)['constrained_columns']}"
        for kind in (found.get_foreign_keys, found.get_unique_constraints, found.get_check_constraints):
            yield from (f"{table} {_sorted(each)}" for each in kind(table))
        yield from (f"{table} {each['name']} {each['unique']}" for each in found.get_indexes(table))
    triggers = {
        "sqlite": "SELECT tbl_name || ' ' || sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        watching = connection.execute(text(triggers[engine.dialect.name])).scalars()
        yield from (" ".join(str(each).split()) for each in watching)


def _sorted(described: Any) -> str:
    return json.dumps(described, sort_keys=True, default=str)


def plant(engine: Engine) -> list[str]:
    """Put two rows into every table without any: one with all it may hold, one with as little as it may.

    Returns the tables that took none, for a rule that only the portal knows.
    """
    refused, tables = [], reflected(engine)
    with engine.begin() as connection:
        for table in tables:
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                continue
            taken = [_planted(connection, table, is_full) for is_full in (True, False)]
            if not any(taken):
                refused.append(table.name)
    engine.dispose()
    return refused


def _planted(connection: Connection, table: Table, is_full: bool) -> bool:
    values = {c.name: _value(connection, c, is_full) for c in _to_fill(table, is_full)}
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(values))
    except DBAPIError:
        return False
    return True


def _to_fill(table: Table, is_full: bool) -> Iterable[Column[Any]]:
    for column in table.columns:
        is_counted = column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys
        is_own_number = is_counted and len(table.primary_key.columns) == 1
        points_at_itself = any(key.column.table is table for key in column.foreign_keys)
        is_needed = not column.nullable and column.server_default is None
        if not is_own_number and not points_at_itself and (is_full or is_needed):
            yield column


def _value(connection: Connection, column: Column[Any], is_full: bool) -> Any:
    for key in column.foreign_keys:
        found = connection.execute(select(key.column).order_by(key.column.desc()).limit(1)).scalar()
        if found is not None or column.nullable:
            return found
    kind = column.type
    ways: tuple[tuple[Any, Any], ...] = (
        (Boolean, is_full),
        (JSON, {"planted": ["ä", None, 1]} if is_full else []),
        (DateTime, MOMENT if getattr(kind, "timezone", False) else MOMENT.replace(tzinfo=None)),
        (Date, MOMENT.date()),
        (Time, MOMENT.time()),
        (Float, 0.5),
        (Integer, 10 + is_full),
        (LargeBinary, b"\x00planted"),
    )
    for of, value in ways:
        if isinstance(kind, of):
            return value
    return f"pl{is_full:d}ntëd '\u2028"[: getattr(kind, "length", None) or 99]
