"""Rendering in processes of their own that are killed when they take too long, so no text can hold a web worker.

A process is started when first needed and kept; at most two per web worker work at a time. The parent waits on the
pipe while a timer holds the axe: killing the process ends the wait, which works the same on every system.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from typing import Any, BinaryIO, cast

from portal.core.errors import Invalid, Unavailable
from portal.core.markup.rendered import Rendered
from portal.core.markup.worker import read_frame, write_frame

TIMEOUT = 3.0
N_PROCESSES = 2
_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


class TooSlow(Exception):
    """The process had to be killed."""


class Process:
    """One rendering process."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "portal.core.markup.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._pipes = (cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout))
        self.has_answered = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, message: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Return the answer; kill the process and raise TooSlow when there is none in time."""
        # The first text also waits for Python to start, on a busy machine for seconds.
        timer = threading.Timer(timeout if self.has_answered else timeout + 10, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            write_frame(self._pipes[0], message)
            answer = read_frame(self._pipes[1])
        except (BrokenPipeError, ConnectionError):
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            raise TooSlow
        self.has_answered = True
        return answer

    def end(self) -> None:
        self._process.kill()
        for pipe in self._pipes:
            with contextlib.suppress(OSError):  # what was not sent yet has nobody to go to
                pipe.close()
        self._process.wait()


class Pool:
    """The rendering processes of this web worker."""

    def __init__(self, n: int = N_PROCESSES) -> None:
        self._free = threading.BoundedSemaphore(n)
        self._idle: list[Process] = []
        self._lock = threading.Lock()

    def parse(self, text: str, *, is_comment: bool, scope: str, timeout: float) -> Rendered:
        """Render in another process; refuse (Invalid) what takes longer than `timeout` seconds."""
        if not self._free.acquire(timeout=2 * timeout):
            raise Unavailable(_said("busy"), retry_after=5)
        try:
            process = self._take()
            try:
                answer = process.ask({"text": text, "is_comment": is_comment, "scope": scope}, timeout)
            except TooSlow:
                process.end()
                raise Invalid(_said("slow"), field="body") from None
            except BaseException:
                process.end()
                raise
            with self._lock:
                self._idle.append(process)
        finally:
            self._free.release()
        if "failed" in answer:
            raise Invalid(_said("slow"), field="body")
        return Rendered.from_dict(answer["made"])

    def _take(self) -> Process:
        with self._lock:
            return self._idle.pop() if self._idle else Process()

    def pids(self) -> list[int]:
        with self._lock:
            return [process.pid for process in self._idle]

    def end(self) -> None:
        """Kill the idle processes; the next text starts a new one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()


_pool = Pool()


def _forget_after_fork() -> None:
    # The pipes belong to the parent; a forked web worker starts its own processes.
    global _pool
    _pool = Pool()


def shared() -> Pool:
    return _pool


atexit.register(lambda: _pool.end())
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)


def _said(why: str) -> str:
    from flask_babel import gettext as _

    if why == "busy":
        return _("Too many texts are being made ready at once. Please try again in a moment.")
    return _("This text cannot be shown: it takes too long to make ready. Simplify it or split it into several.")
