"""Mails of a wave: everybody gets one, whatever the server does, and nothing of it is kept."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import options
from portal.core.actor import system
from portal.core.database import db
from portal.jobs.models import Job
from portal.jobs.models import State as JobState
from portal.jobs.runner import Runner
from portal.notifications.models import Channel, OutboxMail, Preference, QuietHours
from portal.people import services as people_services
from portal.pulse import inviting, jobs, launching, letters, queries, sending, tokens, waves
from portal.pulse.models import Invitation, Wave, WaveMailing
from portal.tickets.mail import returned
from portal.tickets.mail.bounces import Bounce
from tests.factories import people, pulse
from tests.mailing import use
from tests.people import ELI, settle
from tests.portal.notifications.servers import Inbox, free_port

pytestmark = pytest.mark.smtp
TOKEN = re.compile(r"/survey#([0-9A-Z]{26})")


@pytest.fixture
def eli_acts(app: Flask, stopped_clock: Any) -> Any:
    return people_services.actor_of(settle(ELI))


@pytest.fixture
def launched(server: int, eli_acts: Any, stopped_clock: Any) -> Callable[..., Wave]:
    """Launch a wave among so many of Finance, Eli beside them; its invitations are due."""

    def make(n: int = 5, **more: Any) -> Wave:
        pulse.some_people("Finance", n)
        wave = waves.plan(eli_acts, name="Autumn", stage="launch", **{"why": pulse.WHY, **more})
        launching.launch(eli_acts, wave, version=wave.version)
        db.session.commit()
        first = db.session.scalars(select(WaveMailing).order_by(WaveMailing.due_at)).first()
        assert first is not None
        stopped_clock.set(first.due_at)
        return wave

    return make


def work(app: Flask) -> None:
    db.session.commit()
    Runner(app).drain()
    db.session.expire_all()


def mailing(kind: str = "invitation") -> WaveMailing:
    return db.session.scalars(select(WaveMailing).where(WaveMailing.kind == kind)).one()


def rows() -> list[Invitation]:
    return list(db.session.scalars(select(Invitation).order_by(Invitation.id)))


def plain(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def test_nobody_gets_anything_before_the_first_day(app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any) -> None:
    launched()
    stopped_clock.move(minutes=-1)
    work(app)
    assert inbox.arrived == []


def test_everybody_gets_one_with_a_link_that_is_theirs(app: Flask, launched: Any, inbox: Inbox) -> None:
    launched(25)
    work(app)
    assert sorted(str(mail["To"]) for mail in inbox.arrived) == sorted(row.person.email for row in rows())
    for mail in inbox.arrived:
        (row,) = [row for row in rows() if row.person.email == mail["To"]]
        (token,) = TOKEN.findall(plain(mail))
        assert tokens.digest(token) == row.token_hash
        assert tokens.spelled(token) in plain(mail), "the code for who has no script"
        assert f"/survey#{token}" in mail.get_body(("html",)).get_content()
    done = mailing()
    assert (done.n_sent, done.n_refused, done.ended_at is not None) == (26, 0, True)


def test_the_mail_is_from_a_person_and_says_what_is_known(app: Flask, launched: Any, inbox: Inbox) -> None:
    launched(sender_name="Eli Lindqvist, HR", reply_to="hr@ostreyvale.example")
    work(app)
    mail = inbox.arrived[0]
    assert mail["From"].addresses[0].display_name == "Eli Lindqvist, HR"
    assert mail["Reply-To"] == "hr@ostreyvale.example"
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    words = " ".join(plain(mail).split())
    assert mail["Subject"] == "Your view on getting help with IT, please"
    assert pulse.WHY in words.replace("> ", "")
    assert "What nobody can see: what you have answered." in words
    assert "fewer than 5 people" in words


def test_people_are_asked_in_their_language(app: Flask, launched: Any, inbox: Inbox) -> None:
    people.person("Karla Klein", email="karla@ostreyvale.example", locale="de")
    launched()
    work(app)
    (mail,) = [mail for mail in inbox.arrived if mail["To"] == "karla@ostreyvale.example"]
    assert re.search(r"\b(Mon|Diens|Mitt|Donners|Frei|Sams|Sonn)(tag|woch)\b", plain(mail))


def test_nothing_of_a_mail_stays_behind(app: Flask, launched: Any, inbox: Inbox, settings: Any) -> None:
    launched()
    work(app)
    assert db.session.scalars(select(OutboxMail)).all() == []
    db.session.commit()
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    for mail in inbox.arrived:
        (token,) = TOKEN.findall(plain(mail))
        assert token.encode() not in kept
        assert tokens.spelled(token).encode() not in kept


def test_no_transaction_is_open_while_the_server_takes_its_time(
    app: Flask, launched: Any, inbox: Inbox, settings: Any
) -> None:
    wrote: list[bool] = []

    def answer(address: str) -> None:
        other = sqlite3.connect(settings.home / "dity.sqlite3", timeout=0)
        other.execute("BEGIN IMMEDIATE")
        wrote.append(True)
        other.rollback()
        other.close()

    inbox.answer_rcpt = answer
    launched(5)
    work(app)
    assert wrote == [True] * 6


def test_a_job_run_twice_sends_once(app: Flask, launched: Any, inbox: Inbox) -> None:
    launched()
    payload = {"mailing": mailing().id, "step": 0}
    for _ in range(2):
        jobs.send(payload)
        db.session.commit()
    assert len(inbox.arrived) == 6


def test_mail_to_an_address_that_is_refused_leaves_the_denominator(app: Flask, launched: Any, inbox: Inbox) -> None:
    inbox.answer_rcpt = lambda address: "550 5.1.1 no such user" if address.startswith("eli") else None
    wave = launched()
    work(app)
    assert [row.person.email for row in rows() if row.is_bounced] == [ELI.email]
    assert settle(ELI).mail_trouble == "550 5.1.1 no such user"
    assert (mailing().n_sent, mailing().n_refused) == (5, 1)
    assert queries.counts([wave.id])[wave.id].n_arrived == 5


def test_a_mail_that_is_refused_is_nobodys_address_refused(app: Flask, launched: Any, inbox: Inbox) -> None:
    """A filter that dislikes the text must not make a whole house unreachable."""
    inbox.answer_data = lambda address: "554 5.7.1 looks like spam"
    launched()
    work(app)
    assert not any(row.is_bounced for row in rows())
    assert "spam" in mailing().trouble
    assert mailing().ended_at is None


def test_greylisted_addresses_are_asked_again_and_nobody_twice(
    app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any
) -> None:
    inbox.answer_rcpt = lambda address: "450 later" if address.startswith("eli") else None
    launched()
    work(app)
    assert (len(inbox.arrived), mailing().ended_at) == (5, None)
    inbox.answer_rcpt = lambda address: None
    stopped_clock.move(minutes=2)
    work(app)
    assert len(inbox.arrived) == len(inbox.shown) == 6
    assert mailing().ended_at is not None


def test_a_server_that_is_away_is_asked_later_and_later(
    app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any, server: int
) -> None:
    launched()
    use(free_port())  # nobody listens there
    waits = []
    for _ in range(4):
        work(app)
        waits.append((mailing().due_at - stopped_clock.now).total_seconds() / 60)
        stopped_clock.set(mailing().due_at)
    assert waits == [1, 2, 5, 10]
    use(server)
    work(app)
    assert len(inbox.arrived) == 6


def test_a_reply_that_is_lost_brings_the_same_mail_again(
    app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any
) -> None:
    lost = iter([True, False, True])
    inbox.drops_reply = lambda: next(lost, False)
    launched()
    for _ in range(3):
        work(app)
        stopped_clock.move(minutes=10)
    assert len(inbox.arrived) == 8
    assert len(inbox.shown) == 6
    by_person: dict[str, set[str]] = {}
    for mail in inbox.arrived:
        by_person.setdefault(str(mail["To"]), set()).update(TOKEN.findall(plain(mail)))
    assert all(len(found) == 1 for found in by_person.values()), "the token of the first"


def test_mails_leave_no_faster_than_was_chosen(app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any) -> None:
    launched(29)
    options.change(system("tests"), survey_mails_per_minute=60)
    db.session.commit()
    numbers = []
    for _ in range(4):
        work(app)
        numbers.append(len(inbox.arrived))
        stopped_clock.move(seconds=10)
    assert numbers == [10, 20, 30, 30]


def test_who_has_quiet_hours_is_left_in_peace_until_they_end(
    app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any
) -> None:
    eli = settle(ELI)
    db.session.add(QuietHours(person_id=eli.id, starts=dt.time(18), ends=dt.time(9)))
    launched()
    work(app)
    assert len(inbox.arrived) == 5
    stopped_clock.move(minutes=61)
    work(app)
    assert len(inbox.arrived) == 6


def reminders(app: Flask, stopped_clock: Any, kind: str) -> None:
    stopped_clock.set(mailing(kind).due_at)
    work(app)


def test_reminders_go_to_who_has_not_answered_with_the_same_link(
    app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any
) -> None:
    inbox.answer_rcpt = lambda address: "550 gone" if address.startswith("eli") else None
    launched()
    work(app)
    first = {str(mail["To"]): TOKEN.findall(plain(mail)) for mail in inbox.arrived}
    answered = next(row for row in rows() if not row.is_bounced)
    answered.is_used = True
    inbox.arrived.clear()
    reminders(app, stopped_clock, "reminder-1")
    assert {str(mail["To"]) for mail in inbox.arrived} == set(first) - {answered.person.email}
    for mail in inbox.arrived:
        assert TOKEN.findall(plain(mail)) == first[str(mail["To"])]
        assert "List-Unsubscribe" in mail
        assert "one more reminder" in plain(mail)
    inbox.arrived.clear()
    reminders(app, stopped_clock, "reminder-2")
    assert len(inbox.arrived) == 4
    assert "This is the last reminder" in plain(inbox.arrived[0])
    assert [row.n_reminders for row in rows()].count(2) == 4


def test_who_wants_no_reminders_gets_none(app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any) -> None:
    eli = settle(ELI)
    db.session.add(Preference(person_id=eli.id, kind="survey_reminder", channel=Channel.MAIL, is_on=False))
    launched()
    work(app)
    assert len(inbox.arrived) == 6, "an invitation reaches everybody"
    inbox.arrived.clear()
    reminders(app, stopped_clock, "reminder-1")
    assert len(inbox.arrived) == 5
    assert mailing("reminder-1").ended_at is not None


def test_nothing_goes_out_of_a_wave_that_was_cancelled(
    app: Flask, launched: Any, inbox: Inbox, eli_acts: Any, stopped_clock: Any
) -> None:
    wave = launched()
    waves.cancel(eli_acts, wave, version=wave.version)
    for _ in range(3):
        work(app)
        stopped_clock.move(days=5)
    assert inbox.arrived == []


def test_a_reminder_can_be_moved_while_it_has_not_gone(
    app: Flask, launched: Any, inbox: Inbox, eli_acts: Any, stopped_clock: Any
) -> None:
    wave = launched()
    work(app)
    inbox.arrived.clear()
    before = mailing("reminder-1").due_at
    waves.adjust(eli_acts, wave, version=wave.version, reminder_days=[6])
    stopped_clock.set(before)
    work(app)
    assert inbox.arrived == []
    stopped_clock.set(before + dt.timedelta(days=2))
    work(app)
    assert len(inbox.arrived) == 6
    assert [row.kind for row in db.session.scalars(select(WaveMailing))] == ["invitation", "reminder-1"]


def test_a_mailing_whose_job_died_is_not_forgotten(app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any) -> None:
    launched()
    for job in db.session.scalars(select(Job).where(Job.kind == "pulse.send")):
        job.state = JobState.DEAD
    stopped_clock.move(minutes=10)
    jobs.look_after({"slot": "1"})
    work(app)
    assert len(inbox.arrived) == 6


def test_a_bounce_that_comes_later_marks_the_invitation(app: Flask, launched: Any, inbox: Inbox) -> None:
    launched()
    work(app)
    back = next(mail for mail in inbox.arrived if mail["To"] == ELI.email)
    returned.take(bounce(str(back["Message-ID"])))
    assert [row.person.email for row in rows() if row.is_bounced] == [ELI.email]


def test_a_forged_bounce_marks_nobody(app: Flask, launched: Any, inbox: Inbox) -> None:
    wave = launched()
    work(app)
    row = rows()[0]
    for name in (f"<survey.{wave.id}.{row.id}.invitation.0123456789abcdef@localhost>", "<survey.9.9.x@y>", ""):
        returned.take(bounce(name))
    assert not any(row.is_bounced for row in rows())


def bounce(message_id: str) -> Bounce:
    return Bounce(ids=(message_id,), code="5.1.1", words="no such user", is_final=True)


def test_a_draft_is_tried_with_a_mail_that_says_it_is_a_test(
    app: Flask, server: int, inbox: Inbox, eli_acts: Any
) -> None:
    wave = waves.plan(eli_acts, name="Autumn", stage="launch", why=pulse.WHY)
    inviting.send_to_try(wave, inviting.invite_to_try(eli_acts, wave, emails=[ELI.email]))
    work(app)
    (mail,) = inbox.arrived
    assert mail["Subject"].startswith("Test: ")
    assert "nothing of it is kept" in plain(mail)
    (token,) = TOKEN.findall(plain(mail))
    assert [row.token_hash for row in rows()] == [tokens.digest(token)]


def test_tokens_stay_good_when_accounts_are_joined(app: Flask, launched: Any, inbox: Inbox, stopped_clock: Any) -> None:
    launched()
    work(app)
    other = people.person("Eli Twice", email="eli.twice@ostreyvale.example")
    row = next(row for row in rows() if row.person.email == ELI.email)
    row.person_id = other.id
    inbox.arrived.clear()
    reminders(app, stopped_clock, "reminder-1")
    (mail,) = [mail for mail in inbox.arrived if mail["To"] == other.email]
    (token,) = TOKEN.findall(plain(mail))
    assert tokens.digest(token) == row.token_hash


def test_names_of_mails_are_read_back() -> None:
    name = letters.named(["<other@x>", "<survey.3.17.reminder-1.0123456789abcdef@portal.example>"])
    assert name is not None
    assert (name.wave_id, name.invitation_id, name.kind) == (3, 17, "reminder-1")
    assert sending.BATCH <= 50, "so many go twice at most"
