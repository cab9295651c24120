"""Nobody who was erased, and no day that has grown old, leaves a pseudonym in what was folded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from analytics.needs import packing
from portal.core import clock
from portal.core.actor import Actor
from portal.core.personal import Subject
from portal.ledger import services as ledger
from portal.measures import counting, daily, forgetting, packs, reports
from portal.measures.models import DailyAttempts, FoldCarry
from tests.factories.measures import searched, user, viewed

DAY = dt.timedelta(days=1)
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def _week(db: Any) -> None:
    for day in range(5):
        for number in (1, 2):
            key = searched(user(number), MONDAY + day * DAY, f"my private word {number}", 2)
            viewed(user(number), MONDAY + day * DAY + dt.timedelta(minutes=1), 1, search=key)
    db.session.commit()
    with clock.frozen(MONDAY + 5 * DAY):
        for _day in counting.counted():
            pass


def everything(db: Any) -> str:
    """Return all that is kept of attempts, readable."""
    parts = [repr(packing.unpacked(row)) for row in db.session.execute(select(DailyAttempts.packed)).scalars()]
    parts += [repr(packs.carried_back(row)) for row in db.session.execute(select(FoldCarry.packed)).scalars()]
    return "".join(parts)


@pytest.mark.usefixtures("_week")
def test_somebody_who_is_erased_leaves_counts_and_no_trace(db: Any) -> None:
    visitor = ledger.visitor_of(Actor(person_id=1))
    before = reports.read(MONDAY.date(), MONDAY.date() + 5 * DAY)
    assert before is not None
    assert visitor in everything(db)
    assert forgetting.forget_person(Subject(1, "Ana", "ana@ostreyvale.example")) > 0
    db.session.commit()
    told = everything(db)
    assert visitor not in told
    assert "private word 1" not in told
    assert "private word 2" in told
    after = reports.read(MONDAY.date(), MONDAY.date() + 5 * DAY)
    assert after is not None
    assert after.report().whole.counts == before.report().whole.counts


@pytest.mark.usefixtures("_week")
def test_old_attempts_go_and_the_sums_of_their_days_stay(db: Any) -> None:
    sums = daily.totals(MONDAY.date(), MONDAY.date() + 3 * DAY)
    limit = MONDAY + 3 * DAY
    assert forgetting.ATTEMPTS.count(limit) == 3
    assert forgetting.ATTEMPTS.sweep(limit) == 3
    db.session.commit()
    assert forgetting.ATTEMPTS.sweep(limit) == 0
    assert packs.first_day() == MONDAY.date() + 3 * DAY
    assert daily.totals(MONDAY.date(), MONDAY.date() + 3 * DAY) == sums
