"""Tickets by program: the same rules as on the pages, once for each key (portal.tickets.api)."""

from __future__ import annotations

from typing import Any

from flask import Flask

from portal.core.database import db
from portal.core.scopes import Scope
from portal.tickets import lifecycle, opening
from portal.tickets.models import Ticket
from tests.factories import kb, tickets
from tests.people import Visitor
from tests.programs import program


def desk(cleo: Visitor) -> Any:
    queue = tickets.queue("Service desk", cleo.person, is_default=True, slug="service-desk")
    db.session.commit()
    return queue


def test_a_program_hands_over_once_for_each_key_and_reads_it_again(app: Flask, ana: Visitor, cleo: Visitor) -> None:
    desk(cleo)
    held = program(ana, Scope.TICKETS)
    sent = {"subject": "VPN drops", "body": "Since **this morning**."}
    first = held.post("/tickets", sent, headers={"Idempotency-Key": "our-ticket-1"})
    again = held.post("/tickets", sent, headers={"Idempotency-Key": "our-ticket-1"})
    assert (first.status_code, again.status_code) == (201, 303)
    assert again.headers["Location"] == first.headers["Location"]
    assert [one["number"] for one in held.get("/tickets").json["items"]] == [first.json["number"]]
    found = held.get(f"/tickets/{first.json['number']}").json
    assert (found["source"], found["queue"], found["requester"]) == ("api", "service-desk", ana.who.email)
    assert [(one["kind"], one["body"]) for one in found["messages"]] == [("request", "Since **this morning**.")]


def test_the_desk_works_by_program_and_the_requester_sees_no_notes(
    app: Flask, ana: Visitor, ben: Visitor, cleo: Visitor
) -> None:
    queue = desk(cleo)
    article = kb.article(slug="reset-vpn")
    number = tickets.ticket(ana.person, queue=queue).id
    lifecycle.note(cleo.actor, db.session.get_one(Ticket, number), body="Her third.")
    db.session.commit()
    agent, asker = program(cleo, Scope.TICKETS), program(ana, Scope.TICKETS)
    assert agent.post(f"/tickets/{number}/assign", {"person": cleo.who.email}).json["assignee"] == cleo.who.email
    assert agent.post(f"/tickets/{number}/assign", {"person": ben.who.email}).status_code == 422
    said = agent.post(f"/tickets/{number}/replies", {"body": "Try again.", "wait": True})
    assert (said.status_code, said.json["is_by_desk"], said.json["via"]) == (201, True, "api")
    assert asker.get(f"/tickets/{number}").json["status"] == "waiting"
    assert asker.post(f"/tickets/{number}/resolve", {}).status_code == 403
    done = agent.post(f"/tickets/{number}/resolve", {"knowledge": "linked", "articles": [article.slug]})
    assert (done.status_code, done.json["status"]) == (200, "resolved")
    kinds = [[one["kind"] for one in held.get(f"/tickets/{number}").json["messages"]] for held in (agent, asker)]
    assert kinds == [["request", "note", "reply"], ["request", "reply"]]
    assert [one["number"] for one in agent.get("/tickets?whose=desk&status=resolved").json["items"]] == [number]
    assert agent.get("/tickets").json["items"] == []


def test_nobody_hands_over_for_others_nor_sees_theirs(app: Flask, ana: Visitor, ben: Visitor, cleo: Visitor) -> None:
    queue = desk(cleo)
    number = tickets.ticket(ana.person, queue=queue).id
    db.session.commit()
    other = program(ben, Scope.TICKETS)
    assert other.get(f"/tickets/{number}").status_code == 404
    assert other.get("/tickets?whose=desk").json["items"] == []
    assert other.post("/tickets", {"subject": "x", "requester": ana.who.email}).status_code == 403
    assert other.post("/tickets", {"subject": "x", "status": "closed"}).status_code == 422
    assert program(ana, Scope.READ).get("/tickets").status_code == 403


def test_the_desk_alone_says_how_pressing_something_is(app: Flask, ana: Visitor, cleo: Visitor) -> None:
    desk(cleo)
    asker, agent = program(ana, Scope.TICKETS), program(cleo, Scope.TICKETS)
    assert asker.post("/tickets", {"subject": "x", "priority": "urgent"}).status_code == 403
    assert asker.post("/tickets", {"subject": "x", "priority": "normal"}).json["priority"] == "normal"
    sent = {"subject": "x", "priority": "urgent", "requester": ana.who.email}
    assert agent.post("/tickets", sent).json["priority"] == "urgent"


def test_a_program_hands_over_twenty_times_an_hour_unless_the_desk_runs_it(
    app: Flask, ana: Visitor, cleo: Visitor
) -> None:
    desk(cleo)
    asker, agent = program(ana, Scope.TICKETS), program(cleo, Scope.TICKETS)
    met = [asker.post("/tickets", {"subject": "Disk full"}).status_code for _n in range(opening.PER_HOUR + 1)]
    assert (met.count(201), met[-1]) == (opening.PER_HOUR, 429)
    theirs = [agent.post("/tickets", {"subject": "Call"}).status_code for _n in range(opening.PER_HOUR + 1)]
    assert set(theirs) == {201}
