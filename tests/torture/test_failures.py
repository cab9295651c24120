"""Disks that fail, disks that are full, databases that are held: all or nothing, and a calm page (QUALITY R5-R7)."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from portal.core import backup, database, once
from portal.core.database import Base
from tests.conftest import MONDAY
from tests.databases import SECRET_KEY
from tests.factories import kb
from tests.pages import Page
from tests.people import ANA, Visitor, settle
from tests.torture.stage import rounds

pytestmark = pytest.mark.torture

WORDS = "What I typed took me ten minutes."


@pytest.fixture
def slug(db: Any) -> str:
    article = kb.article()
    db.session.commit()
    name: str = article.slug
    return name


def n_rows(db: Any) -> dict[str, int]:
    """Count the rows of every table; whatever a failed request left would show."""
    db.session.rollback()
    found = {
        table.name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
    }
    db.session.rollback()
    return found


def note(visitor: Visitor, slug: str, body: str = WORDS) -> Any:
    return visitor.post(f"/kb/{slug}/notes", {"body": body, "form_token": once.new_token()})


def answer(visitor: Visitor, slug: str, body: str = WORDS) -> Any:
    form = {"solved": "no", "reason": "hard_to_follow", "comment": body, "form_token": once.new_token()}
    return visitor.post(f"/kb/{slug}/solved", form)


@contextmanager
def failing(engine: Any, n: int) -> Iterator[list[str]]:
    """Let the n-th write (or the commit, when its turn comes) fail as a bad disk does; yields what failed."""
    failed: list[str] = []
    turns = count(1)

    def take_turn(statement: str) -> None:
        if next(turns) == n:
            failed.append(statement)
            raise OperationalError(statement, {}, sqlite3.OperationalError("disk I/O error"))

    def on_execute(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            take_turn(statement)

    def on_commit(connection: Any) -> None:
        take_turn("COMMIT")

    event.listen(engine, "before_cursor_execute", on_execute)
    event.listen(engine, "commit", on_commit)
    try:
        yield failed
    finally:
        event.remove(engine, "before_cursor_execute", on_execute)
        event.remove(engine, "commit", on_commit)


@pytest.mark.parametrize("act", [note, answer])
@pytest.mark.both
def test_the_nth_write_that_fails_takes_everything_with_it(
    act: Callable[[Visitor, str], Any], db: Any, ana: Visitor, slug: str
) -> None:
    before, failed_at = n_rows(db), []
    for n in count(1):
        with failing(db.engine, n) as failed:
            response = act(ana, slug)
        if not failed:
            break
        failed_at += failed
        assert response.status_code in (500, 503, 507), failed
        assert Page(response.text).heading
        assert "Traceback" not in response.text
        assert n_rows(db) == before, f"half of it stayed when {failed} failed"
    assert len(failed_at) >= 3, "the change, its fact and the commit can each fail"
    assert failed_at[-1] == "COMMIT"
    assert response.status_code == 303, "and once nothing fails, it succeeds"


def test_a_file_that_cannot_be_written_leaves_no_row_and_no_file(
    app: Flask, db: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.files import services as files
    from tests.factories import files as file_factory
    from tests.factories import people

    actor, article = people.actor("Ana Ruiz"), kb.article()
    db.session.commit()
    before, calls = n_rows(db), ("fsync", "replace", "rename", "link")
    n_failed = 0
    for n in range(1, 6):
        turns = count(1)

        def fail(*arguments: Any, turns: Any = turns, n: int = n, **kw: Any) -> Any:
            if next(turns) >= n:
                raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch, app.test_request_context():
            for call in calls:
                patch.setattr(os, call, fail)
            try:
                files.store(actor, io.BytesIO(file_factory.picture("PNG")), "menu.png", on=article.ref)
            except OSError:
                n_failed += 1
            db.session.rollback()
        assert n_rows(db) == before
    assert n_failed, "none of the calls that make a file last was made"
    old = time.time() - 2 * 86400
    for path in home.rglob("*"):
        if path.is_file() and "files" in path.parts:
            os.utime(path, (old, old))
    files.sweep()
    left = [path for path in (home / "files").rglob("*") if path.is_file()] if (home / "files").exists() else []
    assert left == [], "what no row names is swept"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_backup_that_fails_leaves_nothing_half_made(
    call: str, db: Any, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **kw: Any) -> None:
        raise OSError(28, "No space left on device")

    owner: Any = os if call == "fsync" else Path
    folder = tmp_path / "backups"
    monkeypatch.setattr(owner, call, fail)
    with pytest.raises(OSError, match="No space"):
        backup.write(folder / "b.tar.gz", engine=db.engine, home=home, secret=SECRET_KEY, made_at=MONDAY.isoformat())
    monkeypatch.undo()
    assert list(folder.iterdir()) == []


@contextmanager
def full_disk(engine: Any) -> Iterator[None]:
    """Let the database have not one page more than it has: SQLite then says what it says on a full disk."""

    def limit(connection: sqlite3.Connection, record: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    engine.dispose()
    event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


def test_on_a_full_disk_reading_goes_on_and_writing_says_so(db: Any, ana: Visitor, slug: str) -> None:
    long = WORDS + " And more." * 900
    before = n_rows(db)
    with full_disk(db.engine):
        for _ in range(3):
            response = note(ana, slug, long)
        assert response.status_code == 507
        assert WORDS in response.text, "what was typed is still there"
        assert ana.get(f"/kb/{slug}").status_code == 200
        assert ana.get("/").status_code == 200
        assert n_rows(db)["comment"] == before["comment"]
    assert note(ana, slug, long).status_code == 303, "with room again it works, by itself"
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@contextmanager
def held(path: Path, seconds: float | None = None) -> Iterator[None]:
    """Hold the write lock of the database from outside, for a while or for the whole block."""
    with closing(sqlite3.connect(path, check_same_thread=False, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(seconds, lambda: other.execute("ROLLBACK")) if seconds else None
        if timer:
            timer.start()
        try:
            yield
        finally:
            if timer:
                timer.join()
            else:
                other.execute("ROLLBACK")


def test_a_lock_held_for_a_moment_is_waited_for(home: Path, ana: Visitor, slug: str) -> None:
    ana.get(f"/kb/{slug}")
    token = ana.csrf_token()
    with held(home / "dity.sqlite3", seconds=1.0):
        form = {"body": WORDS, "csrf_token": token, "form_token": once.new_token()}
        assert ana.client.post(f"/kb/{slug}/notes", data=form).status_code == 303


def test_a_lock_held_for_too_long_is_told_with_the_text_kept(
    home: Path, app: Flask, db: Any, ana: Visitor, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_LIMIT_MS", rounds(400, 5000))
    db.engine.dispose()
    before = n_rows(db)
    with held(home / "dity.sqlite3"):
        assert ana.get(f"/kb/{slug}").status_code == 200, "reading needs no lock"
        response = note(ana, slug)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert WORDS in response.text
    assert n_rows(db) == before
    assert note(ana, slug).status_code == 303


def test_a_change_takes_the_lock_before_it_reads(db: Any, ana: Visitor, slug: str) -> None:
    """A transaction that reads first and writes later fails at once when somebody wrote in between."""
    begun: list[str] = []

    def see(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    event.listen(db.engine, "before_cursor_execute", see)
    try:
        note(ana, slug)
        n_changing = len(begun)
        ana.get(f"/kb/{slug}")
    finally:
        event.remove(db.engine, "before_cursor_execute", see)
    assert set(begun[:n_changing]) <= {"BEGIN IMMEDIATE"}
    assert set(begun[n_changing:]) <= {"BEGIN DEFERRED", "BEGIN IMMEDIATE"}
    assert "BEGIN DEFERRED" in begun[n_changing:]


@pytest.mark.slow
def test_many_at_once_are_all_served(app: Flask, db: Any, visit: Callable[..., Visitor], slug: str) -> None:
    """Read, then write, from many threads: not one error, not one lost."""
    from portal.talk.models import Comment

    visitors = [visit(ANA) for _ in range(rounds(12, 50))]
    each, statuses = rounds(4, 40), []

    def work(visitor: Visitor) -> None:
        for n in range(each):
            visitor.get(f"/kb/{slug}")
            statuses.append(note(visitor, slug, f"{id(visitor)} {n}").status_code)

    db.session.commit()
    threads = [threading.Thread(target=work, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {303}
    assert db.session.execute(select(func.count(Comment.id))).scalar() == len(visitors) * each


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes, where this account may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this account may not mount a disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.mark.skipif(not os.environ.get("TORTURE"), reason="mounts a small disk; `make torture` does")
def test_a_small_real_disk_that_fills_up(make_app: Callable[..., Flask], home: Path, small_disk: Path) -> None:
    moved = shutil.copytree(home, small_disk / "home")
    app = make_app(home=moved)
    with app.app_context():
        article = kb.article()
        visitor = Visitor(app, ANA, settle(ANA).id)
        visitor.sign_in()
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        long = WORDS + " And more." * 900
        statuses = {note(visitor, article.slug, long).status_code for _ in range(20)}
        assert 507 in statuses
        assert statuses <= {303, 507}, "the log may have had a little room of its own"
        assert visitor.get(f"/kb/{article.slug}").status_code == 200
        ballast.unlink()
        assert note(visitor, article.slug, long).status_code == 303
