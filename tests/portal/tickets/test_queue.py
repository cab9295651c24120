"""What the desk sees of its work, and in what order (portal.tickets.desk.listing, scopes, views.queue)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.core import clock
from portal.tickets import lifecycle, placing
from portal.tickets.desk import listing, scopes
from portal.tickets.desk.listing import Wanted
from portal.tickets.models import Priority
from tests.factories import tickets
from tests.people import ANA, BEN, CLEO, SAM, Visitor, settle

NOW = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)


def desk(**kw: Any) -> Any:
    return tickets.queue("Service desk", settle(CLEO), is_default=True, **kw)


def subjects(who: Visitor, **asked: str) -> list[str]:
    return [one.subject for one in listing.page(who.actor, Wanted.read(asked)).tickets]


def test_a_view_shows_what_it_says_and_counts_it(cleo: Visitor, db: Any) -> None:
    queue, person = desk(), settle(ANA)
    mine, nobodys, waiting, done = (tickets.ticket(person, name, queue=queue) for name in ("m", "n", "w", "d"))
    placing.assign(cleo.actor, mine, person=cleo.person)
    lifecycle.pause(cleo.actor, waiting)
    lifecycle.resolve(cleo.actor, done)
    foreign = tickets.ticket(person, "foreign", queue=tickets.queue("Others"))
    assert subjects(cleo) == ["m"]
    assert subjects(cleo, view="unassigned") == ["n", "w"]
    assert subjects(cleo, view="waiting") == ["w"]
    assert subjects(cleo, view="resolved") == ["d"]
    assert set(subjects(cleo, view="all")) == {"m", "n", "w", "d"}
    assert foreign.subject not in subjects(cleo, view="queues")
    counts = scopes.counts(cleo.actor)
    assert (counts["mine"], counts["unassigned"], counts["waiting"], counts["resolved"]) == (1, 2, 1, 1)
    assert nobodys.assignee_id is None


def test_what_is_due_first_stands_first_and_what_waits_stands_last(cleo: Visitor, db: Any) -> None:
    with clock.frozen(NOW):
        quick, slow = tickets.queue("Quick", settle(CLEO), first=30), desk(first=600)
        tickets.ticket(settle(ANA), "slow", queue=slow)
        still = tickets.ticket(settle(ANA), "still", queue=quick)
        lifecycle.pause(cleo.actor, still)
        tickets.ticket(settle(ANA), "quick", queue=quick)
        assert subjects(cleo, view="queues") == ["quick", "slow", "still"]
        assert subjects(cleo, view="due") == ["quick", "slow"]
        assert scopes.counts(cleo.actor)["now"] == 1


@pytest.mark.parametrize("sort", list(listing.SORTS))
def test_pages_follow_each_other_without_gap_or_twice_in_every_order(
    cleo: Visitor, db: Any, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    queue = desk(first=60)
    for number, priority in enumerate(("low", "high", "low", "normal", "urgent")):
        tickets.ticket(settle(ANA), str(number), queue=queue, priority=Priority(priority))
    seen: list[str] = []
    after = ""
    for _turn in range(3):
        page = listing.page(cleo.actor, Wanted.read({"view": "unassigned", "sort": sort, "after": after}))
        seen += [one.subject for one in page.tickets]
        after = page.after
    assert after == ""
    assert sorted(seen) == ["0", "1", "2", "3", "4"]
    if sort == "priority":
        assert seen == ["4", "1", "3", "0", "2"]


def test_filters_and_words_narrow_and_nonsense_in_an_address_is_left_out(cleo: Visitor, db: Any) -> None:
    queue = desk()
    printer = tickets.ticket(settle(ANA), "Printer 3", queue=queue, priority=Priority.HIGH, body="It jams.")
    tickets.ticket(settle(BEN), "Screen", queue=queue)
    asked = {"view": "unassigned"}
    assert subjects(cleo, **asked, priority="high") == ["Printer 3"]
    assert subjects(cleo, **asked, q="jams printer") == ["Printer 3"]
    assert subjects(cleo, **asked, q="kaya") == ["Screen"]
    assert subjects(cleo, **asked, q=f"#{printer.id}") == ["Printer 3"]
    assert subjects(cleo, **asked, age="3") == []
    odd = {"queue": "x", "age": "5", "after": "99999999999999999999-1", "sort": "up", "topic": "99999999999"}
    assert len(subjects(cleo, **asked, **odd)) == 2


def test_the_queue_page_costs_the_same_queries_however_many_tickets_it_shows(
    cleo: Visitor, db: Any, queries: Any
) -> None:
    queue = desk(first=60)
    tickets.ticket(settle(ANA), "one", queue=queue)
    cleo.page("/queue?view=unassigned")
    with queries() as few:
        cleo.page("/queue?view=unassigned")
    for number in range(30):
        tickets.ticket(settle(ANA if number % 2 else BEN), f"t{number}", queue=queue)
    with queries() as many:
        page = cleo.page("/queue?view=unassigned")
    assert "t29" in page.text
    assert len(many) == len(few)


def test_people_outside_the_desk_are_told_whose_page_it_is(ana: Visitor, sam: Visitor) -> None:
    assert ana.get("/queue").status_code == 403
    assert settle(SAM) is not None
