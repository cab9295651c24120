"""The version of the database, and the way to the newest. Alembic is imported only here, only when needed."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from portal.core.database import db

if TYPE_CHECKING:
    from alembic.config import Config

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of every plug-in it has

FOLDER = Path(__file__).parent.parent / "migrations"


@cache
def head() -> str:
    """Return the newest revision, read from the files' own header without importing Alembic."""
    import re

    revisions, parents = set(), set()
    for path in (FOLDER / "versions").glob("*.py"):
        source = path.read_text()
        if found := re.search(r'^revision(?:: str)? = "(\w+)"', source, re.MULTILINE):
            revisions.add(found[1])
        if found := re.search(r'^down_revision(?:[^=]*) = "(\w+)"', source, re.MULTILINE):
            parents.add(found[1])
    (newest,) = revisions - parents
    return newest


class Impossible(Exception):
    """There is no way to that version from here; the message says why."""


def current() -> str | None:
    """Return the revision the database is at, None for an empty one."""
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    return db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current() -> bool:
    return current() == head()


def is_newer() -> bool:
    """Say whether a newer release than this one has touched the database."""
    found = current()
    return found is not None and found not in known()


def config() -> Config:
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(rev)s_%%(slug)s")
    return made


def known() -> set[str]:
    """Return every revision this release has a migration for."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def differences() -> list[str]:
    """Return in what the database's tables differ from the models; empty when a migration made everything."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    db.session.rollback()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [_in_short(difference) for difference in compare_metadata(context, db.metadata)]


def _in_short(difference: Any) -> str:
    if isinstance(difference, list):  # what differs in one column
        return "; ".join(map(_in_short, difference))
    kind, *parts = difference
    return f"{kind} {' '.join(str(getattr(part, 'name', part)) for part in parts if part is not None)}"[:200]


def upgrade(revision: str = "head") -> None:
    """Bring the database up; refuses one that a newer release has touched."""
    from alembic import command

    db.session.rollback()
    command.upgrade(config(), revision)


def write_revision(what_changes: str) -> list[str]:
    """Write a migration from the difference between database and models; returns the paths of the files."""
    from alembic import command

    db.session.rollback()
    written = command.revision(config(), message=what_changes, autogenerate=True)
    return [str(script.path) for script in (written if isinstance(written, list) else [written]) if script]


def downgrade(revision: str) -> None:
    """Take the database back to an earlier version; refuses (Impossible) one that is none."""
    from alembic import command
    from alembic.util import CommandError

    db.session.rollback()
    try:
        command.downgrade(config(), revision)
    except CommandError as trouble:
        raise Impossible(str(trouble)) from None
