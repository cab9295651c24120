"""Start the web workers and the job runner, keep both alive, end both in order."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.serve.children import Child
from portal.serve.web import Web

PAUSE = 0.05
DRAIN_SECONDS = 10.0
HAND_OVER_SECONDS = 60.0
HOPELESS_AFTER = 4
"""Web workers that die this often before they answered once are not tried again."""


def _print_to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the supervisor has no log of its own


@dataclass
class Supervisor:
    """Keeps the web workers and, when there is one, the runner alive until told to stop.

    `on_ready` is called once, when pages are first answered; `on_stop` when the drain begins.
    """

    make_web: Callable[[], Web]
    runner: Child | None = None
    on_ready: Callable[[], None] = lambda: None
    on_stop: Callable[[], None] = lambda: None
    say: Callable[[str], None] = _print_to_stderr
    _is_stopping: bool = field(default=False, init=False)
    _is_renewing: bool = field(default=False, init=False)

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; returns the exit status."""
        before = self._listen_to_signals()
        web = self.make_web()
        web.child.start()
        if self.runner:
            self.runner.start()
        was_ready = False
        try:
            while not self._is_stopping:
                if not was_ready and web.is_ready():
                    was_ready = True
                    self.on_ready()
                if not was_ready and web.child.n_deaths >= HOPELESS_AFTER:
                    self.say("The web workers cannot start; the reason stands above.")
                    return 1
                if self._is_renewing:
                    web = self._renew(web)
                for child in self._children(web):
                    if told := child.keep_alive():
                        self.say(told)
                time.sleep(PAUSE)
            return 0
        finally:
            self.on_stop()
            self._end(self._children(web))
            web.close()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _children(self, web: Web) -> list[Child]:
        return [web.child, self.runner] if self.runner else [web.child]

    def _renew(self, old: Web) -> Web:
        """Start new web workers beside the old; the old leave when the new answer, and stay if they never do."""
        self._is_renewing = False
        self.say("Starting new web workers beside the old ones.")
        new = self.make_web()
        new.child.start()
        until = time.monotonic() + HAND_OVER_SECONDS
        while not new.is_ready() and new.child.is_alive and time.monotonic() < until and not self._is_stopping:
            time.sleep(PAUSE)
        leaving, staying = (old, new) if new.is_ready() else (new, old)
        if self.runner and staying is new:
            self.runner.ask_to_end()  # it is started again at once, with the new code
        self._end([leaving.child])
        leaving.close()
        self.say("The new web workers have taken over." if staying is new else "They did not start; the old ones stay.")
        return staying

    def _end(self, children: list[Child]) -> None:
        """Let children finish what they have in hand; kill what is left after the drain."""
        for child in children:
            child.ask_to_end()
        until = time.monotonic() + DRAIN_SECONDS
        while any(child.is_alive for child in children) and time.monotonic() < until:
            time.sleep(PAUSE)
        for child in children:
            child.kill()

    def _listen_to_signals(self) -> dict[int, Any]:
        def stop(number: int, frame: object) -> None:
            self._is_stopping = True

        def renew(number: int, frame: object) -> None:
            self._is_renewing = True

        before: dict[int, Any] = {n: signal.signal(n, stop) for n in (signal.SIGTERM, signal.SIGINT)}
        if hasattr(signal, "SIGHUP"):
            before[signal.SIGHUP] = signal.signal(signal.SIGHUP, renew)
        return before
