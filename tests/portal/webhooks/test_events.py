"""What other systems hear of tickets and questions: that something happened, and no word of it."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.community import answers, questions, removing
from portal.core.database import db
from portal.ledger.models import LedgerEntry
from portal.tickets import lifecycle
from portal.webhooks import events
from tests.factories import kb, people, tickets
from tests.people import Visitor


def told() -> dict[str, dict[str, Any]]:
    names = events.names_of(events.PUBLIC_EVENTS)
    entries = db.session.execute(select(LedgerEntry).where(LedgerEntry.name.in_(names)).order_by(LedgerEntry.id))
    return {one["event"]: one for one in events.payloads(list(entries.scalars())).values()}


def test_tickets_are_told_of_by_number_and_without_a_word(app: Flask, ana: Visitor, cleo: Visitor) -> None:
    queue = tickets.queue("Service desk", cleo.person)
    ticket = tickets.ticket(ana.person, "My payslip is wrong", body="I earn 3,000", queue=queue)
    lifecycle.reply(cleo.actor, ticket, body="Which month?")
    lifecycle.resolve(cleo.actor, ticket)
    found = told()
    assert {"ticket.opened", "ticket.replied", "ticket.resolved"} <= set(found)
    assert found["ticket.opened"]["about"] == {"kind": "ticket", "id": ticket.id}
    assert found["ticket.replied"]["data"] == {"is_by_desk": True, "is_first": True}
    said = json.dumps(list(found.values()))
    assert not any(word in said for word in ("payslip", "3,000", "month", "ana", "requester", "person"))


def test_questions_are_told_of_by_address_and_only_where_everybody_may_read_them(
    app: Flask, ana: Visitor, ben: Visitor
) -> None:
    question = questions.ask(ana.actor, title="Where is the stapler?", body="It is gone.", category_id=kb.category().id)
    answers.give(ben.actor, question, body="In the drawer.")
    found = told()
    assert found["question.asked"]["about"]["url"].endswith(f"/questions/{question.id}")
    assert found["question.answered"]["data"] == {"question": question.id}
    assert "stapler" not in json.dumps(list(found.values()))
    question.access_key = people.audience("Ana alone", ("person", str(ana.person_id))).slug
    db.session.flush()
    assert not any(event.startswith("question.") for event in told())


def test_what_was_removed_is_not_spoken_of(app: Flask, ana: Visitor) -> None:
    question = questions.ask(ana.actor, title="Where is the stapler?", body="It is gone.", category_id=kb.category().id)
    removing.remove(ana.actor, question)
    assert "question.asked" not in told()
