"""What the people of a department did when they needed help; of few of them nothing is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.core import clock
from portal.measures import behaviour, fold
from portal.measures.behaviour import EVERYBODY, Behaviour
from portal.people.models import Person
from tests.factories import people, read_waves, tickets
from tests.factories.measures import searched, solved, user, viewed

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


def looked(person: Person, at: dt.datetime, *, n_results: int = 3) -> None:
    """Look something up, read it, and say that it solved it."""
    who = user(person.id, department=person.department_id)
    key = searched(who, at, "vpn", n_results)
    if n_results:
        viewed(who, at + MINUTE, 1, search=key)
        solved(who, at + 2 * MINUTE, 1)


def asked(person: Person, at: dt.datetime) -> None:
    """Go to the desk without having looked."""
    with clock.frozen(at):
        tickets.ticket(person, subject=f"Something of {person.name}")


def told(*, days: int = 7) -> dict[int, Behaviour]:
    with clock.frozen(MONDAY + (days + 5) * DAY):
        list(fold.fold())
        return behaviour.of_departments(MONDAY.date(), MONDAY.date() + days * DAY)


@pytest.fixture
def departments(db: Any) -> dict[str, list[Person]]:
    tickets.queue("Service desk", people.person("Cleo Okafor"), is_default=True)
    return {name: read_waves.staff(name, n) for name, n in (("Finance", 8), ("Sales", 9), ("Press", 6))}


def test_needs_that_began_here_stand_beside_tickets_that_did_not(db: Any, departments: Any) -> None:
    for number, person in enumerate(departments["Finance"]):
        looked(person, MONDAY + number * MINUTE, n_results=0 if number == 7 else 3)
    for number, person in enumerate(departments["Sales"]):
        (looked if number < 3 else asked)(person, MONDAY + DAY + number * MINUTE)
    for number, person in enumerate(departments["Press"]):
        asked(person, MONDAY + 2 * DAY + number * MINUTE)
    db.session.commit()
    found = told()
    finance, sales, press = (found[departments[name][0].department_id] for name in ("Finance", "Sales", "Press"))
    assert (finance.needs_here, finance.tickets_only, finance.n_people) == (8, 0, 8)
    assert (sales.needs_here, sales.tickets_only, sales.n_people, sales.n_users) == (3, 6, 9, 3)
    assert (press.needs_here, press.tickets_only) == (0, 6)
    assert sales.first_here is not None
    assert sales.first_here.point == pytest.approx(3 / 9)
    assert finance.zero_results is not None
    assert (finance.zero_results.k, finance.zero_results.n) == (1, 8)
    everybody = found[EVERYBODY]
    assert (everybody.needs_here, everybody.tickets_only) == (11, 12)


def test_of_few_people_nothing_is_told_nor_of_who_would_cover_them(db: Any, departments: Any) -> None:
    for number, person in enumerate([*departments["Finance"], *departments["Sales"], *departments["Press"][:3]]):
        looked(person, MONDAY + number * MINUTE)
    db.session.commit()
    found = told()
    assert set(found) == {EVERYBODY, departments["Sales"][0].department_id}


@pytest.mark.parametrize("go", [looked, asked])
def test_few_who_belong_to_no_department_cannot_be_made_out_by_subtraction(db: Any, departments: Any, go: Any) -> None:
    for number, person in enumerate(one for several in departments.values() for one in several):
        looked(person, MONDAY + number * MINUTE)
    for number in range(2):
        go(people.person(f"Zoe{number} Hart"), MONDAY + DAY + number * MINUTE)
    db.session.commit()
    assert set(told()) == {EVERYBODY, *(departments[name][0].department_id for name in ("Finance", "Sales"))}


def test_where_nothing_is_counted_nothing_is_told(db: Any) -> None:
    assert behaviour.of_departments(MONDAY.date(), MONDAY.date() + 7 * DAY) == {}
