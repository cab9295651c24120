"""Whether a portal stays as it was under hours of work: memory, open files, the log of changes, waiting times.

A whole portal (`dity serve` with its runner) is given half of what it can do, reading and writing mixed. The first
tenth of the time warms it up and is not judged; then the last quarter is set against the first.

    python -m benchmarks.soak [--minutes 120] [--json]

Times depend on what else the machine does; CPU for each request does so less, hence both are told. Exit status 1 where
a bound is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import Flask

from benchmarks.measuring.crowd import Crowd, cookies, first_article, signer_of, some_work
from benchmarks.measuring.memory import memory_mb
from benchmarks.measuring.portal_at_work import installation
from benchmarks.measuring.server import ROOT, environment

MOST_GROWTH = 0.05
"""Of the memory of all processes together."""
MOST_DRIFT = 0.10
"""Of the 95th percentile, and of the CPU for a request."""
MOST_LOG_MB = 32
"""Of SQLite's log of changes."""
MOST_FILES_MORE = 2
"""Of all processes together: jobs come and go."""
SHARE = 0.5
"""Of what it can do, that it is given."""
WINDOWS = 40
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Window:
    """What was seen in one stretch of time."""

    memory_mb: float
    n_files: int
    log_mb: float
    p95_ms: float
    cpu_ms: float
    """For each request, of all processes of the portal."""
    n_done: int
    n_failed: int


@dataclass(frozen=True)
class Soaked:
    """What became of the portal between the first quarter and the last."""

    minutes: float
    rate: float
    n_done: int
    n_failed: int
    memory_mb: float
    growth: float
    files_more: int
    most_log_mb: float
    p95_ms: float
    p95_drift: float
    cpu_ms: float
    cpu_drift: float

    def complaints(self) -> list[str]:
        """Say which bounds are missed."""
        missed = {
            f"{self.n_failed} requests failed": self.n_failed > 0,
            f"memory grew by {self.growth:.1%}, at most {MOST_GROWTH:.0%}": self.growth > MOST_GROWTH,
            f"{self.files_more} more open files, at most {MOST_FILES_MORE}": self.files_more > MOST_FILES_MORE,
            f"the log of changes reached {self.most_log_mb:.0f} MB": self.most_log_mb > MOST_LOG_MB,
            f"p95 rose by {self.p95_drift:.1%}, at most {MOST_DRIFT:.0%}": self.p95_drift > MOST_DRIFT,
            f"CPU for a request rose by {self.cpu_drift:.1%}": self.cpu_drift > MOST_DRIFT,
        }
        return [what for what, is_missed in missed.items() if is_missed]


def judged(windows: Sequence[Window], *, minutes: float, rate: float) -> Soaked:
    """Set the last quarter of the windows against the first; the middle of each counts, no single window.

    >>> same = [Window(100, 40, 4, 20, 5, 100, 0)] * 8
    >>> judged(same, minutes=1, rate=10).complaints()
    []
    >>> leaking = [Window(100 + n, 40 + n, 4, 20, 5, 100, 0) for n in range(8)]
    >>> judged(leaking, minutes=1, rate=10).complaints()
    ['memory grew by 6.0%, at most 5%', '6 more open files, at most 2']
    """
    quarter = max(1, len(windows) // 4)
    first, last = windows[:quarter], windows[-quarter:]

    def middle(of: Sequence[Window], name: str) -> float:
        return float(statistics.median(getattr(each, name) for each in of))

    def drift(name: str) -> float:
        before = middle(first, name)
        return middle(last, name) / before - 1 if before else 0.0

    return Soaked(
        minutes=minutes,
        rate=rate,
        n_done=sum(each.n_done for each in windows),
        n_failed=sum(each.n_failed for each in windows),
        memory_mb=middle(last, "memory_mb"),
        growth=drift("memory_mb"),
        files_more=round(middle(last, "n_files") - middle(first, "n_files")),
        most_log_mb=max(each.log_mb for each in windows),
        p95_ms=middle(last, "p95_ms"),
        p95_drift=drift("p95_ms"),
        cpu_ms=middle(last, "cpu_ms"),
        cpu_drift=drift("cpu_ms"),
    )


@contextmanager
def whole_portal(app: Flask) -> Iterator[tuple[int, int]]:
    """Yield the port and the process of a portal with its runner, started as people start it."""
    command = [sys.executable, "-m", "portal.cli", "serve", "--port", "0"]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, cwd=ROOT, env=environment(app), stdout=said, stderr=subprocess.STDOUT)
        try:
            yield _port(said, server), server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


def _port(said: object, server: subprocess.Popen[bytes]) -> int:
    for _ in range(300):
        text = os.pread(said.fileno(), 10_000, 0).decode()  # type: ignore[attr-defined]
        if found := re.search(r"Ready: http://[^ ]+:(\d+)", text):
            return int(found[1])
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"The portal to measure did not start:\n{text}")


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def _cpu_seconds(pids: Sequence[int]) -> float:
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def _window(crowd: Crowd, pids: Sequence[int], home: Path, seconds: float) -> Window:
    crowd.taken()
    before = _cpu_seconds(pids)
    time.sleep(seconds)
    times, statuses = crowd.taken()
    all_times = [each for kind in times.values() for each in kind]
    log = home / "dity.sqlite3-wal"
    return Window(
        memory_mb=sum(memory_mb(pid) for pid in pids),
        n_files=sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids),
        log_mb=log.stat().st_size / 1e6 if log.exists() else 0.0,
        p95_ms=statistics.quantiles(all_times, n=20)[18] * 1000 if len(all_times) > 1 else 0.0,
        cpu_ms=(_cpu_seconds(pids) - before) / max(1, len(all_times)) * 1000,
        n_done=len(all_times),
        n_failed=Crowd.failed(statuses),
    )


def soak(app: Flask, *, seconds: float, n_people: int, windows: int = WINDOWS) -> tuple[Soaked, list[Window]]:
    """Measure what the portal can do, give it half of that, and watch."""
    known, sign = cookies(app, n_people), signer_of(app)
    works, home = some_work(first_article(app)), Path(app.config["DITY"].home)
    with whole_portal(app) as (port, pid):
        with Crowd(port, known, sign, works) as crowd:
            time.sleep(min(10.0, seconds / 6))
        rate = SHARE * sum(map(len, crowd.seconds.values())) / min(10.0, seconds / 6)
        with Crowd(port, known, sign, works, pace=rate) as crowd:
            time.sleep(seconds / 10)
            pids = family(pid)
            seen = [_window(crowd, pids, home, seconds / windows) for _ in range(windows)]
    return judged(seen, minutes=seconds / 60, rate=rate), seen


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--json", action="store_true", help="with every window")
    given = parser.parse_args(arguments)
    # Nobody may hand over more than twenty tickets an hour: so many people can hand over eleven a second.
    with installation(n_articles=300) as app:
        found, windows = soak(app, seconds=given.minutes * 60, n_people=2_000)
    missed = found.complaints()
    if given.json:
        print(json.dumps({"soak": asdict(found), "windows": [asdict(each) for each in windows], "missed": missed}))
    else:
        for name, value in asdict(found).items():
            print(f"{name:12} {value:12.3f}" if isinstance(value, float) else f"{name:12} {value:12}")
    for line in missed:
        print(f"MISSED {line}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
