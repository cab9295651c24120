"""Checks are called to mind at the right days, to the right people, and never twice."""

from __future__ import annotations

import datetime as dt
import doctest
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.permissions import Role
from portal.kb.caring import reminders
from portal.notifications.models import Notification, OutboxMail
from portal.people import audiences
from tests.factories import kb, people

pytestmark = pytest.mark.usefixtures("app")


def told(db: Any) -> list[tuple[int, str]]:
    query = select(Notification.person_id, Notification.data).where(Notification.kind == "checks_due")
    return [(who, data["n"]) for who, data in db.session.execute(query.order_by(Notification.id))]


def test_two_weeks_before_on_the_day_and_every_two_weeks(stopped_clock: Any, db: Any) -> None:
    owner, due = people.person("Ana Ruiz"), clock.today() + dt.timedelta(days=20)
    kb.article(owner_id=owner.id, review_by=due)
    days = []
    for _day in range(60):
        before = len(told(db))
        reminders.remind({})
        reminders.remind({})
        if len(told(db)) > before:
            days.append((clock.today() - due).days)
        stopped_clock.move(days=1)
    assert days == [-14, 0, 14, 28]
    assert len(told(db)) == 4, "a second run on the same day says nothing"


def test_what_was_missed_is_told_once(stopped_clock: Any, db: Any) -> None:
    kb.article(owner_id=people.person("Ana Ruiz").id, review_by=clock.today() - dt.timedelta(days=100))
    for _day in range(5):
        reminders.remind({})
        stopped_clock.move(days=1)
    assert len(told(db)) == 1


def test_another_day_begins_anew_and_a_check_ends_it(stopped_clock: Any, db: Any) -> None:
    article = kb.article(owner_id=people.person("Ana Ruiz").id, review_by=clock.today())
    reminders.remind({})
    article.review_by = clock.today() + dt.timedelta(days=180)
    reminders.remind({})
    assert len(told(db)) == 1
    stopped_clock.move(days=170)
    reminders.remind({})
    assert len(told(db)) == 2


@pytest.mark.both
def test_one_message_a_person_with_the_list(stopped_clock: Any, db: Any) -> None:
    ana, ben = people.person("Ana Ruiz"), people.person("Ben Kaya")
    for title, owner in (("VPN drops", ana), ("Mail is late", ana), ("No sound", ben)):
        kb.article(title, owner_id=owner.id, review_by=clock.today())
    reminders.remind({})
    assert told(db) == [(ana.id, "2"), (ben.id, "1")]
    mail = db.session.execute(select(OutboxMail).where(OutboxMail.person_id == ana.id)).scalar_one()
    assert "VPN drops: due" in mail.text
    assert "Mail is late: due" in mail.text
    assert "No sound" not in mail.text


def test_editors_hear_of_what_nobody_looks_after_and_of_nothing_hidden(stopped_clock: Any, db: Any) -> None:
    editor, zoe = people.person("Dara Voss", Role.EDITOR), people.person("Zoe Hart", is_active=False)
    kb.article("Nobody’s", review_by=clock.today())
    kb.article("Zoe’s", owner_id=zoe.id, review_by=clock.today())
    key = audiences.key_for([[people.audience("HR").id]])
    kb.article("Hidden", access_key=key, review_by=clock.today())
    kb.article("Draft", status="draft", review_by=clock.today())
    reminders.remind({})
    assert told(db) == [(editor.id, "2")]
    mail = db.session.execute(select(OutboxMail)).scalar_one()
    assert "Hidden" not in mail.text


def test_the_examples_hold() -> None:
    assert doctest.testmod(reminders).failed == 0
