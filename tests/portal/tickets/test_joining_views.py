"""Putting tickets together and apart as it is pressed on the page, and the way back from a draft."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.refs import Ref
from portal.kb.models import Draft
from portal.notifications import links
from portal.tickets import lifecycle
from portal.tickets.giving_back import leaving
from portal.tickets.giving_back.leaving import Left
from portal.tickets.models import Knowledge, Ticket
from tests.factories import kb, tickets
from tests.people import ANA, BEN, Visitor, settle


@pytest.fixture
def desk(cleo: Visitor, db: Any) -> Any:
    return tickets.queue("Service desk", cleo.person, is_default=True)


def opened(queue: Any, subject: str, by: Any = ANA) -> Ticket:
    return tickets.ticket(settle(by), subject, queue=queue)


def test_merging_offers_what_is_likely_the_same_and_takes_what_was_picked(cleo: Visitor, desk: Any, db: Any) -> None:
    first = opened(desk, "VPN drops on the train")
    alike = opened(desk, "VPN drops at home", BEN)
    opened(desk, "No paper in the printer", BEN)
    again = opened(desk, "VPN drops again")
    page, send = cleo.page(f"/queue/tickets/{again.id}?beside=yes"), f"/queue/tickets/{again.id}/merge"
    form = page.form(send)
    picks = page.html.split('id="merge-', 1)[1]
    assert [f"merge-{one.id}" in page.html for one in (first, alike)] == [True, True]
    assert picks.index(f"{first.id}") < picks.index(f"merge-{alike.id}"), "of the same person comes first"
    assert "No paper in the printer" not in picks.split("</fieldset>")[0]
    assert cleo.post(send, {**form, "number": [str(first.id), ""]}).status_code == 303
    assert db.session.get(Ticket, again.id, populate_existing=True).merged_into_id == first.id


def test_a_typed_number_is_meant_whatever_was_picked(cleo: Visitor, desk: Any, db: Any) -> None:
    first, other, again = (opened(desk, f"VPN drops {when}") for when in ("now", "then", "again"))
    send = f"/queue/tickets/{again.id}/merge"
    form = cleo.page(f"/queue/tickets/{again.id}?beside=yes").form(send)
    cleo.post(send, {**form, "number": [str(first.id), str(other.id)]})
    assert db.session.get(Ticket, again.id, populate_existing=True).merged_into_id == other.id


def test_some_of_what_was_said_becomes_a_ticket_of_its_own(cleo: Visitor, ana: Visitor, desk: Any, db: Any) -> None:
    ticket = opened(desk, "VPN drops")
    said = lifecycle.reply(ana.actor, ticket, body="And the printer is out of paper.")
    send = f"/queue/tickets/{ticket.id}/split"
    form = cleo.page(f"/queue/tickets/{ticket.id}?beside=yes").form(send)
    answer = cleo.post(send, {**form, "subject": "No paper", "message": str(said.id)})
    assert answer.status_code == 303
    made = db.session.query(Ticket).filter_by(split_from_id=ticket.id).one()
    assert "And the printer is out of paper." in cleo.page(f"/queue/tickets/{made.id}").text


def test_a_draft_leads_back_to_its_ticket_for_who_may_see_it(
    cleo: Visitor, ada: Visitor, dara: Visitor, desk: Any, db: Any
) -> None:
    ticket = tickets.ticket(settle(ANA), "VPN drops", queue=desk, category=kb.article("Connect").category)
    lifecycle.reply(cleo.actor, ticket, body="Restart the adapter.")
    with links.addressable():
        ref: Ref | None = leaving.resolve(cleo.actor, ticket, Left(knowledge=Knowledge.DRAFTED))
    assert ref is not None
    draft = db.session.get_one(Draft, ref.id)
    db.session.commit()
    words = f"Written from ticket No. {ticket.id}"
    assert words in ada.page(f"/desk/drafts/{draft.id}").text
    assert words not in dara.page(f"/desk/drafts/{draft.id}").text, (
        "an editor who is not of the desk knows nothing of tickets"
    )
