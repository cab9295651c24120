"""The overview, as people meet it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.core import clock
from portal.measures import fold, jobs
from tests.factories.measures import searched, solved, user, viewed
from tests.people import Visitor

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("db")


def a_month(now: dt.datetime) -> None:
    """Twelve people search and read on thirty days; every third says that it solved it."""
    for day in range(30):
        for number in range(12):
            who = user(number, department=number % 2 + 1)
            at = now - (31 - day) * DAY + number * MINUTE
            key = searched(who, at, "vpn token", 3 if number else 0)
            if number:
                viewed(who, at + MINUTE, 1, search=key)
            if number % 3 == 1:
                solved(who, at + 2 * MINUTE, 1, yes=number != 4)


def test_before_anything_is_counted_the_page_says_when_it_will_be(eli: Visitor) -> None:
    page = eli.page("/insights/")
    assert "Nothing is counted yet" in page.text


def test_eli_sees_how_needs_ended_and_the_range_they_were_settled_in(eli: Visitor, db: Any) -> None:
    a_month(clock.now())
    db.session.commit()
    assert len(list(fold.fold())) == 31
    page = eli.page("/insights/")
    assert page.heading == "Is it working?"
    assert "of needs are settled here" in page.text
    for word in ("Floor", "Best estimate", "Ceiling", "Confirmed: said “solved”", "The same as a table"):
        assert word in page.text
    assert "<svg" in page.html
    assert "style=" not in page.html


PAGES = ("", "search", "tickets", "knowledge", "how", "dates", "needs")


def test_every_page_speaks_before_and_after_the_first_fold(eli: Visitor, mia: Visitor, db: Any) -> None:
    for page in PAGES:
        assert eli.get(f"/insights/{page}").status_code == 200
    a_month(clock.now())
    db.session.commit()
    for _day in jobs.counted():
        pass
    for page in PAGES:
        for who in (eli, mia):
            assert who.page(f"/insights/{page}").heading
    page = eli.page("/insights/?days=28&window=72")
    assert "How do you know?" in page.text
    assert "Left out" in page.text
