"""The counts of one day while a block of lines is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from analytics.weblog.counts import DayCounts
from analytics.weblog.days import Days
from analytics.weblog.targets import Class, Target, referrer, shown_path
from analytics.weblog.visits import ALL, DAY, GAP, NONE, VIEWS, Searched, Visitor, join, key_of, put

LEAST = 3
"""So many different visitors must have searched for words on one day before they are kept."""


@dataclass(frozen=True, slots=True)
class Places:
    """What of a log is the portal itself: the path below which it lies, and its hosts."""

    base: str = ""
    hosts: frozenset[str] = frozenset()
    form: str = "/tickets/new"

    def opened(self, path: str, host: str) -> str:
        """Return what was opened, `ticket` or `portal`, empty for neither. From within the portal only the form counts.

        >>> at = Places("/help", frozenset({"intranet.example"}))
        >>> at.opened("/help/tickets/new", "intranet.example"), at.opened("/help/kb/vpn", "wiki.example")
        ('ticket', 'portal')
        >>> at.opened("/help/kb/vpn", "intranet.example"), at.opened("/other", "wiki.example")
        ('', '')
        """
        if self.base and path != self.base and not path.startswith(self.base + "/"):
            return ""
        if path[len(self.base) :].rstrip("/") == self.form:
            return "ticket"
        return "" if host in self.hosts else "portal"


class Cell:
    """A request with a status: how often, and what can be said of it."""

    __slots__ = ("cause", "is_page", "n", "n_robots", "target")

    def __init__(self, asked: Target | None, status: str) -> None:
        self.n = self.n_robots = 0
        self.target = asked
        if asked is None:
            self.cause = Class.BAD_REQUEST
        elif asked.method != "GET":
            self.cause = Class.METHOD
        elif not (status[0] == "2" or status == "304"):
            self.cause = Class.STATUS
        else:
            self.cause = Class.STATIC if asked.is_static else Class.PAGE_VIEW
        self.is_page = self.cause is Class.PAGE_VIEW


class Tally:
    """Counts a block's hits of one day."""

    def __init__(self, days: Days, day: int, places: Places, least: int) -> None:
        self.state = days.open(day)
        self.cells: dict[tuple[str, str], Cell] = {}
        self.bytes = self.four_words = self.sessions = 0
        self._days, self._day, self._places, self._least = days, day, places, least
        self._visits = self._visitors = self._everyone = 0
        self._next_day = [0, 0]
        self._links: Counter[tuple[str, str]] = Counter()
        self._terms: Counter[str] = Counter()

    def meet(self, name: str) -> Visitor:
        """Return somebody not met in this block's memory yet."""
        found = self.state.visitor(name)
        if found[1] == NONE:
            self._everyone += 1
        return found

    def view(self, visitor: Visitor, at: int, name: str, cell: Cell, came_from: str) -> None:
        """Take note of a page view."""
        if visitor[VIEWS + 1] == NONE:
            self._visitors += 1
        self._visits += put(visitor, VIEWS, at)
        asked = cell.target
        if asked is None:
            return
        if came_from != "-":
            self._links[came_from, asked.path] += 1
        if asked.term:
            said = self.state.searched.get(asked.term)
            if said is None:
                said = self.state.searched[asked.term] = Searched()
            told = said.search(key_of(self.state.salt, name), self._least)
            if told:
                self._terms[asked.term] += told

    def midnight(self, name: str, visitor: Visitor, at: int) -> None:
        """Join visits over midnight. Such a visit counts on the day it began, so the later day loses it."""
        if at - self._day * DAY <= GAP:
            before = self._days.known(self._day - 1)
            found = before.known(name) if before else None
            if found is not None:
                self.sessions += join(found, visitor, ALL)
                self._visits += join(found, visitor, VIEWS)
        if (self._day + 1) * DAY - at <= GAP:
            after = self._days.known(self._day + 1)
            found = after.known(name) if after else None
            if after is not None and found is not None:
                self._next_day[0] += join(visitor, found, ALL)
                self._next_day[1] += join(visitor, found, VIEWS)
                self._days.touched.add(after.day)

    def settle(self, day: Callable[[int], DayCounts]) -> None:
        """Add what was counted to the counts of the days."""
        if any(self._next_day):
            later = day(self._day + 1)
            later.sessions += self._next_day[0]
            later.visits += self._next_day[1]
        counts = day(self._day)
        counts.bytes += self.bytes
        counts.four_words += self.four_words
        counts.sessions += self.sessions
        counts.visits += self._visits
        counts.visitors += self._visitors
        counts.everyone += self._everyone
        counts.terms.update(self._terms)
        for (_request, status), cell in self.cells.items():
            self._count(counts, status, cell)
        for (came_from, path), n in self._links.items():
            self._link(counts, came_from, path, n)

    def _count(self, counts: DayCounts, status: str, cell: Cell) -> None:
        n = cell.n + cell.n_robots
        counts.hits += n
        counts.statuses[status] += n
        counts.classes[Class.BOT] += cell.n_robots
        counts.classes[cell.cause] += cell.n
        if cell.target is None:
            return
        if cell.n and cell.is_page:
            counts.pages[shown_path(cell.target.path)] += cell.n
        if status[0] in "45":
            counts.robot_errors += cell.n_robots
            if cell.n:
                counts.errors[status, shown_path(cell.target.path)] += cell.n

    def _link(self, counts: DayCounts, came_from: str, path: str, n: int) -> None:
        found = referrer(came_from)
        if found is None:
            return
        if found.host not in self._places.hosts:
            counts.referrers[found.page] += n
        opened = self._places.opened(path, found.host)
        if opened:
            counts.openers[opened, found.page] += n
