"""A form changes what it has fields for and nothing else, whatever is sent along (QUALITY S5).

Every column name of every table is posted to every form. Afterwards the database must be the same as after the post
without them. Values that differ between two posts of the same form (tokens, hashes) are left aside by comparing two
such posts first.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Boolean, DateTime, Integer, Numeric, Table

from tests.contracts.trying import Try, reachable
from tests.contracts.world import World

pytestmark = pytest.mark.slow

Tables = dict[str, list[tuple[Any, ...]]]
Cells = dict[tuple[str, int, str], Any]
ALSO = {
    "role": "admin",
    "roles": "admin",
    "is_admin": "1",
    "author_id": "1",
    "anonymous": "1",
    "score": "999",
    "_method": "PUT",
}


RANDOM_KEYS = frozenset({"sheet"})
"""Tables whose rows are in no order that a second post would give them again."""


def planted() -> dict[str, str]:
    """Return a field for every column there is, with a value its type takes and nobody would have by chance."""
    from portal.core.database import Base

    found = dict(ALSO)
    for table in Base.metadata.tables.values():
        for column in table.columns:
            found[column.name] = _value(column.type)
    return found


def _value(kind: Any) -> str:
    if isinstance(kind, Boolean):
        return "1"
    if isinstance(kind, Integer | Numeric):
        return "2"
    if isinstance(kind, DateTime) or isinstance(getattr(kind, "impl", None), DateTime):
        return dt.datetime(2001, 1, 1, tzinfo=dt.UTC).isoformat()
    return "public"


def contents() -> Tables:
    """Return every row of the database by table."""
    from portal.core.database import Base, db

    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*_key(table)))]
            for table in Base.metadata.sorted_tables
        }


def _key(table: Table) -> list[Any]:
    if table.name in RANDOM_KEYS:
        return [column for column in table.columns if not column.primary_key]
    return list(table.primary_key.columns) or list(table.columns)


def cells(tables: Tables, names: set[str]) -> Cells:
    """Return every value of some tables by table, row and column."""
    from portal.core.database import Base

    return {
        (name, n, column): value
        for name in names
        for n, row in enumerate(tables[name])
        for column, value in zip(Base.metadata.tables[name].columns.keys(), row, strict=True)
    }


def after(world: World, untouched: Tables, one: Try, more: dict[str, str]) -> Tables:
    """Return what the database holds after a post: what it held before where nothing was committed."""
    world.rewind()
    world.visitors[one.column].post(one.address, {**more, **one.body}).close()
    return contents() if world.is_changed else untouched


def test_fields_that_a_form_does_not_have_change_nothing(app: Flask, stopped_clock: Any) -> None:
    world, extra = World(app), planted()
    world.rewind()
    untouched = contents()
    applied = []
    n_changing = 0
    for one in reachable(world, "POST", "PUT", "PATCH", "DELETE"):
        plain = after(world, untouched, one, {})
        found = after(world, untouched, one, {name: value for name, value in extra.items() if name not in one.body})
        n_changing += plain != untouched
        if found == plain:
            continue
        again = after(world, untouched, one, {})
        unlike = {name for name in plain if not plain[name] == again[name] == found[name]}
        was, is_again, became = (cells(tables, unlike) for tables in (plain, again, found))
        steady = {cell for cell in was if was[cell] == is_again.get(cell)}
        different = {cell for cell in steady if became.get(cell, "gone") != was[cell]} | (set(became) - set(was))
        if different:
            applied.append(f"{one}: {sorted(different)[:5]}")
    assert not applied, "\n".join(applied)
    assert n_changing >= 35, "hardly any form was filled in well enough to change something"
