"""Writes docs/commands.md from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from tools.docs.app import reference_app
from tools.docs.sources import ROOT, table

PATH = ROOT / "docs" / "commands.md"
OPENING = """\
# Commands

Written by `python -m tools.docs` from the commands themselves; change it there. `./dity` stands at the top of a
checkout; every command says the same with `--help`.
"""


def page() -> str:
    """Return the text of docs/commands.md."""
    from portal.cli import dity

    with reference_app() as app:
        commands = {**dity.commands, **app.cli.commands}
    return OPENING + "".join(part for name in sorted(commands) for part in _parts(f"dity {name}", commands[name]))


def _parts(path: str, command: click.Command) -> Iterator[str]:
    if command.hidden:
        return
    level = "##" if path.count(" ") == 1 else "###"
    yield f"\n{level} `{path}{_arguments(command)}`\n\n{_words(command)}\n"
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden and p.name != "help"]
    if options:
        yield "\n" + table(("Option", "Meaning"), [(f"`{_spelling(o)}`", o.help or "") for o in options])
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _parts(f"{path} {name}", command.commands[name])


def _words(command: click.Command) -> str:
    paragraphs = (command.help or "").replace("\b", "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _arguments(command: click.Command) -> str:
    found = [p for p in command.params if isinstance(p, click.Argument)]
    return "".join(f" {p.make_metavar(click.Context(command))}" for p in found)


def _spelling(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {option.make_metavar(click.Context(click.Command('x')))}"
