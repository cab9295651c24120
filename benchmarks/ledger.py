"""Folding a year of facts, against the bars of METRICS and QUALITY: a day more, another window, a page of figures.

    python -m benchmarks.ledger [--events N ...] [--days N] [--database-url URL] [--json]

`--days` fills only the last days of the year at the same pace, which tells what a day costs in a fraction of the time.

The year is made up: people of eight departments and three sites come, search, open, read, and some say whether it
solved it. Everything is folded anew, killed halfway, and goes on. Another window over the year is reckoned in a process
of its own, so that its memory is its own too. A database that is given must be empty, and is left filled; what its
server spends counts where it runs on this machine. Without --events a small year is measured; the bars are meant for
1,000,000 and 10,000,000.
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
from flask.testing import FlaskClient

from benchmarks.measuring.cost import cost
from benchmarks.measuring.portal_at_work import signed_in
from config import Settings
from portal.core import clock, migrate, options
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.permissions import Role
from portal.factory import create_app
from portal.kb.models import Category
from portal.ledger import services as ledger
from portal.measures import counting, daily, fold, kept, reports
from portal.people import services as people
from portal.people import structure

BOUNDED = 50_000
DAYS = 365
TOPICS = 30
ARTICLES = 400
BATCH = 20_000
NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MOST_DAY_S, MOST_WINDOW_CPU_S, MOST_WINDOW_MB, MOST_PAGE_MS = 1.0, 10.0, 1024.0, 100.0
MOST_AGAIN_DAYS = 8
DEPARTMENTS, SITES, HEADS = 8, 3, 12
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
        "actor_kind": "user", "department_id": person % DEPARTMENTS + 1, "site_id": person % SITES + 1, **about,
        "visit": f"{person:x}-{at:%y%m%d%H}", "props": props, "request_id": None, "acted_by_id": None,
    }  # fmt: skip


def measure(app: Flask, n: int, days: int, *, tell: bool) -> Measured:
    """Fill a year, and measure."""
    with app.app_context(), clock.frozen(NOW):
        filled = cost(lambda: _fill(n, days))
        folded: list[dt.date] = []
        rebuild = cost(lambda: _rebuild(folded, tell=tell))
        db.session.remove()
    following = NOW + DAY
    with app.app_context(), clock.frozen(following):
        ledger.write(day(NOW.replace(hour=0), n // DAYS, max(50, n // 1_200), np.random.default_rng(2)))
        db.session.commit()
        one = cost(lambda: list(fold.fold()))
        as_of = fold.as_of()
        assert as_of is not None  # noqa: S101 - it was folded just now
        sums = cost(lambda: list(daily.count(as_of - DAY, as_of)))
        db.session.commit()
        ahead = cost(lambda: kept.renew(as_of))
        db.session.commit()
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu_s": round(spent.cpu, 2), "wall_s": round(spent.wall, 2), "mb": round(peak)}


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
            _settle(actor)
            db.session.commit()
            db.session.remove()
        try:
            return measure(app, n, days, tell=tell)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def _settle(actor: Actor) -> None:
    """Make the topics, and the departments and sites whose people are played, with enough people to be shown."""
    db.session.add_all(Category(slug=f"topic-{n}", title=f"Topic {n}", audience=[], position=n) for n in range(TOPICS))
    units = [people.add_department(actor, slug=f"unit-{n}", name=f"Unit {n}") for n in range(DEPARTMENTS)]
    sites = [structure.add_site(actor, slug=f"site-{n}", name=f"Site {n}") for n in range(SITES)]
    people.add_person(
        actor, email="ana@ostreyvale.example", name="Ana Ruiz", department=units[0], site=sites[0], roles=[Role.ANALYST]
    )
    for number in range(HEADS * DEPARTMENTS):
        people.add_person(
            actor,
            email=f"person-{number}@ostreyvale.example",
            name=f"Person {number}",
            department=units[number % DEPARTMENTS],
            site=sites[number % SITES],
        )


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
