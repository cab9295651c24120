"""How much room an installation takes, and what wants a look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portal.admin import condition
from portal.core import clock, doctor


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("backups/dity-1.tar.gz", "backups"),
        ("files/ab/cd", "files"),
        ("index/CURRENT", "index"),
        ("mail/one.eml", "mail"),
        ("secret.key", "other"),
        ("files/x.sqlite3", "files"),
    ],
)
def test_every_file_counts_for_the_part_its_folder_says(db: Any, tmp_path: Path, name: str, part: str) -> None:
    path = tmp_path / "measured" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 1234)
    room = condition.room(tmp_path / "measured")
    assert {key: n for key, n in room.parts.items() if n} == {part: 1234}
    assert room.is_complete


def test_the_database_is_counted_with_its_log(db: Any, home: Path) -> None:
    (home / "dity.sqlite3-wal").write_bytes(b"x" * 5000)
    assert condition.room(home).parts["database"] == sum(path.stat().st_size for path in home.glob("dity.sqlite3*"))


def test_too_many_files_are_not_counted_to_the_end(db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "MOST_FILES", 3)
    for n in range(5):
        (tmp_path / f"{n}").write_bytes(b"x")
    room = condition.room(tmp_path)
    assert (room.parts["other"], room.is_complete) == (3, False)


def test_a_backup_is_as_old_as_its_mark(home: Path) -> None:
    assert condition.last_backup(home) is None
    (home / doctor.LAST_BACKUP).touch()
    found = condition.last_backup(home)
    assert found is not None
    assert abs((clock.now() - found).total_seconds()) < 60


def test_what_wants_a_look_comes_first_and_the_long_question_is_left_to_the_command(db: Any) -> None:
    found = condition.findings()
    results = [health.is_ok for _check, health in found]
    assert results == sorted(results)
    assert "database is whole" not in {check.name for check, _health in found}


@pytest.mark.both
def test_versions_name_what_runs_here(db: Any, engine_name: str) -> None:
    assert condition.versions()[condition.DATABASES[engine_name]].split(".")[0].isdigit()


@pytest.mark.both
def test_a_database_of_its_own_server_is_asked_for_its_size(db: Any, home: Path) -> None:
    assert condition.room(home).parts["database"] > 100_000
