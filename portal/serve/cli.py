"""`dity serve`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo

from portal.accounts import setup
from portal.core import migrate
from portal.core.database import db, looking
from portal.serve.children import Child
from portal.serve.listening import CannotListen, PortTaken, listen
from portal.serve.supervisor import Supervisor
from portal.serve.web import Web, web, with_root


@click.command()
@click.option("--host", help="Address to listen on; default DITY_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 for any; default DITY_PORT.")
@click.option("--workers", type=click.IntRange(1, 64), help="Web worker processes; default DITY_WORKERS.")
@click.option("--threads", type=click.IntRange(1, 64), help="Threads in each; default DITY_THREADS.")
@click.option("--no-jobs", is_flag=True, help="Leave jobs to `dity jobs run` on other machines.")
@click.pass_context
def serve(
    ctx: click.Context, host: str | None, port: int | None, workers: int | None, threads: int | None, no_jobs: bool
) -> None:
    """Serve the portal and work its jobs until stopped; SIGHUP starts new web workers without a gap."""
    app = ctx.ensure_object(ScriptInfo).load_app()
    prepare(app)
    given = {"host": host, "port": port, "workers": workers, "threads": threads}
    settings = replace(app.config["DITY"], **{name: value for name, value in given.items() if value is not None})
    sys.exit(run(settings, with_jobs=not no_jobs, on_ready=lambda ready: announce(app, ready)))


def prepare(app: Flask) -> None:
    """Make the tables of an empty installation; refuse in a sentence to run on a database of another release."""
    with app.app_context():
        with looking():
            found = migrate.current()
            db.session.rollback()
        if found is None:
            migrate.upgrade()
        elif found != migrate.head():
            if found in migrate.known():
                raise click.ClickException("The database is of an earlier release: `dity backup`, `dity db upgrade`.")
            raise click.ClickException(f"The database is at {found}: it was used with a newer release than this one.")
        db.session.remove()
        db.engine.dispose()


def announce(app: Flask, settings: Any) -> None:
    """Say where the portal answers, and to whoever starts it first, the secret address that sets it up."""
    click.echo(f"Ready: {settings.outside_url}")
    app.config["DITY"] = settings  # with the port that was taken
    with app.app_context():
        if address := setup.address():
            click.echo(f"This portal is new. Set it up at\n  {address}")
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def run(settings: Any, *, on_ready: Callable[[Any], None], with_jobs: bool = True) -> int:
    """Serve until stopped and return the exit status; `on_ready` gets the settings in use once pages are answered."""
    try:
        listening = listen(settings.host, settings.port)
    except PortTaken as taken:
        if not (taken.free and _is_wanted(taken)):
            other = taken.free or "another"
            click.echo(f"{taken} Start with --port {other}, or set DITY_PORT={other}.", err=True)
            return 1
        listening = listen(settings.host, taken.free)
    except CannotListen as trouble:
        click.echo(str(trouble), err=True)
        return 1
    settings = replace(settings, port=listening.getsockname()[1])
    variables = environment(settings)
    metrics = _metrics_folder(settings.home)
    runner = Child(name="job runner", command=[*_dity(), "jobs", "run"], environment=with_root(variables))

    def make_web() -> Web:
        return web(
            listening,
            workers=settings.workers,
            threads=settings.threads,
            environment={**variables, "PROMETHEUS_MULTIPROC_DIR": str(metrics)},
        )

    with listening:
        return Supervisor(
            make_web=make_web,
            runner=runner if with_jobs else None,
            on_ready=lambda: on_ready(settings),
            on_stop=listening.close,
        ).run()


def environment(settings: Any) -> dict[str, str]:
    """Return this process's environment with the settings as DITY_* variables, for the children."""
    given = {f.name: getattr(settings, f.name) for f in fields(settings)}
    changed = {name: value for name, value in given.items() if value is not None}
    return {**os.environ, **{"DITY_" + name.upper(): _as_text(value) for name, value in changed.items()}}


def _as_text(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _dity() -> list[str]:
    return [sys.executable, "-m", "portal.cli"]


def _is_wanted(taken: PortTaken) -> bool:
    return sys.stdin.isatty() and click.confirm(f"{taken} Use it", default=True)


def _metrics_folder(home: Path) -> Path:
    """Return an empty folder where the web workers add up their figures; what an earlier run left is gone."""
    folder = home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
