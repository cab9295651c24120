"""A program the supervisor keeps alive."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 30.0
STEADY_AFTER = 20.0
"""Seconds a child has to live for its earlier deaths to be forgotten."""


_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
"""Loaded here, since between fork and exec nothing may be imported: another thread may have held the lock of it."""


def _end_with(parent: int) -> None:
    """Ask Linux to end this child when the supervisor is killed, so that nothing is left holding the port.

    Runs between fork and exec, where the supervisor may die too: its own handler of SIGTERM, inherited for that
    moment, would only take note of the signal, and whoever dies before the asking is not told of at all.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if _LIBC:
        _LIBC.prctl(1, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


@dataclass
class Child:
    """One command, restarted when it dies; the pause doubles while it keeps dying."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    n_deaths: int = 0
    """How often it died without having been steady in between."""
    _started: float = field(default=0.0, repr=False)
    _due: float = field(default=0.0, repr=False)

    def start(self) -> None:
        # A session of its own: Ctrl-C in a terminal reaches the supervisor alone, which ends the others in order.
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            pass_fds=self.descriptors,
            start_new_session=os.name != "nt",
            preexec_fn=partial(_end_with, os.getpid()) if sys.platform == "linux" else None,
        )
        self._started = time.monotonic()

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep_alive(self) -> str:
        """Start the child again when it has died and its pause is over; returns what to tell, or nothing."""
        now = time.monotonic()
        if self.is_alive:
            if self.n_deaths and now - self._started > STEADY_AFTER:
                self.n_deaths = 0
            return ""
        if self.process is not None:
            pause = min(FIRST_PAUSE * 2**self.n_deaths, LONGEST_PAUSE)
            self._due, self.n_deaths = now + pause, self.n_deaths + 1
            ended, self.process = self.process.returncode, None
            return f"The {self.name} ended ({_how(ended)}); starting again in {pause:.1f} s."
        if now >= self._due:
            self.start()
        return ""

    def ask_to_end(self) -> None:
        if self.is_alive and self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """End the child and everything it started, at once."""
        if not self.is_alive or self.process is None:
            return
        if os.name == "nt":
            self.process.kill()
        else:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
