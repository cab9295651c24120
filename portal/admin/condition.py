"""What the overview tells of the installation: what wants a look, what it holds, how much room it takes."""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions, version
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, text

from portal.admin.models import StorageDay
from portal.core import clock, doctor, health, migrate
from portal.core.database import db
from portal.core.feature import Health, HealthCheck
from portal.core.version import VERSION
from portal.search import maintenance
from portal.search.models import IndexRow

ONLY_BY_COMMAND = frozenset({"database is whole"})
"""Reads the whole database: `dity doctor` asks it, a page does not."""
MOST_FILES = 50_000
MONTH = dt.timedelta(days=31)
KEPT = dt.timedelta(days=400)
WEEKS = 13
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
LIBRARIES = {"Flask": "flask", "SQLAlchemy": "sqlalchemy", "Whoosh": "whoosh-reloaded"}

PARTS = {"backups": "backups", "brand": "files", "files": "files", "logs": "logs", maintenance.FOLDER: "index"}
PARTS |= {"mail": "mail"}
"""What the folders of the home hold; a file of the database is told by its name, everything else is `other`."""


@dataclass(frozen=True)
class Room:
    """How much room the installation takes, by part, and how much is left where its home folder is."""

    parts: dict[str, int]
    n_free: int
    is_complete: bool
    """False when there were too many files to count them all."""


@dataclass(frozen=True)
class Found:
    """How many things the index holds, of how many there are."""

    n_documents: int
    n_rows: int


def findings() -> list[tuple[HealthCheck, Health]]:
    """Return what `/readyz` and the quick questions of `dity doctor` find, what wants a look first."""
    quick = [check for check in doctor.CHECKS if check.name not in ONLY_BY_COMMAND]
    found = [_with_backup(check, told) for check, told in (*health.findings(), *doctor.ask(quick))]
    return sorted(found, key=lambda finding: finding[1].is_ok)


def _with_backup(check: HealthCheck, told: Health) -> tuple[HealthCheck, Health]:
    """Say of a portal without any backup that it is not well, also of a demo, which the doctor lets pass."""
    if check.name != "backup" or last_backup(current_app.config["DITY"].home) is not None:
        return check, told
    advice = told.advice or _("Make one now, so that nothing is lost if you go on with this portal.")
    return check, Health(is_ok=False, detail=_("none has been made yet"), advice=advice)


def index() -> Found:
    """Count what search finds, as the database last heard; the index's own page looks into the index."""
    row = db.session.get(IndexRow, maintenance.THE_ROW)
    return Found(row.n_documents if row else 0, maintenance.n_in_rows())


def room(home: Path) -> Room:
    """Measure the home folder; a database of its own server is asked for its size."""
    parts = dict.fromkeys(("database", "index", "files", "mail", "backups", "logs", "other"), 0)
    n = 0
    for n, (part, size) in enumerate(_sizes(home), start=1):
        parts[part] += size
        if n == MOST_FILES:
            break
    if db.engine.dialect.name == "postgresql":
        parts["database"] = db.session.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return Room(parts, shutil.disk_usage(home).free, n < MOST_FILES)


def note_room() -> None:
    """Keep today's sizes, so that growth can be told; the last of a day counts."""
    remember(clock.today(), room(current_app.config["DITY"].home).parts)


def remember(day: dt.date, sizes: Mapping[str, int]) -> None:
    """Keep the sizes of one day, and no day for longer than a year."""
    row = db.session.get(StorageDay, day) or StorageDay(day=day)
    row.sizes = dict(sizes)
    db.session.add(row)
    db.session.execute(delete(StorageDay).where(StorageDay.day < day - KEPT))


@dataclass(frozen=True)
class Growth:
    """How the installation grew since the earliest day that is known, at most a month ago."""

    since: dt.date
    n_bytes: int
    a_day: float
    days_left: int | None
    """In how many days the room is full if it goes on so; None where it does not grow."""


def growth(now: Room) -> Growth | None:
    """Compare with a month ago; None before a second day is known."""
    today = clock.today()
    query = select(StorageDay).where(StorageDay.day >= today - MONTH, StorageDay.day < today).order_by(StorageDay.day)
    first = db.session.execute(query.limit(1)).scalar_one_or_none()
    if first is None:
        return None
    n_bytes = sum(now.parts.values()) - sum(first.sizes.values())
    a_day = n_bytes / max(1, (today - first.day).days)
    return Growth(first.day, n_bytes, a_day, int(now.n_free / a_day) if a_day > 0 else None)


def history() -> list[StorageDay]:
    """Return what is known of the last weeks, the latest first: of each week the last day."""
    weeks: dict[tuple[int, int], StorageDay] = {}
    for row in db.session.execute(select(StorageDay).order_by(StorageDay.day.desc())).scalars():
        weeks.setdefault(row.day.isocalendar()[:2], row)
    return list(weeks.values())[:WEEKS]


def migrations() -> tuple[str | None, str | None, bool]:
    """Return the version the database is at, the one the code needs, and whether they are the same."""
    return migrate.current(), migrate.head(), migrate.is_current()


def libraries() -> dict[str, str]:
    """Return the libraries this process has loaded, with their versions, by name."""
    providers = packages_distributions()
    names = {name for module in sys.modules for name in providers.get(module, ()) if "." not in module}
    return {name: version(name) for name in sorted(names, key=str.lower)}


def _sizes(home: Path) -> Iterator[tuple[str, int]]:
    for folder, _below, names in os.walk(home):
        top = Path(folder).relative_to(home).parts[:1]
        for name in names:
            try:
                size = os.lstat(Path(folder, name)).st_size
            except OSError:  # gone between the listing and the look
                continue
            is_database = not top and ".sqlite3" in name
            yield ("database" if is_database else PARTS.get(top[0] if top else "", "other")), size


@dataclass(frozen=True)
class Backup:
    """An archive in the home's folder of backups."""

    name: str
    n_bytes: int
    made_at: dt.datetime


def backups(home: Path) -> list[Backup]:
    """Return the backups that lie in the home folder, the latest first; others may lie elsewhere."""
    found = []
    for path in (home / "backups").glob("*.tar.gz"):
        try:
            facts = path.stat()
        except OSError:  # taken away between the listing and the look
            continue
        found.append(Backup(path.name, facts.st_size, dt.datetime.fromtimestamp(facts.st_mtime, dt.UTC)))
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def last_backup(home: Path) -> dt.datetime | None:
    """Return when a backup was last written, None when there never was one."""
    try:
        return dt.datetime.fromtimestamp((home / doctor.LAST_BACKUP).stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        return None


def versions() -> dict[str, str]:
    """Return what runs here, for whoever is asked for help."""
    return {
        "DITY": VERSION,
        "Python": platform.python_version(),
        DATABASES[db.engine.dialect.name]: _database_version(),
        **{name: version(package) for name, package in LIBRARIES.items()},
        _("System"): platform.platform(terse=True),
    }


def _database_version() -> str:
    question = "SELECT sqlite_version()" if db.engine.dialect.name == "sqlite" else "SHOW server_version"
    return str(db.session.execute(text(question)).scalar_one())
