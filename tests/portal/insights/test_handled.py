"""Tickets behind the figures, one by one, and what table files hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.insights import blocks
from portal.measures import fold, kept, reports
from portal.measures.models import KeptReport
from portal.tickets import lifecycle
from portal.tickets.models import Knowledge
from tests.factories import kb, tickets
from tests.people import ANA, CLEO, Visitor, settle


def test_each_ticket_stands_behind_the_speeds_without_name_or_words(
    db: Any, cleo: Visitor, eli: Visitor, mia: Visitor, ana: Visitor, stopped_clock: Any
) -> None:
    tickets.queue("Service desk", settle(CLEO), is_default=True, first=30, resolution=600)
    quick, slow = (tickets.ticket(settle(ANA), f"The printer jams {how}") for how in ("now", "again"))
    stopped_clock.move(hours=2)
    lifecycle.reply(cleo.actor, quick, body="Pull out the tray.")
    db.session.commit()
    stopped_clock.move(days=1)
    list(fold.fold())
    db.session.commit()
    page = eli.page("/insights/tickets/rows?days=28")
    assert "2 tickets" in page.text
    assert "2.0 · late" in page.text
    assert "none yet · late" in page.text
    assert "printer jams" not in page.text
    assert "Ana" not in page.text
    assert f"/queue/tickets/{slow.id}" not in page.html, "only the desk opens tickets from here"
    assert f"/queue/tickets/{slow.id}" in cleo.page("/insights/tickets/rows?days=28").html
    department = settle(ANA).department_id
    assert mia.get(f"/insights/tickets/rows?department={department}").status_code == 403
    few = eli.page(f"/insights/tickets/rows?department={department}").text
    assert "No ticket to show" in few, "one person of a department could be recognised"
    assert ana.get("/insights/tickets/rows").status_code == 403


def test_the_speed_of_a_usual_period_is_worked_out_at_night_and_says_the_same(
    db: Any, cleo: Visitor, stopped_clock: Any
) -> None:
    tickets.queue("Service desk", settle(CLEO), is_default=True, first=30, resolution=600)
    topic = kb.category("Printing")
    handled = [tickets.ticket(settle(ANA), f"The printer jams {n}", category=topic if n else None) for n in range(4)]
    for minutes, one in zip((20, 30, 50), handled, strict=False):
        stopped_clock.move(minutes=minutes)
        lifecycle.reply(cleo.actor, one, body="Pull out the tray.")
        lifecycle.resolve(cleo.actor, one, knowledge=Knowledge.NOT_REUSABLE, reason="A paper clip.")
        db.session.commit()
    stopped_clock.move(days=1)
    list(fold.fold())
    db.session.commit()
    as_of = fold.as_of()
    assert as_of is not None
    span = as_of - dt.timedelta(days=28), as_of
    for of in (reports.ALL, reports.Slice("category", topic.id)):
        live = kept.speed(*span, of)
        db.session.rollback()
        kept.renew(as_of)
        db.session.commit()
        found = kept.speed(*span, of)
        n = 4 if of is reports.ALL else 3
        assert (found.answers.n + found.answers.n_pending, found.solutions.n) == (n, 3 if n == 4 else 2)
        for night, day in ((found.answers, live.answers), (found.solutions, live.solutions)):
            assert (night.n, night.n_pending, night.median, night.within) == (
                day.n,
                day.n_pending,
                day.median,
                day.within,
            )
            assert sorted(night.hours) == pytest.approx(sorted(day.hours), abs=1 / 60)
    assert db.session.get(KeptReport, "28d|desk|all") is not None


def test_numbers_of_table_files_have_four_decimals_and_counts_none() -> None:
    line = blocks.Line(label="Share", value="12 %", raw=(0.123456789, 0.1, None, 40.0))
    assert list(blocks.as_rows([line])) == [("Share", 0.1235, 0.1, "", 40)]
