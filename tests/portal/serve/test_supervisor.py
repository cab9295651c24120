"""The supervisor with children that only sleep: who is started again, who is let go, who is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from portal.serve import supervisor as module
from portal.serve.children import Child, _end_with
from portal.serve.supervisor import Supervisor
from portal.serve.web import Web

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture
def child() -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def make(code: str = SLEEP, name: str = "sleeper") -> Child:
        made.append(Child(name=name, command=[sys.executable, "-c", code], environment=dict(os.environ)))
        return made[-1]

    yield make
    for one in made:
        one.kill()


def in_the_background(act: Callable[[], None]) -> None:
    """Do something while the supervisor runs; when it fails, the supervisor ends and the test with it."""

    def carefully() -> None:
        try:
            act()
        except BaseException:
            if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:  # or it would end the whole test run
                os.kill(os.getpid(), signal.SIGTERM)
            raise

    threading.Thread(target=carefully, daemon=True).start()


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_a_killed_child_is_started_again_and_the_reason_is_told(child: Callable[..., Child]) -> None:
    runner = child()
    runner.start()
    first = pid_of(runner)
    os.kill(first, signal.SIGKILL)
    until(lambda: not runner.is_alive)
    assert "ended (signal SIGKILL)" in runner.keep_alive()
    until(lambda: not runner.keep_alive() and runner.is_alive)
    assert pid_of(runner) != first


def test_a_child_that_keeps_dying_is_started_more_and_more_slowly(child: Callable[..., Child]) -> None:
    dying = child("raise SystemExit(3)")
    dying.start()
    told: list[str] = []
    until(lambda: bool(told.append(dying.keep_alive()) or dying.n_deaths == 3))
    pauses = [line for line in told if line]
    assert [line.rsplit(" ", 2)[1] for line in pauses] == ["0.1", "0.2", "0.4"]


def test_stopping_ends_every_child_in_order(child: Callable[..., Child]) -> None:
    web, runner, stopped = child(), child(), []
    supervisor = Supervisor(
        make_web=lambda: Web(web, lambda: True, lambda: None),
        runner=runner,
        on_ready=lambda: os.kill(os.getpid(), signal.SIGTERM),
        on_stop=lambda: stopped.append((web.is_alive, runner.is_alive)),
    )
    assert supervisor.run() == 0
    assert stopped == [(True, True)], "the socket is closed before anybody is asked to end"
    assert not web.is_alive
    assert not runner.is_alive


def test_a_child_may_finish_what_it_has_in_hand(child: Callable[..., Child], tmp_path: Path) -> None:
    ready, done = tmp_path / "ready", tmp_path / "done"
    worker = child(
        "import pathlib, signal, sys, time\n"
        f"def finish(*_):\n    time.sleep(0.5); pathlib.Path({str(done)!r}).touch(); sys.exit()\n"
        f"signal.signal(signal.SIGTERM, finish); pathlib.Path({str(ready)!r}).touch(); time.sleep(60)\n"
    )
    supervisor = Supervisor(
        make_web=lambda: Web(worker, ready.exists, lambda: None), on_ready=lambda: os.kill(os.getpid(), signal.SIGTERM)
    )
    assert supervisor.run() == 0
    assert done.exists()


def test_a_child_that_does_not_want_to_end_is_killed_after_the_drain(
    child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DRAIN_SECONDS", 0.3)
    stubborn = child(STUBBORN)

    def stop() -> None:
        time.sleep(0.5)  # until it has learnt to ignore us
        os.kill(os.getpid(), signal.SIGTERM)

    supervisor = Supervisor(
        make_web=lambda: Web(stubborn, lambda: True, lambda: None), on_ready=lambda: in_the_background(stop)
    )
    started = time.monotonic()
    assert supervisor.run() == 0
    assert time.monotonic() - started < 5
    assert not stubborn.is_alive


def test_web_workers_that_never_answer_end_the_attempt_with_a_sentence(child: Callable[..., Child]) -> None:
    told: list[str] = []
    supervisor = Supervisor(
        make_web=lambda: Web(child("raise SystemExit(3)", name="web workers"), lambda: False, lambda: None),
        say=told.append,
    )
    assert supervisor.run() == 1
    assert told[-1] == "The web workers cannot start; the reason stands above."


def test_renewing_lets_the_old_workers_go_only_when_the_new_answer(child: Callable[..., Child]) -> None:
    made: list[Child] = []
    alive_at_hand_over: list[bool] = []

    def make_web() -> Web:
        made.append(child())
        return Web(made[-1], lambda: True, lambda: alive_at_hand_over.append(made[-1].is_alive))

    def renew_then_stop() -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        until(lambda: len(alive_at_hand_over) == 1)
        os.kill(os.getpid(), signal.SIGTERM)

    supervisor = Supervisor(
        make_web=make_web, on_ready=lambda: in_the_background(renew_then_stop), say=lambda text: None
    )
    assert supervisor.run() == 0
    assert len(made) == 2
    assert alive_at_hand_over[0], "the new set runs when the old one has left"


def test_renewing_keeps_the_old_workers_when_the_new_do_not_start(child: Callable[..., Child]) -> None:
    made: list[Child] = []
    told: list[str] = []

    def make_web() -> Web:
        is_first = not made
        made.append(child(SLEEP if is_first else "raise SystemExit(3)"))
        return Web(made[-1], lambda: is_first, lambda: None)

    def renew_then_stop() -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        until(lambda: any("stay" in line for line in told))
        assert made[0].is_alive
        os.kill(os.getpid(), signal.SIGTERM)

    supervisor = Supervisor(make_web=make_web, on_ready=lambda: in_the_background(renew_then_stop), say=told.append)
    assert supervisor.run() == 0
    assert "They did not start; the old ones stay." in told


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    script = (
        "import os, sys, time\n"
        "from portal.serve.children import Child\n"
        f"child = Child('sleeper', [sys.executable, '-c', {SLEEP!r}], dict(os.environ))\n"
        "child.start(); print(child.process.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        parent.kill()
    until(lambda: not Path(f"/proc/{orphan}/cmdline").exists() or not Path(f"/proc/{orphan}/cmdline").read_bytes())


@pytest.mark.skipif(sys.platform != "linux", reason="a child learns of its parent's death on Linux alone")
def test_a_child_whose_supervisor_died_before_it_began_never_begins() -> None:
    other_than_its_parent = 1
    begun = subprocess.Popen([sys.executable, "-c", SLEEP], preexec_fn=partial(_end_with, other_than_its_parent))
    assert begun.wait(10) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="a child learns of its parent's death on Linux alone")
def test_a_child_told_to_end_before_it_began_ends() -> None:
    """The supervisor's own handler, inherited until the program is loaded, would swallow the signal."""

    def told_at_once() -> None:
        _end_with(os.getppid())
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        begun = subprocess.Popen([sys.executable, "-c", SLEEP], preexec_fn=told_at_once)
        assert begun.wait(10) == -signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)
