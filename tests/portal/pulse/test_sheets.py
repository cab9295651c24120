"""What the disk remembers of sheets after they were mixed or deleted: nothing of before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from portal.pulse import sheets
from portal.pulse.models import Sheet
from tests.factories import pulse


def kept_on_disk(home: Path) -> bytes:
    """Everything the database's files hold, its log of changes included."""
    return b"".join(path.read_bytes() for path in sorted(home.glob("dity.sqlite3*")))


def answered(db: Any, n: int) -> tuple[Any, list[str]]:
    """A wave with so many answers, one transaction each; returns their keys as they were."""
    row, invited = pulse.open_wave(n)
    db.session.commit()
    for number, one in enumerate(invited):
        pulse.answer(one, comment=f"remark {number} " + "long " * (300 if number % 10 == 0 else 4))
        db.session.commit()
    return row, list(db.session.execute(db.select(Sheet.id)).scalars())


@pytest.mark.both
def test_mixing_keeps_every_answer_under_another_key(db: Any) -> None:
    row, before = answered(db, 12)
    said = sorted(db.session.execute(db.select(Sheet.comment)).scalars())
    given = sorted(map(str, db.session.execute(db.select(Sheet.answers)).scalars()))
    sheets.rewrite_in_random_order(row)
    db.session.commit()
    assert sorted(db.session.execute(db.select(Sheet.comment)).scalars()) == said
    assert sorted(map(str, db.session.execute(db.select(Sheet.answers)).scalars())) == given
    assert not set(before) & set(db.session.execute(db.select(Sheet.id)).scalars())


def test_after_mixing_the_files_hold_no_old_key_anywhere(db: Any, home: Path) -> None:
    row, before = answered(db, 120)
    assert any(key.encode() in kept_on_disk(home) for key in before)
    sheets.rewrite_in_random_order(row)
    with db.session.begin_nested():
        row.name = "Closed in several pieces"
    db.session.commit()
    content = kept_on_disk(home)
    assert [key for key in before if key.encode() in content] == []
    assert (home / "dity.sqlite3-wal").stat().st_size == 0
    now = list(db.session.execute(db.select(Sheet.id)).scalars())
    assert all(key.encode() in content for key in now), "the files looked at are not those that are written"


def test_a_wave_that_is_deleted_leaves_no_word_on_the_disk(db: Any, home: Path) -> None:
    row, _ = answered(db, 60)
    _, (ana, *_) = pulse.open_wave(3, name="Another")
    pulse.answer(ana, comment="of the other wave")
    db.session.commit()
    sheets.delete(row)
    db.session.commit()
    assert b"remark" not in kept_on_disk(home)
    assert db.session.execute(db.select(Sheet.comment)).scalars().all() == ["of the other wave"]


def test_the_table_is_made_anew_as_the_migrations_made_it(db: Any, home: Path) -> None:
    def described() -> set[str]:
        with closing(sqlite3.connect(home / "dity.sqlite3")) as connection:
            return {row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'sheet'")}

    before = described()
    row, _ = answered(db, 3)
    sheets.rewrite_in_random_order(row)
    db.session.commit()
    assert described() == before


@pytest.mark.both
def test_mixing_that_is_taken_back_changes_nothing(db: Any) -> None:
    row, before = answered(db, 5)
    sheets.rewrite_in_random_order(row)
    db.session.rollback()
    assert sorted(db.session.execute(db.select(Sheet.id)).scalars()) == sorted(before)


def test_a_log_that_somebody_read_at_the_close_is_emptied_by_the_next_night(
    db: Any, home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "BUSY_LIMIT_MS", 50)
    row, before = answered(db, 3)
    with closing(sqlite3.connect(home / "dity.sqlite3")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sheet").fetchone()
        row.state = "closed"
        sheets.rewrite_in_random_order(row)
        db.session.commit()
        assert "log_of_changes_kept" in caplog.text
        assert (home / "dity.sqlite3-wal").stat().st_size > 0
    sheets.mix({})
    db.session.commit()
    assert [key for key in before if key.encode() in kept_on_disk(home)] == []


def test_nights_mix_only_while_a_wave_runs(db: Any) -> None:
    row, before = answered(db, 4)
    sheets.mix({})
    db.session.commit()
    night = set(db.session.execute(db.select(Sheet.id)).scalars())
    assert not night & set(before)
    row.state = "closed"
    sheets.mix({})
    db.session.commit()
    assert set(db.session.execute(db.select(Sheet.id)).scalars()) == night
