"""Logs of web servers, as files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from analytics.weblog import moments

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
NOON = 1_772_452_800
"""2 March 2026, 12:00 UTC."""


def hit(
    at: int,
    path: str = "/kb/vpn",
    *,
    address: str = "203.0.113.77",
    status: int = 200,
    agent: str = AGENT,
    came_from: str = "-",
) -> str:
    return f'{address} - - [{moments.written(at)}] "GET {path} HTTP/1.1" {status} 512 "{came_from}" "{agent}"'


def log(path: Path, lines: Iterable[str], *, end: str = "\n") -> Path:
    """Write a log; packed when its name says so."""
    content = ("\n".join(lines) + end).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def a_day(n: int = 12, start: int = NOON) -> list[str]:
    """Some visitors look at pages, search, meet an error, and a robot comes by."""
    lines = []
    for number in range(n):
        address, at = f"203.0.113.{number + 1}", start + 60 * number
        lines += [
            hit(at, "/", address=address, came_from="https://intranet.example/it"),
            hit(at + 20, f"/search?q={'VPN' if number < 4 else f'secret+{number}'}&token=abc", address=address),
            hit(at + 40, "/tickets/new", address=address, came_from="https://portal.example/kb/vpn"),
        ]
    return [*lines, hit(start, "/gone", status=404), hit(start, "/kb/vpn", agent="Googlebot/2.1")]
