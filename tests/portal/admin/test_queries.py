"""Reads for the lists of administration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.admin import queries
from portal.admin.queries import PeopleFilter
from portal.core.permissions import Role
from portal.people.models import Department, Person
from tests.factories import people


@pytest.fixture
def finance(db: Any) -> Department:
    return people.department("Finance")


def names(**wanted: Any) -> list[str]:
    return [person.name for person in queries.find_people(PeopleFilter(**wanted))[0]]


@pytest.mark.both
def test_somebody_is_found_by_a_piece_of_name_or_address_whatever_the_case(db: Any) -> None:
    people.person("Ana Ruiz", email="ana@ostreyvale.example")
    people.person("Ben Kaya", email="ben@ostreyvale.example")
    assert names(words="RUIZ") == ["Ana Ruiz"]
    assert names(words="ben@") == ["Ben Kaya"]
    assert names(words="ana ostreyvale") == ["Ana Ruiz"]


@pytest.mark.both
def test_signs_that_mean_something_to_the_database_are_only_letters(db: Any) -> None:
    people.person("Ana Ruiz")
    assert names(words="%") == []
    assert names(words="A_a") == []
    assert names(words="\\") == []


def test_those_who_left_are_shown_when_asked_for(db: Any) -> None:
    people.person("Ana Ruiz")
    people.person("Zoe Hart", is_active=False)
    assert names() == ["Ana Ruiz"]
    assert names(state="left") == ["Zoe Hart"]
    assert names(state="all") == ["Ana Ruiz", "Zoe Hart"]


def test_a_department_includes_what_is_below_it(db: Any, finance: Department) -> None:
    payroll = people.department("Payroll", parent_id=finance.id)
    people.person("Ana Ruiz", department_id=payroll.id)
    people.person("Mia Duarte", department_id=people.department("Workshop").id)
    assert names(department_id=finance.id) == ["Ana Ruiz"]


def test_departments_that_stand_below_each_other_by_mistake_end_the_search(db: Any, finance: Department) -> None:
    payroll = people.department("Payroll", parent_id=finance.id)
    finance.parent_id = payroll.id
    people.person("Ana Ruiz", department_id=payroll.id)
    assert names(department_id=finance.id) == ["Ana Ruiz"]


def test_a_role_is_a_filter_and_readers_are_those_without_one(db: Any) -> None:
    people.person("Ana Ruiz")
    people.person("Dara Voss", Role.EDITOR)
    assert names(role="editor") == ["Dara Voss"]
    assert names(role="reader") == ["Ana Ruiz"]


def test_a_page_of_two_hundred_costs_as_many_queries_as_one_of_two(
    db: Any, finance: Department, queries: Callable[[], Any]
) -> None:
    from portal.admin.queries import find_people

    finance_id = finance.id

    def cost() -> int:
        db.session.commit()
        db.session.expunge_all()
        with queries() as seen:
            found, _n = find_people(PeopleFilter())
            assert all(person.department and len(person.roles) == 1 for person in found)
        return len(seen)

    for _ in range(2):
        people.person("Ana Ruiz", Role.EDITOR, department_id=finance_id)
    before = cost()
    for _ in range(200):
        people.person("Ana Ruiz", Role.EDITOR, department_id=finance_id)
    assert cost() == before


def test_the_second_page_goes_on_where_the_first_ends(db: Any) -> None:
    for n in range(60):
        people.person(f"Person {n:03}")
    first, n = queries.find_people(PeopleFilter())
    second, _ = queries.find_people(PeopleFilter(), page=2)
    assert (n, len(first), len(second)) == (60, 50, 10)
    assert first[-1].name == "Person 049"
    assert second[0].name == "Person 050"


def test_departments_come_as_a_tree_with_those_who_work_there_now(db: Any, finance: Department) -> None:
    boss = people.person("Mia Duarte", department_id=finance.id)
    finance.manager_id = boss.id
    payroll = people.department("Payroll", parent_id=finance.id)
    people.department("Workshop")
    people.person("Zoe Hart", department_id=payroll.id, is_active=False)
    found = [(unit.department.name, unit.depth, unit.n_people, unit.manager) for unit in queries.units()]
    assert found == [("Finance", 0, 1, "Mia Duarte"), ("Payroll", 1, 0, ""), ("Workshop", 0, 0, "")]


def admitted(*rules: tuple[str, str]) -> int:
    audience = people.audience("Group", *rules)
    return next(n for found, n in queries.audiences() if found is audience)


@pytest.mark.both
def test_an_audience_counts_everybody_any_of_its_rules_admits_once(db: Any, finance: Department) -> None:
    payroll = people.department("Payroll", parent_id=finance.id)
    mill = people.site("Old Mill")
    ana = people.person("Ana Ruiz", department_id=payroll.id, site_id=mill.id)
    people.person("Ben Kaya", site_id=mill.id)
    people.person("Dara Voss", Role.EDITOR)
    people.person("Zoe Hart", Role.EDITOR, department_id=finance.id, is_active=False)
    assert admitted(("department", str(finance.id))) == 1
    assert admitted(("department", str(finance.id)), ("site", str(mill.id)), ("person", str(ana.id))) == 2
    assert admitted(("role", "editor")) == 1
    assert admitted(("role", "reader")) == 3
    assert admitted(("person", "not a number")) == 0
    assert admitted() == 0


def test_the_count_agrees_with_what_people_may_in_fact_read(db: Any, finance: Department) -> None:
    from portal.people.audiences import audiences_of
    from portal.people.services import actor_of

    payroll = people.department("Payroll", parent_id=finance.id)
    everybody = [
        people.person("Ana Ruiz", department_id=payroll.id),
        people.person("Ben Kaya", department_id=finance.id),
        people.person("Dara Voss", Role.EDITOR),
    ]
    for rules in ([("department", str(finance.id))], [("role", "editor")], [("role", "reader")]):
        audience = people.audience("Group", *rules)
        db.session.flush()
        belongs = sum(audience.id in audiences_of(actor_of(person)) for person in everybody)
        assert next(n for found, n in queries.audiences() if found is audience) == belongs


def test_rules_are_told_by_name_in_as_many_queries_for_ten_as_for_one(
    db: Any, finance: Department, queries: Callable[[], Any]
) -> None:
    from portal.admin.queries import audiences, rule_names

    ana = people.person("Ana Ruiz")
    for _ in range(10):
        people.audience("Group", ("department", str(finance.id)), ("person", str(ana.id)), ("site", "777"))
    db.session.flush()
    with queries() as seen:
        told = rule_names([audience for audience, _n in audiences()])
    assert told == {("department", str(finance.id)): "Finance", ("person", str(ana.id)): "Ana Ruiz"}
    assert len(seen) == 9


def test_mail_that_comes_back_shows_the_latest_first_and_nobody_who_left(db: Any) -> None:
    import datetime as dt

    from portal.core import clock

    def troubled(name: str, days: int, **kw: Any) -> Person:
        at = clock.now() - dt.timedelta(days=days)
        return people.person(name, mail_trouble="550 no such mailbox", mail_trouble_at=at, **kw)

    troubled("Ana Ruiz", 3)
    troubled("Ben Kaya", 1)
    troubled("Zoe Hart", 0, is_active=False)
    assert [person.name for person in queries.with_mail_trouble()] == ["Ben Kaya", "Ana Ruiz"]


def test_the_words_for_the_audit_log_match_those_who_left_as_well(db: Any) -> None:
    zoe = people.person("Zoe Hart", is_active=False)
    people.person("Ana Ruiz")
    assert queries.matching_people("hart") == [zoe.id]
