"""`dity measure`: the figures of the dashboards, from files alone, so that anybody can check them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask.cli import with_appcontext

from analytics import exchange, telling
from analytics.exchange import BadLine, Read
from analytics.reckoning import reckon
from portal.core import clock
from portal.measures import counting, exporting
from portal.measures.weblog import weblog
from surveys.csvfile import BadFile
from surveys.privacy import groups as counts
from surveys.privacy.suppression import LEAST

T = TypeVar("T")
UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Duration(click.ParamType):
    """A length of time such as 24h, 30m or 90s, in milliseconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(\d{1,6})([smhd])", str(value))
        if not found:
            self.fail(f"{value!r} is no length of time such as 24h, 30m or 90s", param, ctx)
        return int(found[1]) * UNITS[found[2]]


class Moment(click.ParamType):
    """A moment with its time zone, in milliseconds since 1970."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return exchange.milliseconds(str(value))
        except ValueError as trouble:
            self.fail(str(trouble), param, ctx)


class Unreadable(click.ClickException):
    """A file that cannot be read; the exit status is 2, as for a wrong option."""

    exit_code = 2


@click.group()
def measure() -> None:
    """Work out the portal's figures from files, by the same code as the dashboards."""


measure.add_command(weblog)


@measure.command()
@click.argument("events", type=FILE)
@click.argument("tickets", type=FILE)
@click.option("--window", type=Duration(), default="24h", show_default=True, help="How long a ticket may follow.")
@click.option("--gap", type=Duration(), default="30m", show_default=True, help="The longest pause in an attempt.")
@click.option("--as-of", type=Moment(), help="What is later is not known yet; 2026-03-09T23:00:00Z. Default: now.")
@click.option("--eligible", type=click.IntRange(min=1), help="How many people could have written a ticket.")
@click.option("--months", type=click.FloatRange(min=0, min_open=True), help="Length of the period the files cover.")
@click.option("--reach", type=Duration(), help="How far back a source is heeded; 24h as the portal does. Default: all.")
@click.option("--since", type=DAY, help="Only needs that ended from this day on (UTC), as a page's period begins.")
@click.option("--until", type=DAY, help="Only needs that ended up to and including this day.")
@click.option("--json", "as_json", is_flag=True, help="One object, unrounded.")
def needs(
    events: Path,
    tickets: Path,
    window: int,
    gap: int,
    as_of: int | None,
    eligible: int | None,
    months: float | None,
    reach: int | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
    *,
    as_json: bool,
) -> None:
    """Say how needs ended: floor, estimate, ceiling, searches, and each need with its reason.

    EVENTS and TICKETS are JSON Lines (docs/measure.md). A bad line stops the command with its number and status 2.
    Fields nobody knows are named on standard error.
    """
    happened = _read(events, exchange.read_events)
    asked = _read(tickets, exchange.read_tickets)
    if as_of is None:
        as_of = exchange.milliseconds(clock.now().isoformat())
    told = reckon(
        happened,
        asked,
        as_of=as_of,
        window=window,
        gap=gap,
        eligible=eligible,
        months=months,
        reach=reach,
        within=_stretch(since, until, as_of) if since or until else None,
    )
    if as_json:
        click.echo(json.dumps(telling.as_object(told), ensure_ascii=False, allow_nan=False))
    else:
        for line in telling.as_lines(told):
            click.echo(line)


def _stretch(since: dt.datetime | None, until: dt.datetime | None, as_of: int) -> tuple[int, int]:
    """Return the milliseconds from the beginning of one day to the end of another."""
    begins = int(since.replace(tzinfo=dt.UTC).timestamp()) * 1000 if since else 0
    ends = int((until.replace(tzinfo=dt.UTC) + dt.timedelta(days=1)).timestamp()) * 1000 if until else as_of
    if begins >= ends:
        raise click.BadParameter("the first day lies behind the last", param_hint="--since")
    return begins, ends


def _read(path: Path, read: Callable[[Any], tuple[T, Read]]) -> T:
    """Read a file of JSON Lines; a line ends at a line feed only."""
    try:
        with path.open("rb") as lines:
            table, said = read(lines)
    except BadLine as trouble:
        raise Unreadable(f"{path.name}, {trouble}") from None
    except OSError as trouble:
        raise Unreadable(f"{path.name} cannot be read: {trouble.strerror}") from None
    if said.unknown:
        click.echo(f"{path.name}: fields not known, left out: {', '.join(said.unknown)}", err=True)
    return table


@measure.command()
@click.argument("panel", type=FILE)
@click.option("--direction", type=click.Choice(["up", "down"]), default="up", show_default=True, help="As registered.")
@click.option("--randomised", is_flag=True, help="The starts were drawn by lot, so the rank is a probability.")
@click.option("--json", "as_json", is_flag=True, help="One object, unrounded.")
def effect(panel: Path, direction: str, *, randomised: bool, as_json: bool) -> None:
    """Say what a campaign did whose departments start at different times, or that nothing can be detected.

    PANEL is a table with the columns department, period, value and start (docs/measure.md).
    """
    # Only this command needs them.
    from analytics.effects import exchange as effects
    from analytics.effects.judging import Direction, judge
    from analytics.effects.panel import BadPanel
    from analytics.sheets import BadValue

    try:
        read, unknown = effects.read_panel(panel.read_bytes())
    except (BadValue, BadPanel) as trouble:
        raise Unreadable(f"{panel.name}, {trouble}") from None
    except OSError as trouble:
        raise Unreadable(f"{panel.name} cannot be read: {trouble.strerror}") from None
    if unknown:
        click.echo(f"{panel.name}: columns not known, left out: {', '.join(unknown)}", err=True)
    found = judge(read, direction=Direction(direction), is_randomised=randomised)
    if as_json:
        click.echo(json.dumps(effects.as_object(found), ensure_ascii=False, allow_nan=False))
    else:
        for line in effects.as_lines(found):
            click.echo(line)


@measure.command()
@click.argument("answers", type=FILE)
@click.option("--instrument", "name", default="pulse-1", show_default=True, help="What was asked, with its edition.")
@click.option("--roster", type=FILE, help="How many people there are, and how many were reached, by department.")
@click.option("--min", "least", type=click.IntRange(min=LEAST), default=LEAST, show_default=True, help="People needed.")
@click.option("--json", "as_json", is_flag=True, help="One object, unrounded.")
def pulse(answers: Path, name: str, roster: Path | None, least: int, *, as_json: bool) -> None:
    """Read survey waves: scores, how sure they are, change, drivers, flaws; groups too small stay hidden.

    ANSWERS is a CSV file with a line a sheet: raw answers under the codes of the items, department, and perhaps wave.
    A bad value stops the command with its line and column and status 2.
    """
    # Only this command needs them.
    from surveys import answers as files
    from surveys import flaws, loading, report, tables, telling

    try:
        instrument = loading.load(name)
    except loading.UnknownInstrument as trouble:
        raise click.BadParameter(str(trouble), param_hint="--instrument") from None
    sheets = _read_csv(answers, lambda lines: files.read_answers(lines, instrument))
    heads = None if roster is None else _read_csv(roster, files.read_roster)
    for path, unknown in ((answers, sheets.unknown), (roster, heads.unknown if heads else ())):
        if path is not None and unknown:
            click.echo(f"{path.name}: columns not known, left out: {', '.join(unknown)}", err=True)
    waves = report.report(instrument, sheets, rules=flaws.rules(), roster=heads, least=least)
    if as_json:
        click.echo(json.dumps(telling.as_object(waves, least=least), ensure_ascii=False, allow_nan=False))
    else:
        for line in tables.as_lines(waves):
            click.echo(line)


@measure.command()
@click.argument("groups", type=FILE)
@click.option("--min", "least", type=click.IntRange(min=LEAST), default=LEAST, show_default=True, help="People needed.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
def suppress(groups: Path, least: int, *, as_json: bool) -> None:
    """Say which groups must stay hidden so that nobody can be made out, not even by subtraction.

    GROUPS is a CSV file with the columns group and n; further columns are counts too (an item answered by fewer), and
    a column breakdown keeps several tables apart. A bad value stops the command with its line and column and status 2.
    """
    judged = counts.judge(_read_csv(groups, counts.read_groups), least=least)
    if as_json:
        click.echo(json.dumps(counts.as_object(judged, least=least), ensure_ascii=False, allow_nan=False))
    else:
        for line in counts.as_lines(judged):
            click.echo(line)


def _read_csv(path: Path, read: Callable[[Any], T]) -> T:
    """Read a CSV file of a survey."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read(lines)
    except BadFile as trouble:
        raise Unreadable(f"{path.name}, {trouble}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not written in UTF-8") from None
    except OSError as trouble:
        raise Unreadable(f"{path.name} cannot be read: {trouble.strerror}") from None


@measure.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--since", type=DAY, help="First day to write. Default: the first one counted.")
@with_appcontext
def export(folder: Path, since: dt.datetime | None) -> None:
    """Write events.jsonl and tickets.jsonl into FOLDER: from them, `needs` works out the dashboards' figures anew.

    People go by pseudonyms, but what they searched for and wrote above their tickets is in the files: handle them so.
    """
    done = exporting.export(folder, since=since.date() if since else None)
    if done is None:
        raise click.ClickException("Nothing is counted yet; `dity measure fold` counts the days that are over.")
    click.echo(f"{done.n_events} events and {done.n_tickets} tickets from {done.since} on. To check the figures:")
    files = f"{folder / exporting.EVENTS} {folder / exporting.TICKETS}"
    click.echo(f"dity measure needs {files} --window 24h --reach 24h --as-of {done.as_of}")


@measure.command("fold")
@click.option("--rebuild", is_flag=True, help="Count everything anew, from the first day of the ledger.")
@with_appcontext
def fold_days(*, rebuild: bool) -> None:
    """Count the days that are over, as it is done every night. Stopped half-way, it goes on where it was."""
    n = 0
    for n, (day, last) in enumerate(counting.counted(is_anew=rebuild), start=1):
        if n == 1 or day.day == 1 or day == last:
            click.echo(f"{day}: counted; {(last - day).days} days to go")
    click.echo(f"{n} days counted." if n else "Everything was counted already.")
