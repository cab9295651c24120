"""Writes docs/routes.md: every address, and what each role gets there, as tests/contracts/roles.toml declares it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from tools.docs.app import reference_app
from tools.docs.sources import ROOT, table

PATH = ROOT / "docs" / "routes.md"
DECLARED = ROOT / "tests" / "contracts" / "roles.toml"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
COLUMNS = ("anonymous", "public", "reader", "other", "agent", "editor", "admin")
OPENING = """\
# Routes and roles

Written by `python -m tools.docs` from the routes themselves and `tests/contracts/roles.toml`, which a test visits
line by line.

Columns: *anonymous* is somebody not signed in; *public* the same while an administrator has opened reading to
everybody; *reader* the person an object belongs to, *other* another reader; *agent*, *editor*, *admin* by role.
The object says on what it was tried: `open` (everybody signed in may see it), `public`, `own` (the reader's alone),
`hidden` (nobody's among these), `foreign` (a child under a parent that is not its own), `unknown`.

**yes**: they get there (or what they sent is checked and found wanting); **sign-in**: led to the sign-in;
**no**: refused, 403; **none**: 404, as if it did not exist; a number: that status.
"""


@dataclass(frozen=True)
class Row:
    """One line of roles.toml: what each column gets on a route, tried on one object."""

    method: str
    endpoint: str
    object: str
    outcomes: tuple[str, ...]
    body: str
    query: str

    @property
    def route(self) -> tuple[str, str]:
        return self.method, self.endpoint


def declared() -> list[Row]:
    """Read roles.toml; refuse a line that does not name an outcome for every column (ValueError)."""
    found = []
    for blueprint, lines in tomllib.loads(DECLARED.read_text(encoding="utf-8")).items():
        for key, text in lines.items():
            method, name, thing = [*key.split(), ""][:3]
            name, _, query = name.partition("?")
            cells, _, body = text.partition("|")
            outcomes = tuple(cells.split())
            if len(outcomes) != len(COLUMNS) or method not in METHODS:
                raise ValueError(
                    f"roles.toml, [{blueprint}] {key}: {len(outcomes)} outcomes for {len(COLUMNS)} columns"
                )
            found.append(Row(method, f"{blueprint}.{name}", thing, outcomes, body.strip(), query))
    return found


def routes(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Yield (method, endpoint, rule) of everything the app answers."""
    for rule in app.url_map.iter_rules():
        for method in METHODS:
            if method in (rule.methods or ()):
                yield method, rule.endpoint, rule


def page() -> str:
    """Return the text of docs/routes.md."""
    with reference_app() as app:
        addresses = {(method, endpoint): str(rule) for method, endpoint, rule in routes(app)}
    sections: dict[str, list[tuple[str, ...]]] = {}
    for row in sorted(declared(), key=lambda row: (row.endpoint.split(".")[0], addresses.get(row.route, ""))):
        line = (f"`{row.method} {addresses.get(row.route, '?')}`", row.object, *row.outcomes)
        lines = sections.setdefault(row.endpoint.split(".")[0], [])
        if line not in lines:  # the same with other arguments
            lines.append(line)
    head = ("Address", "Object", *COLUMNS)
    return OPENING + "".join(f"\n## {name}\n\n{table(head, lines)}" for name, lines in sections.items())
