"""Working a ticket at the desk: replies, links, warnings, collisions, presence, bulk (portal.tickets.desk, views)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.errors import Conflict, Invalid
from portal.core.permissions import Role
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people import audiences
from portal.people import services as people
from portal.tickets import lifecycle, placing, queries
from portal.tickets.desk import advising, away, calls, joining, keeping, prepared, presence, reports, sorting
from portal.tickets.desk.calls import Call
from portal.tickets.desk.listing import Wanted
from portal.tickets.models import (
    Message,
    OutOfOffice,
    Priority,
    SavedReply,
    Source,
    Ticket,
    TicketArticle,
    TrailKind,
)
from tests.factories import kb, tickets
from tests.factories import people as people_factory
from tests.people import ANA, BEN, Visitor, settle


@pytest.fixture
def desk(cleo: Visitor, db: Any) -> Any:
    return tickets.queue("Service desk", cleo.person, is_default=True, first=60, resolution=600)


def opened(queue: Any, subject: str = "VPN drops", by: Any = ANA, **kw: Any) -> Ticket:
    return tickets.ticket(settle(by), subject, queue=queue, **kw)


def names(ticket: Ticket) -> list[str]:
    from portal.core.database import db

    query = select(LedgerEntry.name).where(LedgerEntry.subject == str(ticket.ref)).order_by(LedgerEntry.id)
    return [name.removeprefix("ticket.") for name in db.session.execute(query).scalars()]


# Replies


def test_a_link_in_a_reply_is_reuse_and_counted_once(cleo: Visitor, desk: Any, db: Any) -> None:
    article = kb.article("Reset the VPN app")
    ticket = opened(desk)
    page = f"/queue/tickets/{ticket.id}"
    for _turn in range(2):
        words = f"Please see http://localhost/kb/{article.slug} first."
        assert cleo.submit(page, f"{page}/reply", body=words).status_code == 303
    (tied,) = db.session.scalars(select(TicketArticle)).all()
    assert (tied.subject, tied.kind) == (str(article.ref), "sent")
    assert names(ticket).count("linked") == 1


def test_who_repeats_what_was_tried_is_warned_once_and_may_send_it_all_the_same(
    cleo: Visitor, desk: Any, db: Any
) -> None:
    article = kb.article("Reset the VPN app", body="1. Open the settings of the app and press the red button.\n")
    tried = (
        lifecycle.Tried(kind=TrailKind.READ, text=article.title, subject=article.ref, at=clock.now()),
        lifecycle.Tried(kind=TrailKind.STEP, text="1 of 1 steps ticked: Reset the VPN app", subject=article.ref),
    )
    ticket = opened(desk, trail=tried)
    page = f"/queue/tickets/{ticket.id}"
    again = "Hello Ana, open the settings of the app and press the red button."
    for words in (again, f"See /kb/{article.slug} please."):
        answer = cleo.submit(page, f"{page}/reply", body=words)
        assert answer.status_code == 422
        assert "Ana read “Reset the VPN app” at" in answer.text
        assert "1 of 1 steps ticked" in answer.text
        assert words in answer.text
    assert cleo.submit(page, f"{page}/reply", body=again, anyway="y").status_code == 303
    fresh = "I have reset your account, please sign in anew tomorrow."
    assert cleo.submit(page, f"{page}/reply", body=fresh).status_code == 303


def test_what_the_requester_cannot_open_is_said_before_it_is_sent(cleo: Visitor, desk: Any, db: Any) -> None:
    audience = people_factory.audience("Agents", ("role", Role.AGENT.value))
    key = audiences.key_for([[audience.id]])
    article = kb.article("For the desk alone", audience=[audience.slug], access_key=key)
    ticket = opened(desk)
    page = f"/queue/tickets/{ticket.id}"
    answer = cleo.submit(page, f"{page}/reply", body=f"See /kb/{article.slug}.")
    assert (answer.status_code, "Ana cannot open “For the desk alone”." in answer.text) == (422, True)


def test_two_who_answer_at_once_both_keep_their_words(cleo: Visitor, desk: Any, db: Any) -> None:
    ticket = opened(desk)
    page = f"/queue/tickets/{ticket.id}"
    form = cleo.page(page).form(f"{page}/reply")
    lifecycle.reply(people.actor_of(settle(ANA)), ticket, body="It works again by itself.")
    answer = cleo.open(f"{page}/reply", method="POST", data={**form, "body": "Please restart it."})
    assert answer.status_code == 409
    assert "Please restart it." in answer.text
    assert "It works again by itself." in answer.text
    assert "Said meanwhile" in answer.text
    assert "replied" not in names(ticket)[2:]


def test_prepared_words_and_links_are_put_into_what_is_written_so_far(cleo: Visitor, desk: Any, db: Any) -> None:
    ticket = opened(desk)
    article = kb.article("Reset the VPN app")
    reply = prepared.keep(cleo.actor, None, title="Hello", body="Hello {name}, about number {number}:")
    page = f"/queue/tickets/{ticket.id}"
    form = {**cleo.page(page).form(f"{page}/reply"), "body": "So far."}
    shown = cleo.open(f"{page}/reply", method="POST", data={**form, "then": "insert", "insert": str(reply.id)})
    assert shown.status_code == 200
    assert f"Hello Ana, about number {ticket.id}:" in shown.text
    shown = cleo.open(f"{page}/reply", method="POST", data={**form, "put": str(article.ref)})
    assert f"[Reset the VPN app](http://localhost/kb/{article.slug})" in shown.text
    sent = {**form, "body": "Hello Ana", "used": str(reply.id)}
    assert cleo.open(f"{page}/reply", method="POST", data=sent).status_code == 303
    assert db.session.get(SavedReply, reply.id, populate_existing=True).n_used == 1


def test_ones_own_prepared_replies_are_nobody_elses(cleo: Visitor, sam: Visitor, desk: Any, db: Any) -> None:
    mine = prepared.keep(cleo.actor, None, title="Mine", body="Words")
    db.session.add(SavedReply(title="Everybody's", body="Words"))
    db.session.flush()
    assert [one.title for one in prepared.offered(sam.actor)] == ["Everybody's"]
    assert {one.title for one in prepared.offered(cleo.actor)} == {"Mine", "Everybody's"}
    with pytest.raises(Exception, match="not there"):
        prepared.get(sam.actor, mine.id)


def test_an_internal_note_is_never_on_the_requesters_page(cleo: Visitor, ana: Visitor, desk: Any, db: Any) -> None:
    ticket = opened(desk)
    page = f"/queue/tickets/{ticket.id}"
    assert cleo.submit(page, f"{page}/note", body="She is in the new building.").status_code == 303
    assert "new building" in cleo.page(page).text
    assert "new building" not in ana.page(f"/tickets/{ticket.id}").text


# Where it belongs


def test_person_priority_queue_and_topic_change_together_each_with_its_fact(cleo: Visitor, desk: Any, db: Any) -> None:
    other = tickets.queue("Network", cleo.person)
    topic = kb.category("Network")
    ticket = opened(desk)
    place = {"assignee": cleo.person, "priority": Priority.HIGH, "queue_id": other.id, "category_id": topic.id}
    sorting.place(cleo.actor, ticket, **place, lock=ticket.version)
    assert (ticket.assignee_id, ticket.priority, ticket.queue_id) == (cleo.person_id, "high", other.id)
    assert names(ticket)[1:] == ["changed", "changed", "moved", "assigned"]
    with pytest.raises(Conflict):
        sorting.place(cleo.actor, ticket, **place, lock=1)


def test_of_two_who_take_a_ticket_one_has_it_and_the_other_hears_who(
    cleo: Visitor, ada: Visitor, desk: Any, db: Any
) -> None:
    ticket = opened(desk)
    path = f"/queue/tickets/{ticket.id}/take"
    assert cleo.post(path, {"had": "0"}).status_code == 303
    answer = ada.post(path, {"had": "0"})
    assert (answer.status_code, "It was given to Cleo Okafor a moment ago." in answer.text) == (409, True)
    assert db.session.get(Ticket, ticket.id, populate_existing=True).assignee_id == cleo.person_id
    assert ada.post(path, {"had": str(cleo.person_id)}).status_code == 303


def test_many_are_changed_at_once_and_what_failed_is_named(cleo: Visitor, desk: Any, db: Any) -> None:
    good, done = opened(desk, "good"), opened(desk, "done")
    foreign = opened(tickets.queue("Others"), "foreign")
    lifecycle.resolve(cleo.actor, done)
    answer = cleo.submit(
        "/queue?view=unassigned&more=yes",
        "/queue/bulk",
        ticket=[good.id, done.id, foreign.id],
        do="prioritise",
        priority="high",
    )
    assert answer.status_code == 303
    page = cleo.page("/queue?view=unassigned")
    assert "Done with one ticket." in page.text
    assert f"No. {done.id}: This ticket is not open any more." in page.text
    assert f"No. {foreign.id}: It is not there, or not yours to work." in page.text
    assert (good.priority, done.priority, foreign.priority) == ("high", "normal", "normal")
    assert names(good)[-1] == "changed"


def test_every_bulk_change_has_a_fact_for_each_ticket(cleo: Visitor, desk: Any, db: Any) -> None:
    some = [opened(desk, str(number)) for number in range(3)]
    numbers = [one.id for one in some]
    reply = prepared.keep(cleo.actor, None, title="We look", body="Hello {name}")
    for do, more, fact in (
        ("take", {}, "assigned"),
        ("reply", {"reply": reply.id}, "replied"),
        ("wait", {}, "paused"),
        ("go_on", {}, "resumed"),
        ("resolve", {}, "resolved"),
    ):
        cleo.submit("/queue?view=queues&more=yes", "/queue/bulk", ticket=numbers, do=do, **more)
        assert [names(one)[-1] for one in some] == [fact] * 3


# Reports of one trouble


def test_an_incident_is_answered_once_and_every_report_hears_it_once(
    cleo: Visitor, desk: Any, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "AT_ONCE", 2)
    parent = opened(desk, "VPN is down")
    children = [opened(desk, f"VPN {number}", by=BEN) for number in range(5)]
    for child in children:
        reports.tie(cleo.actor, child, parent=parent)
    said = lifecycle.reply(cleo.actor, parent, body="It is the line of the provider.")
    first = reports.answer(cleo.actor, parent, said)
    assert (first.n_answered, first.is_over) == (2, False)
    payload = {"by": cleo.person_id, "ticket": parent.id, "said": said.id, "resolve": False, "left": []}
    for after in (0, first.last, first.last, children[3].id):  # as a runner that died and began again would
        reports.go_on({**payload, "after": after})
    copies = db.session.scalars(select(Message.ticket_id).where(Message.copy_of_id == said.id)).all()
    assert sorted(copies) == [child.id for child in children]
    assert all(names(child).count("replied") == 1 for child in children)
    told = select(Notification).where(Notification.person_id == settle(BEN).id, Notification.kind == "ticket_answered")
    assert len(db.session.scalars(told).all()) == 5


def test_reports_are_resolved_with_their_incident_and_circles_are_refused(cleo: Visitor, desk: Any, db: Any) -> None:
    parent, child, third = opened(desk, "Down"), opened(desk, "Me too", by=BEN), opened(desk, "Third")
    reports.tie(cleo.actor, child, parent=parent)
    with pytest.raises(Invalid):
        reports.tie(cleo.actor, parent, parent=third)
    with pytest.raises(Invalid):
        reports.tie(cleo.actor, third, parent=child)
    page = f"/queue/tickets/{parent.id}"
    assert cleo.submit(page, f"{page}/reports", body="It works again.", then="resolve").status_code == 303
    assert [db.session.get(Ticket, one.id, populate_existing=True).status for one in (parent, child, third)] == [
        "resolved",
        "resolved",
        "new",
    ]
    assert names(child)[-1] == "resolved"


def test_reports_of_what_becomes_a_report_hang_below_the_trouble_itself(cleo: Visitor, desk: Any, db: Any) -> None:
    trouble, report, other, child = (opened(desk, words) for words in ("Down", "Me too", "Also down", "And me"))
    reports.tie(cleo.actor, report, parent=trouble)
    reports.tie(cleo.actor, child, parent=other)
    joining.merge(cleo.actor, other, into=report)
    assert db.session.get(Ticket, child.id, populate_existing=True).parent_id == trouble.id


# Calls


def test_a_call_is_written_down_in_the_callers_name_and_may_be_solved_at_once(
    cleo: Visitor, desk: Any, db: Any
) -> None:
    earlier = opened(desk, "Earlier")
    found = calls.find("ana r")
    assert [one.id for one in found] == [settle(ANA).id]
    assert [one.id for one in calls.last_tickets(cleo.actor, [found[0].id])[found[0].id]] == [earlier.id]
    sent = {"subject": "Locked out", "answer": "Unlocked.", "is_solved": "y", "source": "walk_in"}
    answer = cleo.submit(f"/queue/call?person={found[0].id}", "/queue/call", **sent)
    assert answer.status_code == 303
    ticket = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert (ticket.requester_id, ticket.opened_by_id) == (settle(ANA).id, cleo.person_id)
    assert (ticket.source, ticket.status, ticket.assignee_id) == ("walk_in", "resolved", cleo.person_id)


def test_somebody_not_known_yet_is_kept_by_name_and_address(cleo: Visitor, desk: Any, db: Any) -> None:
    call = Call(subject="Delivery at the gate", name="Noor Haddad", email="Noor@carrier.example", queue=desk)
    ticket = calls.log(cleo.actor, call)
    assert (ticket.requester_id, ticket.sender_email) == (None, "noor@carrier.example")
    assert "Noor Haddad" in queries.conversation(cleo.actor, ticket)[0].body
    with pytest.raises(Invalid):
        calls.log(cleo.actor, Call(subject="Nobody", source=Source.CALL, queue=desk))


# Away


def test_what_is_answered_to_somebody_away_goes_to_the_stand_in_or_back_to_the_queue(
    cleo: Visitor, sam: Visitor, db: Any
) -> None:
    lorna = people_factory.person("Lorna Pike", Role.AGENT)
    queue = tickets.queue("Desk", cleo.person, lorna, is_default=True)
    ticket = opened(queue)
    placing.assign(cleo.actor, ticket, person=cleo.person)
    now = clock.now()
    day = dt.timedelta(days=1)
    away.say(cleo.actor, starts_at=now - day, ends_at=now + day, stand_in=lorna)
    ana = people.actor_of(settle(ANA))
    lifecycle.reply(ana, ticket, body="Any news?")
    assert (ticket.assignee_id, names(ticket)[-1]) == (lorna.id, "assigned")
    db.session.add(OutOfOffice(person_id=lorna.id, starts_at=now - day, ends_at=now + day))
    lifecycle.reply(ana, ticket, body="Hello?")
    assert ticket.assignee_id is None
    page = f"/queue/tickets/{ticket.id}"
    cleo.submit(f"{page}?beside=yes", f"{page}/place", assignee=str(lorna.id))
    assert "Lorna Pike (away until" in cleo.page(page).text
    with pytest.raises(Invalid):
        away.say(cleo.actor, starts_at=now, ends_at=now - day, stand_in=None)


# Who is here, what one keeps


def test_who_else_has_it_open_or_writes_is_seen_and_forgotten_when_they_go(
    cleo: Visitor, ada: Visitor, desk: Any, db: Any
) -> None:
    ticket = opened(desk)
    path = f"/queue/tickets/{ticket.id}/presence"
    assert ada.post(path, {"writing": "1", "lock": str(ticket.version)}).status_code == 200
    told = cleo.post(path, {"lock": str(ticket.version)})
    assert "Ada Demir is writing" in told.text
    assert "new was said" not in told.text
    assert ada.post(path, {"gone": "1"}).status_code == 204
    assert "Ada" not in cleo.post(path, {"lock": "0"}).text
    assert "new was said" in cleo.post(path, {"lock": "0"}).text
    presence.renew(ada.actor, ticket, is_writing=False)
    with clock.frozen(clock.now() + dt.timedelta(minutes=2)):
        assert presence.others(cleo.actor, ticket) == []


def test_a_view_is_kept_under_a_name_counted_and_taken_away(cleo: Visitor, sam: Visitor, desk: Any, db: Any) -> None:
    opened(desk, priority=Priority.HIGH)
    cleo.submit("/queue?view=unassigned&priority=high&more=yes", "/queue/views", name="Hot")
    (view,) = keeping.views(cleo.actor)
    assert keeping.wanted(view) == Wanted.read({"view": "unassigned", "priority": "high"})
    assert "Hot" in cleo.page("/queue").text
    with pytest.raises(Exception):  # noqa: B017 - NotFound says nothing
        keeping.drop_view(sam.actor, view.id)
    keeping.drop_view(cleo.actor, view.id)
    assert keeping.views(cleo.actor) == []


def test_single_letters_can_be_switched_off(cleo: Visitor, desk: Any, db: Any) -> None:
    assert 'data-keys="on"' in cleo.page("/queue").html
    assert cleo.submit("/queue/keys", "/queue/keys", on="no").status_code == 303
    assert 'data-keys="off"' in cleo.page("/queue").html


def test_similar_and_other_tickets_stand_beside_and_only_those_one_works(cleo: Visitor, desk: Any, db: Any) -> None:
    ticket = opened(desk, "VPN drops every hour")
    alike = opened(desk, "VPN drops at home every evening", by=BEN)
    hidden = opened(tickets.queue("Others"), "VPN drops every minute")
    mine = opened(desk, "New chair")
    assert [one.id for one in advising.similar(cleo.actor, ticket)] == [alike.id]
    assert [one.id for one in advising.others_of(cleo.actor, ticket)] == [mine.id]
    assert hidden.id not in {one.id for one in advising.others_of(cleo.actor, mine)}


def test_a_ticket_page_costs_the_same_queries_however_much_was_said(
    cleo: Visitor, desk: Any, db: Any, queries: Any
) -> None:
    ticket = opened(desk)
    page = f"/queue/tickets/{ticket.id}"
    cleo.page(page)
    with queries() as few:
        cleo.page(page)
    ana = people.actor_of(settle(ANA))
    for number in range(20):
        lifecycle.reply(ana, ticket, body=f"Word {number}")
        opened(desk, f"VPN drops {number}")
    with queries() as many:
        cleo.page(page)
    assert len(many) <= len(few) + 1
