"""Counting what is over: whatever is killed on the way, the next run goes on there and leaves the same sums."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from portal.core import clock
from portal.measures import counting, daily, fold
from portal.measures.models import DailyMeasure
from tests.factories import tickets
from tests.factories.measures import user, viewed
from tests.people import ANA, settle

DAY = dt.timedelta(days=1)
FIRST = dt.datetime(2026, 2, 2, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("app")
Sums = dict[tuple[dt.date, str, str], float]


class Killed(Exception):
    """As if the machine had gone."""


def seven_weeks(db: Any) -> None:
    """Somebody reads every day for five weeks; before that there were only tickets."""
    with clock.frozen(FIRST - 25 * DAY):
        tickets.queue("Service desk", is_default=True)
        asker = settle(ANA)
    for before in (24, 16, 2):
        with clock.frozen(FIRST - before * DAY):
            tickets.ticket(asker, f"The printer jams {before}")
    for day in range(35):
        viewed(user(day % 4), FIRST + day * DAY, 1)
    db.session.commit()


def counted(**more: Any) -> None:
    with clock.frozen(FIRST + 35 * DAY):
        for _day in counting.counted(**more):
            pass


def sums() -> Sums:
    from portal.core.database import db

    rows = db.session.execute(select(DailyMeasure.day, DailyMeasure.measure, DailyMeasure.slice, DailyMeasure.value))
    return {(row.day, row.measure, row.slice): row.value for row in rows}


def as_another_release_counted(db: Any) -> None:
    db.session.execute(update(DailyMeasure).where(DailyMeasure.day >= FIRST.date()).values(value=-1.0))
    db.session.commit()


def kill_in_week(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count everything anew, die as the n-th week is written, and count on."""
    from portal.core.database import db

    db.session.commit()
    insert, weeks = daily._insert, itertools.count()

    def dying(*given: Any) -> None:
        if next(weeks) == n:
            raise Killed
        insert(*given)

    with monkeypatch.context() as patched:
        patched.setattr(daily, "_insert", dying)
        with pytest.raises(Killed):
            counted(is_anew=True)
    db.session.rollback()
    counted()


@pytest.fixture
def wanted(db: Any) -> Sums:
    seven_weeks(db)
    counted()
    return sums()


@pytest.mark.parametrize("n", [0, 2, 4, 7])
def test_counting_for_the_first_time_that_was_killed_leaves_no_week_out(
    db: Any, wanted: Sums, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    assert {day for day, measure, _of in wanted if measure == "tickets.opened"} == {
        (FIRST + number * DAY).date() for number in range(-24, 35)
    }
    db.session.execute(delete(DailyMeasure))
    kill_in_week(n, monkeypatch)
    assert sums() == wanted


@pytest.mark.parametrize("n", [0, 1, 3])
def test_counting_anew_that_was_killed_leaves_no_week_as_it_was(
    db: Any, wanted: Sums, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    as_another_release_counted(db)
    kill_in_week(n, monkeypatch)
    assert sums() == wanted
    assert fold.state().uncounted_since is None


def test_a_rebuild_that_was_killed_while_it_folded_counts_every_day_anew(db: Any, wanted: Sums) -> None:
    as_another_release_counted(db)
    with clock.frozen(FIRST + 35 * DAY):
        for day, last in counting.counted(is_anew=True):
            if day + 3 * DAY > last:
                break
    db.session.rollback()
    counted()
    assert sums() == wanted
