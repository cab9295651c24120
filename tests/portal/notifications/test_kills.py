"""QUALITY R3: a worker killed in the middle of sending loses no mail, and no reader sees one twice."""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.actor import system
from portal.core.database import db
from portal.jobs.models import Job
from portal.jobs.models import State as JobState
from portal.notifications import services
from portal.notifications.models import State
from portal.notifications.queries import outbox_counts
from tests.factories import accounts, people
from tests.mailing import use
from tests.nursery import Nursery
from tests.portal.notifications.servers import Inbox, mail_server


@pytest.mark.smtp
@pytest.mark.slow
@pytest.mark.torture
def test_mails_survive_the_death_of_their_worker(app: Flask, nursery: Nursery) -> None:
    chance = random.Random(3)
    n_kills, batch = (300, 20) if os.environ.get("TORTURE") else (10, 12)
    inbox = Inbox()
    with mail_server(inbox) as port:
        use(port)
        crowd = [people.person(f"P{n} Example", email=f"p{n}@ostreyvale.example") for n in range(batch)]
        db.session.commit()
        for n in range(n_kills):
            if n % 5 == 0:
                services.tell([person.id for person in crowd], "feedback_reply", actor=system("tests"))
                db.session.commit()
            # Now before the server has the mail, now after it and before it says so, now without its word.
            inbox.stall_before, inbox.stall_after = chance.choice([(0.15, 0.0), (0.0, 0.15), (0.0, 0.0)])
            inbox.drops_reply = lambda: chance.random() < 0.2
            worker = nursery.start()
            time.sleep(chance.uniform(0.1, 0.6))
            nursery.kill(worker)
        inbox.stall_before = inbox.stall_after = 0.0
        inbox.drops_reply = lambda: False
        _let_one_finish(nursery, seconds=60 + n_kills)
    told = {mail.message_id: mail.to for mail in accounts.mails()}
    assert len(told) == batch * (n_kills // 5)
    assert outbox_counts()[State.SENT] == len(told)
    assert {key: str(mail["To"]) for key, mail in inbox.shown.items()} == told


def _let_one_finish(nursery: Nursery, seconds: int) -> None:
    """Give what was in the hands of the dead back: by time (a lease), by hand (mails put off after a lost reply).

    And as the portal does every hour: mails whose job was given up, for its worker died each time.
    """
    worker = nursery.start()
    try:
        until = time.monotonic() + seconds
        while _waiting() and time.monotonic() < until:
            time.sleep(0.5)
            _make_due()
            if not _jobs_left():
                with clock.frozen(clock.now() + dt.timedelta(hours=1)):
                    services.plan_forgotten(f"torture-{time.monotonic()}")
                db.session.commit()
    finally:
        nursery.kill(worker)


def _waiting() -> int:
    n = outbox_counts()[State.WAITING]
    db.session.rollback()
    return n


def _jobs_left() -> int:
    left = Job.kind == services.DELIVER, Job.state.in_((JobState.WAITING, JobState.RUNNING))
    n = db.session.scalar(select(func.count()).select_from(Job).where(*left)) or 0
    db.session.rollback()
    return n


def _make_due() -> None:
    waiting: Any = update(Job).where(Job.state == JobState.WAITING, Job.run_at > clock.now())
    db.session.execute(waiting.values(run_at=clock.now()))
    db.session.commit()
