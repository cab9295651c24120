"""`dity jobs`: the runner by itself, on as many machines as one likes."""

from __future__ import annotations

import signal
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.jobs import queries
from portal.jobs.models import State
from portal.jobs.runner import Runner


@click.group()
def jobs() -> None:
    """Work off what follows a change: mail, search index, reminders."""


@jobs.command()
@with_appcontext
def run() -> None:
    """Work until stopped; finishes the job in hand first."""
    runner = Runner(current_app._get_current_object())  # type: ignore[attr-defined]

    def stop(number: int, frame: FrameType | None) -> None:
        runner.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runner.run()


@jobs.command()
@with_appcontext
def drain() -> None:
    """Work off everything due now, then end."""
    n = Runner(current_app._get_current_object()).drain()  # type: ignore[attr-defined]
    click.echo(f"{n} jobs worked.")


@jobs.command()
@with_appcontext
def status() -> None:
    """Print how many jobs wait, run, are done and are dead."""
    for state, n in queries.counts().items():
        click.echo(f"{state:8} {n}")
    click.echo(f"oldest   {queries.oldest_wait()} s")
    for job in queries.latest(State.DEAD.value):
        click.echo(f"dead     {job.id} {job.kind} after {job.attempts} attempts: {job.error}")
