"""Putting tickets together and apart: nothing said is lost or leaves anybody's sight (portal.tickets.desk.joining)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.errors import Conflict, Forbidden, Invalid
from portal.files import queries as files
from portal.files.services import keep
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people import services as people
from portal.tickets import lifecycle, queries
from portal.tickets.desk import joining
from portal.tickets.models import Status, Ticket, TicketPerson
from tests.factories import tickets
from tests.factories.files import picture
from tests.people import ANA, BEN, SAM, Visitor, settle


@pytest.fixture
def desk(cleo: Visitor, db: Any) -> Any:
    return tickets.queue("Service desk", cleo.person, is_default=True, first=60, resolution=600)


def opened(queue: Any, subject: str = "VPN drops", by: Any = ANA, **kw: Any) -> Ticket:
    return tickets.ticket(settle(by), subject, queue=queue, **kw)


def opens(visitor: Visitor, file: Any) -> bool:
    with visitor.get(f"/files/{file.id}/{file.download_name}") as answer:
        return answer.status_code == 200


def names(ticket: Ticket) -> list[str]:
    from portal.core.database import db

    query = select(LedgerEntry.name).where(LedgerEntry.subject == str(ticket.ref)).order_by(LedgerEntry.id)
    return [name.removeprefix("ticket.") for name in db.session.execute(query).scalars()]


def test_a_merged_ticket_lies_in_the_other_with_its_people_and_its_address_leads_there(
    cleo: Visitor, ana: Visitor, ben: Visitor, desk: Any, db: Any
) -> None:
    into, source = opened(desk, "VPN drops"), opened(desk, "VPN again", by=BEN, people=[settle(SAM)])
    lifecycle.reply(cleo.actor, source, body="We look at it.")
    joining.merge(cleo.actor, source, into=into)
    said = queries.conversation(cleo.actor, into)
    assert [one.split_from_id for one in said] == [None, source.id, source.id]
    assert {row.person_id for row in db.session.scalars(select(TicketPerson)).all()} == {
        settle(BEN).id,
        settle(SAM).id,
    }
    assert (source.status, source.merged_into_id, names(source)[-1]) == (Status.MERGED, into.id, "merged")
    assert into.first_response_at is not None
    assert f"/tickets/{into.id}" in ben.get(f"/tickets/{source.id}").headers["Location"]
    assert f"from No. {source.id}" in ben.page(f"/tickets/{source.id}").text
    told = db.session.scalars(select(Notification.kind).where(Notification.person_id == settle(BEN).id)).all()
    assert "ticket_merged" in told
    with pytest.raises(Conflict):
        lifecycle.reply(cleo.actor, source, body="Once more.")


def test_a_merge_refuses_itself_what_is_closed_and_what_one_does_not_work(cleo: Visitor, desk: Any, db: Any) -> None:
    ticket, foreign = opened(desk), opened(tickets.queue("Others"))
    with pytest.raises(Invalid):
        joining.merge(cleo.actor, ticket, into=ticket)
    with pytest.raises(Invalid):
        joining.find(cleo.actor, str(foreign.id))
    with pytest.raises(Forbidden):
        joining.merge(cleo.actor, ticket, into=foreign)
    over = opened(desk)
    lifecycle.resolve(cleo.actor, over)
    lifecycle.close(cleo.actor, over)
    with pytest.raises(Conflict):
        joining.merge(cleo.actor, ticket, into=over)


def test_chosen_messages_become_a_ticket_of_their_own(cleo: Visitor, desk: Any, db: Any) -> None:
    ticket = opened(desk)
    second = lifecycle.reply(people.actor_of(settle(ANA)), ticket, body="By the way, the printer is empty.")
    with pytest.raises(Invalid):
        joining.split(cleo.actor, ticket, {one.id for one in queries.conversation(cleo.actor, ticket)}, subject="All")
    made = joining.split(cleo.actor, ticket, {second.id}, subject="Printer is empty")
    assert (made.requester_id, made.split_from_id, made.queue_id) == (settle(ANA).id, ticket.id, desk.id)
    (there,) = queries.conversation(cleo.actor, made)
    assert (there.body, there.kind, there.at) == ("By the way, the printer is empty.", "request", second.at)
    db.session.expire_all()
    assert [one.goes_on_in_id for one in queries.conversation(cleo.actor, ticket)] == [None, made.id]
    assert names(ticket)[-1] == "split"
    assert names(made)[0] == "opened"


def test_what_becomes_a_ticket_of_its_own_can_still_be_read_where_it_was_said(
    cleo: Visitor, ana: Visitor, ben: Visitor, desk: Any, db: Any
) -> None:
    ticket = opened(desk, people=[settle(BEN)])
    said = lifecycle.reply(ben.actor, ticket, body="By the way, **my** printer is empty.")
    file = keep(ben.actor, io.BytesIO(picture()), "empty.png", on=said.ref)
    note = lifecycle.note(cleo.actor, ticket, body="Toner is on the shelf.")
    made = joining.split(cleo.actor, ticket, {said.id, note.id}, subject="Printer is empty")
    db.session.commit()
    words = ana.page(f"/tickets/{ticket.id}").text
    assert "By the way, my printer is empty." in words
    assert f"Goes on in No. {made.id}" in words
    assert opens(ana, file)
    assert ana.get(f"/tickets/{made.id}").status_code == 404, "it is Ben's now"
    theirs = ben.page(f"/tickets/{made.id}")
    assert "By the way, my printer is empty." in theirs.text
    assert "Toner" not in theirs.text
    first, other = queries.conversation(cleo.actor, made)
    assert (first.author_id, first.kind, other.kind) == (settle(BEN).id, "request", "note")
    (copied,) = files.on([first.ref])[first.ref]
    assert (copied.download_name, copied.sha256) == ("empty.png", file.sha256)
    assert opens(ben, copied)
    assert f'href="/queue/tickets/{made.id}"' in cleo.page(f"/queue/tickets/{ticket.id}").html


@pytest.mark.both
@pytest.mark.parametrize("is_home", [True, False])
def test_what_was_taken_apart_and_put_together_again_stands_there_once(
    is_home: bool, cleo: Visitor, ana: Visitor, desk: Any, db: Any
) -> None:
    ticket = opened(desk)
    said = lifecycle.reply(ana.actor, ticket, body="By the way, the printer is empty.")
    made = joining.split(cleo.actor, ticket, {said.id}, subject="Printer is empty")
    lifecycle.reply(ana.actor, made, body="It is filled.")
    away, home = (made, ticket) if is_home else (ticket, made)
    joining.merge(cleo.actor, away, into=home)
    lines = [(one.body, one.goes_on_in_id) for one in queries.conversation(cleo.actor, home)]
    words = ("It began this morning.", "By the way, the printer is empty.", "It is filled.")
    assert lines == [(one, None) for one in words]
    assert home.split_from_id is None


def test_what_became_a_ticket_of_its_own_is_known_after_either_went_into_another(
    cleo: Visitor, ana: Visitor, desk: Any, db: Any
) -> None:
    ticket, other, third = (opened(desk, name) for name in ("VPN", "VPN again", "Printers"))
    said = lifecycle.reply(ana.actor, ticket, body="By the way, the printer is empty.")
    made = joining.split(cleo.actor, ticket, {said.id}, subject="Printer is empty")
    joining.merge(cleo.actor, made, into=third)
    joining.merge(cleo.actor, ticket, into=other)
    lines = {one.body: one.goes_on_in_id for one in queries.conversation(cleo.actor, other)}
    assert lines["By the way, the printer is empty."] == third.id
