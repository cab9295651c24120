"""`dity import` and `dity export`: what an organisation already has, and everything back."""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import force_locale

from portal.core import actor as actors
from portal.core import tables
from portal.core.actor import Actor
from portal.core.database import db, looking
from portal.core.errors import Refusal
from portal.core.importing import Importer, Outcome
from portal.core.permissions import Permission
from portal.core.registry import registry
from portal.imports import exporting, mapping, queries, services, working
from portal.imports.models import ImportLine, ImportRun, State
from portal.people import queries as people

SHOWN = (Outcome.FAILED, Outcome.KEPT, Outcome.SKIPPED)


@click.group(name="import")
def import_() -> None:
    """Bring in what there is already; take an import back."""


@click.group()
def export() -> None:
    """Give out articles, people or everything, in a form that comes in again."""


def add_importers(app: Flask) -> None:
    """Give each importer and exporter of the app its command.

    Their help is English, as that of every command: asking for the portal's language would read the database while
    the app is still being built.
    """
    with force_locale("en"):
        for importer in registry(app).importers.values():
            import_.add_command(_import_command(importer))
        for kind in (*registry(app).exporters, exporting.EVERYTHING):
            export.add_command(_export_command(kind, app))


def _import_command(importer: Importer) -> click.Command:
    """Build `dity import KIND PATH` with an option for each question the importer asks."""
    params: list[click.Parameter] = [
        click.Argument(["path"], type=click.Path(exists=True, path_type=Path)),
        click.Option(["--dry-run"], is_flag=True, help="Say what would happen; write nothing."),
    ]
    for choice in importer.choices:
        help_text = f"{choice.label}. {choice.hint}".strip() if choice.hint else f"{choice.label}."
        default = choice.default if choice.by_command is None else choice.by_command
        params.append(click.Option([f"--{choice.name}"], default=default, show_default=bool(default), help=help_text))
    if importer.columns:
        help_text = "Which column is which field, such as --map Mail=email; the others are guessed."
        params.append(click.Option(["--map"], multiple=True, metavar="COLUMN=FIELD", help=help_text))
        file_type = click.Path(exists=True, dir_okay=False, path_type=Path)
        help_text = "TOML file with the table [columns] (column = field) and with the options above by name."
        params.append(click.Option(["--mapping"], type=file_type, metavar="FILE.toml", help=help_text))

    def run(path: Path, dry_run: bool, map: tuple[str, ...] = (), mapping: Path | None = None, **choices: str) -> None:
        columns, said = _mapped(mapping) if mapping else ([], {})
        unknown = ", ".join(sorted(set(said) - set(choices)))
        if unknown:
            raise click.ClickException(f"{mapping}: {unknown} means nothing here; known are: {', '.join(choices)}.")
        bring(importer, path.resolve(), is_dry=dry_run, pairs=[*columns, *map], choices=choices | said)

    return click.Command(importer.kind, params=params, callback=_with_app(run), help=str(importer.hint))


def _mapped(path: Path) -> tuple[list[str], dict[str, str]]:
    """Read a mapping file: which column is which field, and answers to what the importer asks.

    A table such as [statuses] is the answer "Their word = ours; …" to the question of that name.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        raise click.ClickException(f"{path} cannot be read: {trouble}") from None
    columns = said.pop("columns", {})
    if not isinstance(columns, dict):
        raise click.ClickException(f"{path}: [columns] is a table of column = field.")
    answers = {
        name: "; ".join(f"{theirs} = {ours}" for theirs, ours in value.items())
        if isinstance(value, dict)
        else str(value)
        for name, value in said.items()
    }
    return [f"{column}={field}" for column, field in columns.items()], answers


def _with_app(function: Callable[..., None]) -> Callable[..., None]:
    wrapped: Callable[..., None] = with_appcontext(function)
    return wrapped


def bring(importer: Importer, path: Path, *, is_dry: bool, pairs: Iterable[str], choices: dict[str, str]) -> None:
    """Import from the command line, in this process."""
    actor = actors.system("import")
    try:
        run = services.begin(actor, importer.kind, source=str(path), name=path.name[-200:])
        columns = _columns(importer, path, pairs)
        services.choose(actor, run, choices=choices, columns=columns)
        if is_dry:
            start = working.given(run)
            db.session.rollback()
            _say_plans(importer, actor, path, start)
            return
        services.run_it(actor, run, is_here=True)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        raise click.ClickException(refusal.message) from None
    _work(actor, run.id)


def _columns(importer: Importer, path: Path, pairs: Iterable[str]) -> dict[str, str]:
    if not importer.columns:
        return {}
    headings = tables.read(path).headings
    found = mapping.guess_from(importer, headings)
    for pair in pairs:
        column, _equals, field = pair.rpartition("=")
        if column not in headings:
            raise click.ClickException(f"The table has no column {column!r}; it has: {', '.join(headings)}.")
        found = {heading: "" if taken == field else taken for heading, taken in found.items()}
        found[column] = field
    if missing := mapping.told_missing(importer, found):
        raise click.ClickException(f"{missing} Say which with --map COLUMN=FIELD.")
    return found


def _say_plans(importer: Importer, actor: Actor, path: Path, start: Any) -> None:
    counts: Counter[Outcome] = Counter()
    n_notes = 0
    with looking():
        for plan in working.planned(actor, importer, path, start):
            counts[plan.outcome] += 1
            n_notes += len(plan.notes)
            _say(plan.row.path, plan.row.line, plan.title, plan.outcome, plan.reason, plan.notes)
        db.session.rollback()
    click.echo(f"Would be: {_in_words(counts, n_notes)}. Nothing was written.")


def _say(path: str, line: int, title: str, outcome: Outcome, reason: str, notes: Iterable[Any]) -> None:
    place = f"{path}:{line}" if path else f"line {line}" if line else title
    if outcome in SHOWN:
        click.echo(f"{place}: {outcome.value}: {reason}", err=outcome is Outcome.FAILED)
    for note in notes:
        number, text = (note.line, note.text) if not isinstance(note, list) else (note[0], note[1])
        click.echo(f"{f'{path}:{number}' if path else f'line {number}'}: {text}")


def _in_words(counts: Counter[Outcome], n_notes: int) -> str:
    words = [f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome]]
    return ", ".join(words or ["nothing"]) + (f"; {n_notes} remarks" if n_notes else "")


def _work(actor: Actor, run_id: int) -> None:
    """Work a run off here, with its progress where somebody watches, then say what came of it."""
    run = db.session.get_one(ImportRun, run_id)
    try:
        for _step in working.work_off(actor, run):
            db.session.commit()
            if sys.stderr.isatty():
                click.echo(f"\r{run.n_done} of {run.n_rows}", nl=False, err=True)
    except Refusal as refusal:
        db.session.rollback()
        raise click.ClickException(refusal.message) from None
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    db.session.refresh(run)
    if run.state == State.REFUSED:
        raise click.ClickException(run.problem)
    for line in queries.all_lines(run):
        _say_line(run, line)
    counts = Counter({Outcome(name): n for name, n in run.counts.items() if name in set(Outcome)})
    db.session.rollback()
    click.echo(f"Import {run_id}: {_in_words(counts, run.counts.get('notes', 0))}. To undo: dity import undo {run_id}")


def _say_line(run: ImportRun, line: ImportLine) -> None:
    if line.undone:
        place = line.path or (f"line {line.line}" if line.line else "in no line")
        click.echo(f"{place} ({line.title}): not undone: {line.undone}")
    elif run.state == State.DONE:
        _say(line.path, line.line, line.title, Outcome(line.outcome), line.reason, line.notes)


@import_.command()
@click.argument("run", type=int)
@with_appcontext
def undo(run: int) -> None:
    """Take back import RUN, except what was changed since, which is named."""
    actor = actors.system("import")
    found = _found(actor, run, services.undo)
    for _step in working.work_off(actor, found):
        db.session.commit()
    lines = list(queries.lines(found, show="not-undone", limit=100_000))
    for line in lines:
        _say_line(found, line)
    for title, why in queries.stays(found):
        click.echo(f"{title} stays: {why}")
    n = len(queries.subjects(found, is_undone=True))
    db.session.rollback()
    click.echo(f"Import {run}: {n} taken back, {len(lines)} not.")


@import_.command()
@click.argument("run", type=int)
@with_appcontext
def resume(run: int) -> None:
    """Go on with import RUN after it was interrupted."""
    actor = actors.system("import")
    _work(actor, _found(actor, run, services.go_on).id)


def _found(actor: Actor, run_id: int, begin: Callable[..., None]) -> ImportRun:
    try:
        found = services.get(actor, run_id)
        begin(actor, found, is_here=True)
    except Refusal as refusal:
        db.session.rollback()
        raise click.ClickException(refusal.message) from None
    db.session.commit()
    return found


@import_.command("list")
@with_appcontext
def list_runs() -> None:
    """Print the latest imports."""
    for run in queries.runs(actors.system("import")):
        click.echo(f"{run.id:6} {run.created_at:%Y-%m-%d %H:%M} {run.kind:10} {run.state:8} {run.n_done:7} {run.name}")


def _export_command(kind: str, app: Flask) -> click.Command:
    exporter = registry(app).exporters.get(kind)
    help_text = str(exporter.hint) if exporter else "Everything, each kind in a folder of its own, as one .tar.gz."

    def run(path: Path) -> None:
        give_out(kind, path)

    argument = click.Argument(["path"], type=click.Path(path_type=Path))
    return click.Command(kind, params=[argument], callback=_with_app(run), help=help_text)


def give_out(kind: str, path: Path) -> None:
    """Write an export: an archive by its ending, a single file by the name of what there is, else a folder."""
    if path.exists() and (path.is_file() or any(path.iterdir())):
        raise click.ClickException(f"{path} is there already. Name a file or folder that is not.")
    actor = everything_reader()
    with looking():
        found = exporting.members(actor, kind)
        if re.search(r"\.(?:tar\.gz|tgz)$", path.name):
            with path.open("xb") as file:
                for piece in exporting.packed(found):
                    file.write(piece)
        elif path.suffix:
            path.write_bytes(b"".join(content for _name, content in found))
        else:
            exporting.write_folder(found, path)
        db.session.rollback()
    click.echo(f"Written to {path}.")


def everything_reader() -> Actor:
    """Return the portal as a reader of everything, for whoever holds the machine holds the database."""
    actor = actors.system("export")
    return Actor(kind=actor.kind, name=actor.name, permissions=frozenset(Permission), keys=people.all_keys())
