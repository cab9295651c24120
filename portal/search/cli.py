"""`dity search`: look at the index, build it again, ask it."""

from __future__ import annotations

import datetime as dt
import sys

import click
from flask.cli import with_appcontext

from portal.core import clock, database
from portal.core.database import db
from portal.people import queries as people
from portal.people.services import actor_of
from portal.search import maintenance, queries
from portal.search.documents import SearchRequest
from portal.search.engine import IndexBusy, IndexUnusable
from portal.search.query import read


@click.group()
def search() -> None:
    """The search index, which is made from the database and can always be made again."""


@search.command()
@with_appcontext
def rebuild() -> None:
    """Build the index again while people go on searching."""
    began = clock.now()
    build = maintenance.plan_rebuild()
    db.session.commit()
    try:
        health = maintenance.rebuild(build)
    except IndexBusy:
        db.session.rollback()
        raise click.ClickException("The index is being written by another process; try again in a minute.") from None
    db.session.commit()
    click.echo(f"{health.n_documents} documents in {(clock.now() - began).total_seconds():.1f} s.")


@search.command()
@with_appcontext
def status() -> None:
    """Read the whole index and compare it with the database; exit 1 when it has to be built again."""
    with database.looking():
        found = maintenance.status()
    click.echo(f"{found.state}: {found.detail}; the database has {found.n_rows}.")
    if not found.is_ok:
        click.echo("Build it again: dity search rebuild")
    sys.exit(0 if found.is_ok else 1)


@search.command(name="try")
@click.argument("words", nargs=-1, required=True)
@click.option("--as", "email", required=True, help="Mail address of the person who asks.")
@click.option("--exact", is_flag=True, help="Mend no spelling, add no synonyms.")
@with_appcontext
def try_it(words: tuple[str, ...], email: str, *, exact: bool) -> None:
    """Show what somebody would find, with scores. Nothing is recorded."""
    with database.looking():
        person = people.by_email(email)
        if person is None:
            raise click.ClickException(f"Nobody has the address {email}.")
        request = SearchRequest(text=read(" ".join(words)), is_exact=exact)
        try:
            found = maintenance.engine().search(request, actor_of(person).allowed_keys)
        except IndexUnusable as trouble:
            raise click.ClickException(f"The index is {trouble.state}: {trouble.detail}.") from None
    if found.corrected:
        click.echo(f"Showing results for: {found.corrected}")
    click.echo(f"{found.total} results{', the first is strong' if found.is_strong else ''}")
    for place, hit in enumerate(found.hits or found.close, start=1):
        title = "".join(text for text, _ in hit.title)
        click.echo(f"{place:3}  {hit.score:6.2f}  {hit.cover:4.0%}  {hit.ref!s:14} {title}")
    for relaxation in found.relaxations:
        click.echo(f"Without “{relaxation.left_out}”: {relaxation.n_results}")


@search.command()
@click.option("--days", default=28, show_default=True, help="How far to look back.")
@with_appcontext
def unanswered(days: int) -> None:
    """List what several people searched for without finding anything."""
    with database.looking():
        gaps = queries.unanswered(since=clock.now() - dt.timedelta(days=days))
    for gap in gaps:
        click.echo(f"{gap.n_people:4} people  {gap.n_searches:4} searches  {', '.join(gap.words)}")
    if not gaps:
        click.echo("Nothing that three people missed.")
