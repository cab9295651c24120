"""Lets the readers of one process in one after the other, in the order they came.

Python computes one request at a time, whatever the number of threads. Threads that compute several pages at once only
pass the interpreter to and fro: four pages begun together are all ready when the last one is, and which of them waits
longest is chance. One after the other, the first is ready after a quarter of the time, and nobody waits longer than
the queue is long.

Who changes something passes freely, because a commit waits for the disk, not for the interpreter. A page that takes
very long holds nobody up: after `PATIENCE` whoever waits goes in beside it. Files are not let in here at all.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

PATIENCE = 0.5
"""Seconds somebody waits for a turn before going in without."""
_ONLY_LOOKS = frozenset({"GET", "HEAD"})


class Turnstile:
    """A WSGI application around another."""

    def __init__(self, app: Callable[..., Iterable[bytes]], *, patience: float = PATIENCE) -> None:
        self._app, self._patience = app, patience
        self._lock = threading.Lock()
        self._is_taken = False
        self._queue: deque[Any] = deque()
        """A locked lock for each who waits, released by who leaves; the turn then is theirs."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in _ONLY_LOOKS:
            return self._app(environ, start_response)
        has_turn = self._enter()
        try:
            return self._app(environ, start_response)
        finally:
            if has_turn:
                self._leave()

    def _enter(self) -> bool:
        """Wait for a turn; False when it took too long."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            ticket = threading.Lock()
            ticket.acquire()
            self._queue.append(ticket)
        if ticket.acquire(timeout=self._patience):
            return True
        with self._lock:
            if ticket in self._queue:
                self._queue.remove(ticket)
                return False
        return True  # the turn came just when patience ended

    def _leave(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._is_taken = False
