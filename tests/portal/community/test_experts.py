"""Whoever might know is reminded of what nobody answers, each once (portal.community.experts)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community import experts, queries
from portal.community.models import Question
from portal.community.queries import Shelf
from portal.core import clock
from portal.core.database import db
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.people.services import actor_of
from tests.factories import community, kb
from tests.people import ANA, BEN, CLEO, DARA, settle


@pytest.fixture(autouse=True)
def _on_a_page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def told() -> list[int]:
    query = select(Notification.person_id).where(Notification.kind == "question_waits").order_by(Notification.id)
    return list(db.session.execute(query).scalars())


def test_who_knows_is_told_after_a_day_and_the_editors_after_three_each_once() -> None:
    ana, ben, dara = settle(ANA), settle(BEN), settle(DARA)
    topic = kb.category()
    helped = community.question("What did Ben know last week?", category=topic, asker_id=settle(CLEO).id)
    community.answer(helped, author_id=ben.id)
    asked = clock.now()
    community.question("Why does nobody answer this one?", category=topic, asker_id=ana.id, created_at=asked)
    expected: list[int] = []
    for hours, more in ((23, []), (25, [ben.id]), (26, []), (71, []), (73, [dara.id]), (80, [])):
        with clock.frozen(asked + dt.timedelta(hours=hours)):
            experts.remind()
        expected += more
        assert told() == expected, hours


def test_what_came_from_elsewhere_or_waited_for_months_reminds_nobody() -> None:
    ana, topic = settle(ANA), kb.category()
    settle(DARA)
    before = clock.now() - dt.timedelta(days=4)
    community.question("Where did this one come from?", category=topic, origin="import", created_at=before)
    old = clock.now() - dt.timedelta(days=60)
    community.question("Who still waits for this one?", category=topic, asker_id=ana.id, created_at=old)
    assert (experts.remind(), told()) == (0, [])


def test_nobody_is_reminded_of_what_they_may_not_see() -> None:
    ana, ben = settle(ANA), settle(BEN)
    topic = kb.category(access_key=f"p{ana.id}")
    helped = community.question("What did Ben know before?", category=topic, asker_id=ana.id)
    community.answer(helped, author_id=ben.id)
    community.question("What is Ben not to know?", category=topic, asker_id=ana.id, created_at=clock.now())
    with clock.frozen(clock.now() + dt.timedelta(hours=25)):
        experts.remind()
    assert told() == []


def test_what_waits_longest_stands_first_among_the_unanswered() -> None:
    ana = settle(ANA)
    now = clock.now()
    for days, title in ((1, "The one of yesterday"), (5, "The one of last week")):
        community.question(title, asker_id=ana.id, created_at=now - dt.timedelta(days=days))
    who = actor_of(db.session.get_one(Person, ana.id))
    rows: list[Question] = queries.listing(who, shelf=Shelf.UNANSWERED).rows
    assert [row.title for row in rows] == ["The one of last week", "The one of yesterday"]
