"""`dity serve` as an administrator meets it: started, killed piece by piece, renewed, stopped (QUALITY R1, R19)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.serve.cli import environment
from portal.serve.listening import listen
from tests.portal.serve.running import ROOT, Running, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("alone"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """An empty portal, served."""
    portal = Running(tmp_path / "home")
    yield portal
    portal.stop()


def test_an_empty_folder_becomes_a_portal(running: Running) -> None:
    assert running.status("/healthz") == 200
    assert running.status("/readyz") == 200
    until(lambda: len(running.workers) == 2)
    assert os.kill(running.runner, 0) is None


def test_who_starts_it_first_is_told_where_to_become_its_administrator(running: Running) -> None:
    secret = running.wait_for(r"Set it up at\s+(http://\S+)\s")
    assert secret.startswith(running.address)
    assert running.status(secret.removeprefix(running.address)) == 200
    assert running.status("/setup/guessed") == 404


def test_whatever_is_killed_comes_back(running: Running) -> None:
    runner, worker, master = running.runner, running.workers[0], running.master
    os.kill(runner, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    assert until(lambda: running.status() == 200, what="nobody answers") < 2, "the other worker goes on"
    running.wait_for(r"The job runner ended \(signal SIGKILL\)")
    until(lambda: len(running.workers) == 2 and worker not in running.workers)
    os.kill(master, signal.SIGKILL)
    running.wait_for(r"The web workers ended \(signal SIGKILL\)")
    until(lambda: running.master != master and len(running.workers) == 2)
    until(lambda: running.status() == 200)
    assert running.runner != runner


def test_renewing_refuses_nobody(running: Running) -> None:
    before, statuses, stop = running.master, [], threading.Event()

    def ask() -> None:
        while not stop.is_set():
            statuses.append(running.status())

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        running.process.send_signal(signal.SIGHUP)
        running.wait_for("The new web workers have taken over")
    finally:
        stop.set()
        for asker in askers:
            asker.join()
    assert len(statuses) > 20
    assert set(statuses) == {200}
    assert running.master != before


def test_stopping_under_load_finishes_what_was_begun(running: Running) -> None:
    """Nobody who asked before the end is left without an answer."""
    asked: list[tuple[float, int]] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            at = time.monotonic()
            asked.append((at, running.status()))

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    until(lambda: len(asked) > 50)
    told_at = time.monotonic()
    seconds = running.stop()
    ended.set()
    for asker in askers:
        asker.join()
    assert seconds < 10
    assert {status for at, status in asked if at < told_at} == {200}
    assert asked[-1][1] == 0, "nobody listens any more"
    assert running.process.returncode == 0
    assert running.children == {}


def test_control_c_ends_it_too(tmp_path: Path) -> None:
    running = Running(tmp_path / "home")
    assert running.stop(signal.SIGINT) < 10
    assert running.process.returncode == 0


def test_nothing_outlives_a_killed_supervisor(running: Running) -> None:
    left = set(running.children)
    running.process.kill()
    running.process.wait()
    until(lambda: not any(_is_alive(pid) for pid in left), what=f"of {left} some are left")


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def dity(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        cwd=ROOT,
        env={**clean, "PYTHONPATH": str(ROOT), "DITY_HOME": str(home)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_a_taken_port_is_a_sentence_with_another(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as other:
        port = other.getsockname()[1]
        done = dity(tmp_path / "home", "serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken by another program. Port {port + 1} is free." in done.stderr or (
        "is free. Start with --port" in done.stderr
    )
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = dity(tmp_path / "home", "serve", "--workers", "0")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_database_of_a_newer_release_is_left_alone(settings: object, app: object, db: object) -> None:
    from portal.core.database import db as database

    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'f00000000000'")
    database.engine.dispose()
    done = dity(settings.home, "serve")  # type: ignore[attr-defined]
    assert done.returncode == 1
    assert "newer release" in done.stderr


def test_children_get_the_settings_of_their_parent(settings: object) -> None:
    from config import Settings

    given = {k: v for k, v in environment(settings).items() if k.startswith("DITY_")}
    assert Settings.from_env(given) == settings
