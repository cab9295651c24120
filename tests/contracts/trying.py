"""What the contract tests share when they send things to every route: the routes as roles.toml knows them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.routing import Rule

from tests.contracts.world import API, World
from tools.docs.routes import COLUMNS, Row, declared, routes

STRONGEST = ("admin", "editor", "agent", "reader", "other", "anonymous")


class Try:
    """One route, the address of a thing it works on, and somebody who gets there."""

    def __init__(self, row: Row, rule: Rule, address: str, column: str) -> None:
        self.row, self.rule, self.address, self.column = row, rule, address, column
        self.body: dict[str, str] = dict(parse_qsl(row.body, keep_blank_values=True))

    def __str__(self) -> str:
        return f"{self.row.method} {self.address} as {self.column}"


def rules_of(app: Flask) -> dict[tuple[str, str], Rule]:
    return {(method, endpoint): rule for method, endpoint, rule in routes(app)}


def reachable(world: World, *methods: str) -> Iterator[Try]:
    """Yield each declared line of these methods with the strongest person who gets there, and with a stranger who does.

    Pages of the demo are left out where the app is none. The API has no forms: `test_api.py` sends it what it takes.
    """
    rules, is_demo = rules_of(world.app), world.app.config["DITY"].demo
    for row in declared():
        if (
            row.method not in methods
            or row.endpoint.startswith(API)
            or (row.endpoint.startswith("demo.") and not is_demo)
        ):
            continue
        outcomes = dict(zip(COLUMNS, row.outcomes, strict=True))
        let_in = [name for name in STRONGEST if outcomes[name] == "yes"]
        for column in dict.fromkeys([*let_in[:1], *let_in[-1:]] if outcomes["anonymous"] == "yes" else let_in[:1]):
            yield Try(row, rules[row.route], world.address(row, rules), column)
