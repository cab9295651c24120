"""The days being read: a few at hand, the others on a shelf, so that memory does not grow with the log."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from analytics.weblog.visits import SALT_BYTES, DayState, packed, unpacked


def fresh_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


class Shelf(Protocol):
    """Where the visitors of days lie that are not at hand."""

    def take(self, day: int) -> DayState | None:
        """Return a day that lies here, with its salt."""

    def put(self, state: DayState) -> None:
        """Lay a day here."""


@dataclass(slots=True)
class Days:
    """The days at hand: those being read, and their neighbours."""

    shelf: Shelf
    salt: Callable[[], bytes] = fresh_salt
    most: int = 4
    at_hand: dict[int, DayState] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    _missing: set[int] = field(default_factory=set)

    def open(self, day: int) -> DayState:
        """Return a day, made with a fresh salt if there is none."""
        found = self.known(day)
        if found is None:
            found = self.at_hand[day] = DayState(day, self.salt())
            self._missing.discard(day)
        self.touched.add(day)
        return found

    def known(self, day: int) -> DayState | None:
        """Return a day, None if nothing is known of it."""
        found = self.at_hand.get(day)
        if found is None and day not in self._missing:
            found = self.shelf.take(day)
            if found is None:
                self._missing.add(day)
            else:
                self.at_hand[day] = found
        return found

    def put_back(self) -> None:
        """Lay every day that was touched on the shelf, and keep only the latest at hand."""
        for day in sorted(self.touched):
            self.shelf.put(self.at_hand[day])
        self.touched.clear()
        self._missing.clear()
        for day in sorted(self.at_hand)[: -self.most]:
            del self.at_hand[day]


class Memory:
    """A shelf in memory, for what is small."""

    def __init__(self) -> None:
        self._days: dict[int, tuple[bytes, bytes]] = {}

    def take(self, day: int) -> DayState | None:
        found = self._days.get(day)
        return unpacked(day, *found) if found else None

    def put(self, state: DayState) -> None:
        self._days[state.day] = (state.salt, packed(state))


class Folder:
    """A shelf on disk, for logs of any length. The salts stay in memory, so the files alone tell nobody anything."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._salts: dict[int, bytes] = {}

    def take(self, day: int) -> DayState | None:
        salt = self._salts.get(day)
        return unpacked(day, salt, (self._place / str(day)).read_bytes()) if salt else None

    def put(self, state: DayState) -> None:
        self._salts[state.day] = state.salt
        (self._place / str(state.day)).write_bytes(packed(state))
