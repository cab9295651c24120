"""Warnings before a promise breaks and when it does, each once (portal.tickets.levels.breaches, tickets.jobs)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from portal.core import clock
from portal.jobs.models import Job
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people import services as people
from portal.tickets import jobs, lifecycle, placing
from portal.tickets.levels import anew, breaches, telling
from portal.tickets.models import ServiceLevel, Status, Ticket
from tests.factories import tickets
from tests.people import ANA, CLEO, SAM, settle


def actor(who: Any) -> Any:
    return people.actor_of(settle(who))


def opened(first: int | None = 60, resolution: int | None = 240) -> Ticket:
    return tickets.ticket(settle(ANA), queue=tickets.queue("Desk", settle(CLEO), first=first, resolution=resolution))


def told(who: Any) -> list[tuple[str, str]]:
    from portal.core.database import db

    query = select(Notification.kind, Notification.data).where(Notification.person_id == settle(who).id)
    rows = db.session.execute(query.where(Notification.kind.in_(breaches.KINDS.values())).order_by(Notification.id))
    return [(kind, data["promise"]) for kind, data in rows]


def broken(ticket: Ticket) -> list[str]:
    from portal.core.database import db

    query = select(LedgerEntry.props).where(LedgerEntry.subject == str(ticket.ref))
    query = query.where(LedgerEntry.name == "ticket.breached").order_by(LedgerEntry.id)
    return [props["promise"] for props in db.session.execute(query).scalars()]


def test_the_queue_hears_at_three_quarters_and_when_it_is_late_each_once(db: Any, stopped_clock: Any) -> None:
    ticket = opened()
    stopped_clock.move(minutes=44)
    assert breaches.watch() == 0
    stopped_clock.move(minutes=1)
    assert (breaches.watch(), breaches.watch()) == (1, 0)
    assert told(CLEO) == [("ticket_due_soon", "first_response")]
    assert broken(ticket) == []
    stopped_clock.move(minutes=16)
    assert (breaches.watch(), breaches.watch()) == (1, 0)
    assert told(CLEO)[1:] == [("ticket_overdue", "first_response")]
    assert broken(ticket) == ["first_response"]


def test_whoever_works_on_it_hears_and_nobody_else(db: Any, stopped_clock: Any) -> None:
    ticket = opened(first=None)
    placing.assign(actor(CLEO), ticket, person=settle(CLEO))
    tickets.queue("Other", settle(SAM))
    stopped_clock.move(minutes=241)
    breaches.watch()
    assert told(CLEO) == [("ticket_overdue", "resolution")]  # not also that it was near
    assert told(SAM) == []


def test_what_was_done_in_time_is_over(db: Any, stopped_clock: Any) -> None:
    ticket = opened()
    lifecycle.reply(actor(CLEO), ticket, body="On it.")
    lifecycle.resolve(actor(CLEO), ticket)
    stopped_clock.move(days=2)
    assert (breaches.watch(), told(CLEO), broken(ticket)) == (0, [], [])
    assert ticket.look_at is None


def test_an_answer_that_came_late_between_two_runs_is_a_broken_promise_of_which_nobody_is_told(
    db: Any, stopped_clock: Any
) -> None:
    ticket = opened(resolution=None)
    stopped_clock.move(minutes=61)
    lifecycle.reply(actor(CLEO), ticket, body="On it.")
    breaches.watch()
    assert (told(CLEO), broken(ticket)) == ([], ["first_response"])


def test_while_the_clock_stands_still_nothing_breaks_and_afterwards_it_is_reckoned_anew(
    db: Any, stopped_clock: Any
) -> None:
    ticket = opened(first=None)
    lifecycle.pause(actor(CLEO), ticket)
    stopped_clock.move(days=3)
    assert breaches.watch() == 0
    lifecycle.resume(actor(CLEO), ticket)
    stopped_clock.move(minutes=181)
    assert (breaches.watch(), told(CLEO)) == (1, [("ticket_due_soon", "resolution")])


def test_a_ticket_that_is_opened_again_begins_a_new_round(db: Any, stopped_clock: Any) -> None:
    ticket = opened(first=None)
    stopped_clock.move(minutes=241)
    breaches.watch()
    lifecycle.resolve(actor(CLEO), ticket)
    lifecycle.reopen(actor(ANA), ticket)
    breaches.watch()
    assert broken(ticket) == ["resolution", "resolution"]


def test_a_clock_that_was_put_back_warns_nobody_twice(db: Any, stopped_clock: Any) -> None:
    opened(first=None)
    stopped_clock.move(minutes=200)
    breaches.watch()
    stopped_clock.move(minutes=-60)
    breaches.watch()
    stopped_clock.move(minutes=60)
    assert (breaches.watch(), len(told(CLEO))) == (0, 1)


def test_a_run_is_bounded_and_asks_for_only_what_is_due(db: Any, stopped_clock: Any, queries: Any) -> None:
    queue = tickets.queue("Desk", settle(CLEO), first=60)
    for _n in range(3):
        tickets.ticket(settle(ANA), queue=queue)
    with queries() as asked:
        breaches.watch()
    assert len(asked) == 1


def test_what_is_resolved_is_closed_after_fourteen_days(db: Any, stopped_clock: Any) -> None:
    ticket = opened()
    lifecycle.resolve(actor(CLEO), ticket)
    stopped_clock.move(days=13)
    jobs.close_resolved({})
    assert ticket.status == Status.RESOLVED
    stopped_clock.move(days=1, minutes=1)
    jobs.close_resolved({})
    jobs.close_resolved({})
    assert (ticket.status, ticket.closed_at) == (Status.CLOSED, clock.now())


def test_new_levels_hold_for_open_tickets_some_at_a_time(db: Any, stopped_clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(anew, "AT_ONCE", 1)
    queue = tickets.queue("Desk", settle(CLEO), first=60)
    made = [tickets.ticket(settle(ANA), queue=queue) for _n in range(2)]
    db.session.execute(update(ServiceLevel).values(first_response_minutes=30))
    anew.plan([queue.id])
    while job := db.session.execute(select(Job).where(Job.kind == anew.JOB).limit(1)).scalar():
        db.session.delete(job)
        anew.run(job.payload)
    assert {(one.first_response_due_at - one.opened_at).total_seconds() for one in made} == {1800}  # type: ignore[operator]


def test_agents_read_how_much_working_time_is_left(db: Any, app: Any, stopped_clock: Any) -> None:
    ticket = opened(first=80)
    with app.test_request_context():
        assert telling.due_words(ticket).startswith("First answer due in 1 h 20 min of working time, by ")
        stopped_clock.move(minutes=90)
        assert telling.due_words(ticket).startswith("First answer late by 10 min of working time; it was due ")
        lifecycle.reply(actor(CLEO), ticket, body="Which one?", wait=True)
        assert "stands still" in telling.due_words(ticket)
