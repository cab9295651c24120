"""The `dity` command. Every feature brings its own group; this file only finds the app."""

from __future__ import annotations

import sys

import click
from flask.cli import FlaskGroup

from config import SettingsError, default_home
from portal.core.cli import COMMANDS
from portal.demo import cli as demo
from portal.factory import create_app
from portal.serve.cli import serve


@click.group(
    cls=FlaskGroup,
    create_app=create_app,
    add_default_commands=False,
    load_dotenv=False,
    add_version_option=False,
)
def dity() -> None:
    """Run and look after a DITY portal. Settings come from DITY_* environment variables (docs/settings.md)."""


# These look after an installation as a whole, whatever features it has.
for command in (*COMMANDS, serve):
    dity.add_command(command)
# Beside the own portal's home, so that `make demo` and `make run` never meet.
dity.add_command(demo.command(default_home().with_name("dity-demo")))


def main() -> None:
    """Run the command; a wrong setting is a sentence, not a trace."""
    try:
        dity(prog_name="dity")
    except SettingsError as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
