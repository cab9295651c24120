"""What `dity doctor` finds when a ticket has lost its fact or its mail (portal.tickets.checks)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update

from portal.notifications import choices
from portal.notifications import services as notifications
from portal.notifications.models import OutboxMail
from portal.people.services import actor_of
from portal.tickets import lifecycle
from portal.tickets.checks import whole
from portal.tickets.models import Source, Ticket
from tests.factories import accounts, tickets
from tests.people import ANA, BEN, CLEO, settle


def test_tickets_with_their_facts_and_mails_are_well(db: Any) -> None:
    assert whole().is_ok
    tickets.ticket(settle(ANA), queue=tickets.queue("Desk", settle(CLEO)), people=[settle(BEN)])
    assert whole().is_ok
    for mail in accounts.mails():
        notifications.mark_sent(mail)
    assert whole().is_ok


def test_a_ticket_without_its_fact_is_named(db: Any) -> None:
    queue = tickets.queue()
    db.session.add(Ticket(subject="Out of nowhere", requester_id=settle(ANA).id, queue_id=queue.id))
    found = whole()
    assert not found.is_ok
    assert "tickets without their fact: #1; without their mail: 0" in found.detail


def test_a_ticket_whose_mail_is_gone_is_named(db: Any) -> None:
    ticket = tickets.ticket(settle(ANA))
    db.session.execute(delete(OutboxMail))
    assert f"without their mail: #{ticket.id}" in whole().detail


def test_where_no_mail_is_wanted_or_mail_was_forgotten_nothing_is_missing(db: Any, stopped_clock: Any) -> None:
    choices.choose(actor_of(settle(ANA)), wanted=set(), quiet_from=None, quiet_until=None)
    tickets.ticket(settle(ANA))
    assert accounts.mails() == []
    assert whole().is_ok
    tickets.ticket(settle(BEN))
    stopped_clock.move(days=400)
    notifications.sweep()
    db.session.execute(update(OutboxMail).values(state="sent"))
    db.session.execute(delete(OutboxMail))
    assert whole().is_ok


def test_what_came_by_mail_is_known_by_the_id_of_that_mail(db: Any) -> None:
    request = lifecycle.Request(subject="By mail", source=Source.MAIL, message_id="<abc@elsewhere.example>")
    lifecycle.open_ticket(actor_of(settle(ANA)), request)
    assert whole().is_ok
