"""What becomes of a mail: a ticket, a reply, or something for somebody to look at (portal.tickets.mail)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.files import queries as files
from portal.notifications.models import OutboxMail
from portal.people.services import actor_of
from portal.tickets import companions, lifecycle, placing
from portal.tickets.mail import triage
from portal.tickets.models import IncomingMail, Message, MessageKind, Status, Ticket
from tests.factories import kb, tickets
from tests.factories.files import picture
from tests.factories.letters import DESK, arrive, letter
from tests.people import ANA, BEN, CLEO, SAM, Visitor, settle


def desk(*people: Any) -> Any:
    for one in (ANA, BEN):
        settle(one)
    queue = tickets.queue("Service desk", *(people or (settle(CLEO),)), is_default=True, email=DESK)
    db.session.commit()
    return queue


def the_ticket(row: Any) -> Ticket:
    assert row.ticket_id is not None, (row.outcome, row.reason)
    return db.session.get_one(Ticket, row.ticket_id, populate_existing=True)


def said(ticket: Ticket) -> list[Message]:
    query = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
    return list(db.session.execute(query).scalars())


def key_to(person: Any, ticket: Ticket) -> str:
    """The Message-ID of the latest mail of this ticket that somebody got."""
    wanted = (OutboxMail.person_id == settle(person).id) & OutboxMail.message_id.startswith(f"<ticket.{ticket.id}.")
    query = select(OutboxMail.message_id).where(wanted).order_by(OutboxMail.id.desc())
    return db.session.execute(query.limit(1)).scalar_one()


def test_mail_of_a_colleague_opens_a_ticket_in_the_queue_of_its_address(app: Any) -> None:
    desk()
    tickets.queue("Network", email="network@ostreyvale.example")
    row = arrive(letter(ANA.email, "It drops.\n\n-- \nAna Ruiz\nFinance", to="network+vpn@ostreyvale.example"))
    ticket = the_ticket(row)
    assert (row.outcome, ticket.source, ticket.subject, ticket.queue.name) == ("ticket", "mail", "VPN drops", "Network")
    assert ticket.requester_id == settle(ANA).id
    (first,) = said(ticket)
    assert (first.body, first.rest, first.html) == ("It drops.", "--\nAna Ruiz\nFinance", "<p>It drops.</p>")
    receipt = db.session.execute(select(OutboxMail)).scalar_one()
    assert receipt.to == ANA.email
    assert f"[#{ticket.id}]" in receipt.subject
    assert receipt.reply_to == "network@ostreyvale.example"


def test_a_mail_whose_subject_nobody_sees_has_none(app: Any) -> None:
    desk()
    assert the_ticket(arrive(letter(ANA.email, Subject="\u200b\u2800"))).subject == "Mail without a subject"


def test_the_same_mail_twice_is_one_ticket(app: Any) -> None:
    desk()
    mail = letter(ANA.email)
    arrive(mail)
    arrive(b"Received: from another.example\n" + mail.as_bytes())
    assert len(db.session.execute(select(Ticket)).scalars().all()) == 1
    assert len(db.session.execute(select(IncomingMail)).scalars().all()) == 1


@pytest.mark.both
def test_an_answer_to_our_mail_becomes_a_reply_and_opens_what_was_resolved(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    lifecycle.resolve(actor_of(settle(CLEO)), ticket, body="Please restart it.")
    db.session.commit()
    row = arrive(letter(ANA.email, "Still broken.", Subject="Re: whatever", In_Reply_To=key_to(ANA, ticket)))
    assert (row.outcome, row.ticket_id) == ("reply", ticket.id)
    ticket = the_ticket(row)
    assert ticket.status == Status.OPEN
    assert [(m.kind, m.body) for m in said(ticket)][-1] == (MessageKind.REPLY, "Still broken.")


def test_who_does_not_see_the_ticket_says_nothing_on_it(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    row = arrive(letter(BEN.email, "Let me in.", In_Reply_To=key_to(ANA, ticket)))
    assert (row.outcome, row.reason, row.ticket_id) == ("triage", "not_theirs", None)
    assert len(said(ticket)) == 1


def test_a_stranger_waits_for_somebody_to_look(app: Any) -> None:
    desk()
    row = arrive(letter("someone@elsewhere.example"))
    assert (row.outcome, row.reason, row.ticket_id) == ("triage", "unknown", None)
    assert db.session.execute(select(OutboxMail)).first() is None


def resolved(ticket: Ticket, *, days: int = 0) -> None:
    lifecycle.resolve(actor_of(settle(CLEO)), ticket)
    ticket.resolved_at -= dt.timedelta(days=days)
    db.session.commit()


def test_a_number_in_the_subject_writes_nothing_whoever_it_claims_to_come_from(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    placing.assign(actor_of(settle(CLEO)), ticket, person=settle(CLEO))
    lifecycle.pause(actor_of(settle(CLEO)), ticket)
    db.session.commit()
    n = len(mails())
    for sender, why in ((ANA.email, "no_key"), (BEN.email, "not_theirs"), (CLEO.email, "not_theirs")):
        row = arrive(letter(sender, "Sign in at evil.example", Subject=f"Re: [#{ticket.id}] VPN drops"))
        assert (row.outcome, row.reason, row.ticket_id) == ("triage", why, None)
    assert len(said(ticket)) == 1
    assert db.session.get_one(Ticket, ticket.id, populate_existing=True).status == Status.WAITING
    assert len(mails()) == n, "nobody is written to, least of all whom it names"


def test_an_answer_to_what_a_colleague_mailed_waits_for_somebody_to_look(app: Any) -> None:
    desk()
    first = letter(ANA.email)
    ticket = the_ticket(arrive(first))
    row = arrive(letter(ANA.email, "Never mind, delete it all.", In_Reply_To=first["Message-ID"]))
    assert (row.outcome, row.reason) == ("triage", "no_key")
    assert len(said(ticket)) == 1
    answer = letter(ANA.email, "It is the adapter.", References=f"{key_to(ANA, ticket)} {first['Message-ID']}")
    assert arrive(answer).outcome == "reply", "the key counts wherever it stands among what is referred to"


def test_a_mail_with_a_number_is_placed_on_the_ticket_it_names_with_one_button(app: Any, cleo: Visitor) -> None:
    desk(cleo.person)
    ticket = the_ticket(arrive(letter(ANA.email)))
    row = arrive(letter(ANA.email, "Still broken.", Subject=f"[#{ticket.id}]"))
    page = f"/queue/triage/{row.id}"
    words = cleo.page(page).text
    assert "It names a ticket, but answers no mail of the portal about it." in words
    assert cleo.page(page).form(f"{page}/tie")["number"] == str(ticket.id)
    assert cleo.submit(page, f"{page}/tie").status_code == 303
    assert [(one.author_id, one.body) for one in said(ticket)][-1] == (settle(ANA).id, "Still broken.")


def test_what_an_agent_does_not_work_is_not_named_to_them(app: Any, cleo: Visitor) -> None:
    desk(cleo.person)
    foreign = tickets.ticket(settle(ANA), "My pay slip", queue=tickets.queue("HR"))
    db.session.commit()
    row = arrive(letter(ANA.email, "Please hurry.", Subject=f"[#{foreign.id}]"))
    page = cleo.page(f"/queue/triage/{row.id}")
    assert "My pay slip" not in page.text
    assert page.form(f"/queue/triage/{row.id}/tie")["number"] == ""


def test_a_number_that_is_closed_for_good_opens_a_ticket_of_its_own(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    resolved(ticket, days=15)
    row = arrive(letter(ANA.email, "It is back.", Subject=f"[#{ticket.id}]"))
    assert (row.outcome, the_ticket(row).id == ticket.id) == ("ticket", False)


def test_who_poses_as_the_desk_needs_a_mail_that_the_desk_got(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    placing.assign(actor_of(settle(CLEO)), ticket, person=settle(CLEO))
    lifecycle.reply(actor_of(settle(ANA)), ticket, body="Hello?")
    db.session.commit()
    forged = arrive(letter(CLEO.email, "Sign in at evil.example", In_Reply_To=key_to(ANA, ticket)))
    assert (forged.outcome, forged.reason) == ("triage", "not_theirs")
    made_up = f"<ticket.{ticket.id}.{'0' * 44}@127.0.0.1>"
    assert arrive(letter(CLEO.email, "Sign in.", In_Reply_To=made_up)).outcome == "ticket", "a matter of its own"
    answered = arrive(letter(CLEO.email, "Restart it.", In_Reply_To=key_to(CLEO, ticket)))
    assert (answered.outcome, said(ticket)[-1].is_by_desk) == ("reply", True)


def test_an_answer_to_what_is_closed_for_good_opens_a_ticket_that_says_so(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    key = key_to(ANA, ticket)
    resolved(ticket, days=15)
    row = arrive(letter(ANA.email, "It is back.", Subject="Re: VPN drops", In_Reply_To=key))
    other = the_ticket(row)
    assert (row.outcome, other.id == ticket.id) == ("ticket", False)
    assert [m.body for m in said(other)][-1] == f"This mail answers ticket {ticket.id}, which is closed."


def test_machines_are_kept_apart_and_never_answered(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    resolved(ticket)
    n = len(mails())
    away = letter(ANA.email, "I am away.", Auto_Submitted="auto-replied", In_Reply_To=key_to(ANA, ticket))
    row = arrive(away)
    assert (row.outcome, row.ticket_id) == ("automatic", ticket.id)
    assert the_ticket(row).status == Status.RESOLVED
    assert arrive(letter(DESK)).reason == "own"
    assert len(mails()) == n


def mails() -> list[OutboxMail]:
    return list(db.session.execute(select(OutboxMail).order_by(OutboxMail.id)).scalars())


def test_a_loop_is_cut_after_three_answers_and_a_flood_after_twenty_mails(app: Any) -> None:
    desk()
    outcomes = [arrive(letter(ANA.email, f"We got your mail {n}.", Subject="Thank you")).outcome for n in range(6)]
    assert outcomes == ["ticket"] * 3 + ["automatic"] * 3
    assert sum(mail.to == ANA.email for mail in mails()) == 3
    others = [arrive(letter(ANA.email, f"{n}", Subject=f"Matter {n}")).outcome for n in range(16)]
    assert others == ["ticket"] * 14 + ["automatic"] * 2
    assert sum(mail.to == ANA.email for mail in mails()) == 3, "receipts are three an hour, whatever is written"


def test_what_came_back_stands_on_the_ticket_and_on_the_person(app: Any) -> None:
    desk()
    ticket = the_ticket(arrive(letter(ANA.email)))
    lifecycle.reply(actor_of(settle(CLEO)), ticket, body="Restart it.")
    db.session.commit()
    mail = mails()[-1]
    bounce = letter("MAILER-DAEMON@mx.example", f"550 5.1.1 No such user\n\nMessage-ID: {mail.message_id}\n")
    bounce.replace_header("Subject", "Undelivered Mail Returned to Sender")
    row = arrive(bounce)
    assert (row.outcome, row.ticket_id) == ("bounce", ticket.id)
    message = said(ticket)[-1]
    db.session.refresh(message)
    assert message.bounced_at is not None
    assert message.bounce == "5.1.1 550 5.1.1 No such user"
    assert "550 5.1.1" in (settle(ANA).mail_trouble or "")
    again = arrive(letter("MAILER-DAEMON@mx.example", "550 x", Subject="Undelivered Mail Returned to Sender"))
    assert (again.outcome, again.ticket_id) == ("bounce", None)


def test_somebody_without_an_account_is_answered_by_mail_and_answers_with_the_key(app: Any) -> None:
    queue = desk()
    row = arrive(letter("lorry@elsewhere.example", "We cannot find your gate.", Subject="Your gate"))
    cleo = actor_of(settle(CLEO))
    ticket = triage.make_ticket(cleo, row, person=None, queue=queue)
    lifecycle.reply(cleo, ticket, body="Second left after the bridge.")
    db.session.commit()
    letter_out = mails()[-1]
    assert (letter_out.to, letter_out.person_id) == ("lorry@elsewhere.example", None)
    assert "Second left" in letter_out.text
    assert f"/tickets/{ticket.id}" not in letter_out.text
    back = arrive(letter("lorry@elsewhere.example", "Found it.", In_Reply_To=letter_out.message_id))
    assert (back.outcome, said(ticket)[-1].body, said(ticket)[-1].author_id) == ("reply", "Found it.", None)
    assert arrive(letter("other@elsewhere.example", "Me too.", In_Reply_To=letter_out.message_id)).outcome == "triage"
    assert arrive(letter("lorry@elsewhere.example", "Hm.", Subject=f"[#{ticket.id}]")).outcome == "triage"


def test_what_an_added_colleague_writes_goes_to_the_desk_and_to_nobody_outside(app: Any) -> None:
    queue = desk()
    cleo, ana = actor_of(settle(CLEO)), actor_of(settle(ANA))
    row = arrive(letter("lorry@elsewhere.example", "We cannot find your gate.", Subject="Your gate"))
    ticket = triage.make_ticket(cleo, row, person=None, queue=queue)
    companions.add(cleo, ticket, [settle(ANA)])
    lifecycle.reply(ana, ticket, body="They are always late. Let them wait.")
    db.session.commit()
    assert [one.to for one in mails() if "always late" in one.text] == [CLEO.email]


def test_a_mail_is_placed_once_and_only_on_tickets_one_works(app: Any) -> None:
    desk()
    cleo, sam = actor_of(settle(CLEO)), actor_of(settle(SAM))
    row = arrive(letter("lorry@elsewhere.example"))
    ticket = tickets.ticket(settle(ANA), queue=tickets.queue("Others"))
    with pytest.raises(Invalid):
        triage.tie(cleo, row, ticket.id)
    with pytest.raises(Forbidden):
        triage.refuse(sam, row)
    own = the_ticket(arrive(letter(ANA.email)))
    assert triage.tie(cleo, row, own.id) is own
    with pytest.raises(Conflict):
        triage.refuse(cleo, row)
    assert [m.sender_email for m in said(own)][-1] == "lorry@elsewhere.example"


def test_files_are_checked_and_what_is_not_taken_is_told_to_the_desk_alone(app: Any) -> None:
    desk()
    mail = letter(ANA.email)
    mail.add_attachment(picture(), maintype="image", subtype="png", filename="../../etc/screen.png")
    mail.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="fix.exe")
    ticket = the_ticket(arrive(mail))
    first, note = said(ticket)
    (kept,) = files.on([first.ref])[first.ref]
    assert (kept.download_name, kept.uploaded_by_id) == ("screen.png", settle(ANA).id)
    assert (note.kind, "fix.exe" in note.body) == (MessageKind.NOTE, True)


def test_a_receipt_offers_pages_and_a_button_and_no_link_acts(app: Any, ana: Visitor) -> None:
    desk()
    article = kb.article("VPN drops", slug="vpn-drops")
    request = lifecycle.Request(subject="VPN drops", likely=[article.ref])
    ticket = lifecycle.open_ticket(ana.actor, request)
    db.session.commit()
    address = f"/tickets/{ticket.id}/offers/article/{article.id}"
    assert f"VPN drops: http://127.0.0.1:8000{address}" in mails()[-1].text
    page = ana.page(address)
    assert "This solved it, withdraw my ticket" in page.text
    assert db.session.get_one(Ticket, ticket.id, populate_existing=True).status == Status.NEW, "looking changes nothing"
    assert ana.submit(address, address).status_code == 303
    assert db.session.get_one(Ticket, ticket.id, populate_existing=True).status == Status.WITHDRAWN


def test_the_desk_places_mail_on_its_page(app: Any, cleo: Visitor) -> None:
    desk(cleo.person)
    settle(BEN)
    row = arrive(letter("lorry@elsewhere.example", "<script>alert(1)</script>", Subject="Your gate"))
    assert "Your gate" in cleo.page("/queue/triage").text
    assert "One mail waits to be placed" in cleo.page("/queue").text
    page = cleo.page(f"/queue/triage/{row.id}")
    assert "<script>alert(1)" not in page.html
    sent = cleo.submit(f"/queue/triage/{row.id}", f"/queue/triage/{row.id}/ticket", person=BEN.email)
    assert sent.status_code == 303
    made = db.session.execute(select(Ticket)).scalar_one()
    assert (made.requester_id, made.source) == (settle(BEN).id, "mail")
