"""The one place that asks the time, so that tests and the demo can set it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen", default=None)


def now() -> dt.datetime:
    """Return this instant in UTC, or the one the clock is frozen at."""
    return _frozen.get() or dt.datetime.now(dt.UTC)


def today(zone: str = "UTC") -> dt.date:
    """Return the calendar day it is now in the given time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@cache
def timezones() -> frozenset[str]:
    """Return the names of all time zones, read from the disk once."""
    return frozenset(available_timezones())


@contextmanager
def frozen(at: dt.datetime) -> Iterator[None]:
    """Let the clock stand at `at` (aware) within the block, in this thread and context only."""
    if at.tzinfo is None:
        raise ValueError("the clock needs a time with a zone")
    token = _frozen.set(at.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
