"""A portal started as people start it, for tests that kill pieces of it."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class Running:
    """`dity serve` on a free port, with its web workers and its runner."""

    def __init__(self, home: Path, *arguments: str, **settings: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
        environment |= {"PYTHONPATH": str(ROOT), "DITY_HOME": str(home), "DITY_LOG_LEVEL": "warning", **settings}
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "serve", "--port", "0", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.address = self.wait_for(r"Ready: (http://\S+)\s")
        self.port = int(self.address.rsplit(":", 1)[1])

    def wait_for(self, pattern: str, seconds: float = 60) -> str:
        """Read what it prints until the pattern comes; returns its first group."""
        until = time.monotonic() + seconds
        stream = self.process.stdout
        assert stream is not None
        while not (found := re.search(pattern, self.said)):
            assert time.monotonic() < until, f"{pattern!r} did not come; it said:\n{self.said}"
            if select.select([stream], [], [], 0.2)[0]:
                chunk = os.read(stream.fileno(), 65536).decode(errors="replace")
                assert chunk, f"it ended (exit {self.process.wait()}) and said:\n{self.said}"
                self.said += chunk
        return found[1] if found.groups() else found[0]

    @property
    def children(self) -> dict[int, str]:
        """Return the processes below the supervisor with their command lines, at any depth."""
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self._is_below(int(path.name)):
                    found[int(path.name)] = path.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def _is_below(self, pid: int) -> bool:
        while pid > 1:
            pid = _parent(pid)
            if pid == self.process.pid:
                return True
        return False

    @property
    def masters(self) -> set[int]:
        """The processes that fork web workers: one, two while new web workers take over, none for a moment.

        Told by whose children they are: process ids start over, so the eldest need not have the smallest.
        """
        return {pid for pid, parent in self._web().items() if parent == self.process.pid}

    @property
    def master(self) -> int:
        """The process that forks web workers, waited for while there is none: signalling 0 would end the tests."""
        until(lambda: self.masters, what="nobody forks web workers")
        return max(self.masters)

    @property
    def workers(self) -> list[int]:
        return sorted(pid for pid, parent in self._web().items() if parent != self.process.pid)

    def _web(self) -> dict[int, int]:
        """Return the processes of gunicorn with their parents, all from one look."""
        found = {}
        for pid, line in self.children.items():
            with contextlib.suppress(OSError):
                if "gunicorn" in line:
                    found[pid] = _parent(pid)
        return found

    @property
    def runner(self) -> int:
        return next(pid for pid, line in self.children.items() if "jobs run" in line)

    def status(self, path: str = "/healthz", seconds: float = 10) -> int:
        """Ask once, by a connection of its own; 0 when nobody answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Ask it to end and return how long that took; what is left after 15 s is killed."""
        started = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(15)
        finally:
            for pid in self.children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if self.process.stdout:
                self.process.stdout.close()
        return time.monotonic() - started


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def until(holds: object, seconds: float = 20, what: str = "it did not come to pass") -> float:
    """Wait until `holds()`; returns how long that took."""
    started = time.monotonic()
    while not holds():  # type: ignore[operator]
        assert time.monotonic() - started < seconds, what
        time.sleep(0.05)
    return time.monotonic() - started
