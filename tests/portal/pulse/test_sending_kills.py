"""A worker killed while it sends invitations loses none, and no inbox that knows its mails shows two."""

from __future__ import annotations

import os
import random
import re
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.database import db
from portal.jobs.models import Job
from portal.jobs.models import State as JobState
from portal.people import services as people_services
from portal.pulse import launching, tokens, waves
from portal.pulse.models import Invitation, WaveMailing
from tests.factories import pulse
from tests.mailing import use
from tests.nursery import Nursery
from tests.people import ELI, settle
from tests.portal.notifications.servers import Inbox, mail_server

TOKEN = re.compile(r"/survey#([0-9A-Z]{26})")


@pytest.mark.smtp
@pytest.mark.slow
@pytest.mark.torture
def test_invitations_survive_the_death_of_their_worker(app: Flask, nursery: Nursery) -> None:
    chance = random.Random(5)
    n_kills, n_people = (200, 1500) if os.environ.get("TORTURE") else (4, 70)
    inbox, actor = Inbox(), people_services.actor_of(settle(ELI))
    pulse.some_people("Finance", n_people - 1)
    with mail_server(inbox) as port:
        use(port)
        more = {"why": pulse.WHY, "opens_on": clock.today(), "reminder_days": []}
        wave = waves.plan(actor, name="Autumn", stage="use", **more)
        launching.launch(actor, wave, version=wave.version)
        db.session.execute(update(Job).values(run_at=clock.now()))
        db.session.commit()
        for _ in range(n_kills):
            # Now before the server has the mail, now after it and before it says so, now without its word.
            inbox.stall_before, inbox.stall_after = chance.choice([(0.02, 0.0), (0.0, 0.02), (0.005, 0.0)])
            inbox.drops_reply = lambda: chance.random() < 0.02
            worker = nursery.start()
            time.sleep(chance.uniform(0.3, 0.7))
            nursery.kill(worker)
            _give_back()
        inbox.stall_before = inbox.stall_after = 0.0
        inbox.drops_reply = lambda: False
        _let_one_finish(nursery, seconds=60 + n_kills)
    rows = {row.person.email: row for row in db.session.scalars(select(Invitation))}
    assert all(row.sent_at is not None for row in rows.values())
    assert sorted(str(mail["To"]) for mail in inbox.shown.values()) == sorted(rows), "one each, and for everybody"
    for letter in inbox.arrived:
        (token,) = TOKEN.findall(letter.get_body(("plain",)).get_content())
        assert tokens.digest(token) == rows[str(letter["To"])].token_hash
    assert _invitations().n_sent == n_people
    assert len(inbox.arrived) >= n_people


def _invitations() -> WaveMailing:
    return db.session.scalars(select(WaveMailing).where(WaveMailing.kind == "invitation")).one()


def _mine() -> Any:
    """Return the change of the jobs of the invitations; reminders are due another day."""
    return update(Job).where(Job.kind == "pulse.send", Job.payload["mailing"].as_integer() == _invitations().id)


def _give_back() -> None:
    """Make what the dead held due at once: time would, and `look_after` what died too often."""
    held = _mine().where(Job.state.in_([JobState.DEAD, JobState.RUNNING, JobState.WAITING]))
    db.session.execute(held.values(state=JobState.WAITING, run_at=clock.now(), attempts=0, lease_until=None))
    db.session.commit()


def _let_one_finish(nursery: Nursery, seconds: int) -> None:
    worker = nursery.start()
    try:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.3)
            left = select(func.count()).select_from(WaveMailing)
            left = left.where(WaveMailing.kind == "invitation", WaveMailing.ended_at.is_(None))
            n = db.session.scalar(left)
            waiting: Any = _mine().where(Job.state == JobState.WAITING)
            db.session.execute(waiting.values(run_at=clock.now()))
            db.session.commit()
            if not n:
                return
    finally:
        nursery.kill(worker)
