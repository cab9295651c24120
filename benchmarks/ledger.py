"""Folding a year of facts, against the bars of METRICS and QUALITY: a day more, another window, a page of figures.

    python -m benchmarks.ledger [--events N ...] [--days N] [--database-url URL] [--json]

`--days` fills only the last days of the year at the same pace, which tells what a day costs in a fraction of the time.

The year is made up: people come, search, open, read, and some say whether it solved it. Another window over the year is
reckoned in a process of its own, so that its memory is its own too. A database that is given must be empty, and is
left filled. Without --events a small year is measured; the bars are meant for 1,000,000 and 10,000,000.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from flask import Flask

from benchmarks.measuring.portal_at_work import signed_in
from config import Settings
from portal.core import clock, migrate, options
from portal.core.actor import system
from portal.core.database import db
from portal.core.permissions import Role
from portal.factory import create_app
from portal.ledger import services as ledger
from portal.measures import counting, daily, fold, kept, reports
from portal.people import services as people

BOUNDED = 50_000
DAYS = 365
TOPICS = 30
ARTICLES = 400
BATCH = 20_000
NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MOST_DAY_S, MOST_WINDOW_CPU_S, MOST_WINDOW_MB, MOST_PAGE_MS = 1.0, 10.0, 1024.0, 100.0
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one size of ledger costs, in seconds of CPU."""

    events: int
    """Of a whole year."""
    days: int
    database: str
    filled_s: float
    rebuild_s: float
    day_s: float
    """Folding one more day: its attempts read, kept and committed."""
    sums_s: float
    """Counting the sums of the days that one more may change."""
    reports_s: float
    """Working out the usual periods ahead, under every window and for every group."""
    window_cpu_s: float
    """Another window over the whole year, by chaining the kept attempts anew."""
    window_mb: float
    page_ms: float
    """CPU of a page of figures, at the median."""

    def misses(self) -> list[str]:
        """Name the bars that were missed."""
        bars = (
            ("one more day", self.day_s, MOST_DAY_S, "s"),
            ("another window", self.window_cpu_s, MOST_WINDOW_CPU_S, "s of CPU"),
            ("another window", self.window_mb, MOST_WINDOW_MB, "MB"),
            ("a page", self.page_ms, MOST_PAGE_MS, "ms"),
        )
        return [
            f"{self.events:,} events: {name} {value:.2f}, at most {most:g} {unit}"
            for name, value, most, unit in bars
            if value > most
        ]


def year(n: int, days: int = DAYS, *, seed: int = 1) -> Iterator[list[dict[str, Any]]]:
    """Give the last days of a year of about n facts, a day at a time, in order of time."""
    rng, n_people = np.random.default_rng(seed), max(50, n // 1_200)
    for number in range(days):
        begin = NOW.replace(hour=0) - (days - number) * DAY
        yield day(begin, n // DAYS, n_people, rng)


def day(begin: dt.datetime, n: int, n_people: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return about n facts of one day."""
    rows: list[dict[str, Any]] = []
    n_visits = max(1, round(n / 3.9))
    seconds = np.sort(rng.integers(6 * 3600, 20 * 3600, n_visits)).tolist()
    who, article = rng.integers(0, n_people, n_visits).tolist(), rng.integers(1, ARTICLES, n_visits).tolist()
    luck = rng.random((n_visits, 4)).tolist()
    for visit, at in enumerate(seconds):
        rows += _visit(begin + dt.timedelta(seconds=at), who[visit], article[visit], luck[visit], visit)
    return sorted(rows, key=lambda row: row["at"])


def _visit(at: dt.datetime, person: int, article: int, luck: list[float], number: int) -> list[dict[str, Any]]:
    key = f"{at:%y%m%d}{number}"
    about = {"subject": f"article:{article}", "topic": f"category:{article % TOPICS + 1}"}
    found = 0 if luck[0] < 0.1 else 7
    query = {"search": key, "query": f"word{article % 90} trouble", "n_results": found, "surface": "search"}
    rows = [_fact("search.performed", at, person, {"subject": None, "topic": about["topic"]}, query)]
    if found and luck[1] < 0.85:
        opened = at + dt.timedelta(seconds=20)
        rows.append(_fact("article.viewed", opened, person, about, {"via": "search", "search": key, "version": 1}))
        rows.append(_fact("search.result_opened", opened, person, about, {"search": key, "rank": 1 + number % 4}))
        later = opened + dt.timedelta(seconds=60)
        rows.append(_fact("article.read", later, person, about, {"seconds": 45, "version": 1, "place": "page"}))
        if luck[2] < 0.3:
            said = {"solved": luck[3] < 0.7, "version": 1, "via": "article"}
            rows.append(_fact("solution.marked", later + dt.timedelta(seconds=5), person, about, said))
    return rows


def _fact(name: str, at: dt.datetime, person: int, about: dict[str, Any], props: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": at, "recorded_at": at, "name": name, "v": 1, "visitor": f"{person:032x}", "actor_id": None,
        "actor_kind": "user", "department_id": person % 8 + 1, "site_id": person % 3 + 1, **about,
        "visit": f"{person:x}-{at:%y%m%d%H}", "props": props, "request_id": None, "acted_by_id": None,
    }  # fmt: skip


def measure(app: Flask, n: int, days: int, *, tell: bool) -> Measured:
    """Fill a year, and measure."""
    with app.app_context(), clock.frozen(NOW):
        filled = _timed(lambda: _fill(n, days))
        rebuild = _timed(lambda: _rebuild(tell=tell))
        db.session.remove()
    following = NOW + DAY
    with app.app_context(), clock.frozen(following):
        ledger.write(day(NOW.replace(hour=0), n // DAYS, max(50, n // 1_200), np.random.default_rng(2)))
        db.session.commit()
        one = _timed(lambda: list(fold.fold()))
        as_of = fold.as_of()
        assert as_of is not None  # noqa: S101 - it was folded just now
        sums = _timed(lambda: list(daily.count(as_of - DAY, as_of)))
        db.session.commit()
        ahead = _timed(lambda: kept.renew(as_of))
        db.session.commit()
        kind, url = db.engine.dialect.name, db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        page = _page_ms(app)
    window = _in_a_process(app, url)
    return Measured(
        events=n,
        days=days,
        database=kind,
        filled_s=round(filled, 1),
        rebuild_s=round(rebuild, 1),
        day_s=round(one, 2),
        sums_s=round(sums, 2),
        reports_s=round(ahead, 1),
        window_cpu_s=window["cpu_s"],
        window_mb=window["mb"],
        page_ms=round(page, 1),
    )


def _timed(act: Any) -> float:
    """Return the seconds of CPU it takes: others may be at work on this machine."""
    began = time.process_time()
    act()
    return time.process_time() - began


def _fill(n: int, days: int) -> None:
    waiting: list[dict[str, Any]] = []
    for rows in year(n, days):
        waiting += rows
        if len(waiting) >= BATCH:
            ledger.write(waiting)
            db.session.commit()
            waiting = []
    ledger.write(waiting)
    db.session.commit()


def _rebuild(*, tell: bool) -> None:
    began = time.perf_counter()
    for number, (at, _last) in enumerate(counting.counted(is_anew=True), start=1):
        if tell and number % 60 == 0:
            print(f"  {at}: {number} days folded in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _page_ms(app: Flask) -> float:
    client = signed_in(app)
    costs = []
    for number in range(25):
        began = time.process_time()
        status = client.get("/insights/").status_code
        if status != 200:
            raise SystemExit(f"/insights/ answered {status}")
        if number >= 5:
            costs.append((time.process_time() - began) * 1000)
    return statistics.median(costs)


def _in_a_process(app: Flask, url: str) -> dict[str, float]:
    home = str(app.config["DITY"].home)
    command = [sys.executable, "-m", "benchmarks.ledger", "--rechain", home, url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _rechain(home: str, url: str) -> dict[str, float]:
    """Reckon the whole year under another window, and say what that cost this process."""
    app = create_app(_settings(Path(home), url))
    with app.app_context(), clock.frozen(NOW + DAY):
        as_of = fold.as_of()
        assert as_of is not None  # noqa: S101 - whoever calls has folded
        began = time.process_time()
        found = reports.read(as_of - 364 * DAY, as_of)
        assert found is not None  # noqa: S101
        n = len(found.needs(72))
        cpu = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu_s": round(cpu, 2), "mb": round(peak), "needs": n}


def _settings(home: Path, url: str) -> Settings:
    given = "" if url.startswith("sqlite") else url
    return Settings(home=home, database_url=given, testing=True, log_level="error")


def measured(n: int, days: int, url: str, *, tell: bool) -> Measured:
    """Measure one size on a fresh installation."""
    with TemporaryDirectory(prefix="dity-ledger-") as folder:
        app = create_app(_settings(Path(folder), url))
        with app.app_context():
            migrate.upgrade()
            actor = system("benchmark")
            options.change(actor, is_set_up=True)
            unit = people.add_department(actor, slug="finance", name="Finance")
            people.add_person(
                actor, email="ana@ostreyvale.example", name="Ana Ruiz", department=unit, roles=[Role.ANALYST]
            )
            db.session.commit()
            db.session.remove()
        try:
            return measure(app, n, days, tell=tell)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def table(found: list[Measured]) -> str:
    """Write what was measured as a table."""
    names = [name for name in asdict(found[0]) if name != "database"]
    lines = [" ".join(f"{name:>13}" for name in names)]
    lines += [" ".join(f"{asdict(each)[name]:>13,}" for name in names) + f"  {each.database}" for each in found]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Folding a year of facts.")
    parser.add_argument("--events", type=int, nargs="+", default=[BOUNDED], help="how many facts the year holds")
    parser.add_argument("--days", type=int, default=DAYS, help="how many days of it are filled")
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database; default: SQLite")
    parser.add_argument("--rechain", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if given.rechain:
        print(json.dumps(_rechain(*given.rechain)))
        return 0
    if given.database_url and len(given.events) > 1:
        parser.error("one size at a time in a database that is given")
    found = [measured(n, given.days, given.database_url, tell=not given.json) for n in given.events]
    missed = [line for each in found for line in each.misses()]
    print(json.dumps({"sizes": [asdict(each) for each in found], "missed": missed}) if given.json else table(found))
    for line in missed:
        print(f"MISSED {line}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
