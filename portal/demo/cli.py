"""`dity demo`: fill Ostrey & Vale when it is not there, then serve it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo

from portal.core import clock, migrate
from portal.core.database import db
from portal.demo import marker
from portal.demo.marker import State
from portal.jobs import services as jobs


def command(default_home: Path) -> click.Command:
    """Return the command; `default_home` is where the demo lives unless DITY_HOME says otherwise."""

    @click.command()
    @click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 for any; default DITY_PORT.")
    @click.option("--reset", is_flag=True, help="Forget what was done in the demo and start over.")
    @click.option("--prepare", is_flag=True, help="Only fill it; do not serve.")
    @click.pass_context
    def demo(ctx: click.Context, port: int | None, reset: bool, prepare: bool) -> None:
        """Show the portal with an invented organisation: 200 people and fifteen months behind them.

        The first start fills it, later ones keep what was done. Ctrl-C ends it.
        """
        os.environ["DITY_DEMO"] = "true"
        os.environ.setdefault("DITY_HOME", str(default_home))
        os.environ.setdefault("DITY_LOG_LEVEL", "warning")
        home = Path(os.environ["DITY_HOME"])
        _make_ready(ctx.ensure_object(ScriptInfo), home, reset=reset, is_counted=prepare)
        if not prepare:
            _serve(port)

    return demo


def _make_ready(info: ScriptInfo, home: Path, *, reset: bool, is_counted: bool) -> None:
    """Leave a filled demo in the home folder; refuse a folder that holds something else."""
    state = marker.look(home)
    if state is State.FOREIGN:
        raise click.ClickException(
            f"{home} holds something that is not the demo. Set DITY_HOME to an empty folder, or to none."
        )
    if os.environ.get("DITY_DATABASE_URL") and (reset or state is State.HALF):
        raise click.ClickException("The demo's data is in DITY_DATABASE_URL: empty that database yourself first.")
    if reset or state is State.HALF:
        marker.clear(home)
        state = State.EMPTY
    if state in (State.READY, State.OUTDATED):
        _upgrade(info.load_app())
    if state is State.OUTDATED:
        click.echo("This demo was filled by an earlier release: what is new has little in it yet.")
        click.echo("`dity demo --reset` starts over with everything, and forgets what was done here.")
    if state is State.EMPTY:
        marker.write(home, is_ready=False)
        _fill(info.load_app(), is_counted=is_counted)
        marker.write(home, is_ready=True)


def _upgrade(app: Flask) -> None:
    """Bring what an earlier release filled up to this one's tables; refuse what a newer one has touched."""
    with app.app_context():
        before = migrate.current()
        if before == migrate.head():
            return
        if before is not None and before not in migrate.known():
            raise click.ClickException(
                "A newer release has used this demo. Use that one, or start over: `dity demo --reset`."
            )
        migrate.upgrade()
        db.engine.dispose()
    click.echo("The demo's database is brought up to this release; what was done in it is kept.")


def _fill(app: Flask, *, is_counted: bool) -> None:
    """Fill it; `is_counted` waits for the figures, which the served portal else counts by itself."""
    from portal.demo import filling
    from portal.jobs.runner import Runner
    from portal.kb.syncing.sync import SyncRefused

    began = last = time.monotonic()

    def tell(text: str) -> None:
        nonlocal last
        now = time.monotonic()
        click.echo(f"  {text:58} {now - last:5.1f} s")
        last = now

    click.echo("Filling the demo, once:")
    with app.app_context():
        migrate.upgrade()
        tell("an empty portal")
        try:
            filling.seed(at=clock.now(), folder=app.config["DITY"].kb_path, tell=tell)
        except SyncRefused as refusal:
            problems = "\n".join(map(str, refusal.problems))
            raise click.ClickException(f"The articles have problems:\n{problems}") from None
        db.session.commit()
    n = Runner(app).drain()
    tell(f"{n} jobs: the search index, mail")
    with app.app_context():
        for kind in ("measures.fold", "roadmap.refresh"):
            jobs.enqueue(kind, {})
        db.session.commit()
    if is_counted:
        Runner(app).drain()
        tell("the figures of fifteen months")
    else:
        click.echo("  The figures of fifteen months are counted while you look around.")
    with app.app_context():
        db.engine.dispose()  # the last connection to leave folds SQLite's log into the database
    click.echo(f"  filled in {time.monotonic() - began:.0f} s")


def _serve(port: int | None) -> None:
    """Become `dity serve`, which says when it is ready."""
    line = [sys.executable, "-m", "portal.cli", "serve", *(["--port", str(port)] if port is not None else [])]
    sys.stdout.flush()
    if os.name == "nt":  # there is no becoming another program there
        sys.exit(subprocess.call(line))
    os.execv(line[0], line)  # noqa: S606 - our own command, given as a list
