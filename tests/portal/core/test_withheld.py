"""What a backup of a running survey leaves out, so that no two backups tell who answered what."""

from __future__ import annotations

import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import backup
from portal.core.database import db as database
from portal.pulse.models import Invitation, Sheet, WaveState
from tests.databases import SECRET_KEY
from tests.factories import pulse

AT = "2026-03-09T09:00:00+00:00"


def backed_up(home: Path, folder: Path) -> Path:
    target = folder / "b.tar.gz"
    backup.write(target, engine=database.engine, home=home, secret=SECRET_KEY, made_at=AT)
    return target


def restored(archive: Path, folder: Path) -> Iterator[Any]:
    folder.mkdir()
    with backup.opened(f"sqlite:///{folder / 'dity.sqlite3'}") as engine:
        backup.restore(archive, engine=engine, home=folder, secret_file=folder / "secret.key")
        with engine.connect() as connection:
            yield connection


@pytest.mark.both
def test_flags_of_a_running_wave_are_left_out_and_those_of_a_closed_one_kept(
    db: Any, home: Path, tmp_path: Path
) -> None:
    running, (ana, ben, *_) = pulse.open_wave(4)
    pulse.answer(ana)
    ben.invitation.n_reminders = 1
    closed, (cleo, *_) = pulse.open_wave(3)
    pulse.answer(cleo)
    closed.state = WaveState.CLOSED.value
    db.session.commit()
    ids = {"running": running.id, "closed": closed.id}
    archive = backed_up(home, tmp_path)
    assert db.session.get_one(Invitation, ana.invitation.id, populate_existing=True).is_used, "the original is changed"
    for connection in restored(archive, tmp_path / "new"):
        rows = connection.execute(select(Invitation.wave_id, Invitation.is_used, Invitation.n_reminders)).all()
        assert {(used, n) for wave, used, n in rows if wave == ids["running"]} == {(False, 0)}
        assert sorted(used for wave, used, _ in rows if wave == ids["closed"]) == [False, False, True]
        assert len(connection.execute(select(Sheet.id)).all()) == 2, "what was answered is kept"


def test_two_backups_around_one_answer_differ_by_one_sheet_alone(db: Any, home: Path, tmp_path: Path) -> None:
    _, invited = pulse.open_wave(5)
    pulse.answer(invited[0])
    db.session.commit()
    told = []
    for name, next_one in (("before", invited[1]), ("after", None)):
        (tmp_path / name).mkdir()
        with tarfile.open(backed_up(home, tmp_path / name)) as archive:
            archive.extract("database.sqlite3", tmp_path / name, filter="data")
        with closing(sqlite3.connect(tmp_path / name / "database.sqlite3")) as connection:
            told.append(set(connection.iterdump()))
        if next_one:
            pulse.answer(next_one)
            db.session.commit()
    assert told[0] - told[1] == set()
    assert [line.split("(")[0] for line in told[1] - told[0]] == ['INSERT INTO "sheet" VALUES']


def test_sheets_lie_in_a_backup_by_their_keys_and_not_as_they_came(db: Any, home: Path, tmp_path: Path) -> None:
    _, invited = pulse.open_wave(60)
    db.session.commit()
    for one in invited:
        pulse.answer(one)
        db.session.commit()
    with tarfile.open(backed_up(home, tmp_path)) as archive:
        archive.extract("database.sqlite3", tmp_path, filter="data")
    content = (tmp_path / "database.sqlite3").read_bytes()
    places = {key: content.find(key.encode()) for key in db.session.execute(select(Sheet.id)).scalars()}
    assert all(content.count(key.encode()) == 2 for key in places), "in the table and in one index, and nowhere else"
