"""Who gets where: every route, tried as everybody, on things of their own, of others, and hidden ones (QUALITY S4).

`roles.toml` declares the outcome of every cell. A route nobody declared fails here, so that none is forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.contracts.trying import rules_of
from tests.contracts.world import MARKS, SOUGHT, World, outcome
from tools.docs.routes import COLUMNS, Row, declared

pytestmark = pytest.mark.xdist_group("roles")  # two tests look at the same visits

DEMO = "demo."
SEARCHES = ("search.results", "search.suggest", "api.search", "api.suggest")


@dataclass(frozen=True)
class Visit:
    """What somebody met on one line of roles.toml, and what the page they got there names."""

    row: Row
    column: str
    address: str
    met: str
    names: frozenset[str]
    """Of `MARKS`; those on pages with GET, whatever the outcome."""
    is_more: bool = False
    """Whether the line was tried once more, with other words to search for."""

    @property
    def expected(self) -> str:
        return self.row.outcomes[COLUMNS.index(self.column)]


def test_every_route_is_declared(app: Flask) -> None:
    missing = set(rules_of(app)) - {row.route for row in declared()}
    assert sorted(f"{method} {endpoint}" for method, endpoint in missing) == []


def test_nothing_is_declared_that_is_not_there(app: Flask) -> None:
    left_over = {row.route for row in declared()} - set(rules_of(app))
    assert sorted(f"{method} {endpoint}" for method, endpoint in left_over) == []


def test_no_line_is_written_twice() -> None:
    lines = Counter((row.method, row.endpoint, row.query, row.object) for row in declared())
    assert [line for line, n in lines.items() if n > 1] == []


def tour(world: World, *, is_demo: bool) -> list[Visit]:
    """Visit every line of roles.toml as everybody, one after the other, so that the house is opened but once."""
    rules, found = rules_of(world.app), []
    rows = [row for row in declared() if row.endpoint.startswith(DEMO) is is_demo]
    for column in COLUMNS:
        for row in rows:
            address = world.address(row, rules)
            found.append(visited(world, row, column, address))
            if row.endpoint in SEARCHES:
                sought = f"{address.partition('?')[0]}?q={SOUGHT}"
                found.append(visited(world, row, column, sought, is_more=True))
    return found


def visited(world: World, row: Row, column: str, address: str, *, is_more: bool = False) -> Visit:
    world.rewind(is_public=column == "public")
    response = world.send(row, column, address)
    is_page = row.method == "GET" and not row.endpoint.startswith((DEMO, "files."))
    names = frozenset(word for word, mark in MARKS.items() if mark in response.text) if is_page else frozenset()
    response.close()
    return Visit(row, column, address, outcome(response, world.sign_in), names, is_more)


def unequal(visits: list[Visit]) -> list[str]:
    """Return every cell in which somebody met something else than is declared."""
    return [
        f"{v.row.method} {v.row.endpoint} {v.row.object} ({v.address}): {v.column} met {v.met}, not {v.expected}"
        for v in visits
        if v.met != v.expected and not v.is_more
    ]


_toured: list[Visit] = []


@pytest.fixture
def visits(app: Flask) -> list[Visit]:
    """The tour of a portal that is no demo, made once for the tests that look at it."""
    if not _toured:
        _toured.extend(tour(World(app), is_demo=False))
    return _toured


@pytest.mark.slow
def test_everybody_meets_what_is_declared_and_nothing_else(visits: list[Visit]) -> None:
    found = unequal(visits)
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_the_pages_of_the_demo_are_there_in_a_demo(make_app: Callable[..., Flask]) -> None:
    demo = make_app(demo=True)
    with demo.app_context():
        found = unequal(tour(World(demo), is_demo=True))
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
def test_no_page_names_what_its_reader_may_not_know_of(visits: list[Visit]) -> None:
    """By title, summary, snippet, note, notice or suggestion, whatever is searched for."""
    leaks = [f"{v.address} to {v.column}: what is hidden" for v in visits if "hidden" in v.names]
    leaks += [f"{v.address} to {v.column}: what is Ana's" for v in visits if "own" in v.names and v.column != "reader"]
    assert not leaks, "\n".join(leaks)
    n_own = sum("own" in v.names for v in visits if v.column == "reader")
    assert n_own >= 6, "the reader's own things are to be seen, or this test sees nothing"
