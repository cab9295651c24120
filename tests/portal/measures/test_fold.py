"""Folding: each day once, the same rows from a rebuild, late facts in time, nothing lost to a kill."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.measures import fold, reports
from portal.measures.models import DailyAttempts, FoldCarry
from tests.factories.measures import searched, solved, user, viewed

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
FIRST = dt.datetime(2026, 2, 2, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("app")


def a_fortnight(db: Any) -> None:
    """People search and read for two weeks; some say whether it solved it, some go on over midnight."""
    for day, number in itertools.product(range(14), range(6)):
        who, at = user(number, department=number % 2 + 1), FIRST + day * DAY + number * 40 * MINUTE
        if (day + number) % 3 == 0:
            key = searched(who, at, "printer jam", 2)
            viewed(who, at + MINUTE, 1, search=key)
            if number % 2:
                solved(who, at + 3 * MINUTE, 1, yes=number != 3)
        elif (day + number) % 3 == 1:
            searched(who, at.replace(hour=23, minute=50 + number), "unknown thing", 0)
            viewed(who, at.replace(hour=23, minute=59) + 5 * MINUTE, 2)
    db.session.commit()


def rows() -> list[tuple[dt.date, int, bytes, bytes]]:
    from portal.core.database import db

    found = db.session.execute(select(DailyAttempts).order_by(DailyAttempts.day)).scalars()
    return [(row.day, row.n, row.packed, row.searches) for row in found]


def folded(day: int, **more: Any) -> int:
    with clock.frozen(FIRST + day * DAY):
        return len(list(fold.fold(**more)))


def test_folding_night_by_night_leaves_the_rows_that_folding_all_at_once_leaves(db: Any) -> None:
    a_fortnight(db)
    for day in range(1, 17):
        folded(day)
    by_night = rows()
    folded(16, is_anew=True)
    assert rows() == by_night
    assert len(by_night) == 16
    assert sum(n for _day, n, *_packed in by_night) > 40


def test_a_fold_that_was_killed_goes_on_where_it_was(db: Any) -> None:
    a_fortnight(db)
    folded(16)
    whole = rows()
    with clock.frozen(FIRST + 16 * DAY):
        for _day in itertools.islice(fold.fold(is_anew=True), 8):
            pass
    db.session.rollback()
    assert fold.as_of() == dt.date(2026, 2, 8)
    folded(16)
    assert rows() == whole


@pytest.mark.both
def test_what_comes_late_but_in_time_counts_on_its_day(db: Any) -> None:
    a_fortnight(db)
    folded(16)
    before = reports.read(FIRST.date(), (FIRST + 15 * DAY).date())
    assert before is not None
    confirmed = before.report().whole.counts.confirmed
    at = FIRST + 12 * DAY + dt.timedelta(hours=6)
    viewed(user(77), at, 1, recorded_at=at + 2 * DAY)
    solved(user(77), at + MINUTE, 1, recorded_at=at + 2 * DAY)
    solved(user(78), at, 1, recorded_at=at + 4 * DAY)
    db.session.commit()
    folded(17)
    after = reports.read(FIRST.date(), (FIRST + 15 * DAY).date())
    assert after is not None
    assert after.report().whole.counts.confirmed == confirmed + 1
    nightly = rows()
    folded(17, is_anew=True)
    assert rows() == nightly


def test_only_the_last_midnights_and_firsts_of_months_are_kept_to_go_back_to(db: Any) -> None:
    a_fortnight(db)
    folded(40)
    kept = set(db.session.execute(select(FoldCarry.day)).scalars())
    assert dt.date(2026, 3, 1) in kept
    assert len(kept) == 9


def test_today_is_not_counted_before_it_is_over(db: Any) -> None:
    viewed(user(1), FIRST, 1)
    db.session.commit()
    assert folded(0) == 0
    assert folded(1) == 1
    assert fold.as_of() == (FIRST + DAY).date()
