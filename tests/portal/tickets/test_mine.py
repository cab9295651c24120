"""My tickets in one place, and one of them: who sees what, what happens next, and what its people do."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.core.scopes import Scope
from portal.ledger.models import LedgerEntry
from portal.notifications import links
from portal.notifications import queries as news
from portal.notifications import services as notifications
from portal.notifications.models import Notification
from portal.talk.models import Solution
from portal.tickets import holding, lifecycle
from portal.tickets.models import Status, Ticket, TrailKind
from tests.factories import accounts, kb, tickets
from tests.factories.files import picture
from tests.pages import Page
from tests.people import ANA, BEN, CLEO, SAM, Visitor, settle
from tests.programs import program


@pytest.fixture
def ticket(app: Flask, db: Any) -> Ticket:
    """Ana's, in the queue of Cleo."""
    return tickets.ticket(settle(ANA), queue=tickets.queue("Desk", settle(CLEO), first=60, is_default=True))


def address(ticket: Ticket, verb: str = "") -> str:
    return f"/tickets/{ticket.id}{'/' if verb else ''}{verb}"


def resolve(ticket: Ticket, who: Visitor) -> None:
    lifecycle.resolve(who.actor, ticket, body="Try it now.")


def test_mine_lists_what_is_open_what_is_done_and_what_i_was_added_to(db: Any, ana: Visitor, ben: Visitor) -> None:
    tickets.ticket(ben.person, "The one of Ben", people=[ana.person])
    tickets.ticket(ben.person, "Another one of Ben")
    waiting, done = tickets.ticket(ana.person, "Waits for Ana"), tickets.ticket(ana.person, "Is over")
    lifecycle.withdraw(ana.actor, done)
    page = ana.page("/tickets/")
    assert {"The one of Ben", "Waits for Ana", "Is over"} <= set(page.links)
    assert "Another one" not in page.text
    assert "Handed over by Ben Kaya" in page.text
    assert page.links["Waits for Ana"] == address(waiting)
    assert "Waits for Ana" in ana.page("/mine").text


def test_no_tickets_yet_teaches_the_next_step(ana: Visitor) -> None:
    page = ana.page("/tickets/")
    assert "Nothing handed over" in page.text
    assert page.links["Get help"] == "/help-me"


def test_a_list_of_thirty_asks_no_more_than_one_of_two(
    db: Any, ana: Visitor, cleo: Visitor, queries: Callable[[], Any]
) -> None:
    def n_asked() -> int:
        ana.page("/tickets/")
        with queries() as seen:
            ana.page("/tickets/")
        return len(seen)

    def add(n: int) -> None:
        for i in range(n):
            one = tickets.ticket(ana.person, f"Number {i}")
            if i % 2:
                lifecycle.withdraw(ana.actor, one)
        db.session.commit()

    add(2)
    few = n_asked()
    add(30)
    assert n_asked() == few


def test_older_ones_are_on_the_next_page(db: Any, ana: Visitor) -> None:
    for i in range(32):
        lifecycle.withdraw(ana.actor, tickets.ticket(ana.person, f"Number {i:02}"))
    page = ana.page("/tickets/")
    assert "Number 31" in page.text
    assert "Number 01" not in page.text
    assert "Number 01" in ana.page(page.links["Show older"]).text


def test_the_page_says_where_it_stands_what_comes_next_and_by_when(
    db: Any, ticket: Ticket, ana: Visitor, cleo: Visitor, stopped_clock: Any
) -> None:
    ticket.opened_at = stopped_clock.now
    ticket.first_response_due_at = stopped_clock.now.replace(hour=15)
    text = ana.page(address(ticket)).text
    assert "You will hear from the service desk by today 15:00." in text
    stopped_clock.move(days=1)
    assert "It is late; the service desk sees that." in ana.page(address(ticket)).text
    lifecycle.reply(cleo.actor, ticket, body="Which one?", wait=True)
    text = ana.page(address(ticket)).text
    assert "Waits for you" in text
    assert "The service desk needs an answer from you to go on." in text
    resolve(ticket, cleo)
    assert "If it is not solved, say so until 24 Mar" in ana.page(address(ticket)).text


def test_notes_of_the_desk_are_on_no_page_of_the_requester(
    ticket: Ticket, ana: Visitor, ben: Visitor, cleo: Visitor
) -> None:
    noted = lifecycle.note(cleo.actor, ticket, body="xylophone")
    assert "xylophone" not in ana.page(address(ticket)).html
    with links.addressable():
        assert noted.ref not in load_things(ana.actor, [noted.ref])
        assert noted.ref in load_things(cleo.actor, [noted.ref])


def test_strangers_meet_nothing_by_any_door(
    db: Any, ticket: Ticket, ana: Visitor, ben: Visitor, sam: Visitor, dara: Visitor
) -> None:
    """Another requester, an editor, and an agent of another queue, by page, form, file, news, thing and count."""
    tickets.queue("Another", settle(SAM))
    answer = ana.submit(
        address(ticket),
        address(ticket, "reply"),
        body="Here",
        files=(io.BytesIO(picture()), "secret-plan.png"),
    )
    assert answer.status_code == 303
    (file,) = [link for link in ana.page(address(ticket)).links.values() if link.startswith("/files/")]
    verbs = ("reply", "reopen", "withdraw", "rate", "people", f"people/{settle(BEN).id}/remove")
    for who in (ben, dara, sam):
        assert who.get(address(ticket)).status_code == 404
        assert who.get(file).status_code == 404
        for verb in verbs:
            assert who.post(address(ticket, verb), {"body": "x", "rating": "5"}).status_code == 404, verb
        refs = [ticket.ref, Ref("ticket_message", 1), Ref("ticket_message", 2)]
        assert load_things(who.actor, refs) == {}
        told = notifications.tell(
            [who.person], "ticket_answered", subject=ticket.ref, data={"number": "1"}, actor=ana.actor
        )
        assert told == 0
        for path in ("/tickets/", "/mine", "/", "/notifications/", "/search?q=VPN+drops+every+ten"):
            assert "every ten minutes" not in who.page(path).text, path
    assert db.session.scalars(select(Notification).where(Notification.person_id == ben.person_id)).all() == []


def test_replying_with_a_file_shows_both_and_tells_the_desk(
    db: Any, ticket: Ticket, ana: Visitor, cleo: Visitor
) -> None:
    sent = {"body": "A picture of it", "files": (io.BytesIO(picture()), "screen.png")}
    assert ana.submit(address(ticket), address(ticket, "reply"), **sent).status_code == 303
    page = cleo.page(address(ticket))
    assert "A picture of it" in page.text
    assert "screen.png" in page.links
    assert "Ana Ruiz wrote on “VPN drops every ten minutes”" in [one.text for one in news.news(cleo.actor)]


def test_words_survive_a_file_nobody_takes(db: Any, ticket: Ticket, ana: Visitor) -> None:
    sent = {"body": "My long words", "files": (io.BytesIO(b"MZ"), "tool.exe")}
    answer = ana.submit(address(ticket), address(ticket, "reply"), **sent)
    assert answer.status_code == 422
    assert "My long words" in answer.text
    assert "tool.exe" in answer.text


def test_an_answer_sent_twice_is_one(db: Any, ticket: Ticket, ana: Visitor) -> None:
    sent = ana.page(address(ticket)).form(address(ticket, "reply")) | {"body": "Only once"}
    first, second = (ana.post(address(ticket, "reply"), sent) for _n in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert ana.page(address(ticket)).text.count("Only once") == 1


def test_words_for_a_ticket_that_was_closed_meanwhile_come_back(
    db: Any, ticket: Ticket, ana: Visitor, cleo: Visitor
) -> None:
    sent = ana.page(address(ticket)).form(address(ticket, "reply")) | {"body": "Too late words"}
    resolve(ticket, cleo)
    lifecycle.close(cleo.actor, ticket)
    answer = ana.post(address(ticket, "reply"), sent)
    assert answer.status_code == 409
    assert "Too late words" in answer.text
    assert "This ticket is closed." in answer.text
    again = ana.post("/tickets/new", Page(answer.text).form("/tickets/new"))
    assert "Too late words" in again.text


def test_what_solved_it_after_all_counts_for_its_page(db: Any, ana: Visitor) -> None:
    article = kb.article("Connect to the VPN")
    tried = lifecycle.Tried(kind=TrailKind.READ, text=article.title, subject=article.ref)
    ticket = tickets.ticket(ana.person, trail=[tried])
    page = ana.page(address(ticket))
    assert page.form(address(ticket, "withdraw")).get("solved_by") is None
    assert ana.submit(address(ticket), address(ticket, "withdraw"), solved_by=str(article.ref)).status_code == 303
    assert ticket.status == Status.WITHDRAWN
    (said,) = db.session.scalars(select(Solution)).all()
    assert (said.subject, said.is_solved) == (str(article.ref), True)
    assert "You needed no help any more" in ana.page(address(ticket)).text


def test_a_mail_leads_to_the_rating_and_only_the_button_says_anything(
    db: Any, ticket: Ticket, ana: Visitor, ben: Visitor, cleo: Visitor
) -> None:
    resolve(ticket, cleo)
    mail = accounts.mails()[-1]
    assert f"/tickets/{ticket.id}#rate" in mail.text
    ana.page(address(ticket))
    assert ticket.rating is None
    refused = ana.submit(address(ticket), address(ticket, "rate"), comment="Words without a number")
    assert refused.status_code == 422
    assert "Words without a number" in refused.text
    assert ana.submit(address(ticket), address(ticket, "rate"), rating="4", comment="Quick").status_code == 303
    assert (ticket.rating, ticket.rating_comment) == (4, "Quick")
    assert ana.post(address(ticket, "rate"), {"rating": "9"}).status_code == 422
    ana.post(address(ticket, "rate"), {"rating": "4", "comment": "Quick"})
    rated = select(LedgerEntry.props).where(LedgerEntry.name == "ticket.rated")
    assert db.session.scalars(rated).all() == [{"rating": 4, "has_comment": True}]
    assert "You said it went: Well" in ana.page(address(ticket)).text


def test_colleagues_are_added_and_go(db: Any, ticket: Ticket, ana: Visitor, ben: Visitor) -> None:
    unknown = ana.submit(address(ticket), address(ticket, "people"), people="Nobody Inparticular")
    assert unknown.status_code == 422
    assert "Nobody Inparticular" in unknown.text
    assert ana.submit(address(ticket), address(ticket, "people"), people=BEN.email).status_code == 303
    assert ben.page(address(ticket)).heading == ticket.subject
    assert [one.text for one in news.news(ben.actor)] == [
        "Ana Ruiz added you to the ticket “VPN drops every ten minutes”"
    ]
    assert ben.post(address(ticket, "people"), {"people": "sam"}).status_code == 403
    assert ben.post(address(ticket, f"people/{ben.person_id}/remove")).location == "/tickets/"
    assert ben.get(address(ticket)).status_code == 404


def test_a_ticket_that_went_into_another_leads_there_for_who_may_see_it(
    db: Any, ticket: Ticket, ana: Visitor, ben: Visitor
) -> None:
    other = tickets.ticket(ben.person, "The other one")
    ticket.status, ticket.merged_into = Status.MERGED, other
    db.session.commit()
    assert ana.get(address(ticket)).status_code == 404
    db.session.refresh(other)
    lifecycle_people(other, ana)
    assert ana.get(address(ticket)).location == address(other)


def lifecycle_people(ticket: Ticket, who: Visitor) -> None:
    from portal.core.database import db
    from portal.tickets.models import TicketPerson

    db.session.add(TicketPerson(ticket_id=ticket.id, person_id=who.person_id))
    db.session.commit()


def test_mails_about_one_ticket_are_one_thread(db: Any, ticket: Ticket, ana: Visitor, cleo: Visitor) -> None:
    ticket.queue.email = "desk@ostreyvale.example"
    lifecycle.reply(cleo.actor, ticket, body="Which one?")
    resolve(ticket, cleo)
    mails = [one for one in accounts.mails() if one.to == ANA.email]
    assert [one.subject for one in mails] == [
        f"[#{ticket.id}] {ticket.subject}",
        f"Re: [#{ticket.id}] {ticket.subject}",
        f"Re: [#{ticket.id}] {ticket.subject}",
    ]
    assert {one.refers_to for one in mails} == {f"<ticket.{ticket.id}@127.0.0.1>"}
    assert len({one.message_id for one in mails}) == 3
    assert [one.reply_to for one in mails] == ["", "desk@ostreyvale.example", "desk@ostreyvale.example"]
    from portal.core import options
    from portal.notifications.mailer import message

    built = message(mails[1], options.get(), text=mails[1].text, html=mails[1].html)
    assert (built["In-Reply-To"], built["References"]) == (f"<ticket.{ticket.id}@127.0.0.1>",) * 2
    assert built["Reply-To"] == "desk@ostreyvale.example"


def test_sixty_answers_an_hour_are_enough_and_the_desk_may_give_more(
    db: Any, app: Flask, ticket: Ticket, ana: Visitor, cleo: Visitor
) -> None:
    number = ticket.id
    for _n in range(holding.REPLIES_PER_HOUR):
        holding.spend(ana.actor, is_by_desk=False)
    db.session.commit()
    assert ana.submit(f"/tickets/{number}", f"/tickets/{number}/reply", body="Hello?").status_code == 429
    sent = program(ana, Scope.TICKETS).post(f"/tickets/{number}/replies", {"body": "Hello?"})
    assert (
        sent.status_code,
        program(cleo, Scope.TICKETS).post(f"/tickets/{number}/replies", {"body": "Yes"}).status_code,
    ) == (429, 201)
