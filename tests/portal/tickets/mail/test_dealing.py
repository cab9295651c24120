"""What becomes of a mail: a ticket, a reply, or something for somebody to look at (portal.tickets.mail)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.core.database import db
from portal.notifications.models import OutboxMail
from portal.tickets.models import IncomingMail, Message, MessageKind, Status, Ticket
from tests.factories import tickets
from tests.factories.letters import DESK, arrive, letter
from tests.people import ANA, BEN, CLEO, settle


def desk(*people: Any) -> Any:
    for one in (ANA, BEN):
        settle(one)
    queue = tickets.queue("Service desk", *(people or (settle(CLEO),)), is_default=True, email=DESK)
    db.session.commit()
    return queue


def the_ticket(row: Any) -> Ticket:
    assert row.ticket_id is not None, (row.outcome, row.reason)
    return db.session.get_one(Ticket, row.ticket_id, populate_existing=True)


def said(ticket: Ticket) -> list[Message]:
    query = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
    return list(db.session.execute(query).scalars())


def key_to(person: Any, ticket: Ticket) -> str:
    """The Message-ID of the latest mail of this ticket that somebody got."""
    wanted = (OutboxMail.person_id == settle(person).id) & OutboxMail.message_id.startswith(f"<ticket.{ticket.id}.")
    query = select(OutboxMail.message_id).where(wanted).order_by(OutboxMail.id.desc())
    return db.session.execute(query.limit(1)).scalar_one()


def test_mail_of_a_colleague_opens_a_ticket_in_the_queue_of_its_address(app: Any) -> None:
    desk()
    tickets.queue("Network", email="network@ostreyvale.example")
    row = arrive(letter(ANA.email, "It drops.\n\n-- \nAna Ruiz\nFinance", to="network+vpn@ostreyvale.example"))
    ticket = the_ticket(row)
    assert (row.outcome, ticket.source, ticket.subject, ticket.queue.name) == ("ticket", "mail", "VPN drops", "Network")
    assert ticket.requester_id == settle(ANA).id
    (first,) = said(ticket)
    assert (first.body, first.rest, first.html) == ("It drops.", "--\nAna Ruiz\nFinance", "<p>It drops.</p>")
    receipt = db.session.execute(select(OutboxMail)).scalar_one()
    assert receipt.to == ANA.email
    assert f"[#{ticket.id}]" in receipt.subject
    assert receipt.reply_to == "network@ostreyvale.example"


def test_the_same_mail_twice_is_one_ticket(app: Any) -> None:
    desk()
    mail = letter(ANA.email)
    arrive(mail)
    arrive(b"Received: from another.example\n" + mail.as_bytes())
    assert len(db.session.execute(select(Ticket)).scalars().all()) == 1
    assert len(db.session.execute(select(IncomingMail)).scalars().all()) == 1


def test_an_answer_to_our_mail_becomes_a_reply_and_opens_what_was_resolved(app: Any) -> None:
    from portal.people.services import actor_of
    from portal.tickets import lifecycle

    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    lifecycle.resolve(actor_of(settle(CLEO)), ticket, body="Please restart it.")
    db.session.commit()
    row = arrive(letter(ANA.email, "Still broken.", Subject="Re: whatever", In_Reply_To=key_to(ANA, ticket)))
    assert (row.outcome, row.ticket_id) == ("reply", ticket.id)
    ticket = the_ticket(row)
    assert ticket.status == Status.OPEN
    assert [(m.kind, m.body) for m in said(ticket)][-1] == (MessageKind.REPLY, "Still broken.")


def test_who_does_not_see_the_ticket_says_nothing_on_it(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    row = arrive(letter(BEN.email, "Let me in.", In_Reply_To=key_to(ANA, ticket)))
    assert (row.outcome, row.reason, row.ticket_id) == ("triage", "not_theirs", None)
    assert len(said(ticket)) == 1


def test_a_stranger_waits_for_somebody_to_look(app: Any) -> None:
    desk()
    row = arrive(letter("someone@elsewhere.example"))
    assert (row.outcome, row.reason, row.ticket_id) == ("triage", "unknown", None)
    assert db.session.execute(select(OutboxMail)).first() is None
