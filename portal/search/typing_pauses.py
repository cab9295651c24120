"""Noting what was suggested once for each thing typed, not once for each letter.

While somebody types, each list follows the last by a letter or two. A list is held back for five seconds; the next one
of the same person takes its place when the words only grew. Held in the process that answered: a crash loses at most
these five seconds of looking.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import current_app

from portal.core import clock
from portal.core.buffer import Buffer
from portal.ledger import services as ledger

PAUSE = dt.timedelta(seconds=5)


def note(row: dict[str, Any]) -> None:
    """Write this finished row of `suggestion.shown` into the ledger, unless a longer one follows soon."""
    buffer: Buffer = current_app.extensions["dity-buffer"]
    buffer.add(_write_settled, row)


def _write_settled(rows: list[dict[str, Any]]) -> None:
    settled, waiting = settle(rows, now=clock.now())
    ledger.write(settled)
    buffer: Buffer = current_app.extensions["dity-buffer"]
    for row in waiting:
        buffer.add(_write_settled, row)


def settle(rows: list[dict[str, Any]], *, now: dt.datetime) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Sort rows into those to be written and those that may still grow; the ones outgrown are dropped."""
    last: dict[str, dict[str, Any]] = {}
    settled: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda r: r["at"]):
        before = last.get(row["visitor"])
        if before is not None and not _is_outgrown(before, row):
            settled.append(before)
        last[row["visitor"]] = row
    for row in last.values():
        (waiting if now - row["at"] <= PAUSE else settled).append(row)
    return settled, waiting


def _is_outgrown(before: dict[str, Any], row: dict[str, Any]) -> bool:
    is_soon = row["at"] - before["at"] <= PAUSE
    return is_soon and str(row["props"]["query"]).casefold().startswith(str(before["props"]["query"]).casefold())
