"""A whole log surveyed: the roll-up and what else can be said of it, for whoever holds the files anyway.

What grows with the number of visitors is kept as hashes in sorted columns, or on disk by day, so that a log of any
length takes the same memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.weblog import lines, tallying
from analytics.weblog.counts import DayCounts
from analytics.weblog.days import Days, Folder
from analytics.weblog.formats import Row, Why
from analytics.weblog.reading import Batch, Reader
from analytics.weblog.robots import Robots
from analytics.weblog.targets import referrer, target
from analytics.weblog.visits import ALL, DAY, GAP, NONE, VIEWS, join, put

if TYPE_CHECKING:
    import numpy as np

MOST_PENDING = 200_000
MOST_EXAMPLES = 20


class Distinct:
    """Counts different things of any number, by hashes of 64 bits."""

    def __init__(self) -> None:
        self._pending: set[int] = set()
        self._known: np.ndarray[Any, Any] | None = None

    def add(self, things: Iterable[Any]) -> None:
        self._pending.update(map(hash, things))
        if len(self._pending) > MOST_PENDING:
            self._merge()

    def _merge(self) -> None:
        import numpy as np

        new = np.fromiter(self._pending, dtype=np.int64, count=len(self._pending))
        self._known = np.unique(new) if self._known is None else np.union1d(self._known, new)
        self._pending.clear()

    def __len__(self) -> int:
        if self._known is None:
            return len(self._pending)
        self._merge()
        return len(self._known)


@dataclass(slots=True)
class ByAddress:
    """Visits where a visitor is an address, as some tools count them."""

    days: Days
    sessions: Counter[int] = field(default_factory=Counter)
    visits: Counter[int] = field(default_factory=Counter)
    visitors: Counter[int] = field(default_factory=Counter)
    """Different addresses by day."""

    def read(self, trail: Iterable[tuple[Row, int, bool]]) -> None:
        for row, at, is_view in trail:
            address, day = row[0], at // DAY
            state = self.days.at_hand.get(day) or self.days.open(day)
            self.days.touched.add(day)
            visitor = state.seen.get(address) or state.visitor(address)
            if visitor[1] == NONE:
                self.visitors[day] += 1
            self.sessions[day] += put(visitor, ALL, at)
            if is_view:
                self.visits[day] += put(visitor, VIEWS, at)
            for beside, is_near in ((day - 1, at % DAY <= GAP), (day + 1, DAY - at % DAY <= GAP)):
                other = self.days.known(beside) if is_near else None
                found = other.known(address) if other else None
                if found is not None:
                    early, late = (found, visitor) if beside < day else (visitor, found)
                    self.sessions[max(day, beside)] += join(early, late, ALL)
                    self.visits[max(day, beside)] += join(early, late, VIEWS)
                    self.days.touched.add(beside)


@dataclass(slots=True)
class Survey:
    """What was found in some files, which are one log."""

    batch: Batch = field(default_factory=Batch)
    examples: list[tuple[str, int, Why]] = field(default_factory=list)
    """The first refused lines: file, number, reason."""
    days: dict[int, DayCounts] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    addresses: Distinct = field(default_factory=Distinct)
    viewers: Distinct = field(default_factory=Distinct)
    """Addresses with a page view."""
    visitors: Distinct = field(default_factory=Distinct)
    """Address and agent."""
    agents: Distinct = field(default_factory=Distinct)
    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Request and status."""
    hosts: Counter[str] = field(default_factory=Counter)
    no_referrer: int = 0
    no_agent: int = 0
    no_bytes: int = 0
    by_address: ByAddress | None = None

    @property
    def whole(self) -> DayCounts:
        found = DayCounts()
        for counts in self.days.values():
            found.add(counts)
        return found

    def take(self, batch: Batch) -> None:
        """Take what was read of a block; the batch is spent."""
        for day, counts in batch.days.items():
            self.days.setdefault(day, DayCounts()).add(counts)
        trail = batch.trail or []
        if self.by_address is not None:
            self.by_address.read(trail)
            self.by_address.days.put_back()
        if not trail:
            return
        rows, moments, _are_views = zip(*trail, strict=True)
        self.first = min(moments) if self.first is None else min(self.first, *moments)
        self.last = max(moments) if self.last is None else max(self.last, *moments)
        columns = list(zip(*rows, strict=True))
        addresses, requests, statuses, sizes, came_from, agents = (columns[n] for n in (0, 3, 4, 5, 6, 7))
        self.addresses.add(set(addresses))
        self.viewers.add({row[0] for row, _at, is_view in trail if is_view})
        self.visitors.add(set(zip(addresses, agents, strict=True)))
        self.agents.add(set(agents))
        self.requests.update(zip(requests, statuses, strict=True))
        self.no_bytes += sizes.count("-")
        self.no_agent += agents.count("-") + agents.count("")
        for text, n in Counter(came_from).items():
            found = referrer(text)
            if text in ("-", ""):
                self.no_referrer += n
            elif found:
                self.hosts[found.host] += n

    def targets(self) -> tuple[Counter[str], Counter[str], Counter[str], Counter[str], Counter[tuple[str, str]]]:
        """Return hits by target with query, path, method, protocol, and errors by status and path; robots too."""
        asked, paths, methods, protocols = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
        errors = Counter[tuple[str, str]]()
        for (request, status), n in self.requests.items():
            found = target(request)
            if found is None:
                continue
            asked[request.partition(" ")[2].rpartition(" ")[0]] += n
            paths[found.path] += n
            methods[found.method] += n
            protocols[found.protocol] += n
            if status[0] in "45":
                errors[status, found.path] += n
        return asked, paths, methods, protocols, errors


def survey(
    files: Sequence[Path],
    scratch: Path,
    *,
    is_common: bool = False,
    places: tallying.Places | None = None,
    robots: Robots | None = None,
    went_on: Callable[[int], None] | None = None,
) -> Survey:
    """Read files as one log, a last line without its end too. `scratch` is an empty folder that may be filled.

    Refuses (`lines.Damaged`) a packed file that breaks off.
    """
    shelves = [scratch / "by_visitor", scratch / "by_address"]
    for shelf in shelves:
        shelf.mkdir(mode=0o700)
    reader = Reader(Days(Folder(shelves[0])), is_common=is_common, places=places, least=1, robots=robots)
    found = Survey(by_address=ByAddress(Days(Folder(shelves[1]))))
    for path in files:
        reader.n_lines = 0
        with lines.opened(path) as file:
            for block in lines.blocks(file, is_whole=True):
                batch = Batch(trail=[])
                if block.is_too_long:
                    reader.refuse(Why.TOO_LONG, batch)
                else:
                    reader.read(block.lines, batch)
                reader.days.put_back()
                _note(found, path.name, batch)
                found.take(batch)
                if went_on:
                    went_on(found.batch.read)
    return found


def _note(found: Survey, name: str, batch: Batch) -> None:
    found.batch.read += batch.read
    found.batch.refused.update(batch.refused)
    room = MOST_EXAMPLES - len(found.examples)
    found.examples += [(name, number, why) for number, why in batch.examples[:room]]
