"""From events to attempts: one table at once, or day by day with what is still open carried over midnight.

Midnight splits nothing. What a day cannot settle yet (a stay still going on, a search whose results may be opened
tomorrow) is carried as events into the next one, and becomes attempts once nothing that comes later can change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analytics import findability
from analytics.findability import Searched
from analytics.needs import topics, trails
from analytics.needs.attempts import Attempts, pack
from analytics.needs.topics import NO_TOPIC, Asked, Asker, Topics
from analytics.needs.trails import AGAIN, GAP, HOUR, Trails
from analytics.table import EventTable, Mask, Places, events, merged

REACH = 24 * HOUR
"""How far back a recorded source, or an object looked at before, is heeded when days are read one by one."""


@dataclass(frozen=True)
class Carry:
    """What one day leaves to the next: events that are not settled, and every question asked before them."""

    events: EventTable
    asked: Mapping[Asker, Asked] = field(default_factory=dict)


@dataclass(frozen=True)
class Settled:
    """What is settled at the end of a day, and what is carried on."""

    attempts: Attempts
    searched: Searched
    carry: Carry


def read(table: EventTable, *, gap: int = GAP, reach: int | None = None) -> Attempts:
    """Read the attempts off a whole table. Without `reach`, sources are heeded however far back they lie."""
    followed = trails.follow(table, gap=gap, reach=reach)
    found = topics.find(followed, gap=gap, reach=reach)
    return pack(followed.table, followed.who, found, gap=gap)


def nothing() -> Carry:
    """Return what is carried into the first day."""
    return Carry(events([]))


def read_day(
    carry: Carry, day: EventTable, *, until: int, gap: int = GAP, reach: int = REACH
) -> tuple[Attempts, Carry]:
    """Read the attempts that are settled at `until`, the end of a day, when no event before it is still to come.

    Reading every day in turn and `finish`ing the last gives the attempts that `read` gives with the same reach.
    """
    settled = settle_day(carry, day, until=until, gap=gap, reach=reach)
    return settled.attempts, settled.carry


def finish(carry: Carry, *, gap: int = GAP, reach: int = REACH) -> Attempts:
    """Read what is carried as if nothing came after it: the attempts of today, so far."""
    return settle_rest(carry, gap=gap, reach=reach).attempts


def settle_day(carry: Carry, day: EventTable, *, until: int, gap: int = GAP, reach: int = REACH) -> Settled:
    """Read attempts as `read_day` does, and the searches among them."""
    return _read_on(carry, day, until=until, gap=gap, reach=reach)


def settle_rest(carry: Carry, *, gap: int = GAP, reach: int = REACH) -> Settled:
    """Read attempts as `finish` does, and the searches among them."""
    return _read_on(carry, events([]), until=None, gap=gap, reach=reach)


def _read_on(carry: Carry, day: EventTable, *, until: int | None, gap: int, reach: int) -> Settled:
    table = merged([carry.events, day])
    followed = trails.follow(table, gap=gap, reach=reach)
    found = topics.find(followed, gap=gap, reach=reach, asked=carry.asked)
    settled = _settled(followed, found, until, gap, reach)
    rows = np.flatnonzero(settled)
    pieces = pack(followed.table.take(rows), followed.who[rows], found.take(rows), gap=gap)
    asked = dict(carry.asked)
    for asker, place in found.asking.items():
        if settled[place]:
            is_named = bool(followed.table.topic.codes[place] >= 0)
            asked[asker] = Asked(int(followed.table.at[place]), found.topic[place] or NO_TOPIC, is_named)
    # A search is settled with the event it began with: what was opened from it hangs together with that one.
    searched = findability.read(followed, found, gap=gap)
    searched = searched.where(settled[followed.searches.first])
    return Settled(pieces, searched, Carry(merged([followed.table.take(np.flatnonzero(~settled))]), asked))


def _settled(followed: Trails, found: Topics, until: int | None, gap: int, reach: int) -> Mask:
    """Mark the events that nothing from `until` on can concern any more."""
    table = followed.table
    n = len(table)
    if until is None or not n:
        return np.ones(n, dtype=np.bool_)
    broken = (np.diff(followed.who) != 0) | (np.diff(table.at) > max(gap, AGAIN))
    stay = np.cumsum(np.append(True, broken)) - 1
    begins = np.flatnonzero(np.append(True, broken))
    ends = table.at[np.append(begins[1:], n) - 1]
    is_open = ends + max(gap, AGAIN, reach) >= until
    group = _groups(len(begins), _links(followed, found, stay))
    held = np.zeros(len(begins), dtype=np.bool_)
    np.logical_or.at(held, group, is_open)
    return np.asarray(~held[group][stay])


def _links(followed: Trails, found: Topics, stay: Places) -> set[tuple[int, int]]:
    """List the stays that hang together: by a search, by what an answer speaks of, by a question asked."""
    of_search = np.flatnonzero(followed.search >= 0)
    pairs = [
        (stay[of_search], stay[followed.searches.first[followed.search[of_search]]]),
        (stay[np.flatnonzero(found.went >= 0)], stay[found.went[found.went >= 0]]),
    ]
    links = {(int(one), int(other)) for ones, others in pairs for one, other in _apart(ones, others)}
    for place, asker in found.own.items():
        if asker in found.asking:
            links.add((int(stay[place]), int(stay[found.asking[asker]])))
    return links


def _apart(ones: Places, others: Places) -> list[tuple[int, int]]:
    differ = ones != others
    return list(zip(ones[differ].tolist(), others[differ].tolist(), strict=True))


def _groups(n: int, links: set[tuple[int, int]]) -> Places:
    """Give the members of each connected group one number."""
    group = list(range(n))

    def head(of: int) -> int:
        while group[of] != of:
            group[of] = group[group[of]]
            of = group[of]
        return of

    for one, other in links:
        group[head(one)] = head(other)
    return np.array([head(of) for of in range(n)], dtype=np.int64)
