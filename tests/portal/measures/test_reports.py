"""What a period's figures are, from facts in the ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.core import clock
from portal.measures import fold, people, reports
from portal.measures.reports import Report, Slice
from tests.factories import people as factory
from tests.factories.measures import searched, solved, user, viewed

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("app")


def report(*, window: int = 24, of: Slice = reports.ALL, as_of: int = 7, days: int = 7) -> Report:
    with clock.frozen(MONDAY + as_of * DAY):
        for _day in fold.fold():
            pass
    found = reports.read(MONDAY.date(), MONDAY.date() + days * DAY)
    assert found is not None
    return found.report(window, of)


def of_department(number: int) -> Report:
    """Report what is told of a department of the four weeks from Monday on, once that stretch is settled."""
    return report(of=Slice("department", number), as_of=36, days=28)


def test_needs_end_as_people_left_them(db: Any) -> None:
    key = searched(user(1), MONDAY, "vpn", 5)
    viewed(user(1), MONDAY + MINUTE, 1, search=key)
    solved(user(1), MONDAY + 3 * MINUTE, 1)
    viewed(user(2), MONDAY, 1)
    solved(user(2), MONDAY + MINUTE, 1, yes=False)
    viewed(user(3), MONDAY, 1)
    searched(user(4), MONDAY, "printer", 0)
    db.session.commit()
    found = report()
    counts = found.whole.counts
    assert (counts.confirmed, counts.failed, counts.presumed, counts.abandoned, counts.n) == (1, 1, 1, 1, 4)
    assert found.whole.floor is not None
    assert found.whole.floor.point == 0.25
    assert (found.search.tally.searches, found.search.tally.zero, found.search.tally.clicked) == (2, 1, 1)
    assert found.search.mean_rank == 1.0
    assert sum(each.n for _bucket, each in found.series if each) == 4


def test_a_need_counts_only_when_its_window_has_passed(db: Any) -> None:
    viewed(user(1), MONDAY + 6 * DAY, 1)
    db.session.commit()
    assert report().whole.counts.immature == 1
    assert report(window=4).whole.counts.presumed == 1


def test_of_fewer_than_five_people_of_a_department_nothing_is_told_nor_left_by_subtraction(db: Any) -> None:
    """Four of the first; the total less the two others would be theirs, so the smaller of those is kept back, too."""
    for number in range(16):
        department = 1 if number < 4 else 2 if number < 9 else 3
        viewed(user(number, department=department), MONDAY + number * MINUTE, 1)
    db.session.commit()
    assert of_department(1).is_hidden
    assert of_department(2).is_hidden
    assert not of_department(3).is_hidden
    assert of_department(3).whole.counts.presumed == 7


def test_where_nobody_is_kept_back_every_department_is_told(db: Any) -> None:
    for number in range(11):
        viewed(user(number, department=1 if number < 5 else 2), MONDAY + number * MINUTE, 1)
    db.session.commit()
    assert of_department(1).whole.counts.presumed == 5
    assert not of_department(2).is_hidden


def _shown(**cells: int) -> dict[str, set[str]]:
    """Settle so many people at each department and site, named "Sales_North"; returns the names that are shown."""
    departments = {name: factory.department(name) for cell in cells if (name := cell.partition("_")[0])}
    sites = {name: factory.site(name) for cell in cells if (name := cell.partition("_")[2])}
    for cell, n in cells.items():
        department, _under, site = cell.partition("_")
        for _n in range(n):
            factory.person(department=departments.get(department), site=sites.get(site))
    found = people.shown_groups()
    return {kind: {people.names(kind)[number] for number in numbers} for kind, numbers in found.items()}


def test_people_without_a_department_are_a_group_that_is_covered(db: Any) -> None:
    assert _shown(Sales_=9, Finance_=6, _=2) == {"department": {"Sales"}, "site": set()}


def test_no_site_is_shown_where_few_could_be_made_out_by_both(db: Any) -> None:
    """All of the site but one are the whole department, so site less department would be one person."""
    alone = _shown(Workshop_Mill=8, Finance_House=9, Finance_Mill=1)
    assert alone == {"department": {"Workshop", "Finance"}, "site": set()}


def test_sites_are_shown_beside_departments_where_nobody_can_be_made_out(db: Any) -> None:
    shown = _shown(Workshop_Mill=8, Finance_House=9, Finance_Mill=5)
    assert shown == {"department": {"Workshop", "Finance"}, "site": {"Mill", "House"}}
