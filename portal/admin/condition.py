"""What the overview tells of the installation: what wants a look, what it holds, how much room it takes."""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import text

from portal.core import doctor, health
from portal.core.database import db
from portal.core.feature import Health, HealthCheck
from portal.core.version import VERSION
from portal.search import maintenance
from portal.search.models import IndexRow

ONLY_BY_COMMAND = frozenset({"database is whole"})
"""Reads the whole database: `dity doctor` asks it, a page does not."""
MOST_FILES = 50_000
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
LIBRARIES = {"Flask": "flask", "SQLAlchemy": "sqlalchemy", "Whoosh": "whoosh-reloaded"}

PARTS = {"backups": "backups", "files": "files", maintenance.FOLDER: "index", "mail": "mail"}
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
    found = [*health.findings(), *doctor.ask(quick)]
    return sorted(found, key=lambda finding: finding[1].is_ok)


def index() -> Found:
    """Count what search finds, as the database last heard; the index's own page looks into the index."""
    row = db.session.get(IndexRow, maintenance.THE_ROW)
    return Found(row.n_documents if row else 0, maintenance.n_in_rows())


def room(home: Path) -> Room:
    """Measure the home folder; a database of its own server is asked for its size."""
    parts = dict.fromkeys(("database", "index", "files", "mail", "backups", "other"), 0)
    n = 0
    for n, (part, size) in enumerate(_sizes(home), start=1):
        parts[part] += size
        if n == MOST_FILES:
            break
    if db.engine.dialect.name == "postgresql":
        parts["database"] = db.session.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return Room(parts, shutil.disk_usage(home).free, n < MOST_FILES)


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
