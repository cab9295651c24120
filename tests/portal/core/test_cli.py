"""`dity db`, `backup`, `restore`, `doctor`, as an administrator types them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from portal.core import cli, doctor, migrate
from portal.core.database import db as database
from portal.core.database import looking
from tests.databases import PostgresDatabases
from tests.factories import people

Run = Callable[..., Result]


@pytest.fixture
def dity(app: Flask) -> Run:
    """Run a command on the app: `dity(cli.backup, "b.tar.gz")`."""

    def run(command: Any, *arguments: str) -> Result:
        database.session.commit()
        return app.test_cli_runner().invoke(command, list(arguments))

    return run


@pytest.mark.both
def test_a_fresh_database_fits_the_code(dity: Run) -> None:
    """No model says more than the migrations made."""
    result = dity(cli.database, "check")
    assert result.exit_code == 0, result.output
    assert "fits the code" in result.output
    assert "up to date" in dity(cli.database, "upgrade").output


@pytest.mark.both
def test_a_table_nobody_declared_is_told(dity: Run, db: Any) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stray (id INTEGER PRIMARY KEY)")
    result = dity(cli.database, "check")
    assert result.exit_code == 1
    assert "stray" in result.output


@pytest.mark.both
@pytest.mark.slow
def test_every_migration_goes_down_and_up_again(dity: Run, db: Any) -> None:
    def at() -> str | None:
        with looking():
            found = migrate.current()
            database.session.rollback()
        return found

    while (before := at()) is not None:
        result = dity(cli.database, "downgrade", "-1")
        assert result.exit_code == 0, result.output
        assert at() != before
    assert dity(cli.database, "upgrade").exit_code == 0
    assert dity(cli.database, "check").exit_code == 0


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_an_installation_moves_to_another_database(
    dity: Run, target: str, tmp_path: Path, postgres: PostgresDatabases
) -> None:
    people.department("Finance")
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}" if target == "sqlite" else postgres.make_empty()
    result = dity(cli.database, "copy", url)
    assert result.exit_code == 0, result.output
    assert "the counts are equal" in result.output
    again = dity(cli.database, "copy", url)
    assert again.exit_code == 1
    assert "name an empty one" in again.output


def test_a_database_that_cannot_be_reached_is_a_sentence(dity: Run) -> None:
    result = dity(cli.database, "copy", "postgresql://nobody@127.0.0.1:1/nowhere")
    assert result.exit_code == 1
    assert "cannot be used" in result.output


def test_a_backup_goes_into_the_home_folder_and_is_remembered(dity: Run, home: Path) -> None:
    result = dity(cli.backup)
    assert result.exit_code == 0, result.output
    (archive,) = (home / "backups").iterdir()
    assert str(archive) in result.output
    assert "keep it as safe" in result.output
    assert doctor._backup().is_ok
    again = dity(cli.backup, str(archive))
    assert again.exit_code == 1
    assert "there already" in again.output


def test_a_backup_becomes_a_portal_elsewhere(
    dity: Run, tmp_path: Path, make_app: Callable[..., Flask], db: Any
) -> None:
    people.department("Finance")
    archive = tmp_path / "b.tar.gz"
    dity(cli.backup, str(archive))
    elsewhere = tmp_path / "elsewhere"
    other = make_app(home=elsewhere)
    with other.app_context():
        result = other.test_cli_runner().invoke(cli.restore, [str(archive)])
        assert result.exit_code == 0, result.output
        assert migrate.is_current()
        database.session.rollback()
        again = other.test_cli_runner().invoke(cli.restore, [str(archive)])
        assert again.exit_code == 1
        assert "There is a portal here already" in again.output


def test_a_damaged_backup_is_a_sentence(dity: Run, tmp_path: Path, make_app: Callable[..., Flask]) -> None:
    (tmp_path / "b.tar.gz").write_bytes(b"nothing of the kind")
    other = make_app(home=tmp_path / "elsewhere")
    with other.app_context():
        result = other.test_cli_runner().invoke(cli.restore, [str(tmp_path / "b.tar.gz")])
    assert result.exit_code == 1
    assert "cut short or altered" in result.output
    assert "Traceback" not in result.output


def findings() -> dict[str, tuple[bool, str]]:
    with looking():
        found = {check.name: (health.is_ok, health.advice) for check, health in doctor.findings()}
        database.session.rollback()
    return found


@pytest.mark.both
def test_the_doctor_finds_nothing_wrong_with_a_portal_that_is_looked_after(dity: Run, home: Path) -> None:
    dity(cli.backup)
    found = findings()
    assert {name for name, (is_ok, _) in found.items() if not is_ok} <= {"search"}, "its index is built by the runner"


def test_the_doctor_says_what_to_do(dity: Run, db: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.core.options import OptionRow

    home.chmod(0o755)
    (home / "secret.key").write_text("x" * 40)
    (home / "secret.key").chmod(0o644)
    db.session.delete(db.session.get(OptionRow, "is_set_up"))
    db.session.commit()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE somebody_elses (id INTEGER)")
    monkeypatch.setattr(doctor, "LITTLE_ROOM", 1 << 60)
    database.session.commit()
    found = findings()
    for name in ("home folder", "room", "backup", "foreign tables", "set-up"):
        is_ok, advice = found[name]
        assert not is_ok, name
        assert advice, f"{name} says nothing of what to do"
    result = dity(cli.doctor)
    assert result.exit_code == 1
    assert f"chmod o-rwx {home}" in result.output


def test_the_doctor_sees_a_reference_into_nothing(db: Any) -> None:
    people.department("Finance")
    db.session.commit()
    with db.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("UPDATE department SET parent_id = 4711")
        raw.execute("PRAGMA foreign_keys=ON")
    is_ok, advice = findings()["database is whole"]
    assert not is_ok
    assert "restore" in advice


def test_a_secret_that_others_can_read_is_told(make_app: Callable[..., Flask], home: Path) -> None:
    key = home / "secret.key"
    key.write_text("k" * 64)
    key.chmod(0o644)
    with make_app(secret_key="").app_context():
        assert doctor._secret().advice == f"chmod 600 {key}"
        key.chmod(0o600)
        assert doctor._secret().is_ok
    assert stat.S_IMODE(os.stat(key).st_mode) == 0o600


@pytest.mark.parametrize(
    ("changes", "is_ok"),
    [
        ({}, True),
        ({"public_url": "https://help.example.org"}, True),
        ({"public_url": "http://help.example.org"}, False),
        ({"host": "192.0.2.7"}, False),
    ],
)
def test_an_address_without_encryption_is_for_this_machine_only(
    make_app: Callable[..., Flask], changes: dict[str, Any], is_ok: bool
) -> None:
    with make_app(**changes).app_context():
        assert doctor._address().is_ok is is_ok
