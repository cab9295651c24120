"""What a worker process costs: memory after it has served every page, and the time from nothing to the first answer."""

from __future__ import annotations

import os
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from flask import Flask

from benchmarks.measuring.memory import memory_mb
from benchmarks.measuring.server import ROOT, cookie_of, environment, serving

MOST_MEMORY_MB = 130
MOST_START_S = 1.5
NEVER_LOADED = ("scipy", "plotly", "sqlalchemy.dialects.postgresql")
"""By a web worker on SQLite; the last is 2 MB."""
START = (
    "import sys; from portal.wsgi import app; "
    "status = app.test_client().get('/healthz').status_code; "
    f"assert status == 200; print(','.join(name for name in {NEVER_LOADED} if name in sys.modules))"
)


def measure(app: Flask, token: str, paths: list[str]) -> dict[str, Any]:
    headers = {"Cookie": cookie_of(app, token)}
    with serving(app) as (port, master):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        for path in paths * 5:
            connection.request("GET", path, headers=headers)
            connection.getresponse().read()
        memory = max(memory_mb(pid) for pid in children(master))
    starts = [_start(app) for _ in range(3)]
    return {
        "worker_mb": round(memory, 1),
        "cold_start_cpu_s": round(min(seconds for seconds, _loaded in starts), 2),
        "never_loaded_but_is": sorted({name for _s, loaded in starts for name in loaded}),
    }


def children(pid: int) -> list[int]:
    found = [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found or [pid]


def _start(app: Flask) -> tuple[float, list[str]]:
    """Return the CPU seconds of a new process up to its first answer, and which heavy libraries it loaded."""
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", START], env=environment(app), cwd=ROOT, capture_output=True, text=True, check=True
    )
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, [name for name in done.stdout.strip().split(",") if name]


def misses(found: dict[str, Any]) -> list[str]:
    row = found.get("process")
    if not row:
        return []
    missed = []
    if row["worker_mb"] > MOST_MEMORY_MB:
        missed.append(f"a worker holds {row['worker_mb']} MB, at most {MOST_MEMORY_MB}")
    if row["cold_start_cpu_s"] > MOST_START_S:
        missed.append(f"a cold start takes {row['cold_start_cpu_s']} s of CPU, at most {MOST_START_S}")
    missed += [f"{name} is loaded by the web worker" for name in row["never_loaded_but_is"]]
    return missed


def lines(found: dict[str, Any]) -> list[str]:
    row = found.get("process")
    return [f"Worker {row['worker_mb']} MB, cold start {row['cold_start_cpu_s']} s of CPU"] if row else []
