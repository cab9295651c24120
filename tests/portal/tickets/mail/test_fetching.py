"""Mail is fetched once and never lost, from a mailbox and from the drop folder (portal.tickets.mail.jobs)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import options
from portal.core.actor import system
from portal.core.database import db
from portal.tickets.mail import jobs, taking
from portal.tickets.models import IncomingMail, MailSource, Message, Ticket
from tests.factories import tickets
from tests.factories.letters import DESK, TEXT, letter
from tests.people import ANA, CLEO, settle
from tests.portal.notifications.servers import Inbox, mail_server
from tests.portal.tickets.mail.mailbox import Box, served


@pytest.fixture
def box(app: Flask) -> Iterator[Box]:
    """A mailbox that the options name, and its password in the settings."""
    settle(ANA)
    tickets.queue("Service desk", settle(CLEO), is_default=True, email=DESK)
    box = Box()
    settings = app.config["DITY"]
    app.config["DITY"] = replace(settings, imap_password=box.password)
    with served(box) as port:
        options.change(system("test"), imap_host="127.0.0.1", imap_port=port, imap_tls=False, imap_user="desk")
        db.session.commit()
        box.port = port
        yield box
    app.config["DITY"] = settings


def taken() -> list[str]:
    rows = db.session.execute(select(IncomingMail.subject).order_by(IncomingMail.id)).scalars().all()
    db.session.rollback()
    return list(rows)


def drop(home: Path, name: str, raw: bytes, *, age: float = 60) -> Path:
    path = home / "mail" / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_the_command_makes_tickets_of_what_lies_in_the_mailbox(app: Flask, box: Box) -> None:
    uid = box.put(letter(ANA.email).as_bytes())
    done = app.test_cli_runner().invoke(args=["tickets", "fetch"])
    assert done.output == "1 mails taken, 0 known already.\nticket     1\n"
    assert box.seen == {uid}
    assert db.session.execute(select(Ticket.subject)).scalars().all() == ["VPN drops"]
    db.session.rollback()
    assert "0 mails taken, 0 known" in app.test_cli_runner().invoke(args=["tickets", "fetch"]).output


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE"])
def test_a_line_that_is_cut_loses_nothing_and_takes_nothing_twice(box: Box, command: str) -> None:
    box.put(letter(ANA.email, Subject="One").as_bytes())
    box.put(letter(ANA.email, Subject="Two").as_bytes())
    box.breaks_at = command
    assert jobs.fetch_now(with_server=True).trouble
    assert db.session.get_one(MailSource, "server").trouble
    db.session.rollback()
    assert jobs.fetch_now(with_server=True).trouble == ""
    assert taken() == ["One", "Two"]
    assert box.seen == set(box.mails)


def test_mail_that_somebody_opened_in_the_mailbox_before_is_fetched_all_the_same(box: Box) -> None:
    box.put(letter(ANA.email, Subject="One").as_bytes())
    jobs.fetch_now(with_server=True)
    box.seen.add(box.put(letter(ANA.email, Subject="Two").as_bytes()))
    jobs.fetch_now(with_server=True)
    assert taken() == ["One", "Two"]


def test_numbers_of_another_mailbox_mean_nothing(box: Box) -> None:
    box.put(letter(ANA.email, Subject="One").as_bytes())
    jobs.fetch_now(with_server=True)
    box.mails.clear()
    box.seen.clear()
    box.validity += 1
    box.mails[1] = letter(ANA.email, Subject="Two").as_bytes()
    jobs.fetch_now(with_server=True)
    assert taken() == ["One", "Two"]


def test_a_wrong_password_is_said_and_never_written_down(app: Flask, box: Box) -> None:
    box.password = "another"
    done = app.test_cli_runner().invoke(args=["tickets", "fetch"])
    assert done.exit_code == 1
    assert "Wrong password" in done.output
    assert "five calm herons" not in done.output


def test_a_mail_too_large_stays_where_it_is_and_is_told_of(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.tickets.mail import sources

    monkeypatch.setattr(sources, "LARGEST", 1000)
    box.put(letter(ANA.email, "x" * 5000).as_bytes())
    jobs.fetch_now(with_server=True)
    (row,) = db.session.execute(select(IncomingMail)).scalars().all()
    assert (row.outcome, row.reason[:9]) == ("triage", "Too large")
    assert len(taking.raw_of(row)) < 1000


def test_files_dropped_by_other_programs_are_taken_and_put_away(app: Flask, home: Path) -> None:
    first = drop(home, "one.eml", letter(ANA.email, Subject="One").as_bytes())
    second = drop(home, "new/1700000000.M1P2.host", letter(ANA.email, Subject="Two").as_bytes(), age=30)
    half = drop(home, "three.eml", b"From: ana@ostr", age=0)
    ours = drop(home, "notes.txt", b"not a mail")
    link = home / "mail" / "in" / "four.eml"
    link.symlink_to(home / "secret.key")
    told = jobs.fetch_now(with_server=False)
    assert (told.n_taken, told.trouble, taken()) == (2, "", ["One", "Two"])
    assert [path.exists() for path in (first, second, half, ours)] == [False, False, True, True]
    assert link.is_symlink()


def test_a_kill_at_any_step_loses_nothing_and_does_nothing_twice(
    app: Flask, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step of taking and dealing is cut in turn; afterwards everything runs once more."""
    settle(ANA)
    tickets.queue(is_default=True, email=DESK)
    db.session.commit()

    def dies(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    steps: list[tuple[str, Callable[[], Any]]] = [
        ("portal.tickets.mail.taking._keep", lambda: jobs.fetch_now(with_server=False)),
        ("portal.tickets.mail.taking.jobs.enqueue", lambda: jobs.fetch_now(with_server=False)),
        ("pathlib.Path.unlink", lambda: jobs.fetch_now(with_server=False)),
        ("portal.tickets.mail.dealing.finish", lambda: [jobs.deal_now(one) for one in jobs.waiting()]),
        ("portal.tickets.mail.dealing.record", lambda: [jobs.deal_now(one) for one in jobs.waiting()]),
    ]
    raw = letter(ANA.email).as_bytes()
    drop(home, "one.eml", raw)
    for step, work in steps:
        with monkeypatch.context() as patched:
            patched.setattr(step, dies)
            with pytest.raises(KeyboardInterrupt):
                work()
        db.session.rollback()
        db.session.expire_all()
    jobs.fetch_now(with_server=False)
    for mail_id in jobs.waiting():
        jobs.deal_now(mail_id)
    assert len(taken()) == 1
    assert len(db.session.execute(select(Ticket)).scalars().all()) == 1
    assert list((home / "mail" / "in").glob("*.eml")) == []


@pytest.mark.smtp
def test_what_went_out_by_smtp_and_came_back_by_imap_is_one_conversation(app: Flask, box: Box) -> None:
    """Ana mails; her receipt leaves through a real server; her answer to it comes in through a real mailbox."""
    from portal.jobs.runner import Runner

    inbox = Inbox()
    with mail_server(inbox) as port:
        options.change(system("test"), mail_mode="smtp", smtp_host="127.0.0.1", smtp_port=port, smtp_tls=False)
        db.session.commit()
        box.put(letter(ANA.email).as_bytes())
        jobs.fetch_now(with_server=True)
        Runner(app).drain()
        receipt = next(mail for mail in inbox.arrived if mail["To"] == ANA.email)
        answer = letter(ANA.email, "It is the adapter.", Subject="AW: something else")
        answer["In-Reply-To"], answer["References"] = receipt["Message-ID"], receipt["Message-ID"]
        box.put(answer.as_bytes())
        jobs.fetch_now(with_server=True)
        Runner(app).drain()
    outcomes = db.session.execute(select(IncomingMail.outcome).order_by(IncomingMail.id)).scalars().all()
    assert list(outcomes) == ["ticket", "reply"]
    assert receipt["Auto-Submitted"] == "auto-generated"


@pytest.mark.smtp
def test_a_forged_sender_with_a_number_gets_no_word_onto_a_ticket_and_none_to_anybody(app: Flask, box: Box) -> None:
    """Somebody who guessed the number writes as Ana; a key they make up is no better. Then she answers."""
    from portal.jobs.runner import Runner

    def comes(mail: EmailMessage) -> None:
        box.put(mail.as_bytes())
        jobs.fetch_now(with_server=True)
        Runner(app).drain()

    inbox = Inbox()
    with mail_server(inbox) as port:
        options.change(system("test"), mail_mode="smtp", smtp_host="127.0.0.1", smtp_port=port, smtp_tls=False)
        db.session.commit()
        comes(letter(ANA.email))
        (receipt,) = (mail for mail in inbox.arrived if mail["To"] == ANA.email)
        n = len(inbox.arrived)
        root = receipt["References"].split()[0]
        made_up = receipt["Message-ID"].replace(receipt["Message-ID"].partition("@")[0][-32:], "0" * 32)
        forged = [
            letter(ANA.email, "Sign in at evil.example", Subject=receipt["Subject"]),
            letter(ANA.email, "Sign in at evil.example.", Subject=f"AW: {receipt['Subject']}", In_Reply_To=root),
            letter(ANA.email, "Sign in at evil.example!", Subject=f"Re: {receipt['Subject']}", References=made_up),
        ]
        for mail in forged:
            comes(mail)
        assert len(inbox.arrived) == n, "nothing of it leaves the house"
        comes(letter(ANA.email, "It is the adapter.", In_Reply_To=receipt["Message-ID"]))
    rows = db.session.execute(select(IncomingMail.outcome, IncomingMail.reason).order_by(IncomingMail.id)).all()
    assert [tuple(row) for row in rows] == [("ticket", ""), *[("triage", "no_key")] * 3, ("reply", "")]
    assert db.session.execute(select(Message.body)).scalars().all() == [TEXT.strip(), "It is the adapter."]
