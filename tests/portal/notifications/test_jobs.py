"""QUALITY R9: whatever the mail server does, nobody waits for it and nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
import os
import smtplib
import sqlite3
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core import options
from portal.core.actor import system
from portal.core.database import db
from portal.jobs.models import Job
from portal.jobs.models import State as JobState
from portal.jobs.runner import Runner
from portal.ledger.models import LedgerEntry
from portal.notifications import jobs, services
from portal.notifications.models import Channel, OutboxMail, Preference, State
from portal.notifications.queries import outbox_counts
from portal.people.models import Person
from tests.factories import accounts, people
from tests.mailing import use
from tests.people import ANA, settle
from tests.portal.notifications.servers import Inbox, free_port, mail_server

pytestmark = pytest.mark.smtp


def tell(*persons: Any) -> list[OutboxMail]:
    services.tell([p.id for p in persons or [settle(ANA)]], "article_note", actor=system("tests"))
    db.session.commit()
    return accounts.mails()


@pytest.fixture
def by_mail(app: Flask) -> None:
    """Let Ana choose to hear of notes by mail."""
    person = settle(ANA)
    db.session.add(Preference(person_id=person.id, kind="article_note", channel=Channel.MAIL, is_on=True))
    db.session.commit()


def work(app: Flask) -> None:
    """Work off what is due; the test lets go of the database first, as a request would have."""
    db.session.commit()
    Runner(app).drain()
    db.session.expire_all()


def test_what_was_told_arrives(app: Flask, server: int, inbox: Inbox, by_mail: None) -> None:
    (mail,) = tell()
    work(app)
    assert list(inbox.shown) == [mail.message_id]
    assert (mail.state, mail.attempts, mail.last_error) == (State.SENT, 1, None)
    assert mail.sent_at is not None


def test_a_job_run_twice_sends_once(app: Flask, server: int, inbox: Inbox, by_mail: None) -> None:
    (mail,) = tell()
    for _ in range(2):
        jobs.deliver({"mail": mail.id})
        db.session.commit()
    assert len(inbox.arrived) == 1


def test_a_greylisting_server_is_asked_again_later_and_later(
    app: Flask, server: int, inbox: Inbox, by_mail: None, stopped_clock: Any
) -> None:
    inbox.answer_rcpt = lambda address: "450 greylisted"
    (mail,) = tell()
    waits = []
    for _ in range(11):
        before = mail.attempts
        work(app)
        assert mail.attempts == before + 1
        waits.append((mail.next_at - stopped_clock.now).total_seconds() / 60)
        stopped_clock.set(mail.next_at)
    assert waits == [1, 2, 5, 10, 30, 60, 120, 240, 360, 360, 360]
    assert mail.last_error is not None
    assert "450" in mail.last_error
    inbox.answer_rcpt = lambda address: None
    work(app)
    assert mail.state == State.SENT
    assert {m["Message-ID"] for m in inbox.arrived} == {mail.message_id}


def test_after_five_days_a_person_has_to_look(app: Flask, by_mail: None, stopped_clock: Any) -> None:
    use(free_port())  # nobody listens there
    (mail,) = tell()
    for _ in range(40):
        work(app)
        stopped_clock.set(max(mail.next_at, stopped_clock.now))
    assert mail.state == State.FAILED
    assert dt.timedelta(days=5) < stopped_clock.now - mail.created_at < dt.timedelta(days=5, hours=7)


def test_a_refused_address_stands_on_the_person_until_mail_gets_through(
    app: Flask, server: int, inbox: Inbox, by_mail: None
) -> None:
    inbox.answer_rcpt = lambda address: "550 5.1.1 no such user"
    (mail,) = tell()
    work(app)
    person = settle(ANA)
    assert mail.state == State.FAILED
    assert person.mail_trouble == "550 5.1.1 no such user"
    (fact,) = db.session.scalars(select(LedgerEntry).where(LedgerEntry.name == Name.MAIL_BOUNCED.value))
    assert (fact.subject, fact.props) == (f"person:{person.id}", {"code": "550", "is_permanent": True})
    inbox.answer_rcpt = lambda address: None
    tell()
    work(app)
    assert (person.mail_trouble, person.mail_trouble_at) == (None, None)


def test_trouble_with_an_old_address_is_not_that_of_the_new_one(
    app: Flask, server: int, inbox: Inbox, by_mail: None
) -> None:
    inbox.answer_rcpt = lambda address: "550 gone"
    tell()
    settle(ANA).email = "ana.ruiz@ostreyvale.example"
    db.session.commit()
    work(app)
    (person,) = db.session.scalars(select(Person))
    assert person.mail_trouble is None


def test_a_reply_that_is_lost_brings_the_same_mail_again(
    app: Flask, server: int, inbox: Inbox, by_mail: None, stopped_clock: Any
) -> None:
    lost = iter([True, True, False])
    inbox.drops_reply = lambda: next(lost)
    (mail,) = tell()
    for _ in range(3):
        work(app)
        stopped_clock.set(max(mail.next_at, stopped_clock.now))
    assert len(inbox.arrived) == 3
    assert list(inbox.shown) == [mail.message_id]


def test_no_transaction_is_open_while_the_server_takes_its_time(
    app: Flask, server: int, inbox: Inbox, by_mail: None, settings: Any
) -> None:
    """A slow mail server must not stop anybody from writing."""
    wrote: list[bool] = []

    def answer(address: str) -> None:
        with sqlite3.connect(settings.home / "dity.sqlite3", timeout=0) as other:
            other.execute("BEGIN IMMEDIATE")
            wrote.append(True)
            other.rollback()
        other.close()

    inbox.answer_rcpt = answer
    tell()
    work(app)
    assert wrote == [True]


def test_a_request_that_tells_somebody_opens_no_connection(ana: Any, by_mail: None, monkeypatch: Any) -> None:
    def refuse(*args: Any, **kw: Any) -> Any:
        raise AssertionError("a request spoke to a mail server")

    monkeypatch.setattr(smtplib.SMTP, "connect", refuse)
    use(free_port())
    accounts.password(ana.person)
    sent = {"current_password": accounts.PASSWORD, "new_password": "gulls over the grey harbour"}
    assert ana.post("/account/password", sent).status_code == 303
    assert [mail.state for mail in accounts.mails()] == [State.WAITING]


def test_a_mail_whose_job_died_is_not_forgotten(
    app: Flask, server: int, inbox: Inbox, by_mail: None, stopped_clock: Any
) -> None:
    (mail,) = tell()
    job = db.session.scalars(select(Job).where(Job.kind == services.DELIVER)).one()
    job.state = JobState.DEAD
    db.session.commit()
    stopped_clock.move(minutes=20)
    services.plan_forgotten("slot")
    db.session.commit()
    work(app)
    assert mail.state == State.SENT


def test_mail_that_waits_for_the_morning_does_not_leave_at_night(
    app: Flask, server: int, inbox: Inbox, by_mail: None, stopped_clock: Any
) -> None:
    (mail,) = tell()
    mail.next_at = stopped_clock.now + dt.timedelta(hours=8)
    db.session.scalars(select(Job).where(Job.kind == services.DELIVER)).one().run_at = mail.next_at
    db.session.commit()
    stopped_clock.move(hours=7)
    services.plan_forgotten("slot")
    work(app)
    assert inbox.arrived == []
    stopped_clock.move(hours=1)
    work(app)
    assert len(inbox.arrived) == 1


def test_a_sender_that_cannot_be_is_told_in_the_outbox(app: Flask, server: int, by_mail: None) -> None:
    options.change(system("tests"), mail_from="not an address")
    (mail,) = tell()
    work(app)
    assert mail.state == State.WAITING
    assert mail.last_error


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.torture
def test_of_many_mails_through_a_moody_day_none_is_lost(app: Flask, inbox: Inbox, stopped_clock: Any) -> None:
    """Twenty-four hours of a server that is down, greylists, loses replies and refuses one address in ten."""
    n = 1000 if os.environ.get("TORTURE") else 60
    persons = [people.person(f"P{i} Example", email=f"p{i}@ostreyvale.example") for i in range(n)]
    db.session.commit()
    services.tell([p.id for p in persons], "feedback_reply", actor=system("tests"))
    db.session.commit()
    mood = {"calls": 0}

    def answer(address: str) -> str | None:
        mood["calls"] += 1
        if int(address[1:].split("@")[0]) % 10 == 3:
            return "550 no such user"
        return "451 not now" if mood["calls"] % 3 == 0 else None

    inbox.answer_rcpt = answer
    inbox.drops_reply = lambda: mood["calls"] % 7 == 0
    port = free_port()
    use(port)
    for hour in range(24):
        if hour % 5 == 0:  # down for this hour
            work(app)
        else:
            with mail_server(inbox, port):
                work(app)
        stopped_clock.move(hours=1)
    with mail_server(inbox, port):
        for _ in range(8):
            stopped_clock.move(hours=6)
            work(app)
    assert outbox_counts() == {State.WAITING: 0, State.SENT: n - n // 10, State.FAILED: n // 10}
    sent = {mail.message_id for mail in accounts.mails() if mail.state == State.SENT}
    assert set(inbox.shown) == sent
    db.session.expire_all()
    assert sum(p.mail_trouble is not None for p in persons) == n // 10


def test_health_tells_of_refused_and_late_mail(
    app: Flask, server: int, inbox: Inbox, by_mail: None, client: Any, stopped_clock: Any
) -> None:
    def told() -> Any:
        return json.loads(client.get("/readyz").text)["checks"]["mail"]

    assert told()["ok"]
    inbox.answer_rcpt = lambda address: "550 no"
    tell()
    work(app)
    assert "refused" in told()["detail"]
    tell()
    stopped_clock.move(hours=1)
    assert "waits" in told()["detail"]


def test_every_way_of_leaving_can_be_chosen(app: Flask, by_mail: None, settings: Any) -> None:
    options.change(system("tests"), mail_mode="folder")
    (mail,) = tell()
    work(app)
    assert mail.state == State.SENT
    assert len(list((settings.home / "mail").glob("*.eml"))) == 1
