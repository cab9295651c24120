"""The files by which anybody can check our figures: what happened and what was handed over, by pseudonym."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analytics import exchange
from portal.measures import columns, fold, packs

DAY = dt.timedelta(days=1)
EVENTS, TICKETS = "events.jsonl", "tickets.jsonl"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and as of when it speaks."""

    n_events: int
    n_tickets: int
    as_of: str
    since: dt.date


def export(folder: Path, *, since: dt.date | None = None) -> Exported | None:
    """Write both files, replacing older ones, from the first day that is folded (or `since`) to the last.

    Returns None where nothing is folded. A file is whole or the old one: it takes its name when it is written.
    """
    as_of = fold.as_of()
    first = packs.first_day()
    if as_of is None or first is None:
        return None
    begin = max(since or first, first)
    folder.mkdir(parents=True, exist_ok=True)
    n_events = _write(folder / EVENTS, _events(begin, as_of))
    tickets = columns.read_tickets(columns.midnight(begin), columns.midnight(as_of))
    n_tickets = _write(folder / TICKETS, exchange.write_tickets(tickets))
    return Exported(n_events, n_tickets, last_moment(as_of), begin)


def last_moment(as_of: dt.date) -> str:
    """Return the last moment that figures as of a midnight know of, as the command line takes it."""
    return exchange.iso(columns.at_ms(columns.midnight(as_of)) - 1)


def _events(begin: dt.date, as_of: dt.date) -> Iterator[str]:
    called = columns.titles()
    while begin < as_of:
        following = begin + DAY
        yield from exchange.write_events(
            columns.read_events(columns.midnight(begin), columns.midnight(following), called)
        )
        begin = following


def _write(path: Path, lines: Iterable[str]) -> int:
    n = 0
    unfinished = path.with_suffix(".part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        for n, line in enumerate(lines, start=1):  # noqa: B007 -- the last n is how many there were
            out.write(line + "\n")
    unfinished.replace(path)
    return n
