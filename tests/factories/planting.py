"""A row in any table that names a person, made from the metadata: for tests of what no table may forget."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table, Text, select

from portal.core import clock
from portal.core.database import db
from portal.core.personal import PersonColumn
from portal.core.types import UTCDateTime
from portal.people.models import Person
from tests.factories import kb
from tests.factories.people import person

PLANTED = "quincunx"
LEFT_OUT = object()


def plant(one: PersonColumn, who: Person) -> str:
    """Write a row that names this person in this column, with a word in every text; returns the word."""
    word = f"{PLANTED}-{one.column.replace('.', '-').replace('_', '-')}"
    values = {column.name: _value(column, one, who, word) for column in one.table.c}
    db.session.execute(one.table.insert().values({n: v for n, v in values.items() if v is not LEFT_OUT}))
    return word


def _value(column: Column[Any], one: PersonColumn, who: Person, word: str) -> Any:
    if column is one.key:
        return who.id
    if column.foreign_keys:
        is_needed = not column.nullable or column.primary_key
        return _some_row(next(iter(column.foreign_keys)).column.table) if is_needed else LEFT_OUT
    if column.primary_key and isinstance(column.type, Integer) and len(one.table.primary_key) == 1:
        return LEFT_OUT
    if isinstance(column.type, JSON):
        return [word]
    if isinstance(column.type, String | Text):
        return word[: getattr(column.type, "length", None) or 99]
    return LEFT_OUT if column.nullable else _something(column)


def _something(column: Column[Any]) -> Any:
    if isinstance(column.type, UTCDateTime):
        return clock.now()
    if isinstance(column.type, Boolean):
        return True
    kinds = {int: 99, dt.date: clock.today(), dt.time: dt.time(22), float: 0.5}
    return kinds[column.type.python_type]


def _some_row(table: Table) -> int:
    """Return the number of a row that others can point at, made where there is none."""
    makers: dict[str, Any] = {
        "person": person,
        "article": kb.article,
        "category": kb.category,
        "article_draft": lambda: kb.draft(kb.article()),
    }
    if table.name in makers:
        return int(makers[table.name]().id)
    found = db.session.execute(select(table.c.id).limit(1)).scalar()
    if found is not None:
        return int(found)
    values = {c.name: _least(c) for c in table.c if not c.nullable}
    row = table.insert().values({n: v for n, v in values.items() if n != "id"})
    return int(db.session.execute(row).inserted_primary_key[0])  # type: ignore[attr-defined]


def _least(column: Column[Any]) -> Any:
    if column.foreign_keys:
        return _some_row(next(iter(column.foreign_keys)).column.table)
    return "" if isinstance(column.type, String | Text | JSON) else _something(column)
