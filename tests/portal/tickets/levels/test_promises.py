"""By when the desk promises to answer and to solve, through the verbs on a ticket (QUALITY R10)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.core import clock
from portal.people import services as people
from portal.tickets import lifecycle, placing
from portal.tickets.models import Priority, ServiceLevel, Ticket
from tests.factories import tickets
from tests.people import ANA, CLEO, settle

BERLIN = ZoneInfo("Europe/Berlin")
FOUR_HOURS = 240


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(dt.UTC)


def local(moment: dt.datetime | None) -> str:
    return moment.astimezone(BERLIN).strftime("%a %d %b %H:%M") if moment else ""


def cleo() -> Any:
    return people.actor_of(settle(CLEO))


def opened(text: str, *holidays: dt.date, first: int | None = None, resolution: int | None = FOUR_HOURS) -> Ticket:
    """A ticket opened at this time in Berlin, Monday to Friday, nine to five."""
    queue = tickets.queue("Desk", settle(CLEO), hours=tickets.hours(*holidays), first=first, resolution=resolution)
    with clock.frozen(at(text)):
        return tickets.ticket(settle(ANA), queue=queue)


def test_four_hours_on_friday_at_four_end_on_monday_at_noon(db: Any) -> None:
    ticket = opened("2026-03-06 16:00", first=FOUR_HOURS)
    assert local(ticket.first_response_due_at) == local(ticket.resolution_due_at) == "Mon 09 Mar 12:00"


def test_a_holiday_is_no_working_day(db: Any) -> None:
    assert local(opened("2026-03-06 16:00", dt.date(2026, 3, 9)).resolution_due_at) == "Tue 10 Mar 12:00"


def test_waiting_for_an_hour_moves_what_is_due_by_an_hour(db: Any) -> None:
    ticket = opened("2026-03-06 16:00")
    with clock.frozen(at("2026-03-09 10:00")):
        lifecycle.pause(cleo(), ticket)
        assert ticket.resolution_due_at is None
    with clock.frozen(at("2026-03-09 11:00")):
        lifecycle.resume(cleo(), ticket)
    assert local(ticket.resolution_due_at) == "Mon 09 Mar 13:00"


def test_waiting_over_a_weekend_costs_only_the_hours_in_which_somebody_works(db: Any) -> None:
    ticket = opened("2026-03-06 15:00")
    with clock.frozen(at("2026-03-06 16:30")):
        lifecycle.reply(cleo(), ticket, body="Which network?", wait=True)
    with clock.frozen(at("2026-03-08 20:00")):
        lifecycle.reply(people.actor_of(settle(ANA)), ticket, body="The wireless one")
    assert local(ticket.resolution_due_at) == "Mon 09 Mar 11:30"


@pytest.mark.parametrize(
    ("friday", "monday"),
    [("2026-03-27 16:00", "Mon 30 Mar 12:00"), ("2026-10-23 16:00", "Mon 26 Oct 12:00")],
)
def test_four_hours_stay_four_over_the_sundays_on_which_clocks_are_changed(db: Any, friday: str, monday: str) -> None:
    assert local(opened(friday).resolution_due_at) == monday


def test_what_is_pressing_is_promised_sooner_from_the_same_beginning(db: Any) -> None:
    ticket = opened("2026-03-09 09:00", first=FOUR_HOURS)
    db.session.get_one(ServiceLevel, (ticket.queue_id, "urgent")).resolution_minutes = 60
    with clock.frozen(at("2026-03-09 09:30")):
        placing.prioritise(cleo(), ticket, priority=Priority.URGENT)
    assert (local(ticket.first_response_due_at), local(ticket.resolution_due_at)) == (
        "Mon 09 Mar 13:00",
        "Mon 09 Mar 10:00",
    )


def test_another_queue_promises_by_its_own_hours(db: Any) -> None:
    ticket = opened("2026-03-06 16:00")
    always = tickets.queue("Night", settle(CLEO), resolution=FOUR_HOURS)
    with clock.frozen(at("2026-03-06 16:10")):
        placing.move(cleo(), ticket, queue=always)
    assert local(ticket.resolution_due_at) == "Fri 06 Mar 20:00"


def test_a_first_answer_stays_measured_by_what_was_promised_then(db: Any) -> None:
    ticket = opened("2026-03-09 09:00", first=FOUR_HOURS)
    with clock.frozen(at("2026-03-09 10:00")):
        lifecycle.reply(cleo(), ticket, body="On it.")
        placing.move(cleo(), ticket, queue=tickets.queue("None", settle(CLEO)))
    assert local(ticket.first_response_due_at) == "Mon 09 Mar 13:00"
    assert ticket.resolution_due_at is None
