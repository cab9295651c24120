"""Who gets where: every route, tried as everybody, on things of their own, of others, and hidden ones (QUALITY S4).

`roles.toml` declares the outcome of every cell. A route nobody declared fails here, so that none is forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask

from tests.contracts.trying import rules_of
from tests.contracts.world import MARKS, SOUGHT, World
from tools.docs.routes import COLUMNS, declared

DEMO = "demo."


def test_every_route_is_declared(app: Flask) -> None:
    missing = set(rules_of(app)) - {row.route for row in declared()}
    assert sorted(f"{method} {endpoint}" for method, endpoint in missing) == []


def test_nothing_is_declared_that_is_not_there(app: Flask) -> None:
    left_over = {row.route for row in declared()} - set(rules_of(app))
    assert sorted(f"{method} {endpoint}" for method, endpoint in left_over) == []


def test_no_line_is_written_twice() -> None:
    lines = Counter((row.method, row.endpoint, row.query, row.object) for row in declared())
    assert [line for line, n in lines.items() if n > 1] == []


def unequal(world: World, *, is_demo: bool) -> list[str]:
    """Return every cell in which somebody met something else than is declared."""
    rules, found = rules_of(world.app), []
    for row in declared():
        if row.endpoint.startswith(DEMO) is not is_demo:
            continue
        address = world.address(row, rules)
        for column, expected in zip(COLUMNS, row.outcomes, strict=True):
            met = world.visit(row, column, address)
            if met != expected:
                found.append(
                    f"{row.method} {row.endpoint} {row.object} ({address}): {column} met {met}, not {expected}"
                )
    return found


@pytest.mark.slow
def test_everybody_meets_what_is_declared_and_nothing_else(app: Flask) -> None:
    found = unequal(World(app), is_demo=False)
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_the_pages_of_the_demo_are_there_in_a_demo(make_app: Callable[..., Flask]) -> None:
    demo = make_app(demo=True)
    with demo.app_context():
        found = unequal(World(demo), is_demo=True)
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_elsewhere_the_demo_does_not_exist(app: Flask) -> None:
    world, rules = World(app), rules_of(app)
    for row in declared():
        if row.endpoint.startswith(DEMO):
            assert world.visit(row, "admin", world.address(row, rules)) == "none", row


def test_what_is_hidden_is_met_as_what_does_not_exist() -> None:
    """A difference would say that there is something."""
    rows = {(row.method, row.endpoint, row.object): row.outcomes for row in declared()}
    told = [
        f"{method} {endpoint}"
        for (method, endpoint, thing), outcomes in rows.items()
        if thing == "hidden" and outcomes != rows.get((method, endpoint, "unknown"))
    ]
    assert told == []


@pytest.mark.slow
def test_no_page_names_what_its_reader_may_not_know_of(app: Flask) -> None:
    """By title, summary, snippet, note, notice or suggestion, whatever is searched for."""
    world, rules = World(app), rules_of(app)
    leaks, n_own = [], 0
    for row in declared():
        if row.method != "GET" or row.endpoint.startswith((DEMO, "files.")):
            continue
        for column in COLUMNS:
            world.rewind(is_public=column == "public")
            address = world.address(row, rules)
            if row.endpoint in ("search.results", "search.suggest", "api.search", "api.suggest"):
                address = f"{address.partition('?')[0]}?q={SOUGHT}"
            text = world.send(row, column, address).text
            n_own += column == "reader" and MARKS["own"] in text
            leaks += [f"{address} to {column}: what is hidden"] if MARKS["hidden"] in text else []
            leaks += [f"{address} to {column}: what is Ana's"] if column != "reader" and MARKS["own"] in text else []
    assert not leaks, "\n".join(leaks)
    assert n_own >= 6, "the reader's own things are to be seen, or this test sees nothing"
