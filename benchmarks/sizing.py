"""How large a machine an organisation needs: readers a worker serves, memory, disk, and how long the index takes.

Readers are processes of their own that ask one page after the other without a pause, in the mixture of a help portal.
They run on the same machine as the portal, so a machine that only serves does better.

    python -m benchmarks.sizing [--articles N] [--workers 1 2] [--seconds S] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from flask import Flask

from benchmarks.measuring.memory import memory_mb
from benchmarks.measuring.portal_at_work import installation, signed_in, token_for
from benchmarks.measuring.process import children
from benchmarks.measuring.server import cookie_of, serving
from benchmarks.pages import pages
from portal.core.database import db
from portal.search import jobs as search_jobs

MIXTURE = {"home": 3, "topic": 1, "suggestions": 4, "results": 3, "article": 5}
"""Of sixteen requests, what somebody asks who looks for help and reads what is found."""
READERS_EACH = 8
MOST_P95_MS = 300
REQUESTS_A_DAY = 8
"""Of one person on a working day: as if everybody looked for help every other day."""
BUSIEST_HOUR = 0.2
"""Share of the day's requests."""
RESERVE = 0.5
"""Share of what was measured that is left for bursts, for writing and for jobs."""


def measure(app: Flask, *, workers: list[int], seconds: float) -> dict[str, Any]:
    home = Path(app.config["DITY"].home)
    with app.app_context():
        before, began = time.process_time(), time.perf_counter()
        search_jobs.rebuild({})
        db.session.commit()
        rebuild = {"cpu_s": round(time.process_time() - before, 1), "s": round(time.perf_counter() - began, 1)}
        db.session.remove()
    paths = {page.name: page.path for page in pages(app, signed_in(app))}
    mixture = [paths[name] for name, times in MIXTURE.items() for _ in range(times)]
    cookie = cookie_of(app, token_for(app))
    return {
        "n_cores": os.cpu_count(),
        "rebuild": rebuild,
        "database_mb": _size_mb(home.glob("dity.sqlite3*")),
        "index_mb": _size_mb(path for path in (home / "index").rglob("*") if path.is_file()),
        "load": [_load(app, n, mixture, cookie, seconds) for n in workers],
    }


def _size_mb(files: Iterable[Path]) -> float:
    return round(sum(path.stat().st_size for path in files) / 1e6, 1)


def _load(app: Flask, workers: int, mixture: list[str], cookie: str, seconds: float) -> dict[str, Any]:
    """Return what this many workers do under readers who never pause."""
    n_readers = READERS_EACH * workers
    with serving(app, workers=workers) as (port, master), ProcessPoolExecutor(n_readers) as readers:
        for length in (min(seconds, 3.0), seconds):  # the first to warm up every thread's connection
            asked = [readers.submit(read, port, mixture, n, cookie, length) for n in range(n_readers)]
            told = [each.result() for each in asked]
        memory = [memory_mb(pid) for pid in children(master)]
    times = [ms for answered, _n_refused in told for ms in answered]
    rate = len(times) / seconds
    shares = statistics.quantiles(times, n=100)
    return {
        "workers": workers,
        "readers": n_readers,
        "requests_a_second": round(rate),
        "p50_ms": round(shares[49]),
        "p95_ms": round(shares[94]),
        "n_refused": sum(n_refused for _answered, n_refused in told),
        "worker_mb": round(max(memory)),
        "people": people(rate),
    }


def read(port: int, mixture: list[str], first: int, cookie: str, seconds: float) -> tuple[list[float], int]:
    """Read until the time is up; return the milliseconds of each answer, and how many were none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    times: list[float] = []
    n_refused = 0
    until = time.perf_counter() + seconds
    for path in islice(cycle(mixture), first * 3, None):  # not all the same page at the same time
        start = time.perf_counter()
        if start > until:
            break
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - start) * 1000)
        n_refused += answer.status != 200
    connection.close()
    return times, n_refused


def people(rate: float) -> int:
    """Return how large an organisation may be whose busiest hour this rate serves with the reserve left."""
    return int(rate * (1 - RESERVE) * 3600 / (REQUESTS_A_DAY * BUSIEST_HOUR)) // 1000 * 1000


def misses(found: dict[str, Any]) -> list[str]:
    missed = []
    for row in found["load"]:
        if row["n_refused"]:
            missed.append(f"{row['workers']} workers refused {row['n_refused']} requests")
        if row["p95_ms"] > MOST_P95_MS:
            missed.append(f"{row['workers']} workers: p95 of {row['p95_ms']} ms, at most {MOST_P95_MS}")
    return missed


def table(found: dict[str, Any]) -> str:
    head = f"{'workers':>7} {'readers':>8} {'requests/s':>11} {'p50 ms':>7} {'p95 ms':>7} {'MB each':>8} {'people':>8}"
    rows = [
        f"{r['workers']:7d} {r['readers']:8d} {r['requests_a_second']:11d} {r['p50_ms']:7d} {r['p95_ms']:7d} "
        f"{r['worker_mb']:8d} {r['people']:8d}"
        for r in found["load"]
    ]
    kept = (
        f"{found['articles']} articles: database {found['database_mb']} MB, index {found['index_mb']} MB, "
        f"rebuilt in {found['rebuild']['s']} s; {found['n_cores']} cores for portal and readers"
    )
    return "\n".join([kept, head, *rows])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How large a machine an organisation needs.")
    parser.add_argument("--articles", type=int, default=10_000, help="how many generated articles")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=15.0, help="how long each load lasts")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with installation(n_articles=given.articles) as app:
        found = measure(app, workers=given.workers, seconds=given.seconds)
    found["articles"] = given.articles
    found["missed"] = misses(found)
    print(json.dumps(found) if given.json else table(found))
    for line in found["missed"]:
        print(f"MISSED {line}", file=sys.stderr)
    return 1 if found["missed"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
