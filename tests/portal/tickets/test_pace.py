"""How long it usually takes, in the same time in which the desk promises."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.core import clock
from portal.tickets import lifecycle
from portal.tickets.requesting import pace
from tests.factories import tickets
from tests.people import ANA, CLEO, Visitor, settle

FRIDAY = dt.datetime(2026, 3, 6, 15, 30, tzinfo=dt.UTC)
"""Half past four in Berlin: half an hour of work is left of the week."""
MONDAY = dt.datetime(2026, 3, 9, 8, 37, tzinfo=dt.UTC)
SUNDAY = dt.datetime(2026, 3, 15, 11, 0, tzinfo=dt.UTC)


def test_on_a_sunday_usual_and_promised_speak_of_working_time(db: Any, ana: Visitor, cleo: Visitor) -> None:
    tickets.queue("Service desk", settle(CLEO), is_default=True, hours=tickets.hours(), first=180, resolution=960)
    with clock.frozen(FRIDAY):
        handed = [tickets.ticket(settle(ANA), f"Printer {number} jams") for number in range(pace.ENOUGH)]
    with clock.frozen(MONDAY):
        for one in handed:
            lifecycle.reply(cleo.actor, one, body="Pull out the tray.")
    db.session.commit()
    with clock.frozen(SUNDAY):
        page = ana.page("/tickets/new").text
        ways = ana.page("/help-me").text
    assert "First answer by Monday 11:00" in page, "noon in Berlin, told in the portal's UTC"
    assert "Half of all get one within 67 working minutes" in page
    assert "Half of all get a first answer within 67 working minutes" in ways


def test_it_is_looked_up_every_ten_minutes_and_not_for_each_reader(db: Any, cleo: Visitor) -> None:
    tickets.queue("Service desk", settle(CLEO), is_default=True, hours=tickets.hours())
    with clock.frozen(MONDAY):
        assert pace.usual().desk is None
        handed = [tickets.ticket(settle(ANA), f"Printer {number} jams") for number in range(pace.ENOUGH)]
        for one in handed:
            lifecycle.reply(cleo.actor, one, body="Pull out the tray.")
        assert pace.usual().desk is None
    with clock.frozen(MONDAY + dt.timedelta(minutes=10)):
        assert pace.usual().desk == dt.timedelta()


def test_hours_of_work_are_no_days() -> None:
    assert pace.working(None) == ""
    assert pace.working(dt.timedelta(hours=30)) == "30 working hours"
