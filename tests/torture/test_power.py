"""The power goes at any instant: the database opens and holds every acknowledged commit up to there (QUALITY R4)."""

from __future__ import annotations

import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from portal.core.options import OptionRow
from tests.torture.stage import rounds

pytestmark = pytest.mark.torture

WAL_HEADER = 32
FRAME_HEADER = 24


@pytest.fixture
def history(db: Any, home: Path) -> list[int]:
    """Commit one row after the other into a log that nobody tidies; returns the log's size after each commit."""
    sizes = []
    for n in range(rounds(12, 80)):
        db.session.connection().exec_driver_sql("PRAGMA wal_autocheckpoint=0")
        db.session.add(OptionRow(name=f"commit-{n}", value="x" * (n % 5) * 900))
        db.session.commit()
        sizes.append((home / "dity.sqlite3-wal").stat().st_size)
    return sizes


def after_the_cut(home: Path, folder: Path, size: int) -> tuple[str, int]:
    """Open a copy whose log was cut to `size` bytes; return the finding of the integrity check, and the rows left."""
    folder.mkdir()
    shutil.copyfile(home / "dity.sqlite3", folder / "dity.sqlite3")
    (folder / "dity.sqlite3-wal").write_bytes((home / "dity.sqlite3-wal").read_bytes()[:size])
    with closing(sqlite3.connect(folder / "dity.sqlite3")) as connection:
        ((found,),) = connection.execute("PRAGMA integrity_check").fetchall()
        names = [
            name for (name,) in connection.execute("SELECT name FROM option WHERE name LIKE 'commit-%' ORDER BY rowid")
        ]
    assert sorted(names, key=lambda name: int(name[7:])) == [f"commit-{n}" for n in range(len(names))], "a gap"
    shutil.rmtree(folder)
    return found, len(names)


def test_a_log_cut_anywhere_loses_nothing_before_the_cut(home: Path, history: list[int], tmp_path: Path) -> None:
    log = (home / "dity.sqlite3-wal").read_bytes()
    page = struct.unpack(">I", log[8:12])[0]
    frame = FRAME_HEADER + page
    boundaries = range(WAL_HEADER, len(log) + 1, frame)
    cuts = sorted(
        {
            0,
            7,
            WAL_HEADER - 1,
            *boundaries,
            *(b + FRAME_HEADER // 2 for b in boundaries),
            *(b + 700 for b in boundaries),
        }
    )
    for cut in (c for c in cuts if c <= len(log)):
        expected = sum(size <= cut for size in history)
        assert after_the_cut(home, tmp_path / "cut", cut) == ("ok", expected), f"cut at {cut}"


def test_a_log_with_a_torn_page_loses_nothing_before_it(home: Path, history: list[int], tmp_path: Path) -> None:
    """The disk had written the length of the log but not all of its last frames."""
    path = home / "dity.sqlite3-wal"
    whole = path.read_bytes()
    for size in history[:: max(1, len(history) // 6)]:
        torn = whole[: size - 600] + bytes(600) + whole[size:]
        path.write_bytes(torn)
        found, n = after_the_cut(home, tmp_path / "torn", len(torn))
        assert found == "ok"
        assert n == sum(other < size for other in history)
    path.write_bytes(whole)


@pytest.mark.both
def test_every_connection_waits_for_the_disk_before_it_acknowledges(db: Any) -> None:
    """`synchronous` FULL is 2: with NORMAL a power cut takes commits that were acknowledged."""
    for _ in range(3):
        with db.engine.connect() as connection:
            if db.engine.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            else:
                assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        db.engine.dispose()
