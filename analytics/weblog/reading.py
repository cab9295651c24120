"""Lines to counts, at the pace of millions: one match for each block of lines, then one turn of a loop for each line.

What can be said of a request, an agent, a minute or a visitor is worked out once and looked up from then on. The
counts come out by day; the visitors of each day lie with `Days`, which keeps a few at hand and the others elsewhere.
"""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from analytics.weblog import formats
from analytics.weblog.counts import DayCounts
from analytics.weblog.days import Days
from analytics.weblog.formats import Row, Why
from analytics.weblog.moments import SECONDS, Minutes
from analytics.weblog.robots import Robots
from analytics.weblog.tallying import LEAST, Cell, Places, Tally
from analytics.weblog.targets import Target, target
from analytics.weblog.visits import ALL, DAY, GAP, name_of, put

MOST_EXAMPLES = 20
MOST_KEPT = 50_000


@dataclass(slots=True)
class Batch:
    """What was read of some lines."""

    read: int = 0
    refused: Counter[Why] = field(default_factory=Counter)
    examples: list[tuple[int, Why]] = field(default_factory=list)
    """The first refused lines, by their number in the log."""
    days: dict[int, DayCounts] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)
    """As logged: for counting, and to be dropped with the batch."""
    trail: list[tuple[Row, int, bool]] | None = None
    """Each line with its time and whether it is a page view, for who counts more than the roll-up."""

    @property
    def parsed(self) -> int:
        return self.read - sum(self.refused.values())

    def day(self, day: int) -> DayCounts:
        found = self.days.get(day)
        if found is None:
            found = self.days[day] = DayCounts()
        return found


class Reader:
    """Reads a log, batch by batch; what is remembered in between are the days at hand, and what was worked out."""

    def __init__(
        self,
        days: Days,
        *,
        places: Places | None = None,
        is_common: bool = False,
        least: int = LEAST,
        robots: Robots | None = None,
    ) -> None:
        self.days = days
        self._places = places or Places()
        self._is_common = is_common
        self._least = least
        self._robots = robots or Robots()
        self._minutes = Minutes()
        self._targets: dict[str, Target | None] = {}
        self.n_lines = 0
        """Lines before the next one."""

    def read(self, lines: bytes, batch: Batch) -> None:
        """Read whole lines into a batch."""
        # Hundreds of thousands of small lists are made here and none in a circle: looking for circles meanwhile takes
        # a third of the time.
        is_collecting = gc.isenabled()
        gc.disable()
        try:
            found = formats.matches(lines.decode("utf-8", "surrogateescape"))
            self._rows(found, batch)
        finally:
            if is_collecting:
                gc.enable()
        batch.read += len(found)
        self.n_lines += len(found)

    def refuse(self, why: Why, batch: Batch) -> None:
        """Take note of a line that is known to be none."""
        self._refuse(0, why, batch)
        batch.read += 1
        self.n_lines += 1

    def _refuse(self, n: int, why: Why, batch: Batch) -> None:
        batch.refused[why] += 1
        if len(batch.examples) < MOST_EXAMPLES:
            batch.examples.append((self.n_lines + n + 1, why))

    def _rows(self, found: list[Any], batch: Batch) -> None:
        zone, minutes, judged, targets = "", self._minutes.of(""), self._robots.judged, self._targets
        addresses, trail = batch.addresses, batch.trail
        inside, until = 0, 0  # the day being read, as seconds
        tallies: dict[int, Tally] = {}
        tally: Tally | None = None
        for n, row in enumerate(found):
            line: Row = row[:8]
            if not line[0]:
                slow = formats.slowly(row[8], is_common=self._is_common)
                if isinstance(slow, Why):
                    self._refuse(n, slow, batch)
                    continue
                line = slow
            address, account, stamp, request, status, size, came_from, agent = line
            if stamp[20:] != zone:
                zone = stamp[20:]
                minutes = self._minutes.of(zone)
            try:
                at = minutes[stamp[:17]] + SECONDS[stamp[17:20]]
            except KeyError:
                learnt = self._minutes.learn(stamp)
                if learnt is None:
                    self._refuse(n, Why.DATE, batch)
                    continue
                at = learnt
            if tally is None or not inside <= at < until:
                day = at // DAY
                inside, until = day * DAY, (day + 1) * DAY
                tally = tallies.get(day)
                if tally is None:
                    tally = tallies[day] = Tally(self.days, day, self._places, self._least)
                seen, cells = tally.state.seen, tally.cells
            name = f"{address}|{agent}" if account == "-" else name_of(address, account, agent)
            visitor = seen.get(name)
            if visitor is None:
                visitor = tally.meet(name)
            try:
                is_robot, is_plain = judged[agent]
            except KeyError:
                is_robot, is_plain = self._robots.judge(agent)
                judged = self._robots.judged
            cell = cells.get((request, status))
            if cell is None:
                asked = targets[request] if request in targets else self._target(request)
                cell = cells[request, status] = Cell(asked, status)
            if size != "-":
                tally.bytes += int(size)
            if is_plain:
                tally.four_words += 1
            addresses.add(address)
            last = visitor[1]
            if 0 <= at - last <= GAP and last >= 0:
                visitor[1] = at
            elif not visitor[0] <= at <= last:
                tally.sessions += put(visitor, ALL, at)
            is_view = False
            if is_robot:
                cell.n_robots += 1
            else:
                cell.n += 1
                if cell.is_page:
                    is_view = True
                    tally.view(visitor, at, name, cell, came_from)
            if at - inside <= GAP or until - at <= GAP:
                tally.midnight(name, visitor, at)
            if trail is not None:
                trail.append((line, at, is_view))
        for day in sorted(tallies):
            tallies[day].settle(batch.day)

    def _target(self, request: str) -> Target | None:
        try:
            return self._targets[request]
        except KeyError:
            if len(self._targets) > MOST_KEPT:
                self._targets.clear()
            found = self._targets[request] = target(request)
            return found
