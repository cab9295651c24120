"""Ostrey & Vale on paper, before anybody is put into a portal."""

import datetime as dt
from collections import Counter

import pytest

from portal.core.permissions import Role
from portal.demo.organisation import DEPARTMENTS, N_NEW, SITES, groups_of, left_at, roster, starts

SINCE, UNTIL = dt.datetime(2025, 8, 18, 6, tzinfo=dt.UTC), dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC)


def test_two_hundred_people_work_in_eight_departments_at_three_sites() -> None:
    people = list(roster())
    assert len(people) == 200
    assert {entry.department for entry in people} == set(DEPARTMENTS)
    assert {entry.site for entry in people} == set(SITES)
    assert (len(DEPARTMENTS), len(SITES)) == (8, 3)


def test_nobody_shares_an_address_or_a_name() -> None:
    people = list(roster())
    for what in ("email", "name"):
        counts = Counter(getattr(entry, what) for entry in people)
        assert counts.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("name", "department", "role"),
    [
        ("Ana Ruiz", "finance", None),
        ("Ben Kaya", "finance", None),
        ("Dara Voss", "it", Role.EDITOR),
        ("Cleo Okafor", "it", Role.AGENT),
        ("Sam Brandt", "it", Role.SPECIALIST),
        ("Eli Lindqvist", "hr", Role.ANALYST),
        ("Mia Duarte", "workshop", Role.MANAGER),
        ("Ada Demir", "it", Role.ADMIN),
        ("Zoe Hart", "sales", None),
    ],
)
def test_the_nine_people_of_the_story_are_who_they_are(name: str, department: str, role: Role | None) -> None:
    entry = next(entry for entry in roster() if entry.name == name)
    assert entry.department == department
    assert entry.email == f"{name.split()[0].lower()}@ostreyvale.example"
    assert entry.roles == (frozenset({role}) if role else frozenset())


def test_audiences_hold_a_department_managers_and_listed_people() -> None:
    groups = {entry.first_name: groups_of(entry) for entry in roster()}
    assert groups["Ana"] == {"finance"}
    assert groups["Dara"] == {"finance"}
    assert groups["Mia"] == {"managers", "workshop"}
    assert groups["Margaret"] == {"finance", "managers"}
    assert groups["Zoe"] == frozenset()


def test_a_few_people_came_later_and_nobody_of_the_story() -> None:
    found = starts(since=SINCE, until=UNTIL, seed=1, cast={"ana", "ben", "zoe", "keiko"})
    late = {email for email, at in found.items() if at > SINCE}
    assert len(late) == N_NEW
    assert all(SINCE < found[email] < UNTIL for email in late)
    roles = {entry.email for entry in roster() if entry.roles}
    assert not late & (roles | {f"{name}@ostreyvale.example" for name in ("ana", "ben", "zoe", "keiko")})


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (dt.datetime(2026, 11, 21, tzinfo=dt.UTC), dt.date(2026, 6, 12)),
        (dt.datetime(2026, 7, 13, tzinfo=dt.UTC), dt.date(2026, 6, 12)),
        (dt.datetime(2026, 7, 1, tzinfo=dt.UTC), dt.date(2025, 6, 12)),
        (dt.datetime(2026, 2, 1, tzinfo=dt.UTC), dt.date(2025, 6, 12)),
    ],
)
def test_zoe_left_in_a_june_that_is_over(today: dt.datetime, left: dt.date) -> None:
    assert left_at(today).date() == left
