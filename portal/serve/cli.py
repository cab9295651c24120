"""`dity serve`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import click

from config import PREFIX, Settings
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
def serve(host: str | None, port: int | None, workers: int | None, threads: int | None, no_jobs: bool) -> None:
    """Serve the portal and work its jobs until stopped; SIGHUP starts new web workers without a gap."""
    given = {"host": host, "port": port, "workers": workers, "threads": threads}
    settings = replace(Settings.from_env(), **{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    prepare(settings)
    sys.exit(run(settings, with_jobs=not no_jobs))


def prepare(settings: Settings) -> None:
    """Make the tables of an empty installation; refuse in a sentence to run on a database of another release."""
    done = subprocess.run([*_dity(), "db", "prepare"], env=environment(settings), check=False)
    if done.returncode:
        sys.exit(done.returncode)


def run(settings: Settings, *, with_jobs: bool = True, on_ready: Callable[[str], None] | None = None) -> int:
    """Serve until stopped and return the exit status; `on_ready` gets the address once pages are answered."""
    try:
        listening = listen(settings.host, settings.port)
    except PortTaken as taken:
        if not (taken.free and _is_wanted(taken)):
            click.echo(f"{taken} Start with --port {taken.free or '…'} to use another.", err=True)
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

    def ready() -> None:
        (on_ready or (lambda address: click.echo(f"Ready: {address}")))(settings.outside_url)

    with listening:
        return Supervisor(
            make_web=make_web,
            runner=runner if with_jobs else None,
            on_ready=ready,
            on_stop=listening.close,
        ).run()


def environment(settings: Settings) -> dict[str, str]:
    """Return this process's environment with the settings as DITY_* variables, for the children."""
    given = {f.name: getattr(settings, f.name) for f in fields(settings)}
    changed = {name: value for name, value in given.items() if value is not None}
    return {**os.environ, **{PREFIX + name.upper(): _as_text(value) for name, value in changed.items()}}


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
