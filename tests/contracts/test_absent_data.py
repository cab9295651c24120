"""Every page comes out where nothing is optional data: with every column empty that may be, and with no rows at all
(QUALITY R14)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Column, text, update

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


def empty_everything() -> int:
    """Set every optional value to NULL, in the ledger too; returns how many columns that were."""
    from portal.core.database import db

    n = 0
    for name in db.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        db.session.execute(text(f'DROP TRIGGER "{name}"'))  # the ledger's guard
    with db.session.connection() as connection:
        for column in optional_columns():
            connection.execute(update(column.table).values({column: None}))
            n += 1
        connection.commit()
    return n


def broken(world: World, tries: list[Try]) -> list[str]:
    found = []
    for one in tries:
        response = world.visitors[one.column].get(one.address)
        if response.status_code >= 500 or (response.status_code != 200 and one.row.object in ("", "open")):
            is_led_on = response.status_code in (301, 302, 303)
            if not is_led_on:
                found.append(f"{one}: {response.status_code}")
    return found


def test_every_page_comes_out_when_everything_optional_is_missing(app: Flask) -> None:
    world = World(app)
    tries = list(reachable(world, "GET"))
    world.rewind()
    assert broken(world, tries) == [], "before anything was emptied"
    assert empty_everything() > 40
    assert broken(world, tries) == []


def test_every_page_comes_out_when_there_is_nothing_yet(app: Flask) -> None:
    """People and their sessions, and not one row beside them."""
    from portal.core.database import Base, db

    world = World(app)
    tries = [one for one in reachable(world, "GET") if not one.rule.arguments]
    world.rewind()
    kept = {"person", "person_role", "sign_in_session", "option", "credential", "department", "site"}
    with db.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in kept:
                connection.execute(table.delete())
    assert broken(world, tries) == []
