"""What can happen to a ticket, and what each step leaves in the ledger (portal.tickets.lifecycle)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.refs import Ref
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification, OutboxMail
from portal.tickets import holding, lifecycle, placing
from portal.tickets.models import (
    Knowledge,
    Link,
    Message,
    Priority,
    Source,
    Status,
    Ticket,
    TicketArticle,
    TicketPerson,
    TrailItem,
    TrailKind,
)
from tests.factories import accounts, kb, tickets
from tests.people import ADA, ANA, BEN, CLEO, SAM, settle


def actor(who: Any) -> Any:
    from portal.people.services import actor_of

    return actor_of(settle(who))


def opened(**kw: Any) -> Ticket:
    """Ana's ticket in Cleo's queue."""
    queue = kw.pop("queue", None) or tickets.queue("Network", settle(CLEO), is_default=True)
    return tickets.ticket(settle(ANA), queue=queue, **kw)


def facts(ticket: Ticket, start: str = "ticket.") -> list[tuple[str, dict[str, Any]]]:
    from portal.core.database import db

    query = select(LedgerEntry.name, LedgerEntry.props).where(LedgerEntry.subject == str(ticket.ref))
    rows = db.session.execute(query.order_by(LedgerEntry.id)).all()
    return [(name, props) for name, props in rows if name.startswith(start)]


def names(ticket: Ticket) -> list[str]:
    return [name.removeprefix("ticket.") for name, _props in facts(ticket)]


def told(who: Any) -> list[str]:
    from portal.core.database import db

    rows = select(Notification.kind).where(Notification.person_id == settle(who).id).order_by(Notification.id)
    return list(db.session.execute(rows).scalars())


# Opening


def test_a_ticket_lands_in_the_default_queue_with_its_words_its_trail_and_its_fact(db: Any) -> None:
    article = kb.article("Connect to the VPN")
    queue = tickets.queue("Service desk", settle(CLEO), is_default=True)
    tried = (
        lifecycle.Tried(kind=TrailKind.SEARCH, text="vpn drops", n_results=0),
        lifecycle.Tried(kind=TrailKind.READ, text=article.title, subject=article.ref),
    )
    ticket = tickets.ticket(
        settle(ANA), "VPN  drops\n again", body="**Since** Monday", trail=tried, people=[settle(BEN)]
    )
    assert (ticket.subject, ticket.queue_id, ticket.status, ticket.version) == (
        "VPN drops again",
        queue.id,
        Status.NEW,
        1,
    )
    (message,) = db.session.scalars(select(Message)).all()
    assert message.html == "<p><strong>Since</strong> Monday</p>\n"
    trail = db.session.scalars(select(TrailItem).order_by(TrailItem.position)).all()
    assert [(one.kind, one.text, one.n_results) for one in trail] == [
        ("search", "vpn drops", 0),
        ("read", article.title, None),
    ]
    assert db.session.get(TicketPerson, (ticket.id, settle(BEN).id)) is not None
    ((name, props),) = facts(ticket)
    assert name == "ticket.opened"
    assert (props["source"], props["queue"], props["trail"]) == ("portal", queue.id, [str(article.ref)])
    assert "requester" not in props


def test_its_requester_gets_a_receipt_by_mail_in_a_thread_of_its_own(db: Any) -> None:
    ticket = opened()
    assert told(ANA) == ["ticket_opened"]
    (mail,) = accounts.mails()
    assert mail.subject == f"[#{ticket.id}] VPN drops every ten minutes"
    assert mail.message_id.startswith(f"<ticket.{ticket.id}.")
    assert mail.refers_to == f"<ticket.{ticket.id}@127.0.0.1>"
    assert f"/tickets/{ticket.id}" in mail.text


def test_a_portal_without_queues_gets_one_and_handing_over_works(db: Any) -> None:
    ticket = tickets.ticket(settle(ANA))
    assert (ticket.queue.slug, ticket.queue.is_default) == ("service-desk", True)
    assert tickets.ticket(settle(BEN)).queue_id == ticket.queue_id


def test_only_the_desk_opens_tickets_for_others_and_a_call_is_answered_by_being_taken(db: Any) -> None:
    queue = tickets.queue("Desk", settle(CLEO), first=60, is_default=True)
    call = lifecycle.Request(subject="Printer", requester=settle(ANA), source=Source.CALL)
    with pytest.raises(Forbidden):
        lifecycle.open_ticket(actor(BEN), call)
    ticket = lifecycle.open_ticket(actor(CLEO), call)
    assert (ticket.requester_id, ticket.opened_by_id) == (settle(ANA).id, settle(CLEO).id)
    assert (ticket.status, ticket.first_response_at, ticket.queue_id) == (Status.OPEN, ticket.opened_at, queue.id)
    assert len(facts(ticket)[0][1]["requester"]) == 32


def test_a_ticket_needs_a_subject(db: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        tickets.ticket(settle(ANA), "  ")
    assert refusal.value.field == "subject"


# Answering


def test_the_first_answer_of_the_desk_is_measured_against_the_promise(db: Any, stopped_clock: Any) -> None:
    ticket = opened(queue=tickets.queue("Desk", settle(CLEO), first=60, resolution=480))
    assert ticket.first_response_due_at == stopped_clock.now + dt.timedelta(hours=1)
    stopped_clock.move(minutes=61)
    lifecycle.reply(actor(CLEO), ticket, body="Which network?")
    assert (ticket.status, ticket.first_response_at) == (Status.OPEN, stopped_clock.now)
    props = facts(ticket)[-1][1]
    assert (props["is_first"], props["minutes"], props["is_in_time"], props["is_by_desk"]) == (True, 61, False, True)
    stopped_clock.move(minutes=5)
    lifecycle.reply(actor(CLEO), ticket, body="And since when?")
    assert facts(ticket)[-1][1]["is_first"] is False
    assert told(ANA) == ["ticket_opened", "ticket_answered", "ticket_answered"]


def test_an_answer_of_the_requester_goes_to_who_works_on_it_else_to_the_whole_queue(db: Any) -> None:
    ticket = opened()
    lifecycle.reply(actor(ANA), ticket, body="It is worse now.")
    assert ticket.first_response_at is None
    assert told(CLEO) == ["ticket_said"]
    placing.assign(actor(ADA), ticket, person=settle(ADA))
    lifecycle.reply(actor(ANA), ticket, body="Much worse.")
    assert told(CLEO) == ["ticket_said"]
    assert told(ADA) == ["ticket_said"]


def test_waiting_stops_the_clock_and_an_answer_lets_it_run_again(db: Any, stopped_clock: Any) -> None:
    ticket = opened(queue=tickets.queue("Desk", settle(CLEO), resolution=480))
    due = ticket.resolution_due_at
    assert due is not None
    lifecycle.reply(actor(CLEO), ticket, body="Please restart it.", wait=True)
    assert (ticket.status, ticket.resolution_due_at) == (Status.WAITING, None)
    assert told(ANA)[-1] == "ticket_waiting"
    stopped_clock.move(hours=3)
    lifecycle.reply(actor(ANA), ticket, body="Done.")
    assert (ticket.status, ticket.resolution_due_at) == (Status.OPEN, due + dt.timedelta(hours=3))
    assert names(ticket) == ["opened", "replied", "paused", "resumed", "replied"]
    assert facts(ticket)[3][1] == {"minutes": 180}


def test_a_note_is_told_to_nobody_who_does_not_work_the_queue_any_more(db: Any) -> None:
    """Cleo worked on a ticket of her own, and left the queue; she still sees the ticket, as whose it is."""
    queue = tickets.queue("Network", settle(CLEO), is_default=True)
    ticket = tickets.ticket(settle(CLEO), queue=queue)
    placing.assign(actor(ADA), ticket, person=settle(CLEO))
    queue.members = []
    db.session.commit()
    lifecycle.note(actor(ADA), ticket, body="She broke it herself.")
    assert "ticket_said" not in told(CLEO)
    assert not db.session.scalars(select(OutboxMail).where(OutboxMail.text.contains("broke it"))).all()


def test_notes_are_the_desks_alone_and_never_told_to_its_people(db: Any) -> None:
    ticket = opened()
    lifecycle.note(actor(CLEO), ticket, body="Third time this month.")
    assert told(ANA) == ["ticket_opened"]
    with pytest.raises(Forbidden):
        lifecycle.note(actor(ANA), ticket, body="Hm.")


# Ending


def test_resolving_leaves_what_it_said_and_tells_its_people(db: Any, stopped_clock: Any) -> None:
    article = kb.article()
    ticket = opened(queue=tickets.queue("Desk", settle(CLEO), resolution=60), people=[settle(BEN)])
    stopped_clock.move(minutes=45)
    lifecycle.resolve(
        actor(CLEO), ticket, knowledge=Knowledge.LINKED, articles=[article.ref], body="This page says it.", lock=1
    )
    assert (ticket.status, ticket.resolved_at, ticket.resolved_by_id) == (
        Status.RESOLVED,
        stopped_clock.now,
        settle(CLEO).id,
    )
    (tied,) = db.session.scalars(select(TicketArticle)).all()
    assert (tied.subject, tied.kind) == (str(article.ref), Link.RESOLVED_BY)
    props = facts(ticket)[-1][1]
    assert props == {"knowledge": "linked", "minutes": 45, "is_in_time": True, "articles": [str(article.ref)]}
    assert told(ANA) == ["ticket_opened", "ticket_resolved"]
    assert told(BEN) == ["ticket_added", "ticket_resolved"]
    assert "#rate" in accounts.mails()[-1].text


def test_resolving_without_words_on_knowledge_is_a_debt(db: Any) -> None:
    ticket = opened()
    lifecycle.resolve(actor(CLEO), ticket)
    assert (ticket.status, ticket.knowledge) == (Status.RESOLVED, None)


def test_an_answer_within_fourteen_days_opens_it_again_and_later_none_does(db: Any, stopped_clock: Any) -> None:
    ticket = opened(queue=tickets.queue("Desk", settle(CLEO), resolution=480))
    due = ticket.resolution_due_at
    assert due is not None
    lifecycle.resolve(actor(CLEO), ticket, knowledge=Knowledge.NOT_REUSABLE, reason="one of a kind")
    stopped_clock.move(days=14)
    lifecycle.reply(actor(ANA), ticket, body="It is back.")
    assert (ticket.reopened_n, ticket.resolved_at, ticket.knowledge) == (1, None, None)
    assert ticket.is_open
    assert ticket.resolution_due_at == due + dt.timedelta(days=14)
    lifecycle.resolve(actor(CLEO), ticket)
    stopped_clock.move(days=14, seconds=1)
    with pytest.raises(Conflict):
        lifecycle.reply(actor(ANA), ticket, body="Again!")
    with pytest.raises(Conflict):
        lifecycle.reopen(actor(ANA), ticket)


def test_closing_closes_only_what_is_resolved(db: Any) -> None:
    from portal.core.actor import system

    ticket = opened()
    assert not lifecycle.close(system("tickets"), ticket)
    lifecycle.resolve(actor(CLEO), ticket)
    assert lifecycle.close(system("tickets"), ticket)
    assert (ticket.status, told(ANA)[-1]) == (Status.CLOSED, "ticket_closed")
    with pytest.raises(Conflict):
        lifecycle.reply(actor(ANA), ticket, body="Thanks")


def test_the_requester_alone_withdraws_says_what_solved_it_and_may_take_it_back(db: Any) -> None:
    article = kb.article()
    ticket = opened(people=[settle(BEN)])
    placing.assign(actor(CLEO), ticket, person=settle(CLEO))
    for one in (BEN, CLEO):
        with pytest.raises(Forbidden):
            lifecycle.withdraw(actor(one), ticket)
    lifecycle.withdraw(actor(ANA), ticket, solved_by=article.ref)
    assert ticket.status == Status.WITHDRAWN
    assert facts(ticket)[-1] == ("ticket.withdrawn", {"solved_by": str(article.ref)})
    assert told(CLEO) == ["ticket_ended"]
    with pytest.raises(Conflict):
        lifecycle.withdraw(actor(ANA), ticket)
    lifecycle.reopen(actor(ANA), ticket)
    assert ticket.is_open


def test_what_solved_it_must_be_something_the_requester_sees(db: Any) -> None:
    hidden = kb.article(access_key="a99")
    ticket = opened()
    with pytest.raises(Invalid):
        lifecycle.withdraw(actor(ANA), ticket, solved_by=hidden.ref)
    db.session.rollback()


# Whose it is


def test_only_who_works_the_queue_can_be_given_its_tickets(db: Any) -> None:
    ticket = opened()
    with pytest.raises(Invalid):
        placing.assign(actor(CLEO), ticket, person=settle(SAM))
    placing.assign(actor(CLEO), ticket, person=settle(ADA))
    placing.assign(actor(CLEO), ticket, person=settle(ADA))
    placing.assign(actor(CLEO), ticket, person=None)
    assert names(ticket) == ["opened", "assigned", "assigned"]
    assert told(ADA) == ["ticket_given"]


def test_another_queue_has_its_own_people_and_promises(db: Any, stopped_clock: Any) -> None:
    ticket = opened()
    placing.assign(actor(CLEO), ticket, person=settle(CLEO))
    other = tickets.queue("Network", settle(SAM), resolution=30)
    placing.move(actor(CLEO), ticket, queue=other)
    assert (ticket.queue_id, ticket.assignee_id) == (other.id, None)
    assert ticket.resolution_due_at == stopped_clock.now + dt.timedelta(minutes=30)
    with pytest.raises(Forbidden):
        placing.assign(actor(CLEO), ticket, person=settle(CLEO))


def test_a_priority_brings_its_own_promise(db: Any, stopped_clock: Any) -> None:
    queue = tickets.queue("Desk", settle(CLEO), resolution=480)
    queue.levels[0].resolution_minutes = 60  # urgent
    ticket = opened(queue=queue)
    placing.prioritise(actor(CLEO), ticket, priority=Priority.URGENT)
    assert ticket.resolution_due_at == stopped_clock.now + dt.timedelta(hours=1)
    assert facts(ticket)[-1][1] == {"field": "priority", "before": "normal", "after": "urgent"}


# Two at once


def test_who_decided_by_what_has_changed_since_is_told_and_nothing_is_overwritten(db: Any) -> None:
    ticket = opened()
    seen = ticket.version
    lifecycle.reply(actor(ANA), ticket, body="One more thing.")
    db.session.commit()
    with pytest.raises(holding.Collision):
        lifecycle.resolve(actor(CLEO), ticket, body="Done.", lock=seen)
    db.session.rollback()
    assert ticket.status == Status.NEW
    lifecycle.resolve(actor(CLEO), ticket, body="Done.", lock=ticket.version)
    assert ticket.status == Status.RESOLVED


def test_a_link_counts_once_and_hidden_things_are_not_tied(db: Any) -> None:
    ticket, article, hidden = opened(), kb.article(), kb.article(access_key="a99")
    assert lifecycle.link(actor(CLEO), ticket, article.ref, kind=Link.SENT)
    assert lifecycle.link(actor(CLEO), ticket, article.ref, kind=Link.SENT)
    assert not lifecycle.link(actor(CLEO), ticket, hidden.ref, kind=Link.SENT)
    assert not lifecycle.link(actor(CLEO), ticket, Ref("article", 10**6), kind=Link.SENT)
    assert names(ticket) == ["opened", "linked"]
