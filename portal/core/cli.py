"""`dity db`, `backup`, `restore`, `doctor`: what looks after an installation as a whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from portal.core import backup as backups
from portal.core import clock, migrate, rows
from portal.core import doctor as doctors
from portal.core.archive import BackupDamaged
from portal.core.database import db, looking


@click.group(name="db")
def database() -> None:
    """Look after the database's schema, or move everything into another database."""


@database.command()
@with_appcontext
def upgrade() -> None:
    """Bring the database to this release's version; nothing when it is there."""
    with looking():  # who only looks waits for nobody who upgrades already
        _refuse_newer()
        is_current = migrate.is_current()
        db.session.rollback()
    if is_current:
        click.echo("The database is up to date.")
        return
    migrate.upgrade()
    click.echo(f"The database is now at {migrate.head()}.")


@database.command(context_settings={"ignore_unknown_options": True})  # `-1` is a revision, not an option
@click.argument("revision")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take the database back to an earlier REVISION, `-1` for the one before; take a backup first."""
    with looking():
        _refuse_newer()
    try:
        migrate.downgrade(revision)
    except migrate.Impossible as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo(f"The database is now at {migrate.current() or 'nothing'}.")


@database.command()
@with_appcontext
def check() -> None:
    """Say whether the database is at this release's version and has exactly the tables of the code."""
    with looking():
        _refuse_newer()
        if not migrate.is_current():
            raise click.ClickException(
                f"The database is at {migrate.current()}, not {migrate.head()}: dity db upgrade."
            )
        differences = migrate.differences()
    if differences:
        raise click.ClickException("The database differs from the code:\n" + "\n".join(differences))
    click.echo(f"The database is at {migrate.head()} and fits the code.")


@database.command()
@click.argument("url")
@with_appcontext
def copy(url: str) -> None:
    """Copy everything into the empty database at URL (postgresql://… or sqlite:///…), with the counts compared.

    Stop the portal first: what is written while copying stays behind.
    """
    _need_current()
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    source = db.engine
    try:
        with backups.opened(url) as target:
            if not backups.is_empty(target):
                raise click.ClickException("That database has tables already; name an empty one.")
            migrate.upgrade()
            counts = rows.copy(source, target, say=lambda name, n: click.echo(f"  {name:28} {n}"))
    except rows.RowsDiffer as trouble:
        raise click.ClickException(str(trouble)) from None
    except SQLAlchemyError as trouble:
        raise click.ClickException(f"That database cannot be used: {trouble}") from None
    click.echo(f"Copied {sum(counts.values())} rows of {len(counts)} tables; the counts are equal.")
    click.echo("Set DITY_DATABASE_URL to this address and start the portal again.")


@click.command()
@click.argument("target", type=click.Path(path_type=Path), required=False)
@with_appcontext
def backup(target: Path | None) -> None:
    """Write database, files and secret into one archive TARGET (default: a dated one in the home's `backups`)."""
    _need_current()
    settings = _settings()
    now = clock.now()
    target = target or settings.home / "backups" / f"dity-{now:%Y%m%d-%H%M%S}.tar.gz"
    if target.exists():
        raise click.ClickException(f"{target} is there already; name another file.")
    try:
        manifest = backups.write(
            target, engine=db.engine, home=settings.home, secret=settings.secret(), made_at=now.isoformat()
        )
    except (BackupDamaged, OSError) as trouble:
        raise click.ClickException(f"No backup was written: {trouble}") from None
    (settings.home / doctors.LAST_BACKUP).write_text(f"{now.isoformat()}\n{target.absolute()}\n")
    click.echo(
        f"{target}: {sum(manifest.counts.values())} rows, {manifest.n_files} files, "
        f"{target.stat().st_size / 1e6:.1f} MB. It holds the secret key: keep it as safe as the portal."
    )


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def restore(source: Path) -> None:
    """Make the installation of the backup SOURCE here; refuses to overwrite one, and a damaged archive."""
    settings = _settings()
    secret_file = settings.secret_key_file or settings.home / "secret.key"
    try:
        manifest = backups.restore(source, engine=db.engine, home=settings.home, secret_file=secret_file)
    except (BackupDamaged, backups.NotEmpty, rows.RowsDiffer, OSError) as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo(
        f"Restored {sum(manifest.counts.values())} rows and {manifest.n_files} files as of {manifest.made_at}. "
        "The search index is built by the first start."
    )


@click.command()
@with_appcontext
def doctor() -> None:
    """Look at everything that can go wrong and say what to do; exit 1 when something must be done."""
    with looking():
        found = doctors.findings()
    for check, finding in found:
        click.echo(f"{'ok  ' if finding.is_ok else 'LOOK'}  {check.name:22} {finding.detail}")
        if not finding.is_ok and finding.advice:
            click.echo(f"{'':30}{finding.advice}")
    sys.exit(0 if all(finding.is_ok for _, finding in found) else 1)


def _settings() -> Any:
    return current_app.config["DITY"]


def _refuse_newer() -> None:
    if migrate.is_newer():
        raise click.ClickException(
            f"The database is at {migrate.current()}: it was used with a newer release than this one."
        )


def _need_current() -> None:
    with looking():
        _refuse_newer()
        is_current = migrate.is_current()
        db.session.rollback()
    if not is_current:
        raise click.ClickException("The database is not at this release's version: run `dity db upgrade` first.")


@database.command()
@click.argument("what_changes")
@with_appcontext
def revision(what_changes: str) -> None:
    """Write a migration for what the models say beyond the database; read it before you commit it."""
    _need_current()
    for path in migrate.write_revision(what_changes):
        click.echo(path)


COMMANDS = (database, backup, restore, doctor)
