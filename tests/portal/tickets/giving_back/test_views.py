"""The pages that ask what a ticket leaves behind (portal.tickets.views.giving_back)."""

from __future__ import annotations

from typing import Any

from portal.tickets import lifecycle
from portal.tickets.models import Link, Status, Ticket
from tests.factories import kb, tickets
from tests.people import ANA, CLEO, settle


def opened(**kw: Any) -> Ticket:
    queue = kw.pop("queue", None) or tickets.queue("Desk", settle(CLEO), is_default=True)
    return tickets.ticket(settle(ANA), queue=queue, **kw)


def test_what_was_sent_is_ticked_and_resolving_with_it_takes_one_click(db: Any, cleo: Any) -> None:
    ticket, article = opened(), kb.article("Connect to the VPN")
    lifecycle.link(cleo.actor, ticket, article.ref, kind=Link.SENT)
    where = f"/queue/tickets/{ticket.id}/solve"
    form = cleo.page(where).form(where)
    assert (form["knowledge"], form["things"]) == ("linked", str(article.ref))
    answer = cleo.open(where, method="POST", data={**form, "body": "Have a look there."})
    assert answer.status_code == 303
    found = db.session.get_one(Ticket, ticket.id)
    assert (found.status, found.knowledge) == (Status.RESOLVED, "linked")


def test_typed_words_survive_what_is_refused(db: Any, cleo: Any) -> None:
    where = f"/queue/tickets/{opened().id}/solve"
    sent = {"knowledge": "not_reusable", "body": "It works again.", "words": "no idea"}
    answer = cleo.submit(where, where, **sent)
    assert answer.status_code == 422
    assert "It works again." in answer.text
    assert 'value="no idea"' in answer.text


def test_looking_for_an_answer_works_without_script_and_resolves_nothing(db: Any, cleo: Any) -> None:
    ticket = opened()
    where = f"/queue/tickets/{ticket.id}/solve"
    answer = cleo.submit(where, where, knowledge="linked", body="Half a word", look="yes")
    assert answer.status_code == 200
    assert "Half a word" in answer.text
    assert db.session.get_one(Ticket, ticket.id).status == Status.NEW


def test_a_draft_opens_in_the_editor(db: Any, cleo: Any) -> None:
    ticket = opened(category=kb.article("Connect to the VPN").category)
    where = f"/queue/tickets/{ticket.id}/solve"
    answer = cleo.submit(where, where, knowledge="drafted", body="Forget the network.")
    assert answer.location.startswith("/desk/drafts/")
    assert "Forget the network." in cleo.page(answer.location).text


def test_a_requester_is_not_asked(db: Any, ana: Any) -> None:
    assert ana.get(f"/queue/tickets/{opened().id}/solve").status_code == 403
