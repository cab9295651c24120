"""A mail server refuses the address of somebody on a ticket: it stands on the reply, and the desk hears of it (R9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import options
from portal.core.actor import system
from portal.core.database import db
from portal.jobs.runner import Runner
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification, OutboxMail
from portal.tickets import lifecycle
from portal.tickets.models import Message
from tests.factories import tickets
from tests.people import Visitor
from tests.portal.notifications.servers import Inbox, mail_server

pytestmark = pytest.mark.smtp


@pytest.fixture
def inbox(app: Flask) -> Iterator[Inbox]:
    found = Inbox()
    with mail_server(found) as port:
        options.change(system("tests"), mail_mode="smtp", smtp_host="127.0.0.1", smtp_port=port, smtp_tls=False)
        db.session.commit()
        yield found


def work(app: Flask) -> None:
    db.session.commit()
    Runner(app).drain()
    db.session.expire_all()


@pytest.mark.parametrize("stage", ["answer_rcpt", "answer_data"])
def test_a_refused_reply_stands_on_the_ticket_once_and_who_answered_is_told(
    app: Flask, inbox: Inbox, ana: Visitor, cleo: Visitor, stage: str
) -> None:
    ticket = tickets.ticket(ana.person, queue=tickets.queue("Desk", cleo.person, is_default=True))
    work(app)
    assert ana.who is not None
    refused = ana.who.email
    setattr(inbox, stage, lambda address: "550 5.1.1 no such user" if address == refused else None)
    lifecycle.reply(cleo.actor, ticket, body="Restart the app.")
    number = ticket.id
    work(app)
    said = select(Message).where(Message.ticket_id == number, Message.is_by_desk.is_(True))
    message: Any = db.session.execute(said).scalar_one()
    assert message.bounced_at is not None
    assert message.bounce == "550 5.1.1 no such user"
    facts = select(LedgerEntry.props).where(LedgerEntry.name == "ticket.reply_bounced")
    assert list(db.session.execute(facts).scalars()) == [{"message": message.id}]
    told = select(Notification.person_id).where(Notification.kind == "ticket_bounced")
    assert list(db.session.execute(told).scalars()) == [cleo.person_id]
    assert "no such user" in cleo.page(f"/queue/tickets/{number}").text
    work(app)
    states = select(OutboxMail.state).where(OutboxMail.to == refused).order_by(OutboxMail.id)
    assert list(db.session.execute(states).scalars())[-1] == "failed"
    assert len(db.session.execute(facts).all()) == 1


def test_a_server_that_says_later_marks_nothing(app: Flask, inbox: Inbox, ana: Visitor, cleo: Visitor) -> None:
    ticket = tickets.ticket(ana.person, queue=tickets.queue("Desk", cleo.person, is_default=True))
    work(app)
    inbox.answer_rcpt = lambda address: "450 greylisted"
    lifecycle.reply(cleo.actor, ticket, body="Restart the app.")
    work(app)
    assert db.session.execute(select(Message).where(Message.bounced_at.is_not(None))).first() is None
