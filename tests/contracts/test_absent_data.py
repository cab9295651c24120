"""Every page comes out where nothing is optional data: with every column empty that may be, and with no rows at all
(QUALITY R14)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Connection, func, select, update

from portal.people.models import Person
from tests.contracts.trying import Try, reachable
from tests.contracts.world import World

pytestmark = pytest.mark.slow

KEPT = {("sign_in_session", "ended_at")}
"""Columns whose emptiness is looked at elsewhere; emptied here, nothing changes."""


def optional_columns() -> Iterator[Column]:
    from portal.core.database import Base

    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.nullable and not column.primary_key and (table.name, column.name) not in KEPT:
                yield column


@contextmanager
def unguarded() -> Iterator[Connection]:
    """Write to the database past every guard it has: references, and the trigger of the ledger."""
    from portal.core.database import db

    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in names:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield connection
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def empty_everything() -> int:
    """Set every optional value to NULL; returns how many columns that were."""
    columns = list(optional_columns())
    with unguarded() as connection:
        for column in columns:
            connection.execute(update(column.table).values({column: None}))
    return len(columns)


def broken(world: World, tries: list[Try]) -> list[str]:
    """Return the pages that fail; one whose very thing has lost what makes it may be gone, the others have to come."""
    found = []
    for one in tries:
        response = world.visitors[one.column].get(one.address)
        response.close()
        is_there = response.status_code == 200 or response.status_code in (301, 302, 303)
        if response.status_code >= 500 or (not one.row.object and not is_there):
            found.append(f"{one}: {response.status_code}")
    return found


def test_every_page_comes_out_when_everything_optional_is_missing(app: Flask, db: Any) -> None:
    world = World(app)
    tries = list(reachable(world, "GET"))
    world.rewind()
    assert broken(world, tries) == [], "before anything was emptied"
    assert empty_everything() > 40
    assert db.session.execute(select(func.count(Person.department_id))).scalar_one() == 0
    assert broken(world, tries) == []


def test_every_page_comes_out_when_there_is_nothing_yet(app: Flask) -> None:
    """People and their sessions, and not one row beside them."""
    from portal.core.database import Base

    world = World(app)
    tries = [one for one in reachable(world, "GET") if not one.rule.arguments]
    world.rewind()
    kept = {"person", "person_role", "sign_in_session", "option", "credential", "department", "site"}
    with unguarded() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in kept:
                connection.execute(table.delete())
    assert broken(world, tries) == []
