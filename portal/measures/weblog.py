"""`dity measure weblog`: what access logs say, from the files alone."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Unreadable(click.ClickException):
    """A file that cannot be read; the exit status is 2, as for a wrong option."""

    exit_code = 2


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--common", "is_common", is_flag=True, help="Take lines without referrer and agent too.")
@click.option("--host", "hosts", multiple=True, help="A host name of the portal, to tell from where it was opened.")
@click.option("--below", default="", help="Path below which the portal lies, such as /help.")
@click.option("--json", "as_json", is_flag=True, help="One object, unrounded.")
def weblog(files: tuple[Path, ...], hosts: tuple[str, ...], below: str, *, is_common: bool, as_json: bool) -> None:
    """Count visits, pages, errors, referrers and searches in logs of a web server.

    Lines of the combined format, the same with a virtual host, and nginx's JSON; plain or gz. Several files are one
    log. What cannot be read is counted with its reason. No address and no agent is printed or kept.
    """
    from analytics.weblog import lines, surveying, telling
    from analytics.weblog.tallying import Places

    places = Places(below.rstrip("/"), frozenset(host.lower() for host in hosts))
    try:
        with tempfile.TemporaryDirectory(prefix="dity-") as scratch:
            found = surveying.survey(files, Path(scratch), is_common=is_common, places=places)
    except (lines.Damaged, OSError) as trouble:
        raise Unreadable(f"A file cannot be read to its end: {trouble}") from None
    if as_json:
        click.echo(json.dumps(telling.as_object(found), ensure_ascii=False, allow_nan=False))
    else:
        for line in telling.as_lines(found):
            click.echo(line)
    if not found.batch.parsed:
        raise Unreadable(f"None of the {found.batch.read} lines read is one of an access log.")
