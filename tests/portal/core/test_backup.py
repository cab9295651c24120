"""A backup taken while people write, and the installation that comes out of it (QUALITY R15)."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import backup, migrate
from portal.core.archive import BackupDamaged, Manifest
from portal.core.database import db as database
from portal.people.models import Department
from tests.conftest import MONDAY
from tests.databases import SECRET_KEY, PostgresDatabases
from tests.factories import people


def write(target: Path, home: Path) -> Manifest:
    return backup.write(target, engine=database.engine, home=home, secret=SECRET_KEY, made_at=MONDAY.isoformat())


def restore(archive: Path, url: str, home: Path) -> Manifest:
    home.mkdir(exist_ok=True)
    with backup.opened(url) as engine:
        return backup.restore(archive, engine=engine, home=home, secret_file=home / "secret.key")


def names_in(url: str) -> list[str]:
    with backup.opened(url) as engine, engine.connect() as connection:
        return sorted(connection.execute(select(Department.name)).scalars())


@pytest.fixture
def lived_in(db: Any, home: Path) -> Path:
    """A home with rows, attachments, mail, and things that can be made again."""
    for name in ("Finance", "Workshop"):
        people.department(name)
    db.session.commit()
    for name, content in {
        "files/ab/cd1234": b"a picture" * 1000,
        "mail/1.eml": b"Subject: x",
        "index/segment": b"made again",
        "backups/old.tar.gz": b"older",
    }.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (home / "secret.key").write_text(SECRET_KEY)
    return home


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'dity.sqlite3'}"
        return
    postgres: PostgresDatabases = request.getfixturevalue("postgres")
    url = postgres.make_empty()
    yield url
    postgres.drop(url)


@pytest.mark.both
def test_what_comes_out_is_what_went_in(lived_in: Path, empty: str, tmp_path: Path) -> None:
    written = write(tmp_path / "b.tar.gz", lived_in)
    new = tmp_path / "new"
    restored = restore(tmp_path / "b.tar.gz", empty, new)
    assert restored == written
    assert restored.counts["department"] == 2
    assert names_in(empty) == ["Finance", "Workshop"]
    assert (new / "files/ab/cd1234").read_bytes() == b"a picture" * 1000
    assert (new / "mail/1.eml").exists()
    assert not (new / "index").exists(), "what can be made again is left out"
    assert not (new / "backups").exists()
    assert (new / "secret.key").read_text() == SECRET_KEY
    assert not [path for path in new.iterdir() if path.name.startswith(".")], "nothing is left of the unpacking"


def test_only_its_owner_can_read_a_backup(lived_in: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    write(folder / "b.tar.gz", lived_in)
    assert (folder / "b.tar.gz").stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.iterdir()] == ["b.tar.gz"], "nothing half-made lies beside it"


def test_a_restore_never_overwrites_an_installation(lived_in: Path, tmp_path: Path) -> None:
    write(tmp_path / "b.tar.gz", lived_in)
    before = {path: path.read_bytes() for path in lived_in.rglob("*") if path.is_file()}
    with pytest.raises(backup.NotEmpty):
        restore(tmp_path / "b.tar.gz", f"sqlite:///{lived_in / 'dity.sqlite3'}", lived_in)
    for path in (lived_in / "secret.key", lived_in / "files/ab/cd1234"):
        assert path.read_bytes() == before[path]


def test_a_damaged_backup_leaves_nothing_behind(lived_in: Path, tmp_path: Path) -> None:
    archive = tmp_path / "b.tar.gz"
    write(archive, lived_in)
    archive.write_bytes(archive.read_bytes()[:-200])
    new = tmp_path / "new"
    with pytest.raises(BackupDamaged):
        restore(archive, f"sqlite:///{new / 'dity.sqlite3'}", new)
    assert list(new.iterdir()) == []


def test_a_backup_of_a_newer_release_is_refused(lived_in: Path, tmp_path: Path, db: Any) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'f00000000000'")
    write(tmp_path / "b.tar.gz", lived_in)
    new = tmp_path / "new"
    with pytest.raises(BackupDamaged, match="restore it with that one"):
        restore(tmp_path / "b.tar.gz", f"sqlite:///{new / 'dity.sqlite3'}", new)
    assert list(new.iterdir()) == []


def test_an_interrupted_restore_can_be_repeated(lived_in: Path, tmp_path: Path) -> None:
    write(tmp_path / "b.tar.gz", lived_in)
    new = tmp_path / "new"
    (new / "files/ab").mkdir(parents=True)
    (new / "files/ab/cd1234").write_bytes(b"from the first try")
    url = f"sqlite:///{new / 'dity.sqlite3'}"
    restore(tmp_path / "b.tar.gz", url, new)
    assert (new / "files/ab/cd1234").read_bytes() == b"a picture" * 1000
    assert names_in(url) == ["Finance", "Workshop"]


def test_a_database_that_is_damaged_is_not_backed_up_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a);")
    connection.executemany("INSERT INTO t VALUES (?)", [(f"{n:0200}",) for n in range(500)])
    connection.commit()
    connection.close()
    content = bytearray(path.read_bytes())
    content[-4096 * 3 : -4096 * 2] = bytes(4096)
    path.write_bytes(content)
    with pytest.raises((BackupDamaged, sqlite3.DatabaseError)):
        backup.copy_sqlite(path, tmp_path / "copy.sqlite3")


@pytest.mark.both
@pytest.mark.slow
def test_a_backup_under_load_is_one_instant_and_stops_nobody(
    lived_in: Path, tmp_path: Path, app: Any, empty: str
) -> None:
    """Writers add a department and its site in one transaction: a torn backup would hold one without the other."""
    stop, written = threading.Event(), []

    def work(number: int) -> None:
        with app.app_context():
            while not stop.is_set():
                name = f"w{number}-{len(written)}"
                database.session.add(Department(slug=name, name=name))
                people.site(name=name)
                database.session.commit()
                written.append(name)

    writers = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for writer in writers:
        writer.start()
    try:
        while len(written) < 20:
            assert any(writer.is_alive() for writer in writers)
        before = len(written)
        manifest = write(tmp_path / "b.tar.gz", lived_in)
        after = len(written)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert before <= manifest.counts["site"] <= after + len(writers)
    assert manifest.counts["department"] == manifest.counts["site"] + 2
    restored = restore(tmp_path / "b.tar.gz", empty, tmp_path / "new")
    assert restored.counts == manifest.counts
    with backup.opened(empty):
        assert migrate.is_current()
