"""How far people have come, counted at night: the same as person by person, kept as sums, of small groups nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from portal.adoption import counting, figures, named
from portal.adoption.models import AdoptionReading, Headcount, Standing
from portal.core import clock
from portal.core.database import db
from portal.core.permissions import Role
from portal.ledger import services as ledger
from portal.measures import catalogue
from portal.measures import counting as measuring
from portal.measures import forgetting as letting_go
from portal.measures.reports import ALL, Slice
from portal.people.models import Person
from tests.conftest import StoppedClock
from tests.factories import people
from tests.factories.measures import searched, solved, user, viewed

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


def staff(n: int, name: str) -> tuple[int, list[Person]]:
    """A department with so many people."""
    unit = people.department(name)
    return unit.id, [people.person(f"{name} {number}", department_id=unit.id) for number in range(n)]


def ask(person: Person, days_ago: int, *, is_read: bool = True, says: bool | None = None) -> None:
    at = clock.now() - days_ago * DAY
    who = user(person.id, department=person.department_id)
    key = searched(who, at, f"vpn {days_ago}", 3)
    if is_read:
        viewed(who, at + MINUTE, 1, search=key)
    if says is not None:
        solved(who, at + 2 * MINUTE, 1, yes=says)


def renewed() -> None:
    db.session.commit()
    for _day in measuring.counted():
        pass
    counting.renew()
    db.session.commit()


def test_each_stage_counts_those_who_met_it_and_all_before_it_over_everybody_who_could_come() -> None:
    unit, (ana, ben, cleo, dora, *_rest) = staff(10, "Press")
    for days in (40, 30, 5):
        ask(ana, days, says=True)
    ask(ben, 20)
    ask(cleo, 9, is_read=False)
    ask(dora, 60)
    editor = people.person("Edith", Role.EDITOR, department_id=unit)
    ask(editor, 3)
    renewed()
    found = figures.find(ALL)
    assert found is not None
    assert found.eligible == 10
    assert found.stages == (10, 4, 4, 3, 1, 0)
    assert found.again is not None
    assert (found.again.k, found.again.n) == (1, 1)
    assert found.rhythm.active == 3
    assert found.counted[-1] == 3
    assert sum(step.activated for step in found.waiting) == 3
    assert figures.by_department() == {unit: (3, 10)}


def test_of_fewer_than_five_nothing_is_kept_nor_of_a_group_that_would_tell_of_them() -> None:
    small, few = staff(4, "Stores")
    cover, some = staff(7, "Press")
    large, many = staff(12, "Works")
    for person in (*few, *some, *many):
        ask(person, 5)
    renewed()
    slices = set(db.session.execute(select(Standing.slice)).scalars())
    slices |= set(db.session.execute(select(AdoptionReading.slice)).scalars())
    assert slices == {"", f"department:{large}"}
    for number in (small, cover):
        of = Slice("department", number)
        assert figures.find(of) is None
        for measure in named.MEASURES:
            reading = measure.read(clock.today() - 28 * DAY, clock.today(), of)
            assert reading.value is None, measure.name
    assert catalogue.get("activation").read(clock.today() - DAY, clock.today(), Slice("department", large)).value == 1.0


def test_no_row_that_stays_is_about_one_person() -> None:
    _unit, crew = staff(8, "Press")
    for person in crew:
        ask(person, 5)
    renewed()
    names = {ledger.visitor_of(user(person.id)) for person in crew} | {person.email for person in crew}
    kept = "".join(str(row.figures) for row in db.session.execute(select(AdoptionReading)).scalars())
    assert not [name for name in names if name in kept]


def test_what_was_counted_of_a_week_stays_when_what_it_was_counted_from_is_forgotten(
    stopped_clock: StoppedClock,
) -> None:
    _unit, crew = staff(8, "Press")
    for place, person in enumerate(crew):
        ask(person, 40 - place)
    renewed()
    monday = dt.date(2026, 2, 9)
    query = select(Standing.n).where(Standing.day == monday, Standing.stage == "activated", Standing.slice == "")
    before = db.session.execute(query).scalar_one()
    assert before == 8
    stopped_clock.move(days=60)
    while letting_go.ATTEMPTS.sweep(clock.now() - 30 * DAY):
        db.session.commit()
    renewed()
    assert db.session.execute(query).scalar_one() == before
    found = figures.find(ALL)
    assert found is None or found.stages[3] == 0


def test_headcounts_are_snapshots_of_their_day(stopped_clock: StoppedClock) -> None:
    unit, crew = staff(6, "Press")
    ask(crew[0], 3)
    renewed()
    query = select(Headcount.n).where(Headcount.slice == f"department:{unit}", Headcount.day == clock.today())
    assert db.session.execute(query).scalar_one() == 6
    yesterday = clock.today()
    crew[1].department_id = people.department("Elsewhere").id
    stopped_clock.move(days=1)
    renewed()
    assert db.session.execute(query).scalar_one() == 6
    moved = select(Headcount.n).where(Headcount.slice == f"department:{unit}", Headcount.day == yesterday + DAY)
    assert db.session.execute(moved).scalar_one() == 5


def test_needs_are_told_for_each_hundred_people_and_month() -> None:
    unit, crew = staff(10, "Press")
    for person in crew[:5]:
        ask(person, 10)
    renewed()
    reading = catalogue.get("needs_rate").read(clock.today() - 28 * DAY, clock.today(), Slice("department", unit))
    assert (reading.k, reading.n) == (5, 10)
    days = (clock.today() - dt.date(2026, 2, 27)).days
    assert reading.value == pytest.approx(100 * 5 / (10 * days / 30.4375), rel=0.2)
