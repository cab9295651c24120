"""Tickets behind the figures, one by one, and what table files hold."""

from __future__ import annotations

from typing import Any

from portal.insights import blocks
from portal.measures import fold
from portal.tickets import lifecycle
from tests.factories import tickets
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


def test_numbers_of_table_files_have_four_decimals_and_counts_none() -> None:
    line = blocks.Line(label="Share", value="12 %", raw=(0.123456789, 0.1, None, 40.0))
    assert list(blocks.as_rows([line])) == [("Share", 0.1235, 0.1, "", 40)]
