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


def contents() -> Cells:
    """Return every value of the database by table, row and column."""
    from portal.core.database import Base, db

    found: Cells = {}
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for n, row in enumerate(connection.execute(table.select().order_by(*_key(table))).mappings()):
                found |= {(table.name, n, name): value for name, value in row.items()}
    return found


def _key(table: Table) -> list[Any]:
    return list(table.primary_key.columns) or list(table.columns)


def after(world: World, one: Try, more: dict[str, str]) -> Cells:
    world.rewind()
    world.visitors[one.column].post(one.address, {**more, **one.body})
    return contents()


def test_fields_that_a_form_does_not_have_change_nothing(app: Flask, stopped_clock: Any) -> None:
    world, extra = World(app), planted()
    applied = []
    n_changing = 0
    for one in reachable(world, "POST", "PUT", "PATCH", "DELETE"):
        world.rewind()
        untouched = contents()
        plain, again = after(world, one, {}), after(world, one, {})
        steady = {cell for cell in plain if plain[cell] == again.get(cell)}
        n_changing += plain != untouched
        found = after(world, one, {name: value for name, value in extra.items() if name not in one.body})
        different = {cell for cell in steady if found.get(cell, "gone") != plain[cell]} | (set(found) - set(plain))
        if different:
            applied.append(f"{one}: {sorted(different)[:5]}")
    assert not applied, "\n".join(applied)
    assert n_changing >= 35, "hardly any form was filled in well enough to change something"
