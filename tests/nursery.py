"""Workers of an installation that can be killed in the middle of their work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.databases import SECRET_KEY

ROOT = Path(__file__).resolve().parents[1]
LEASE_SECONDS = 1
NURSERY = f"""
import datetime as dt, os, sys
import portal.factory, portal.jobs.runner
for _ in sys.stdin:
    if os.fork() == 0:
        app = portal.factory.create_app()
        print(os.getpid(), flush=True)
        portal.jobs.runner.Runner(app, lease=dt.timedelta(seconds={LEASE_SECONDS})).run()
"""
"""Imports what workers need once; each is then a fork, with an app and connections of its own."""


class Nursery:
    """Starts workers of the installation and kills them."""

    def __init__(self, home: Path) -> None:
        given = {"DITY_HOME": str(home), "DITY_SECRET_KEY": SECRET_KEY, "DITY_LOG_LEVEL": "error"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._mother: Any = subprocess.Popen(
            [sys.executable, "-c", NURSERY], cwd=ROOT, env={**os.environ, **given}, **pipes
        )

    def start(self) -> int:
        self._mother.stdin.write("one\n")
        self._mother.stdin.flush()
        return int(self._mother.stdout.readline())

    @staticmethod
    def kill(worker: int) -> None:
        os.kill(worker, signal.SIGKILL)

    def close(self) -> None:
        self._mother.kill()
        self._mother.wait()
        self._mother.stdin.close()
        self._mother.stdout.close()
