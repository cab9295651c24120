"""Who gets where: every route, tried as everybody, on things of their own, of others, and hidden ones (QUALITY S4).

`roles.toml` declares the outcome of every cell. A route nobody declared fails here, so that none is forgotten.
"""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.contracts.world import World
from tools.docs.routes import COLUMNS, declared, routes

pytestmark = pytest.mark.slow


def rules_of(app: Flask) -> dict[tuple[str, str], Rule]:
    return {(method, endpoint): rule for method, endpoint, rule in routes(app)}


def test_every_route_is_declared(app: Flask) -> None:
    missing = set(rules_of(app)) - {row.route for row in declared()}
    assert sorted(f"{method} {endpoint}" for method, endpoint in missing) == []


def test_nothing_is_declared_that_is_not_there(app: Flask) -> None:
    left_over = {row.route for row in declared()} - set(rules_of(app))
    assert sorted(f"{method} {endpoint}" for method, endpoint in left_over) == []


def test_no_line_is_written_twice() -> None:
    lines = Counter((row.method, row.endpoint, row.query, row.object) for row in declared())
    assert [line for line, n in lines.items() if n > 1] == []


def test_everybody_gets_what_is_declared_and_nothing_else(app: Flask) -> None:
    world, rules = World(app), rules_of(app)
    wrong = []
    for row in declared():
        address = world.address(row, rules)
        for column, expected in zip(COLUMNS, row.outcomes, strict=True):
            found = world.visit(row, column, address)
            if found != expected:
                wrong.append(
                    f"{row.method} {address} ({row.endpoint} {row.object}): {column} got {found}, not {expected}"
                )
    assert wrong == []


def test_what_is_hidden_is_never_refused_but_unknown() -> None:
    """A 403 would say that there is something."""
    told = [f"{row.endpoint}: {row.outcomes}" for row in declared() if row.object == "hidden" and "no" in row.outcomes]
    assert told == []
