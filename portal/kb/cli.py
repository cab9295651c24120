"""`dity kb`: bring the portal in step with the article files, or check the files alone."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.core import actor as actors
from portal.core.database import db
from portal.kb.syncing import checks, content
from portal.kb.syncing import sync as syncing


@click.group()
def kb() -> None:
    """Articles that live as files."""


@kb.command()
@click.option("--owner", default="", help="Mail address of the person who stands in for owners nobody here knows.")
@with_appcontext
def sync(owner: str) -> None:
    """Publish what changed in the article folder. Nothing changes while any file has a problem."""
    try:
        report = syncing.sync(actors.system("sync"), current_app.config["DITY"].kb_path, fallback_owner=owner)
    except syncing.SyncRefused as refusal:
        db.session.rollback()
        for problem in refusal.problems:
            click.echo(str(problem), err=True)
        click.echo(f"{len(refusal.problems)} problems; nothing was changed.", err=True)
        sys.exit(1)
    db.session.commit()
    click.echo(f"{report}.")


@kb.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@with_appcontext
def check(folder: Path | None) -> None:
    """Check links, owners, dates, steps, pictures and reading ease of the article folder."""
    folder = folder or current_app.config["DITY"].kb_path
    found = content.read(folder)
    problems = sorted([*checks.fatal(found), *checks.advice(found, folder)])
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(found.articles)} articles, {len(problems)} problems.")
    sys.exit(1 if problems else 0)
