"""Logs of web servers: how fast lines become counts, against GoAccess on the same file, and the memory of a long log.

    python -m benchmarks.weblog [--lines N] [--log FILE] [--stream N N] [--json]

GoAccess is Debian's (`apt install goaccess`); where it is missing, its place is left empty and said so. What is timed
is CPU of the whole process from file to roll-up, start included, visits and their keyed hashes too: once into counts
alone, and once through the portal into its database. GoAccess counts without visits.

`--stream` reads made-up lines that never lie in a file, of as many visitors every day and other ones each day: memory
must be the same for a million lines and for twenty. Without arguments all of it is short; the full form is
`--lines 2000000 --stream 1000000 20000000`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analytics.weblog import lines
from analytics.weblog.days import Days, Folder
from analytics.weblog.reading import Batch, Reader
from benchmarks.measuring.memory import peak_mb

ROOT = Path(__file__).parents[1]
LINES, STREAM = 400_000, (100_000, 600_000)
PER_DAY, VISITORS, AGENTS, PAGES = 20_000, 4_000, 120, 1_500
"""Five hits of a visitor in a day, as in the real log of METRICS 5.6."""
MOST_GROWTH = 1.15
"""Memory of the longer stream, as a multiple of that of the shorter one."""
FIRST = date(2026, 1, 1)
NOT_THERE = "not installed (apt install goaccess)"
ROBOTS = ("Googlebot/2.1 (+http://www.google.com/bot.html)", "bingbot/2.0", "Feedly/1.0", "curl/8.5.0", "-")


def a_day(seed: int = 7) -> str:
    """Return the lines of one day, in order as a server writes them, with marks for its date and its network."""
    chance = random.Random(seed)
    agents = [
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/{100 + n}.0.{chance.randrange(9_000)}.0 "
        "Safari/537.36"
        for n in range(AGENTS)
    ]
    agents += ROBOTS * 4
    visitors = [(n // 20, agents[n * 7_919 % len(agents)]) for n in range(VISITORS)]
    pages = [f"/section/{n % 40}/page-{n}" for n in range(PAGES)]
    weights = [1 / (n + 1) for n in range(PAGES)]
    came_from = ["-", "-", "https://www.example.com/search?q=words", "https://intranet.example/it"]
    found = []
    # Everybody comes once or twice and stays a while, so that hits of many stand between two of the same person.
    hits = sorted(
        (min(start + chance.randrange(1_200), 86_399), visitor)
        for visitor in visitors
        for start in [chance.randrange(86_400)] * 3 + [chance.randrange(86_400)] * (PER_DAY // VISITORS - 3)
    )
    for second, (address, agent) in hits:
        at = f"{second // 3_600:02}:{second // 60 % 60:02}:{second % 60:02}"
        path = chance.choices(pages, weights)[0] if chance.random() < 0.4 else f"/static/{chance.randrange(300)}.css"
        status = chance.choices((200, 304, 404, 301, 500), (88, 6, 3, 2.5, 0.5))[0]
        found.append(
            f'@NET@.{address} - - [@DAY@:{at} +0000] "GET {path} HTTP/1.1" {status} '
            f'{chance.randrange(90_000)} "{chance.choice(came_from)}" "{agent}"'
        )
    return "\n".join(found)


def days(n_lines: int) -> Iterator[bytes]:
    """Yield a log day by day; every day has other visitors."""
    template = a_day()
    for number in range(-(-n_lines // PER_DAY)):
        on = FIRST + timedelta(days=number)
        net = f"10.{number // 256}.{number % 256}"
        yield template.replace("@DAY@", on.strftime("%d/%b/%Y")).replace("@NET@", net).encode()


def read_file(path: Path) -> int:
    """Read a file into counts, and return how many lines were parsed."""
    with tempfile.TemporaryDirectory() as scratch:
        reader, n = Reader(Days(Folder(Path(scratch)))), 0
        with lines.opened(path) as file:
            for block in lines.blocks(file, is_whole=True):
                batch = Batch()
                reader.read(block.lines, batch)
                reader.days.put_back()
                n += batch.parsed
    return n


def import_file(path: Path) -> int:
    """Bring a file into a portal of its own, and return how many lines were parsed."""
    from config import Settings
    from portal.core import migrate
    from portal.core.actor import system
    from portal.core.database import db
    from portal.factory import create_app
    from portal.weblogs import services
    from portal.weblogs.intake import Reading

    with tempfile.TemporaryDirectory() as home:
        app = create_app(Settings(home=Path(home), testing=True, log_level="error"))
        with app.app_context():
            migrate.upgrade()
            log = services.named(system("benchmark"), "Benchmark")
            db.session.commit()
            found, began = Reading(), time.process_time()
            for reading in services.bring(system("benchmark"), log, path):
                found = reading
                db.session.commit()
            print(json.dumps({"seconds": time.process_time() - began, "n": found.n_parsed}))
            db.session.remove()
            db.engine.dispose()
    return found.n_parsed


def stream(n_lines: int) -> float:
    """Read made-up lines, and return the most memory that took, in MB."""
    with tempfile.TemporaryDirectory() as scratch:
        reader = Reader(Days(Folder(Path(scratch))))
        for text in days(n_lines):
            reader.read(text, Batch())
            reader.days.put_back()
    return peak_mb()


def cpu_of(command: list[str]) -> tuple[float, str]:
    """Run a program; return its CPU seconds and what it printed."""
    before = os.times()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system, done.stdout


def itself(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "benchmarks.weblog", *(str(each) for each in arguments)]


def speed(path: Path) -> dict[str, Any]:
    """Time the three on one file, in turn."""
    n = sum(block.n for block in _blocks(path))
    alone, _said = cpu_of(itself("--read", path))
    _whole, said = cpu_of(itself("--import", path))
    into_database = float(json.loads(said.splitlines()[-1])["seconds"])
    found: dict[str, Any] = {
        "lines": n,
        "lines_per_second": round(n / alone),
        "lines_per_second_into_the_database": round(n / into_database),
    }
    goaccess = shutil.which("goaccess")
    if goaccess is None:
        return found | {"goaccess": NOT_THERE, "ratio": None, "ratio_into_the_database": None}
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out.json")
        theirs, _said = cpu_of([goaccess, str(path), "--log-format=COMBINED", "--no-progress", "-o", out])
    return found | {
        "goaccess": round(n / theirs),
        "ratio": round(theirs / alone, 2),
        "ratio_into_the_database": round(theirs / into_database, 2),
    }


def _blocks(path: Path) -> Iterator[lines.Block]:
    with lines.opened(path) as file:
        yield from lines.blocks(file, is_whole=True)


def memory(sizes: list[int]) -> list[tuple[int, float]]:
    return [(n, float(cpu_of(itself("--stream-one", n))[1])) for n in sizes]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Logs of web servers.")
    parser.add_argument("--lines", type=int, default=LINES, help="of the file that is made up")
    parser.add_argument("--log", type=Path, help="a file to read instead")
    parser.add_argument("--stream", type=int, nargs=2, default=list(STREAM), help="lines of the two streams")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--import", dest="into", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--stream-one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.read:
        return 0 if read_file(given.read) else 1
    if given.into:
        return 0 if import_file(given.into) else 1
    if given.stream_one:
        print(stream(given.stream_one))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = given.log or Path(folder) / "access.log"
        if given.log is None:
            with path.open("wb") as file:
                for text in days(given.lines):
                    file.write(text + b"\n")
        fast = speed(path)
    flat = memory(given.stream)
    missed = []
    for name in ("ratio", "ratio_into_the_database"):
        if fast[name] is not None and fast[name] < 1:
            missed.append(f"{name}: {fast[name]} of GoAccess's pace")
    growth = flat[1][1] / flat[0][1]
    if growth > MOST_GROWTH:
        missed.append(f"memory grew {growth:.2f}-fold from {flat[0][0]:,} to {flat[1][0]:,} lines")
    if given.json:
        print(json.dumps({"speed": fast, "memory_mb": dict(flat), "missed": missed}))
    else:
        _tell(fast, flat)
    for line in missed:
        print(f"MISSED {line}", file=sys.stderr)
    return 1 if missed else 0


def _tell(fast: dict[str, Any], flat: list[tuple[int, float]]) -> None:
    print(f"{fast['lines']:,} lines, lines in a second of CPU:")
    print(f"  into counts, start of the program included   {fast['lines_per_second']:>9,}")
    print(f"  through the portal into its database         {fast['lines_per_second_into_the_database']:>9,}")
    if fast["ratio"] is None:
        print(f"  GoAccess: {fast['goaccess']}")
    else:
        print(f"  GoAccess                                     {fast['goaccess']:>9,}")
        print(f"  {fast['ratio']} and {fast['ratio_into_the_database']} times as fast as GoAccess")
    for n, mb in flat:
        print(f"memory for {n:>12,} streamed lines: {mb:.0f} MB")


if __name__ == "__main__":
    raise SystemExit(main())
