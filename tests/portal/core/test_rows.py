"""Rows travel between engines unchanged, whatever is in their columns."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import migrate, rows
from portal.core.backup import opened
from portal.core.database import Base
from portal.core.options import OptionRow
from portal.people.models import Department, Person
from tests.databases import PostgresDatabases
from tests.factories import people

pytestmark = pytest.mark.both


@pytest.fixture
def full(db: Any) -> Engine:
    """A database with what is hard to carry: circles, JSON, times, words of the world, nothing at all."""
    unit = people.department("Finance")
    inner = people.department("Payroll", parent_id=unit.id)
    chief = people.person("Mïa Дуарте 🪑", department_id=inner.id)
    unit.manager_id = chief.id
    chief.deactivated_at = dt.datetime(2026, 3, 9, 9, 0, 0, 123456, tzinfo=dt.UTC)
    nested = {"list": [1, ["seconds", 5]], "text": "a\nb\u2028", "nothing": None}
    db.session.add_all([OptionRow(name="nested", value=nested), OptionRow(name="list", value=["json", "x"])])
    db.session.commit()
    engine: Engine = db.engine
    return engine


def content(engine: Engine) -> dict[str, list[Any]]:
    with rows.snapshot(engine) as connection:
        return {table.name: list(map(json.loads, rows.dump(connection, table))) for table in rows.tables()}


@pytest.mark.parametrize("target_kind", ["sqlite", "postgresql"])
def test_a_copy_holds_the_same_rows(
    full: Engine, target_kind: str, tmp_path: Path, postgres: PostgresDatabases
) -> None:
    url = f"sqlite:///{tmp_path / 'copy.sqlite3'}" if target_kind == "sqlite" else postgres.make_empty()
    with opened(url) as target:
        migrate.upgrade()
        counts = rows.copy(full, target)
        assert content(target) == content(full)
        assert counts["department"] == 2
        assert counts["person"] == 1


def test_new_rows_in_a_copy_get_new_ids(full: Engine, postgres: PostgresDatabases) -> None:
    with opened(postgres.make_empty()) as target:
        migrate.upgrade()
        rows.copy(full, target)
        with target.begin() as connection:
            fresh = Department.__table__.insert().values(slug="new", name="New").returning(Department.id)
            taken = connection.execute(select(Department.id)).scalars().all()
            assert connection.execute(fresh).scalar_one() > max(taken)


def test_a_reference_into_nothing_is_not_copied(full: Engine, postgres: PostgresDatabases, db: Any) -> None:
    """Foreign keys are off while rows arrive in any order, and hold again in the end."""
    with opened(postgres.make_empty()) as target:
        migrate.upgrade()
        refused = pytest.raises(IntegrityError, match=r"(?i)foreign key")
        with refused, target.begin() as connection, rows.without_references(connection):
            connection.execute(Person.__table__.insert().values(_somebody(department_id=4711)))
        with target.connect() as connection:
            assert connection.scalar(select(Person.id)) is None
            assert _foreign_keys(connection), "the refused transaction took the dropping of the keys back"


def _somebody(**kw: Any) -> dict[str, Any]:
    return {"email": "a@b.example", "name": "A", "is_active": True, "created_at": dt.datetime.now(dt.UTC), **kw}


def _foreign_keys(connection: Any) -> int:
    found = connection.scalar(text("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"))
    return int(found)


def test_lines_of_other_columns_are_refused(db: Any) -> None:
    with db.engine.begin() as connection, pytest.raises(rows.RowsDiffer, match="columns of site"):
        rows.load(connection, Base.metadata.tables["site"], ['["id", "colour"]', '[1, "red"]'])


def test_a_snapshot_does_not_see_what_is_written_meanwhile(db: Any) -> None:
    with rows.snapshot(db.engine) as connection:
        before = rows.counts(connection)
        with db.engine.begin() as other:
            other.execute(Department.__table__.insert().values(slug="late", name="Late"))
        assert rows.counts(connection) == before


def test_tables_of_others_are_named(db: Any) -> None:
    with db.engine.begin() as connection:
        assert rows.unknown_tables(connection) == []
        connection.execute(text("CREATE TABLE somebody_elses (id INTEGER)"))
        assert rows.unknown_tables(connection) == ["somebody_elses"]
