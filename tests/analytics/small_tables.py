"""Small tables written as a person would tell them: who did what at which hour of which day."""

from __future__ import annotations

from itertools import count
from typing import Any

from analytics import table
from analytics.needs import reading
from analytics.needs.outcomes import Needs, judge
from analytics.needs.trails import GAP, HOUR
from analytics.reckoning import Reckoning, reckon

Row = dict[str, Any]
_numbers = count()


def moment(text: str) -> int:
    """Read "09:00", "09:00:05" or, on a later day, "3 09:00"."""
    day, _, hour = text.rpartition(" ")
    parts = [int(part) for part in hour.split(":")]
    hours, minutes, seconds = (*parts, 0)[:3]
    return ((int(day or 0) * 24 + hours) * 3600 + minutes * 60 + seconds) * 1000


def on(at: str, what: str, /, **fields: Any) -> Row:
    """Make an event of u1, a user, unless it says otherwise; ids follow the order of writing."""
    row: Row = {"id": f"e{next(_numbers):06}", "at": moment(at), "type": what, "actor": "u1", "kind": "user"}
    return row | fields


def search(at: str, query: str | None = "vpn", **fields: Any) -> Row:
    return on(at, "search", query=query, **{"n_results": 3, "surface": "search"} | fields)


def view(at: str, thing: str = "A1", topic: str | None = "vpn", **fields: Any) -> Row:
    return on(at, "view", object=thing, topic=topic, **fields)


def solved(at: str, value: str = "yes", thing: str | None = "A1", **fields: Any) -> Row:
    return on(at, "solved", object=thing, value=value, **fields)


def ticket(name: str, at: str, topic: str | None = "vpn", **fields: Any) -> Row:
    return {"id": name, "at": moment(at), "requester": "u1", "topic": topic} | fields


def judged(events: list[Row], tickets: list[Row] = [], *, hours: float = 24, as_of: str = "30 00:00") -> Needs:  # noqa: B006
    """Read both lists with a gap of half an hour, long after everything unless said."""
    now = moment(as_of)
    attempts = reading.read(table.events(events).until(now), gap=GAP)
    return judge(attempts, table.tickets(tickets).until(now), window=int(hours * HOUR), as_of=now)


def told(needs: Needs) -> list[tuple[str, str]]:
    """Return topic and outcome of each need."""
    return [(row.topic, row.outcome.value) for row in needs.rows()]


def ties(needs: Needs) -> dict[str, tuple[str, str]]:
    """Return for each linked ticket the topic of its need and what tied it."""
    return {name: (row.topic, tie) for row in needs.rows() for name, tie in row.tickets}


def reckoned(events: list[Row], tickets: list[Row] = [], *, as_of: str = "30 00:00", **how: Any) -> Reckoning:  # noqa: B006
    return reckon(table.events(events), table.tickets(tickets), as_of=moment(as_of), **how)
