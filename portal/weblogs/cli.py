"""`dity import weblog`: logs of a web server, read from where they were left."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from portal.core import actor as actors
from portal.core.database import db
from portal.core.errors import Refusal
from portal.weblogs import intake, queries, services, wording
from portal.weblogs.intake import Reading


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--log", "name", default="", help="Name of the log these files belong to; it is added if there is none.")
@click.option("--dry-run", is_flag=True, help="Say what would be counted; write nothing.")
@with_appcontext
def weblog(path: Path, name: str, *, dry_run: bool) -> None:
    """Count lines of a web server's log: a file, plain or gz, or all files of a folder.

    What was counted before is passed over, whatever the file is called now. A last line without its end waits.
    Addresses, agents and accounts are dropped as they are read.
    """
    files = intake.files_of(str(path.resolve())) if path.is_dir() else [path.resolve()]
    actor = actors.system("import")
    n_read = n_parsed = 0
    try:
        services.require_on()
        log_id = None if dry_run else services.named(actor, name).id
        db.session.commit()
        tried = intake.Intake(intake.Log()) if log_id is None else None
        for file in files:
            reading = Reading()
            if tried is not None:
                for _portion in tried.read(file, str(file), reading):
                    tried.go_on()
            else:
                for found in services.bring(actor, services.get(actor, log_id or 0), file):
                    reading = found
                    db.session.commit()
            _say(file, reading)
            n_read, n_parsed = n_read + reading.n_read, n_parsed + reading.n_parsed
    except Refusal as refusal:
        db.session.rollback()
        raise click.ClickException(refusal.message) from None
    except OSError as trouble:
        db.session.rollback()
        raise click.ClickException(f"{trouble.filename}: {trouble.strerror}") from None
    if log_id is None:
        click.echo("Nothing was written.")
    else:
        click.echo(wording.in_all(queries.in_all(log_id)))
        db.session.rollback()
    if n_read and not n_parsed:
        raise click.ClickException("Not one line of it is a line of an access log, so nothing was counted.")


def _say(file: Path, reading: Reading) -> None:
    click.echo(f"{file.name}: {' '.join(wording.told(reading))}")
    for line in wording.refusals(reading):
        click.echo(f"{file.name}, {line}", err=True)


def hang_in(app: Flask) -> None:
    """Hang the command beside the other imports, in place of the plain one that every importer gets."""
    group = app.cli.commands["import"]
    assert isinstance(group, click.Group)  # noqa: S101 - for the type checker
    group.add_command(weblog)
