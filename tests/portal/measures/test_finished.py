"""What finished work changed: counted on both sides of the day, for whoever wrote it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from analytics.before_after import Side, Verdict
from portal.core import clock
from portal.core.database import db
from portal.core.permissions import Role
from portal.measures import finished
from portal.people.services import actor_of
from portal.talk.models import Solution
from tests.factories import kb, people, tickets
from tests.factories.measures import searched, user
from tests.people import Visitor

DAY = dt.timedelta(days=1)
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("app")


def published(by: Any, title: str = "Parental leave", at: dt.datetime = MONDAY, **kw: Any) -> Any:
    article = kb.article(title, slug=title.lower().replace(" ", "-"), **kw)
    kb.draft(
        article, state="published", is_open=None, closed_at=at, written_by=[by.person_id],
        created_by_id=by.person_id, queries=["parental leave"],
    )  # fmt: skip
    return article


def counted(days: int) -> None:
    db.session.commit()
    finished.renew(MONDAY.date() + days * DAY)
    db.session.commit()


def said(article: Any, n: int, *, yes: int, at: dt.datetime) -> None:
    for number in range(n):
        who, common = people.person(f"Reader{number} Example").id, {"version": 1, "created_at": at, "changed_at": at}
        db.session.add(Solution(subject=str(article.ref), person_id=who, is_solved=number < yes, **common))


@pytest.mark.both
def test_both_sides_are_counted_over_the_same_days_without_the_day_itself() -> None:
    dara = people.actor("Dara Voss", Role.EDITOR)
    article = published(dara)
    for number in range(6):
        searched(user(number), MONDAY - (number + 1) * DAY, "leave parental", 0)
        searched(user(number), MONDAY + (number + 1) * DAY, "Parental leave", 1)
    searched(user(9), MONDAY, "parental leave", 0)
    searched(user(9), MONDAY - 29 * DAY, "parental leave", 0)
    searched(user(9), MONDAY - DAY, "company bike", 0)
    for days in (-3, -2, 4):
        with clock.frozen(MONDAY + days * DAY):
            tickets.ticket(people.person(f"Asker{days + 9} Example"), category=article.category)
    said(article, 4, yes=3, at=MONDAY + 2 * DAY)
    counted(30)
    (row,) = finished.of(dara)
    assert row.change.days == 28
    assert row.change.before == Side(searches=6, failed=6, tickets=2)
    assert row.change.after == Side(searches=6, failed=0, tickets=1, said=4, solved=3)
    assert row.change.of_searches is Verdict.BETTER
    assert row.change.of_tickets is Verdict.TOO_FEW


def test_what_is_over_stays_as_it_was_counted() -> None:
    dara = people.actor("Dara Voss", Role.EDITOR)
    published(dara)
    counted(10)
    (early,) = finished.of(dara)
    assert (early.change.days, early.change.of_searches) == (9, Verdict.TOO_EARLY)
    counted(30)
    searched(user(1), MONDAY + 2 * DAY, "parental leave", 1)
    counted(60)
    assert finished.of(dara)[0].change.after.searches == 0


def test_it_is_told_to_who_wrote_it_and_may_still_see_it() -> None:
    dara, ada = people.actor("Dara Voss", Role.EDITOR), people.actor("Ada Demir", Role.ADMIN)
    article = published(dara)
    counted(10)
    assert finished.of(ada) == []
    article.access_key = "a999"
    db.session.flush()
    assert finished.of(dara) == []


def test_the_desk_shows_it_and_says_when_it_is_too_early(dara: Visitor) -> None:
    assert "Nothing to compare yet" in dara.page("/desk/changed/").text
    published(actor_of(dara.person))
    counted(5)
    for path in ("/desk/", "/desk/changed/"):
        page = dara.page(path)
        assert "What your work changed" in page.text
        assert "4 days have passed since" in page.text
