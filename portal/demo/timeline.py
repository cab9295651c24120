"""Plays what happened in the order in which it happened, so that the ledger's order is the order of truth.

Three kinds of entries: what people changed goes through the services with the clock standing at that moment; what
they merely looked at goes in between, in batches, through the ledger's door for such facts; and facts about what was
written in bulk go there, too, each when its time has come.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from analytics.events import Event, check
from portal.core import clock
from portal.demo.cast import Cast
from portal.ledger import services as ledger

BATCH = 2000

Do = Callable[[], object]


@dataclass
class Timeline:
    """Everything that is to happen; `play` makes it happen."""

    cast: Cast
    _changes: list[tuple[dt.datetime, int, Do]] = field(default_factory=list)
    _waiting: list[dict[str, Any]] = field(default_factory=list)
    _told: list[tuple[dt.datetime, int, dict[str, Any]]] = field(default_factory=list)
    _n_told: int = 0
    n_looks: int = 0

    def add(self, at: dt.datetime, do: Do) -> None:
        """Let something be done at this time; what was added first is done first."""
        self._changes.append((at, len(self._changes), do))

    def tell(self, at: dt.datetime, row: dict[str, Any]) -> None:
        """Write a finished fact when its time comes; for changes whose rows were written in bulk."""
        self._n_told += 1
        heapq.heappush(self._told, (at, self._n_told, row))

    def play(self, looks: Iterable[Event], *, until: dt.datetime) -> None:
        """Do everything up to `until`, and write down what was looked at in between."""
        changes: Iterator[tuple[dt.datetime, int, Do | Event]] = iter(sorted(self._changes, key=lambda c: c[:2]))
        seen: Iterator[tuple[dt.datetime, int, Do | Event]] = ((e.at, -1, e) for e in looks)
        for at, _order, entry in heapq.merge(changes, seen, key=lambda item: item[:2]):
            if at > until:
                break
            self._tell(at)
            if isinstance(entry, Event):
                self._look(entry)
                continue
            self._write()
            with clock.frozen(at):
                entry()
        self._tell(until)
        self._write()

    def _tell(self, until: dt.datetime) -> None:
        while self._told and self._told[0][0] <= until:
            self._waiting.append(heapq.heappop(self._told)[2])

    def _look(self, event: Event) -> None:
        check(event.name, event.props)
        self._waiting.append(
            self.cast.stamp(event.visitor)
            | {
                "at": event.at,
                "recorded_at": event.at,
                "name": event.name.value,
                "v": event.name.fact.v,
                "subject": self._ref(event.subject),
                "topic": self._ref(event.topic),
                "visit": event.visit,
                "props": dict(event.props),
            }
        )
        if len(self._waiting) >= BATCH:
            self._write()

    def _ref(self, key: str | None) -> str | None:
        return str(self.cast.ref(key)) if key else None

    def _write(self) -> None:
        ledger.write(self._waiting)
        self.n_looks += len(self._waiting)
        self._waiting = []
