"""Only named rooms may open a connection, so that every request to the outside goes through `core.outgoing` (S11)."""

from __future__ import annotations

import ast

from tests.contracts.test_sources import modules

OPENERS = {
    "socket", "ssl", "http.client", "urllib.request", "smtplib", "imaplib", "poplib", "ftplib", "telnetlib", "xmlrpc",
    "socketserver", "asyncio", "requests", "httpx", "urllib3", "aiohttp",
}  # fmt: skip
DOORS = {
    "portal/core/outgoing.py": {"socket", "ssl", "http.client"},
    "portal/notifications/mailer.py": {"smtplib", "ssl"},
    "portal/jobs/runner.py": {"socket"},
    "portal/tickets/mail/sources.py": {"imaplib", "ssl"},  # the one mailbox an administrator named
    "portal/serve/listening.py": {"socket"},
    "portal/serve/web.py": {"socket"},
    "portal/serve/patient.py": {"socket"},
}
"""The runner asks for this machine's name, `serve` listens; neither speaks to another machine."""


def opened(tree: ast.Module) -> set[str]:
    """Return which of OPENERS a module imports, by whatever way of writing it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "importlib.import_module"):
            names |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
    return {one for one in OPENERS if any(name == one or name.startswith(f"{one}.") for name in names)}


def test_nothing_but_the_named_rooms_opens_a_connection() -> None:
    found = {name: names for name, tree in modules("portal", "analytics", "surveys") if (names := opened(tree))}
    assert found == DOORS


def test_every_way_of_writing_it_is_seen() -> None:
    for line in (
        "import http.client",
        "from http import client",
        "from urllib.request import urlopen",
        "__import__('socket')",
        "def f():\n    import requests",
    ):
        assert opened(ast.parse(line)), line
