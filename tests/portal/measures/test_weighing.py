"""What rows of the desk weigh, from how people's needs ended."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.database import db
from portal.kb.caring import insight, met
from portal.kb.models import DeskMet
from portal.measures import counting
from tests.factories import kb
from tests.factories.measures import searched, solved, user, viewed

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("app")


def counted(days: int = 7) -> dict[str, DeskMet]:
    db.session.commit()
    with clock.frozen(MONDAY + days * DAY):
        insight.gather({})
        db.session.commit()
        for _day in counting.counted():
            pass
    return {row.subject: row for row in db.session.execute(select(DeskMet)).scalars()}


@pytest.mark.both
def test_articles_are_weighed_by_those_they_did_not_help() -> None:
    for number in range(5):
        viewed(user(number), MONDAY + number * MINUTE, 7)
        solved(user(number), MONDAY + (number + 1) * MINUTE, 7, yes=number > 2)
    found = counted()
    row = found["article:7"]
    assert (row.n_people, row.n_met, row.n_lost) == (5, 5, 3)
    whole = met.whole()
    assert (whole.n_met, whole.n_lost, whole.counted_on) == (5, 3, dt.date(2026, 3, 8))


def test_a_gap_is_weighed_by_who_searched_and_a_slip_is_told_from_it() -> None:
    for number in range(3):
        searched(user(number), MONDAY, "bench login", 0)
        searched(user(number), MONDAY + 40 * MINUTE, "outlok", 0)
        key = searched(user(number + 10), MONDAY, "outlook", 1)
        viewed(user(number + 10), MONDAY + MINUTE, kb.article("Outlook", slug=f"o{number}").id if not number else 1,
               search=key)  # fmt: skip
    found = counted()
    gaps = {row.words[0]: found[f"gap:{row.id}"] for row in insight.missed()}
    assert (gaps["bench login"].n_people, gaps["bench login"].n_met, gaps["bench login"].slip_of) == (3, 3, "")
    assert gaps["outlok"].slip_of == "outlook"


def test_what_nobody_opened_in_half_a_year_is_unread_and_what_is_new_is_not() -> None:
    old = kb.article("Old", published_at=MONDAY - 200 * DAY)
    new = kb.article("New", published_at=MONDAY - 20 * DAY)
    read = kb.article("Read", published_at=MONDAY - 200 * DAY)
    viewed(user(1), MONDAY, read.id)
    found = counted()
    assert found[str(old.ref)].is_unread
    assert str(new.ref) not in found
    assert not found[str(read.ref)].is_unread


def test_counting_again_forgets_what_is_over() -> None:
    viewed(user(1), MONDAY, 7)
    assert "article:7" in counted()
    assert "article:7" not in counted(60)
