"""Backup and restore of a whole installation: database, files, secret. Backups are taken while people work.

SQLite is copied by its own online backup, PostgreSQL as lines of JSON from one snapshot; either can be restored into
either. What can be made again (the search index) is left out.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, inspect

from portal.core import database, migrate, rows, withheld
from portal.core.archive import DATABASE, FILES, MANIFEST, ROWS, SECRET, BackupDamaged, Manifest, Writer, extract
from portal.core.database import db

LEFT_OUT = frozenset({"index", "search", "backups", "metrics", "static", SECRET})
"""What the home folder holds beside the database that a backup does not need, or holds elsewhere."""
DATABASE_SUFFIXES = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".sqlite3-journal")


class NotEmpty(Exception):
    """There is an installation already; a restore never overwrites one."""


def write(target: Path, *, engine: Engine, home: Path, secret: str, made_at: str) -> Manifest:
    """Write a backup to `target`, which appears only when it is whole; readable by its owner alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        folder = Path(name)
        partial = folder / "partial"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as archive:
                writer = Writer(archive)
                # The database first: every file its rows speak of was in place before the rows were.
                revision, counts = _add_database(writer, engine, folder)
                for path in _files(home):
                    writer.add(FILES + path.relative_to(home).as_posix(), path)
                writer.add_bytes(SECRET, secret.encode())
                manifest = Manifest(made_at=made_at, revision=revision, counts=counts, members=dict(writer.members))
                writer.add_bytes(MANIFEST, manifest.to_json())
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(target)
    return manifest


def _add_database(writer: Writer, engine: Engine, folder: Path) -> tuple[str, dict[str, int]]:
    if engine.dialect.name == "sqlite":
        copy = folder / DATABASE
        copy_sqlite(Path(engine.url.database or ""), copy, is_backup=True)
        writer.add(DATABASE, copy)
        with opened(f"sqlite:///{copy}") as copied, rows.snapshot(copied) as connection:
            return rows.revision(connection), rows.counts(connection)
    with rows.snapshot(engine) as connection:
        for table in rows.tables():
            lines = folder / "rows.jsonl"
            with lines.open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in rows.dump(connection, table))
            writer.add(f"{ROWS}{table.name}.jsonl", lines)
        return rows.revision(connection), rows.counts(connection)


def copy_sqlite(source: Path, target: Path, *, is_backup: bool = False) -> None:
    """Copy a SQLite database as it is at one instant, however much is written meanwhile; refuse a damaged one.

    A copy that is a backup leaves out what backups leave out (`core.withheld`).
    """
    # All pages in one step: that reads one snapshot of the write-ahead log and makes no writer wait.
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        if is_backup:
            withheld.blank(writing)
        found = writing.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise BackupDamaged(f"The database itself is damaged: {found}")


def _files(home: Path) -> Iterator[Path]:
    for entry in sorted(home.iterdir()):
        if entry.name in LEFT_OUT or entry.name.startswith(".") or entry.name.endswith(DATABASE_SUFFIXES):
            continue
        found = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
        yield from (path for path in found if path.is_file() and not path.is_symlink())


def restore(path: Path, *, engine: Engine, home: Path, secret_file: Path) -> Manifest:
    """Make a new installation from a backup, at this release's version of the schema.

    Refuses (NotEmpty) to touch a database with tables, and (BackupDamaged) an archive that is not whole; then nothing
    was changed. The database comes last, so a restore that was interrupted can simply be repeated.
    """
    if not is_empty(engine):
        raise NotEmpty("There is a portal here already. Restore into an empty DITY_HOME and an empty database.")
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as name:
        folder = Path(name)
        manifest = extract(path, folder)
        _refuse_other_release(manifest)
        _move(folder / FILES, home)
        (folder / SECRET).replace(secret_file)
        _restore_database(manifest, folder, engine)
        wrong = _differences(manifest, engine)
    if wrong:
        raise rows.RowsDiffer(f"After the restore the counts differ: {', '.join(wrong)}.")
    return manifest


def _refuse_other_release(manifest: Manifest) -> None:
    """A database file can be upgraded from any release before ours; rows fit the release that wrote them."""
    if manifest.revision not in (migrate.known() if manifest.is_sqlite else {migrate.head()}):
        raise BackupDamaged(f"The backup is of release {manifest.version}; restore it with that one, then upgrade.")


def is_empty(engine: Engine) -> bool:
    """True when the database has no tables; does not make a SQLite file by looking."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return True
    return not inspect(engine).get_table_names()


def _move(source: Path, home: Path) -> None:
    if not source.is_dir():
        return
    for path in sorted(source.rglob("*")):
        if path.is_file():
            target = home / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def _restore_database(manifest: Manifest, folder: Path, engine: Engine) -> None:
    if manifest.is_sqlite and engine.dialect.name == "sqlite":
        target = Path(engine.url.database or "")
        engine.dispose()
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder / DATABASE, target)
    with opened(engine.url.render_as_string(hide_password=False)) as empty:
        migrate.upgrade()
        if not manifest.is_sqlite:
            _load_rows(folder / ROWS, empty)
        elif empty.dialect.name != "sqlite":
            with opened(f"sqlite:///{folder / DATABASE}") as source:
                migrate.upgrade()
                rows.copy(source, empty)


def _load_rows(folder: Path, engine: Engine) -> None:
    """Load what `rows.dump` wrote into a fresh schema, in one transaction."""
    with engine.begin() as connection, rows.without_references(connection):
        rows.clear(connection)
        for table in rows.tables():
            with (folder / f"{table.name}.jsonl").open(encoding="utf-8") as lines:
                rows.load(connection, table, lines)
        rows.advance_sequences(connection)


def _differences(manifest: Manifest, engine: Engine) -> Iterable[str]:
    with rows.snapshot(engine) as connection:
        found = rows.counts(connection)
    return [name for name, n in manifest.counts.items() if name in found and found[name] != n]


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Open another database than the running portal's as if it were one's own, for migrations and copies."""
    app = Flask("other-database")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
        try:
            yield db.engine
        finally:
            db.session.remove()
            db.engine.dispose()
