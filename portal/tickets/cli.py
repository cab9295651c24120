"""`dity tickets`: what the desk's machinery does by itself, at once."""

from __future__ import annotations

from collections import Counter

import click
from flask.cli import with_appcontext

from portal.core import options
from portal.core.database import db
from portal.tickets.mail import jobs


@click.group()
def tickets() -> None:
    """Look after the service desk."""


@tickets.command()
@with_appcontext
def fetch() -> None:
    """Fetch the mail that has come, from the mailbox and the folder mail/in, and deal with it."""
    has_server = bool(options.get().imap_host)
    db.session.rollback()
    told = jobs.fetch_now(with_server=has_server)
    outcomes = Counter(jobs.deal_now(mail_id) for mail_id in jobs.waiting())
    click.echo(f"{told.n_taken} mails taken, {told.n_known} known already.")
    for outcome, n in sorted(outcomes.items()):
        click.echo(f"{outcome:10} {n}")
    if told.trouble:
        raise click.ClickException(f"Not everything could be fetched: {told.trouble}")


COMMANDS = (tickets,)
