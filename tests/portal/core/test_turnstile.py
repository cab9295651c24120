"""One reader after the other, and nobody held up for long."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from portal.core.turnstile import Turnstile


class Room:
    """An application that stays inside until it is told to go on, and remembers who came in."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.doors: dict[str, threading.Event] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.came.append(environ["PATH_INFO"])
        assert self.doors[environ["PATH_INFO"]].wait(10)
        if environ["PATH_INFO"].endswith("breaks"):
            raise RuntimeError("broken page")
        return [b""]


class Visitors:
    def __init__(self, *, patience: float) -> None:
        self.room = Room()
        self.turnstile = Turnstile(self.room, patience=patience)
        self.threads: dict[str, threading.Thread] = {}

    def comes(self, name: str, method: str = "GET") -> None:
        self.room.doors[name] = threading.Event()

        def ask() -> None:
            with contextlib.suppress(RuntimeError):
                self.turnstile({"REQUEST_METHOD": method, "PATH_INFO": name}, lambda *given: None)

        self.threads[name] = threading.Thread(target=ask, daemon=True)
        self.threads[name].start()

    def waits(self, n: int) -> None:
        self._until(lambda: len(self.turnstile._queue) == n)

    def inside(self, *names: str) -> None:
        self._until(lambda: self.room.came == list(names))

    def leaves(self, name: str) -> None:
        self.room.doors[name].set()
        self.threads[name].join(10)
        assert not self.threads[name].is_alive()

    def _until(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + 10
        while not is_so():
            assert time.monotonic() < until, (self.room.came, len(self.turnstile._queue))
            time.sleep(0.001)


@pytest.fixture
def patient() -> Visitors:
    return Visitors(patience=10)


def test_readers_come_in_one_after_the_other_in_the_order_they_came(patient: Visitors) -> None:
    for n, name in enumerate("abcd"):
        patient.comes(name)
        patient.waits(n)
    patient.inside("a")
    for n, name in enumerate("abc"):
        patient.leaves(name)
        patient.inside(*"abcd"[: n + 2])
    patient.leaves("d")
    patient.comes("e")
    patient.inside(*"abcde")
    patient.leaves("e")


def test_who_changes_something_passes_freely(patient: Visitors) -> None:
    patient.comes("a")
    patient.inside("a")
    patient.comes("b", "POST")
    patient.inside("a", "b")
    patient.comes("c")
    patient.waits(1)
    patient.leaves("b")
    patient.waits(1)
    patient.leaves("a")
    patient.inside("a", "b", "c")
    patient.leaves("c")


def test_a_page_that_breaks_gives_its_turn_on(patient: Visitors) -> None:
    patient.comes("a breaks")
    patient.inside("a breaks")
    patient.comes("b")
    patient.waits(1)
    patient.leaves("a breaks")
    patient.inside("a breaks", "b")
    patient.leaves("b")


def test_a_page_that_takes_long_holds_nobody_up_for_longer_than_patience() -> None:
    hasty = Visitors(patience=0.05)
    hasty.comes("a")
    hasty.inside("a")
    hasty.comes("b")
    hasty.inside("a", "b")
    hasty.leaves("b")  # who came in without a turn has none to give on
    hasty.comes("c")
    hasty.inside("a", "b", "c")
    hasty.leaves("a")
    hasty.leaves("c")
    assert not hasty.turnstile._queue
    assert not hasty.turnstile._is_taken
