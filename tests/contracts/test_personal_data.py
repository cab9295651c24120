"""No table is forgotten when accounts are merged, a person asks for a copy, or is erased (QUALITY S21)."""

from __future__ import annotations

from flask import Flask

from portal.core import personal
from portal.core.personal import PersonColumn
from portal.core.registry import registry


def declared(app: Flask) -> list[PersonColumn]:
    return personal.columns(registry(app).personal_data)


def test_every_column_that_names_a_person_is_declared_by_some_feature(app: Flask) -> None:
    """A new one needs a line in its feature's `personal.py`: does it move, stay or go?"""
    assert sorted(personal.referring() - {one.column for one in declared(app)}) == []


def test_nothing_is_declared_that_is_not_there_or_twice(app: Flask) -> None:
    names = [one.column for one in declared(app)]
    assert sorted(set(names) - personal.referring()) == []
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_columns_a_declaration_names_exist(app: Flask) -> None:
    wrong = [
        f"{one.column}: {name}"
        for one in declared(app)
        for name in (*(one.given or ()), *one.withheld, *one.words)
        if name not in one.table.c
    ]
    assert wrong == []


def test_what_opens_something_is_in_no_copy(app: Flask) -> None:
    """Hashes of secrets are given to nobody, not even to whom they belong."""
    opening = ("hash", "token", "seed", "secret", "stored_name")
    given = [
        f"{one.column}: {column.name}"
        for one in declared(app)
        for column in one.table.c
        if any(word in column.name for word in opening) and column.name != "sha256"
        if column.name not in one.withheld and (one.given is None or column.name in one.given)
    ]
    assert given == []


def test_a_column_that_must_name_somebody_is_not_emptied(app: Flask) -> None:
    impossible = [one.column for one in declared(app) if one.on_erase is personal.Erase.FORGET and not one.key.nullable]
    assert impossible == []
