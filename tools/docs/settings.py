"""Writes docs/settings.md from `config.Settings` and `portal.core.options.Options`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from config import PREFIX
from tools.docs.sources import ROOT, Field, fields, table

PATH = ROOT / "docs" / "settings.md"
OPENING = f"""\
# Settings and options

Written by `python -m tools.docs` from `config.py` and `portal/core/options.py`; change it there.

## Settings: fixed before the start

Environment variables, read once when a process starts. A variable with the prefix `{PREFIX}` that is not in this
table is refused, so that a misspelt one is noticed. Yes and no are written `true` and `false`, lists with commas.

"""
BETWEEN = """
## Options: changed while it runs

Rows of the database, changed by an administrator under Administration, Settings. Every change is in the audit log
with its old and new value; the value of a secret is never written there, nor shown.

"""
TYPES = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "yes or no",
    "Path": "path",
    "dict[str, int]": "table",
}


def page() -> str:
    """Return the text of docs/settings.md."""
    settings = table(("Variable", "Kind", "Default", "Meaning"), _rows(ROOT / "config.py", "Settings", PREFIX))
    options = table(("Option", "Kind", "Default", "Meaning"), _rows(ROOT / "portal/core/options.py", "Options"))
    return OPENING + settings + BETWEEN + options


def _rows(path: Path, class_name: str, prefix: str = "") -> Iterator[tuple[str, ...]]:
    for found in fields(path, class_name):
        name = prefix + found.name.upper() if prefix else found.name
        yield f"`{name}`", _kind(found), found.default, found.meaning


def _kind(found: Field) -> str:
    if found.type.startswith("tuple"):
        return "list"
    return TYPES[found.type.removesuffix(" | None")]
