"""Things that may be written a second later: a bounded buffer that never makes a reader wait.

Facts of mere looking and "last seen" marks go through here, so that a GET takes no write lock. A crash loses at most
the last second of them; a change is never written this way.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from flask import Flask

from portal.core.database import db

log = logging.getLogger(__name__)

LIMIT = 10_000
PAUSE = 1.0
BATCH = 500

Writer = Callable[[list[Any]], None]


class Buffer:
    """Collects (writer, row) pairs of one process and flushes each writer's rows in one transaction."""

    def __init__(self, app: Flask, *, is_threaded: bool) -> None:
        self._app = app
        self._rows: deque[tuple[Writer, Any]] = deque(maxlen=LIMIT)
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._is_threaded = is_threaded
        self._thread: threading.Thread | None = None
        self.n_dropped = 0

    def add(self, writer: Writer, row: Any) -> None:
        """Keep a row for the next flush; the oldest is dropped, and counted, when nobody could write for long."""
        if len(self._rows) == LIMIT:
            self.n_dropped += 1
        self._rows.append((writer, row))
        if self._is_threaded and self._thread is None:
            self._start()

    def _start(self) -> None:
        # Started with the first row, so that a forked web worker has its own thread.
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="buffer", daemon=True)
                self._thread.start()
                atexit.register(self.stop)

    def _run(self) -> None:
        while not self._wake.wait(PAUSE):
            self.flush()

    def flush(self) -> int:
        """Write what is waiting, now; returns the number of rows written. A failure keeps the rows."""
        with self._lock:
            pairs = [self._rows.popleft() for _ in range(len(self._rows))]
            if not pairs:
                return 0
            by_writer: dict[Writer, list[Any]] = {}
            for writer, row in pairs:
                by_writer.setdefault(writer, []).append(row)
            try:
                with self._app.app_context():
                    for writer, rows in by_writer.items():
                        for start in range(0, len(rows), BATCH):
                            writer(rows[start : start + BATCH])
                    db.session.commit()
            except Exception:  # the database may be busy or full: looking must never break reading
                log.warning("buffer_flush_failed", exc_info=True)
                self._rows.extendleft(reversed(pairs))
                return 0
            return len(pairs)

    def stop(self) -> None:
        """End the thread and write what is left."""
        self._wake.set()
        self.flush()


def install(app: Flask, *, is_threaded: bool) -> Buffer:
    buffer = Buffer(app, is_threaded=is_threaded)
    app.extensions["dity-buffer"] = buffer
    return buffer
