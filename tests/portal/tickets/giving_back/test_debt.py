"""Knowledge debt of queues, and the counts behind an article (portal.tickets.giving_back.debt, behind)."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.refs import Ref
from portal.notifications import links
from portal.people import services as people
from portal.tickets import lifecycle
from portal.tickets.giving_back import behind, debt, leaving
from portal.tickets.giving_back.leaving import Left
from portal.tickets.models import Knowledge, Link, Ticket
from tests.factories import kb, tickets
from tests.people import ANA, BEN, CLEO, ELI, MIA, SAM, settle


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    behind.counted.cache_clear()


def actor(who: Any) -> Any:
    return people.actor_of(settle(who))


def resolved(queue: Any, left: Left | None = None, *, by: Any = ANA, sent: Any = None) -> Ticket:
    ticket = tickets.ticket(settle(by), queue=queue)
    if sent is not None:
        lifecycle.link(actor(CLEO), ticket, sent, kind=Link.SENT)
    leaving.resolve(actor(CLEO), ticket, left)
    return ticket


def test_a_queue_owes_what_nobody_has_said_and_only_its_own_people_see_it(db: Any) -> None:
    desk, other = tickets.queue("Desk", settle(CLEO)), tickets.queue("Other", settle(SAM))
    resolved(desk)
    resolved(desk, Left(knowledge=Knowledge.NOT_REUSABLE, reason="order"))
    (row,) = debt.by_queue(actor(CLEO))
    assert (row.queue.id, row.n_open, row.halves[1]) == (desk.id, 1, (1, 2))
    assert (debt.count(actor(CLEO)), debt.count(actor(SAM)), debt.count(actor(ANA))) == (1, 0, 0)
    assert [one.ticket.queue_id for one in debt.rows(actor(CLEO))] == [desk.id]
    assert debt.rows(actor(CLEO), queue_id=other.id) == []


def test_the_trend_compares_four_weeks_with_the_four_before(db: Any, stopped_clock: Any) -> None:
    desk = tickets.queue("Desk", settle(CLEO))
    resolved(desk)
    stopped_clock.move(days=35)
    assert debt.by_queue(actor(CLEO))[0].trend == ""
    resolved(desk, Left(knowledge=Knowledge.NOT_REUSABLE, reason="order"))
    assert debt.by_queue(actor(CLEO))[0].trend == "better"


def test_rows_come_with_what_was_sent_and_their_number_asks_no_more_of_the_database(db: Any, queries: Any) -> None:
    desk, article = tickets.queue("Desk", settle(CLEO)), kb.article("Connect to the VPN")
    cleo = actor(CLEO)

    def asked() -> int:
        db.session.expire_all()
        with links.addressable(), queries() as made:
            rows = debt.rows(cleo)
        assert all([thing.ref for thing in row.sent] == [article.ref] for row in rows)
        return len(made)

    for _n in range(2):
        resolved(desk, sent=article.ref)
    few = asked()
    for _n in range(15):
        resolved(desk, sent=article.ref)
    assert asked() == few


def test_one_click_says_it_and_the_row_is_gone(db: Any, cleo: Any) -> None:
    desk, article = tickets.queue("Desk", settle(CLEO), is_default=True), kb.article("Connect to the VPN")
    first, second = resolved(desk, sent=article.ref), resolved(desk)
    page = cleo.page("/queue/debt").text
    assert "Answered by “Connect to the VPN”" in page
    assert cleo.post(f"/queue/debt/{first.id}", {"answer": str(article.ref)}).status_code == 303
    assert cleo.post(f"/queue/debt/{second.id}", {"answer": "order"}).status_code == 303
    assert cleo.post(f"/queue/debt/{second.id}", {"answer": "order"}).status_code == 303
    assert (db.session.get_one(Ticket, first.id).knowledge, db.session.get_one(Ticket, second.id).knowledge) == (
        "linked",
        "not_reusable",
    )
    assert "Nothing is left to say" in cleo.page("/queue/debt").text


@pytest.mark.parametrize(
    ("asked_by", "shown"), [((ANA, BEN), None), ((ANA, ANA, ANA), None), ((ANA, BEN, MIA, ELI), 4)]
)
def test_tickets_behind_an_article_are_told_from_three_people_on(db: Any, asked_by: Any, shown: Any) -> None:
    desk, article = tickets.queue("Desk", settle(CLEO)), kb.article("Connect to the VPN")
    for who in asked_by:
        resolved(desk, Left(knowledge=Knowledge.LINKED, things=(article.ref,)), by=who)
    assert behind.of(article.ref).n_tickets == shown
    assert behind.of(Ref("article", 4711)).n_tickets is None


def test_the_article_tells_counts_and_nothing_of_the_tickets(db: Any, ben: Any) -> None:
    desk, article = tickets.queue("Desk", settle(CLEO)), kb.article("Connect to the VPN")
    for who in (ANA, MIA, ELI):
        ticket = tickets.ticket(settle(who), "Salary of somebody", queue=desk)
        leaving.resolve(actor(CLEO), ticket, Left(knowledge=Knowledge.LINKED, things=(article.ref,)))
    page = ben.page(f"/kb/{article.slug}").text
    assert "3 tickets were answered with it." in page
    assert "Salary" not in page
