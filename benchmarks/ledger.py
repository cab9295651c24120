"""Folding a year of facts, against the bars of METRICS and QUALITY: a day more, another window, a page of figures.

    python -m benchmarks.ledger [--events N ...] [--days N] [--database-url URL] [--json]

`--days` fills only the last days of the year at the same pace, which tells what a day costs in a fraction of the time.

The year is made up (`measuring.year_at_work`): people of eight departments and three sites search, open, read, some say
whether it solved it, some hand it over. Everything is folded anew, killed halfway, and goes on. Another window over
the year is reckoned in a process of its own, so that its memory is its own too. A database that is given must be empty,
and is left filled; what its server spends counts where it runs on this machine. Without --events a small year is
measured; the bars are meant for 1,000,000 and 10,000,000.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.measuring.cost import cost
from benchmarks.measuring.memory import peak_mb
from benchmarks.measuring.portal_at_work import signed_in
from benchmarks.measuring.year_at_work import DAY, DAYS, Year
from config import Settings
from portal.core import clock, migrate, options
from portal.core.actor import system
from portal.core.database import db
from portal.factory import create_app
from portal.ledger import services as ledger
from portal.measures import counting, daily, fold, kept, reports

BOUNDED = 50_000
NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
MOST_DAY_S, MOST_WINDOW_CPU_S, MOST_WINDOW_MB, MOST_PAGE_MS = 1.0, 10.0, 1000.0, 100.0
MOST_AGAIN_DAYS = 8
PAGES = ("", "adoption", "search", "tickets", "knowledge")
CHOSEN = ("", "?days=364", "?days=364&department=1", "?days=364&topic=1")
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one size of ledger costs, in seconds of CPU, the database server's included."""

    events: int
    """Of a whole year."""
    days: int
    database: str
    filled_s: float
    rebuild_s: float
    rebuild_wall_s: float
    """By the clock, as are all that are called so."""
    again_days: int
    """Days folded a second time because the rebuild was killed halfway."""
    day_s: float
    """Folding one more day: its attempts read, kept and committed."""
    day_wall_s: float
    sums_s: float
    """Counting the sums of the days that one more may change."""
    reports_s: float
    """Working out the usual periods ahead, under every window and for every group."""
    window_cpu_s: float
    """Another window over the whole year, by chaining the kept attempts anew."""
    window_wall_s: float
    window_mb: float
    page_ms: float
    """CPU of a page of figures, at the median, of the slowest of them."""
    page: str
    """Which one that is."""

    def misses(self) -> list[str]:
        """Name the bars that were missed."""
        bars = (
            ("days folded twice", self.again_days, MOST_AGAIN_DAYS, "days"),
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


def measure(app: Flask, year: Year, n: int, days: int, *, tell: bool) -> Measured:
    """Fill a year, and measure."""
    with app.app_context(), clock.frozen(NOW):
        filled = cost(lambda: year.fill(NOW.replace(hour=0), days))
        folded: list[dt.date] = []
        rebuild = cost(lambda: _rebuild(folded, tell=tell))
        db.session.remove()
    following = NOW + DAY
    with app.app_context(), clock.frozen(following):
        ledger.write(year.lived(NOW.replace(hour=0), np.random.default_rng(2)))
        db.session.commit()
        one = cost(lambda: list(fold.fold()))
        as_of = fold.as_of()
        assert as_of is not None  # noqa: S101 - it was folded just now
        sums = cost(lambda: _committed(lambda: list(daily.count(as_of - DAY, as_of))))
        ahead = cost(lambda: _committed(lambda: kept.renew(as_of)))
        kind, url = db.engine.dialect.name, db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        page, page_ms = _slowest_page(app)
    window = _in_a_process(app, url)
    return Measured(
        events=n,
        days=days,
        database=kind,
        filled_s=round(filled.cpu, 1),
        rebuild_s=round(rebuild.cpu, 1),
        rebuild_wall_s=round(rebuild.wall, 1),
        again_days=len(folded) - len(set(folded)),
        day_s=round(one.cpu, 2),
        day_wall_s=round(one.wall, 2),
        sums_s=round(sums.cpu, 2),
        reports_s=round(ahead.cpu, 1),
        window_cpu_s=window["cpu_s"],
        window_wall_s=window["wall_s"],
        window_mb=window["mb"],
        page_ms=round(page_ms, 1),
        page=page,
    )


def _committed(act: Callable[[], object]) -> None:
    """Do it and commit: who asks what it cost ends the open transaction."""
    act()
    db.session.commit()


def _rebuild(folded: list[dt.date], *, tell: bool) -> None:
    """Fold everything, but be killed halfway and begin again: what is folded stands in the list, as often as it was."""
    for at, last in counting.counted(is_anew=True):
        folded.append(at)
        if (last - at).days < len(folded):
            break
    db.session.rollback()
    began = time.perf_counter()
    for at, last in counting.counted():
        folded.append(at)
        if tell and (last - at).days % 60 == 0:
            took = time.perf_counter() - began
            print(f"  {at}: {(last - at).days} days left, {took:.0f} s since it was killed", file=sys.stderr)


def _slowest_page(app: Flask) -> tuple[str, float]:
    client = signed_in(app)
    found = {f"{page}{chosen}": _page_ms(client, f"/insights/{page}{chosen}") for page in PAGES for chosen in CHOSEN}
    name = max(found, key=lambda page: found[page])
    return name or "index", found[name]


def _page_ms(client: FlaskClient, address: str) -> float:
    costs = []
    for number in range(12):
        spent = cost(lambda: _seen(client, address))
        if number >= 3:
            costs.append(spent.cpu * 1000)
    return statistics.median(costs)


def _seen(client: FlaskClient, address: str) -> None:
    if (status := client.get(address).status_code) != 200:
        raise SystemExit(f"{address} answered {status}")


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
        spent = cost(lambda: _reckon(as_of))
    return {"cpu_s": round(spent.cpu, 2), "wall_s": round(spent.wall, 2), "mb": round(peak_mb())}


def _reckon(as_of: dt.date) -> None:
    found = reports.read(as_of - 364 * DAY, as_of)
    assert found is not None  # noqa: S101 - whoever calls has folded
    found.needs(72)


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
            year = Year(n)
            db.session.commit()
            db.session.remove()
        try:
            return measure(app, year, n, days, tell=tell)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def table(found: list[Measured]) -> str:
    """Write what was measured as a table."""
    names = [name for name in asdict(found[0]) if name != "database"]
    rows = [[each.database for each in found]]
    rows += [[_written(asdict(each)[name]) for each in found] for name in names]
    return "\n".join(
        f"{name:16}" + "".join(f"{value:>24}" for value in row)
        for name, row in zip(["database", *names], rows, strict=True)
    )


def _written(value: object) -> str:
    return value if isinstance(value, str) else f"{value:,}"


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
