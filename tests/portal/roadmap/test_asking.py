"""What an item asks of a department is answered in fixed stretches: no two days' answers differ by a day."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.core import clock
from portal.core.database import db
from portal.measures import fixed
from portal.roadmap import asking
from portal.roadmap.evidence import Known
from tests.factories import people as persons
from tests.factories import roadmap

DAY = dt.timedelta(days=1)
BEGIN = dt.date(2026, 1, 5)
pytestmark = pytest.mark.usefixtures("app")


def at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC)


def test_what_a_department_did_is_told_of_its_last_settled_stretches(stopped_clock: object) -> None:
    large = persons.department("Workshop")
    for number in range(12):
        persons.person(f"Wim{number} Large", department_id=large.id)
    where = f"department:{large.id}"
    for number in range(180):  # one in ten more every day, so that any other days would give another figure
        roadmap.searches(BEGIN + number * DAY, BEGIN + (number + 1) * DAY, found_nothing=number, of=200, where=where)
        roadmap.searches(BEGIN + number * DAY, BEGIN + (number + 1) * DAY, found_nothing=number, of=200)
    item = roadmap.item()
    told = {days: roadmap.evidence(item, slice=where, minimum_n=5, days=days) for days in (7, 28, 56, 84)}
    whole = roadmap.evidence(item, minimum_n=5)
    db.session.flush()
    seen, of_all = set(), set()
    for number in range(120, 176):
        with clock.frozen(at(BEGIN + number * DAY)):
            for days, row in told.items():
                found = asking.read(row)
                assert found.on == fixed.end(clock.today())
                assert found.n == 200 * max(days, 28)
                seen.add((days, found.on, found.value))
                assert not Known(row, None, found).is_stale
            of_all.add(asking.read(whole).value)
    assert len({(days, on) for days, on, _value in seen}) == len(seen) == 4 * 2
    assert len(of_all) == 56
