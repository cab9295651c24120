"""What is left of the portal beside a noisy neighbour: every wait for the disk takes 4 ms more, half the CPU is taken.

The server is held to one core, which it shares with a process that never rests; a small library between it and the
system makes `fsync` and `fdatasync` slow (it needs a C compiler). Clients run elsewhere.

    python -m benchmarks.neighbour [--seconds 20] [--json]

Exit status 1 where a write fails or takes too long, there are fewer than 60 writes a second, or a page costs more than
its bar against the reference (`benchmarks.pages --quick`, under the same neighbour).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from benchmarks.measuring.crowd import Crowd, Form, cookies, first_article, signer_of
from benchmarks.measuring.portal_at_work import installation
from benchmarks.measuring.server import ROOT, serving

LEAST_WRITES = 60
MOST_SECONDS = 30.0
"""That anybody waits: what the portal gives a request."""
EXTRA_MS = 4
SLOW = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static void later(void) { struct timespec t = {0, %d * 1000000L}; nanosleep(&t, 0); }
int fsync(int fd) { later(); return ((int (*)(int)) dlsym(RTLD_NEXT, "fsync"))(fd); }
int fdatasync(int fd) { later(); return ((int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"))(fd); }
"""
SPIN = "while True: pass"


@dataclass(frozen=True)
class Beside:
    """What the portal did for the clients of one stretch of time."""

    writes_a_second: float
    slowest_s: float
    n_failed: int
    disk_ms: float
    """That one wait for the disk took, as the server meets it."""


def can_be_slowed() -> bool:
    """Tell whether this machine can play the neighbour: cores to choose from, and a compiler."""
    return sys.platform == "linux" and shutil.which("cc") is not None


@contextmanager
def neighbour(folder: Path) -> Iterator[None]:
    """Let every process that is started inside the block have slow disks and half a core.

    What is started inherits the core and the library; this process gets its cores back at the end.
    """
    (folder / "slow.c").write_text(SLOW % EXTRA_MS)
    library = folder / "slow.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, folder / "slow.c", "-ldl"], check=True)
    cores = os.sched_getaffinity(0)
    spinner = None
    os.environ["LD_PRELOAD"] = str(library)
    try:
        os.sched_setaffinity(0, {max(cores)})
        spinner = subprocess.Popen([sys.executable, "-c", SPIN])
        yield
    finally:
        os.environ.pop("LD_PRELOAD")
        os.sched_setaffinity(0, cores)
        if spinner:
            spinner.kill()
            spinner.wait()


@contextmanager
def on_the_other_cores(core: int) -> Iterator[None]:
    """Let this process, hence its clients, leave that core alone where there are others."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(range(os.cpu_count() or 1)) - {core} or cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def disk_ms(folder: Path) -> float:
    """Return how long a wait for the disk takes in a process that is started now."""
    ask = (
        "import os, sys, time; f = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY); t = time.perf_counter()\n"
        "for _ in range(20): os.write(f, b'x'); os.fsync(f)\n"
        "print((time.perf_counter() - t) / 20 * 1000)"
    )
    done = subprocess.run([sys.executable, "-c", ask, folder / "tried"], capture_output=True, text=True, check=True)
    return float(done.stdout)


def written(app: Flask, *, seconds: float, n_people: int, folder: Path, is_beside: bool) -> Beside:
    """Have people write as fast as the portal lets them."""
    known, sign = cookies(app, n_people), signer_of(app)
    article = first_article(app)
    works: list[str | Form] = [
        Form(f"{article}/notes", (("body", "It is the second button from the left."),)),
        Form(f"{article}/solved", (("solved", "yes"),)),
        Form("/tickets/new", (("subject", "Screen stays black"), ("body", "Since this **morning**."))),
    ]
    with ExitStack() as stack:
        if is_beside:
            stack.enter_context(neighbour(folder))
        waits = disk_ms(folder)
        port, _pid = stack.enter_context(serving(app))
        stack.enter_context(on_the_other_cores(max(os.sched_getaffinity(0))))
        with Crowd(port, known, sign, works) as crowd:
            time.sleep(seconds)
    times = crowd.seconds["written"]
    return Beside(len(times) / seconds, max(times), Crowd.failed(crowd.statuses), waits)


def pages(folder: Path) -> list[str]:
    """Return the bars of pages that are missed under the neighbour."""
    with neighbour(folder):
        command = [sys.executable, "-m", "benchmarks.pages", "--quick", "--json"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(done.stderr)
    return [line.removeprefix("MISSED ") for line in done.stderr.splitlines() if line.startswith("MISSED ")]


def complaints(beside: Beside, pages_missed: Sequence[str]) -> list[str]:
    """Say which promises were not kept."""
    missed = [f"pages: {line}" for line in pages_missed]
    if beside.n_failed:
        missed.append(f"{beside.n_failed} writes failed")
    if beside.slowest_s > MOST_SECONDS:
        missed.append(f"somebody waited {beside.slowest_s:.1f} s")
    if beside.writes_a_second < LEAST_WRITES:
        missed.append(f"{beside.writes_a_second:.0f} writes a second, at least {LEAST_WRITES}")
    return missed


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if not can_be_slowed():
        raise SystemExit("This needs Linux and a C compiler.")
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, is_beside in (("alone", False), ("beside", True)):
            with installation(n_articles=300) as app:
                found[name] = written(
                    app, seconds=given.seconds, n_people=400, folder=Path(folder), is_beside=is_beside
                )
        found["missed"] = complaints(found["beside"], pages(Path(folder)))
    if given.json:
        print(json.dumps({name: asdict(each) if isinstance(each, Beside) else each for name, each in found.items()}))
    else:
        for name in ("alone", "beside"):
            each: Beside = found[name]
            print(
                f"{name:7} {each.writes_a_second:6.0f} writes/s, the slowest {each.slowest_s * 1000:.0f} ms, "
                f"{each.n_failed} failed; a wait for the disk takes {each.disk_ms:.1f} ms"
            )
    for line in found["missed"]:
        print(f"MISSED {line}", file=sys.stderr)
    return 1 if found["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
