"""`dity demo` minds whose folder it is in. Run as people run it, since it sets the environment of what follows."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from portal.core import migrate
from portal.core.backup import opened
from portal.demo import marker
from portal.demo.marker import State

ROOT = Path(__file__).parents[3]

BEFORE_QUESTIONS = "000000000014"

pytestmark = pytest.mark.slow


def run(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", "demo", *words],
        cwd=ROOT,
        env={**kept, "DITY_HOME": str(home), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def of_release(home: Path, revision: str) -> Path:
    """Make a filled demo whose database is at this revision, with something in it that people did."""
    file = home / "dity.sqlite3"
    with opened(f"sqlite:///{file}"):
        migrate.upgrade(revision)
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE done_here AS SELECT 'what people did' AS words")
        database.commit()
    marker.write(home, is_ready=True)
    return file


def said(file: Path) -> tuple[str, str]:
    with closing(sqlite3.connect(file)) as database:
        (words,) = database.execute("SELECT words FROM done_here").fetchone()
        (revision,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return words, revision


def test_somebodys_own_portal_is_never_filled_nor_emptied(tmp_path: Path) -> None:
    (tmp_path / "dity.sqlite3").write_text("mine")
    for words in (["--prepare"], ["--prepare", "--reset"]):
        done = run(tmp_path, *words)
        assert done.returncode == 1
        assert "not the demo" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["dity.sqlite3"]


def test_a_filled_demo_is_kept_as_it_is(tmp_path: Path) -> None:
    file = of_release(tmp_path, "head")
    done = run(tmp_path, "--prepare")
    assert (done.returncode, done.stdout) == (0, "")
    assert said(file) == ("what people did", migrate.head())


def test_a_demo_of_an_earlier_release_is_brought_up_by_itself(tmp_path: Path) -> None:
    file = of_release(tmp_path, BEFORE_QUESTIONS)
    note = json.loads((tmp_path / marker.FILE).read_text())
    (tmp_path / marker.FILE).write_text(json.dumps(note | {"seed": 1}))
    done = run(tmp_path, "--prepare")
    assert done.returncode == 0, done.stderr
    assert "what was done in it is kept" in done.stdout
    assert "`dity demo --reset` starts over" in done.stdout
    assert said(file) == ("what people did", migrate.head())


def test_a_demo_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    file = of_release(tmp_path, "head")
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '999999999999'")
        database.commit()
    done = run(tmp_path, "--prepare")
    assert done.returncode == 1
    assert "A newer release" in done.stderr
    assert said(file) == ("what people did", "999999999999")


def test_a_database_elsewhere_is_not_emptied(tmp_path: Path) -> None:
    marker.write(tmp_path, is_ready=True)
    done = run(tmp_path, "--prepare", "--reset", DITY_DATABASE_URL="postgresql://nobody@localhost/nowhere")
    assert done.returncode == 1
    assert "empty that database yourself" in done.stderr
    assert marker.look(tmp_path) is State.READY


def test_articles_with_problems_leave_a_half_filled_demo_that_starts_over(tmp_path: Path) -> None:
    articles, home = tmp_path / "articles", tmp_path / "home"
    articles.mkdir()
    done = run(home, "--prepare", DITY_KB_PATH=str(articles))
    assert done.returncode == 1
    assert "The articles have problems" in done.stderr
    assert marker.look(home) is State.HALF
