"""`dity people`: accounts from the command line, for the day when nobody can get in."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from portal.accounts import links, services, setup
from portal.accounts.models import Purpose
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Refusal
from portal.core.permissions import Role
from portal.people import queries
from portal.people import services as people_services
from portal.people.models import Person


@click.group()
def people() -> None:
    """Add people, deactivate them, activate them again."""


@people.command("list")
@with_appcontext
def list_people() -> None:
    """Print everybody with an account."""
    for person in db.session.execute(select(Person).order_by(Person.name)).scalars():
        roles = ", ".join(sorted(person.role_set - {Role.READER})) or "reader"
        click.echo(f"{person.email:40} {person.name:30} {roles}{'' if person.is_active else ' (deactivated)'}")


@people.command()
@click.argument("email")
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]))
@with_appcontext
def add(email: str, name: str, roles: tuple[str, ...]) -> None:
    """Add somebody and print the link by which they choose a password."""
    try:
        person = people_services.add_person(system("command"), email=email, name=name, roles=[Role(r) for r in roles])
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    link = links.make(Purpose.INVITATION, person=person)
    db.session.commit()
    click.echo(f"{person.name} can choose a password for a week at\n{links.address(link.ref)}")


@people.command("reset-link")
@click.argument("email")
@with_appcontext
def reset_link(email: str) -> None:
    """Print a link by which somebody chooses a new password within the hour; for when mail does not work."""
    link = links.make(Purpose.RESET, person=_person(email))
    db.session.commit()
    click.echo(links.address(link.ref))


@people.command()
@click.argument("email")
@with_appcontext
def deactivate(email: str) -> None:
    """Deactivate somebody: sessions and tokens end at once."""
    try:
        services.deactivate(system("command"), _person(email))
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    db.session.commit()
    click.echo("Done.")


@people.command()
@click.argument("email")
@with_appcontext
def reactivate(email: str) -> None:
    """Activate somebody again."""
    people_services.reactivate(system("command"), _person(email))
    db.session.commit()
    click.echo("Done.")


@people.command("setup-link")
@with_appcontext
def setup_link() -> None:
    """Print the address of the first set-up; nothing once it is done."""
    address = setup.address()
    db.session.commit()
    if address:
        click.echo(f"This portal is new. Set it up at\n  {address}")


def _person(email: str) -> Person:
    person = queries.by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has an account with the address {email}.")
    return person
