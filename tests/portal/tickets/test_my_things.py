"""Tickets among one's own things: told once, and no longer than it is so."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.community import questions
from portal.tickets import lifecycle
from portal.tickets.models import RequestTemplate
from tests.factories import kb, tickets
from tests.people import ANA, CLEO, Visitor, settle

HAS = "The service desk has your ticket"


@pytest.fixture
def desk(app: Flask) -> Any:
    return tickets.queue("Service desk", settle(CLEO), is_default=True)


def test_home_tells_of_a_ticket_once_and_what_holds_now(db: Any, desk: Any, ana: Visitor, cleo: Visitor) -> None:
    ticket = tickets.ticket(settle(ANA))
    assert HAS in ana.page("/").text
    lifecycle.reply(cleo.actor, ticket, body="Which network?", wait=True)
    page = ana.page("/").text
    assert HAS not in page
    assert page.count("VPN drops every ten minutes") == 1
    lifecycle.withdraw(ana.actor, ticket)
    assert "VPN drops every ten minutes" not in ana.page("/").text


def test_a_withdrawn_ticket_is_not_with_the_desk_any_more(db: Any, desk: Any, ana: Visitor, cleo: Visitor) -> None:
    lifecycle.withdraw(ana.actor, tickets.ticket(settle(ANA)))
    for path in ("/", "/mine"):
        assert HAS not in ana.page(path).text
    assert "handed over" not in cleo.page("/").text


def test_my_things_list_the_questions_i_asked(db: Any, ana: Visitor, ben: Visitor) -> None:
    topic = kb.category("Phones")
    questions.ask(ana.actor, title="Which chargers fit the new phones?", body="", category_id=topic.id)
    page = ana.page("/mine")
    assert "My questions" in page.text
    assert "Which chargers fit the new phones?" in page.text
    assert "No answer yet" in page.text
    assert "Which chargers" not in ben.page("/mine").text


def test_get_help_leads_to_the_requests_people_make_often(db: Any, desk: Any, ana: Visitor) -> None:
    db.session.add(
        RequestTemplate(slug="new-chair", title="A new chair", summary="For your desk.", fields=[], queue_id=desk.id)
    )
    page = ana.page("/help-me")
    assert "Asked for often" in page.text
    form = ana.page(page.links["A new chair For your desk."]).form("/tickets/new")
    assert (form["template"], form["subject"]) == ("new-chair", "A new chair")
