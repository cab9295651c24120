"""`dity demo` minds whose folder it is in. Run as people run it, since it sets the environment of what follows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.demo import marker
from portal.demo.marker import State

ROOT = Path(__file__).parents[3]

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


def test_somebodys_own_portal_is_never_filled_nor_emptied(tmp_path: Path) -> None:
    (tmp_path / "dity.sqlite3").write_text("mine")
    for words in (["--prepare"], ["--prepare", "--reset"]):
        done = run(tmp_path, *words)
        assert done.returncode == 1
        assert "not the demo" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["dity.sqlite3"]


def test_a_filled_demo_is_kept_as_it_is(tmp_path: Path) -> None:
    marker.write(tmp_path, is_ready=True)
    (tmp_path / "dity.sqlite3").write_text("what people did")
    done = run(tmp_path, "--prepare")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "dity.sqlite3").read_text() == "what people did"


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
