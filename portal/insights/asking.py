"""What somebody asked to see: a period, a window, perhaps a department, site or topic; kept in the address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import request

from portal.core.arguments import number
from portal.measures import fixed, reports
from portal.measures.kept import PERIODS
from portal.measures.reports import ALL, Slice

DAY = dt.timedelta(days=1)
USUAL = 84
EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(9000, 1, 1)
"""Days before and after which nothing can have happened, with room on both sides for the periods compared with."""
KINDS = {"department": "department", "site": "site", "topic": "category"}
"""Filters as the address names them, and as slices do."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is shown, and how the address says it."""

    since: dt.date
    until: dt.date
    """The first day after it."""
    days: int | None
    """None: from one day to another, as chosen."""
    window: int
    slice: Slice

    def args(self, **more: Any) -> dict[str, Any]:
        """Return the arguments of an address that shows the same, changed by `more`."""
        found: dict[str, Any] = {}
        if self.days is None:
            found |= {"since": self.since.isoformat(), "until": (self.until - DAY).isoformat()}
        elif self.days != USUAL:
            found["days"] = self.days
        if self.window != reports.WINDOW:
            found["window"] = self.window
        found |= {name: self.slice.id for name, kind in KINDS.items() if kind == self.slice.kind}
        return {name: value for name, value in {**found, **more}.items() if value is not None}

    def pinned(self) -> dict[str, Any]:
        """Return the arguments of an address that shows these very days tomorrow too."""
        return self.args(days=None, since=self.since.isoformat(), until=self.last.isoformat())

    @property
    def is_of_group(self) -> bool:
        """Whether it is of a department or site, whose days are fixed."""
        return self.slice.kind in reports.GROUPS

    @property
    def last(self) -> dt.date:
        """The last day that is in it."""
        return self.until - DAY


def asked(as_of: dt.date) -> Asked:
    """Read the address; what makes no sense in it is the usual. Of a group the fixed stretches around it are shown."""
    days: int | None = number("days", default=USUAL)
    if days not in PERIODS:
        days = USUAL
    until, since = as_of, as_of - dt.timedelta(days=days or USUAL)
    first, last = _day("since"), _day("until")
    if first is not None and last is not None and first <= last and first < as_of:
        since, until, days = first, min(last + DAY, as_of), None
    window = number("window", default=reports.WINDOW)
    chosen = ALL
    for name, kind in KINDS.items():
        found = number(name)
        if found:
            chosen = Slice(kind, found)
            break
    if chosen.kind in reports.GROUPS:
        since, until = fixed.usual(days, as_of) if days else fixed.around(since, until, as_of)
    return Asked(
        since=since,
        until=until,
        days=days,
        window=window if window in reports.WINDOWS else reports.WINDOW,
        slice=chosen,
    )


def _day(name: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
