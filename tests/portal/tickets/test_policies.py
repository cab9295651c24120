"""Who may see a ticket: every kind of person against every kind of ticket, by every door at once (portal.tickets)."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.errors import Forbidden, NotFound
from portal.core.permissions import Role
from portal.core.registry import load_things
from portal.files import policies as files
from portal.files import services as storing
from portal.notifications import links
from portal.people.services import actor_of
from portal.tickets import companions, lifecycle, loading, policies, queries
from portal.tickets.models import Message, Ticket
from tests.factories import people, tickets
from tests.factories.files import picture
from tests.people import ADA, ANA, BEN, CLEO, DARA, ELI, SAM, settle

WHO = (ANA, BEN, CLEO, DARA, ELI, SAM, ADA)


def seen_by(who: Any, queue: str, added: Any) -> bool:
    """The rule in one line, apart from the product: requester, added, agents of its queue, managers of the desk."""
    return who in (ANA, added, ADA) or (who is CLEO and queue == "cleo")


@pytest.mark.parametrize("who", WHO, ids=lambda who: who.name)
def test_all_doors_agree_on_who_sees_a_ticket_and_its_notes(db: Any, who: Any) -> None:
    """Sam works a queue but is no agent; Eli's queue is nobody's; Dara edits articles and knows of no ticket."""
    queues = {
        "cleo": tickets.queue("Cleo’s", settle(CLEO)),
        "sam": tickets.queue("Sam’s", settle(SAM)),
        "nobody": tickets.queue("Nobody’s"),
    }
    actor, ada = actor_of(settle(who)), actor_of(settle(ADA))
    for queue, added in product(queues, (None, BEN, SAM)):
        more = {"people": [settle(added)]} if added else {}
        ticket = tickets.ticket(settle(ANA), f"In {queue} with {added}", queue=queues[queue], **more)
        note = lifecycle.note(ada, ticket, body="Not for them.")
        first = queries.first_message(ticket)
        with links.addressable():
            hung = {one: storing.keep(ada, io.BytesIO(picture()), "a.png", on=one.ref) for one in (first, note)}
            expected = seen_by(who, queue, added)
            at_desk = who is ADA or (who is CLEO and queue == "cleo")
            assert policies.can_see(actor, ticket) is expected
            listed = select(Ticket.id).where(policies.seen(actor), Ticket.id == ticket.id)
            assert (db.session.scalars(listed).first() is not None) is expected
            assert (ticket.ref in load_things(actor, [ticket.ref])) is expected
            assert (first.ref in load_things(actor, [first.ref])) is expected
            assert (note.ref in load_things(actor, [note.ref])) is at_desk
            assert files.can_see(actor, hung[first]) is expected
            assert files.can_see(actor, hung[note]) is at_desk
            if expected:
                read = [one.id for one in queries.conversation(actor, loading.get(actor, ticket.id))]
                assert read == ([first.id, note.id] if at_desk else [first.id])
            else:
                with pytest.raises(NotFound):
                    loading.get(actor, ticket.id)
            if expected and not at_desk:
                with pytest.raises(Forbidden):
                    loading.for_desk(actor, ticket.id)


def test_a_note_of_one_ticket_is_no_message_of_another(db: Any) -> None:
    one, other = tickets.ticket(settle(ANA)), tickets.ticket(settle(ANA))
    message = db.session.scalars(select(Message).where(Message.ticket_id == other.id)).one()
    with pytest.raises(NotFound):
        loading.message(actor_of(settle(ANA)), one, message.id)
    assert loading.message(actor_of(settle(ANA)), other, message.id) is message


def test_who_acts_for_the_requester_rates_nothing(db: Any) -> None:
    ticket = tickets.ticket(settle(ANA), queue=tickets.queue("Desk", settle(CLEO)))
    lifecycle.resolve(actor_of(settle(CLEO)), ticket)
    acting = replace(actor_of(settle(ANA)), acted_by_id=settle(ADA).id)
    assert not policies.can_rate(acting, ticket)
    with pytest.raises(Forbidden):
        companions.rate(acting, ticket, rating=5)


def test_an_agent_of_a_queue_sees_it_as_long_as_they_are_an_agent(db: Any) -> None:
    agent = people.person("Nina Agent", Role.AGENT)
    ticket = tickets.ticket(settle(ANA), queue=tickets.queue("Desk", agent))
    assert policies.can_see(actor_of(agent), ticket)
    agent.roles = []
    db.session.flush()
    assert not policies.can_see(actor_of(agent), ticket)
