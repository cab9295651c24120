"""Two periods that differ by a day tell nothing of that day: groups are told of in fixed stretches."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.core import clock
from portal.insights import asking
from portal.measures import fixed, fold, kept, reports
from portal.measures.daily import SETTLING
from portal.measures.reports import Report, Slice
from tests.factories.measures import searched, user, viewed

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
BEGIN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
"""The first day of a stretch."""
FINANCE = Slice("department", 1)
pytestmark = pytest.mark.usefixtures("app")


def fold_until(day: dt.date) -> None:
    with clock.frozen(dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC)):
        for _day in fold.fold():
            pass


def told(since: dt.date, until: dt.date) -> Report:
    found = reports.read(since, until)
    assert found is not None
    return found.report(of=FINANCE)


def twelve_weeks(db: Any) -> None:
    """Six people of each of two departments look for help on three days of each stretch, and one alone on another day.

    In the second stretch some of the first department stay away.
    """
    for stretch in range(3):
        for day in (3, 11, 20):
            at = BEGIN + (28 * stretch + day) * DAY
            for number in range(12):
                department = number % 2 + 1
                if stretch == 1 and department == 1 and number > 6:
                    continue
                viewed(user(number, department=department), at + number * MINUTE, 1)
    searched(user(0, department=1), BEGIN + (56 + 15) * DAY, "help", 0)
    db.session.commit()


def test_no_two_periods_of_a_department_differ_by_less_than_a_stretch(db: Any) -> None:
    twelve_weeks(db)
    seen: dict[tuple[dt.date, dt.date], Any] = {}
    first = BEGIN.date()
    for number in range(84, 124, 3):
        as_of = first + number * DAY
        fold_until(as_of)
        asked = [
            fixed.around(as_of - length * DAY, as_of - shift * DAY, as_of) for length in (9, 40) for shift in (0, 1)
        ]
        for since, until in {*asked, *(fixed.usual(days, as_of) for days in (28, 84))}:
            assert (since - fixed.FIRST) % fixed.LENGTH == (until - since) % fixed.LENGTH == dt.timedelta()
            assert until + SETTLING <= as_of
            found = told(since, until)
            figures = (found.whole.counts, found.n_people, found.search.tally, found.series)
            assert seen.setdefault((since, until), figures) == figures, "nothing of it changes any more"
    assert len(seen) > 3


def test_a_stretch_with_fewer_than_five_is_left_out_of_every_period(db: Any) -> None:
    twelve_weeks(db)
    first = BEGIN.date()
    fold_until(first + 100 * DAY)
    stretches = [told(first + number * fixed.LENGTH, first + (number + 1) * fixed.LENGTH) for number in range(3)]
    assert [found.is_hidden for found in stretches] == [False, True, False]
    whole = told(first, first + 84 * DAY)
    assert whole.n_left_out == 1
    assert whole.whole.counts.n == stretches[0].whole.counts.n + stretches[2].whole.counts.n == 18 + 19
    assert [counts is None for _bucket, counts in whole.series] == [False, True, False]
    assert whole.search.tally.searches == 1


def test_days_beside_a_stretch_are_told_of_to_nobody(db: Any) -> None:
    """Whoever asks the figures themselves for other days gets the whole stretches in them and no more."""
    twelve_weeks(db)
    first = BEGIN.date()
    fold_until(first + 100 * DAY)
    assert told(first, first + 27 * DAY).is_hidden
    assert told(first, first + 30 * DAY).whole.counts == told(first, first + 28 * DAY).whole.counts


def test_a_usual_period_of_a_department_is_worked_out_at_night(db: Any) -> None:
    twelve_weeks(db)
    as_of = BEGIN.date() + 97 * DAY
    fold_until(as_of)
    since, until = fixed.usual(84, as_of)
    assert until == BEGIN.date() + 84 * DAY
    kept.renew(as_of)
    found = kept.find(since, until, reports.WINDOW, FINANCE)
    assert found is not None
    assert (found.since, found.until, found.n_left_out) == (since, until, 1)
    everybody = kept.find(as_of - 84 * DAY, as_of, reports.WINDOW)
    assert everybody is not None
    assert everybody.n_left_out == 0


def test_a_stretch_of_which_days_were_forgotten_is_told_of_no_more(db: Any) -> None:
    with clock.frozen(BEGIN):
        since = BEGIN.date() - 500 * DAY
        found = fixed.within(since, BEGIN.date(), BEGIN.date())
    assert found[0].since >= BEGIN.date() - 395 * DAY
    assert found[0].since < BEGIN.date() - 360 * DAY


@pytest.mark.parametrize(
    "address", ["days=28", "since=2026-04-01&until=2026-04-02", "since=2026-05-20&until=2026-05-29"]
)
def test_the_address_is_answered_with_the_stretches_around_it(app: Any, address: str) -> None:
    as_of = dt.date(2026, 6, 3)
    with app.test_request_context(f"/insights/?department=1&{address}"):
        asked = asking.asked(as_of)
    assert asked.is_of_group
    assert (asked.since, asked.until) == {
        "days=28": (dt.date(2026, 4, 27), dt.date(2026, 5, 25)),
        "since=2026-04-01&until=2026-04-02": (dt.date(2026, 3, 30), dt.date(2026, 4, 27)),
        "since=2026-05-20&until=2026-05-29": (dt.date(2026, 4, 27), dt.date(2026, 5, 25)),
    }[address]
    with app.test_request_context(f"/insights/?{address}"):
        assert not asking.asked(as_of).is_of_group
