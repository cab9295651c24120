"""`dity db upgrade` and `downgrade` in processes of their own, which may die before any of their statements.

`Upgrades` starts one process that imports what it needs once, `python -m tests.torture.upgrading`; each upgrade is then
a fork of it with an app and connections of its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.databases import SECRET_KEY

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How one of them ended: its status (less than 0: the signal that killed it) and what it said."""

    status: int
    said: str
    n_to_commit: int
    """Statements up to the commit, itself included."""
    seconds: float


class Upgrades:
    """Has the database of an installation upgraded by command."""

    def __init__(self, home: Path, url: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
        given = {"DITY_HOME": str(home), "DITY_SECRET_KEY": SECRET_KEY, "DITY_LOG_LEVEL": "error"}
        if not url.startswith("sqlite"):
            given["DITY_DATABASE_URL"] = url
        self._mother: Any = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.upgrading"],
            cwd=ROOT,
            env={**kept, **given},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str, dies_before: int = 0, at_once: int = 1) -> list[Ended]:
        """Run `dity db COMMAND…` so many times at once; each dies before this statement of its own, 0: not at all."""
        order = {"command": command or ("upgrade",), "dies_before": dies_before, "at_once": at_once}
        self._mother.stdin.write(json.dumps(order) + "\n")
        self._mother.stdin.flush()
        return [Ended(**each) for each in json.loads(self._mother.stdout.readline())]

    def close(self) -> None:
        self._mother.stdin.close()
        self._mother.stdout.close()
        self._mother.wait()


def act(command: list[str], dies_before: int) -> int:
    """Run a command of `dity db`, or a part of it; returns its exit status."""
    from portal.core import cli
    from portal.core.database import db
    from portal.factory import create_app

    app, turns, commits = create_app(), count(1), [0]

    def take_turn() -> int:
        turn = next(turns)
        if turn == dies_before:
            os.kill(os.getpid(), signal.SIGKILL)
        return turn

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *rest: take_turn() and None)
        event.listen(db.engine, "commit", lambda connection: commits.append(take_turn()))
        result = app.test_cli_runner().invoke(cli.database, command)
        print(result.output)
        if result.exception and not isinstance(result.exception, SystemExit):
            print(f"Traceback: {result.exception!r}")
        db.session.remove()
    print(f"\n{commits[-1]}")
    return result.exit_code


def fork(command: list[str], dies_before: int, said: Path) -> int:
    """Run it in a fork that writes what it says into a file; returns the process."""
    pid = os.fork()
    if pid:
        return pid
    with said.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        sys.stdout = os.fdopen(1, "w")
        status = 70
        try:
            status = act(command, dies_before)
        finally:
            sys.stdout.flush()
            os._exit(status)


def main() -> None:
    for name in ("portal.factory", "portal.core.cli", "alembic.command"):  # what every fork needs
        import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        with tempfile.TemporaryDirectory() as folder:
            began, ended = time.monotonic(), []
            files = [Path(folder, str(n)) for n in range(order["at_once"])]
            pids = [fork(order["command"], order["dies_before"], file) for file in files]
            for pid, file in zip(pids, files, strict=True):
                status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                said, _, n = file.read_text().strip().rpartition("\n")
                n_to_commit = int(n) if n.isdigit() else 0
                ended.append(Ended(status, said.strip(), n_to_commit, time.monotonic() - began))
        print(json.dumps([vars(each) for each in ended]), flush=True)


if __name__ == "__main__":
    main()
