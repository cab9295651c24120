"""The form that hands something over: what goes along, what survives a refusal, and what makes a ticket needless."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.errors import TooMany
from portal.files.models import Attachment
from portal.ledger.models import LedgerEntry
from portal.talk.models import Solution
from portal.tickets import opening
from portal.tickets.models import HandOver, Message, RequestTemplate, Ticket, TicketPerson, TrailItem
from tests.factories import home, kb, tickets
from tests.factories.files import picture
from tests.people import ANA, BEN, CLEO, ZOE, Visitor, settle

NEW = "/tickets/new"


def facts(db: Any, name: str) -> list[LedgerEntry]:
    return list(db.session.scalars(select(LedgerEntry).where(LedgerEntry.name == name).order_by(LedgerEntry.id)))


def flush(app: Flask) -> None:
    """Write down what was looked at, as the buffer does every second."""
    from portal.core.database import db

    db.session.commit()
    app.extensions["dity-buffer"].flush()


def only_ticket(db: Any) -> Ticket:
    (ticket,) = db.session.scalars(select(Ticket)).all()
    return ticket  # type: ignore[no-any-return]


@pytest.fixture
def desk(app: Flask) -> Any:
    return tickets.queue("Service desk", settle(CLEO), is_default=True)


def test_two_fields_are_enough(db: Any, desk: Any, ana: Visitor) -> None:
    answer = ana.submit(NEW, NEW, subject="Printer prints half", body="Since today.")
    ticket = only_ticket(db)
    assert (answer.status_code, answer.location) == (303, f"/tickets/{ticket.id}")
    assert (ticket.subject, ticket.requester_id, ticket.queue_id) == ("Printer prints half", settle(ANA).id, desk.id)
    page = ana.page(f"/tickets/{ticket.id}")
    assert "Handed over" in page.text
    assert "Since today." in page.text


def test_opening_the_form_writes_nothing_but_that_it_was_looked_at(
    app: Flask, db: Any, desk: Any, ana: Visitor, queries: Callable[[], Any]
) -> None:
    ana.get("/")
    with queries() as seen:
        ana.page(f"{NEW}?q=vpn+drops")
    assert not [one for one in seen if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    flush(app)
    (fact,) = facts(db, "draft.started")
    assert "hand_over" not in fact.props
    assert db.session.scalars(select(HandOver)).all() == []


def test_words_that_were_searched_for_are_the_title(desk: Any, ana: Visitor) -> None:
    assert ana.page(f"{NEW}?q=vpn+drops").form(NEW)["subject"] == "vpn drops"


def test_what_was_searched_and_read_goes_along_as_far_as_it_is_left_in(
    app: Flask, db: Any, desk: Any, ana: Visitor
) -> None:
    article, other = kb.article("Connect to the VPN"), kb.article("Reset the router")
    for path in ("/search?q=vpn+drops", f"/kb/{article.slug}", f"/kb/{article.slug}", f"/kb/{other.slug}"):
        ana.get(path)
    flush(app)
    page = ana.page(NEW)
    kept = page.form(NEW)
    chips = {one.get("aria-label"): one.get("value") for one in page.all("input", name="keep")}
    assert list(chips) == [
        "Take along: “vpn drops”",
        "Take along: Connect to the VPN",
        "Take along: Reset the router",
    ]
    kept |= {"subject": "It drops", "keep": list(chips.values())[:2], "ticked": f"{article.id}:1"}
    ana.post(NEW, kept)
    items = db.session.scalars(select(TrailItem).order_by(TrailItem.position)).all()
    assert [(one.kind, one.text) for one in items] == [
        ("search", "vpn drops"),
        ("read", "Connect to the VPN"),
        ("step", "1 step ticked: Connect to the VPN"),
    ]
    assert facts(db, "ticket.opened")[0].props["trail"] == [str(article.ref)]


def test_what_went_along_with_one_ticket_is_not_offered_for_the_next_unless_it_was_taken_back(
    app: Flask, db: Any, desk: Any, ana: Visitor
) -> None:
    ana.get("/search?q=vpn+drops")
    flush(app)
    ana.submit(NEW, NEW, subject="It drops")
    ana.get("/search?q=label+cut+off")
    flush(app)
    assert "vpn drops" not in ana.page(NEW).text
    assert "label cut off" in ana.page(NEW).text
    ticket = only_ticket(db)
    ana.submit(f"/tickets/{ticket.id}", f"/tickets/{ticket.id}/withdraw")
    assert "vpn drops" in ana.page(NEW).text


def test_nobody_hands_over_what_somebody_else_searched(
    app: Flask, db: Any, desk: Any, ana: Visitor, ben: Visitor
) -> None:
    ben.get("/search?q=secret+wish")
    hidden = kb.article("Hidden", access_key="a99")
    flush(app)
    (theirs,) = facts(db, "search.performed")
    values = [f"e{theirs.id}", f"a{hidden.id}", "e0", "x1", "e99999999999999999999"]
    ana.post(NEW, {"subject": "Hm", "keep": values, "ticked": [f"{hidden.id}:1", "1:9", "a:b", "7"]})
    assert only_ticket(db).subject == "Hm"
    assert db.session.scalars(select(TrailItem)).all() == []


def test_every_word_and_file_survives_a_refusal(app: Flask, db: Any, desk: Any, ana: Visitor) -> None:
    settle(BEN)
    ana.get("/search?q=half+label")
    flush(app)
    sent = ana.page(NEW).form(NEW)
    (value,) = [one.get("value") for one in ana.page(NEW).all("input", name="keep")]
    sent |= {"subject": "", "body": "Long words.", "people": "nobody at all", "offered": value, "keep": ""}
    sent["files"] = (io.BytesIO(picture()), "label.png")
    answer = ana.post(NEW, sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Long words." in answer.text
    assert "nobody at all" in answer.text
    assert "label.png" in answer.text
    from tests.pages import Page

    page = Page(answer.text)
    assert page.one("input", name="keep").get("checked") is None
    again = page.form(NEW) | {"subject": "Label printer", "people": "Ben Kaya"}
    assert ana.post(NEW, again).status_code == 303
    ticket = only_ticket(db)
    (file,) = db.session.scalars(select(Attachment)).all()
    (message,) = db.session.scalars(select(Message)).all()
    assert file.subject == str(message.ref)
    assert db.session.get(TicketPerson, (ticket.id, settle(BEN).id)) is not None


def test_files_of_a_form_are_its_authors_alone(db: Any, desk: Any, ana: Visitor, ben: Visitor) -> None:
    sent = {**ana.page(NEW).form(NEW), "files": (io.BytesIO(picture()), "mine.png")}
    listed = ana.post(f"{NEW}/files", sent, content_type="multipart/form-data")
    assert "mine.png" in listed.text
    (begun,), (file,) = db.session.scalars(select(HandOver)).all(), db.session.scalars(select(Attachment)).all()
    address = f"/files/{file.id}/mine.png"
    for who, status in ((ana, 200), (ben, 404)):
        with who.get(address) as answer:
            assert answer.status_code == status
    ben.post(NEW, {"subject": "Stolen", "hand_over": begun.id})
    assert file.subject == f"hand_over:{begun.id}"
    assert (
        "mine.png" not in ana.post(f"{NEW}/files", {**sent, "hand_over": begun.id, "drop": file.id, "files": ""}).text
    )


def test_what_is_no_file_of_ours_is_refused_and_the_rest_is_kept(db: Any, desk: Any, ana: Visitor) -> None:
    sent = ana.page(NEW).form(NEW) | {"subject": "Two files"}
    sent["files"] = [(io.BytesIO(b"MZ\x90"), "virus.exe"), (io.BytesIO(picture()), "good.png")]
    answer = ana.post(NEW, sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "virus.exe: We do not take files of this kind" in answer.text
    assert "good.png" in answer.text
    assert db.session.scalars(select(Ticket)).all() == []


def test_the_same_form_sent_twice_is_one_ticket(db: Any, desk: Any, ana: Visitor) -> None:
    sent = ana.page(NEW).form(NEW) | {"subject": "Twice"}
    first, second = ana.post(NEW, sent), ana.post(NEW, sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location == f"/tickets/{only_ticket(db).id}"


def test_a_suggestion_that_solves_it_makes_the_ticket_needless(db: Any, desk: Any, ana: Visitor) -> None:
    article = kb.article("Connect to the VPN")
    sent = ana.page(NEW).form(NEW) | {"subject": "vpn", "solved": str(article.ref)}
    answer = ana.post(f"{NEW}/solved", sent)
    assert (answer.status_code, answer.location) == (303, f"/kb/{article.slug}")
    (said,) = db.session.scalars(select(Solution)).all()
    assert (said.is_solved, said.via) == (True, "form")
    (fact,) = facts(db, "draft.abandoned")
    assert (fact.subject, fact.props["reason"]) == (str(article.ref), "solved")
    assert db.session.scalars(select(Ticket)).all() == []


def test_the_form_works_while_the_search_is_away(
    db: Any, desk: Any, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.search import services

    def broken(*args: Any, **kw: Any) -> None:
        raise RuntimeError("no index")

    monkeypatch.setattr(services, "suggest", broken)
    assert ana.get("/tickets/suggestions?q=printer").status_code == 200
    assert ana.submit(f"{NEW}?q=printer", NEW).status_code == 303
    assert only_ticket(db).subject == "printer"


def test_a_prepared_request_asks_its_own_questions(db: Any, desk: Any, ana: Visitor) -> None:
    fields = [
        {"name": "what", "label": "Which software?", "kind": "line", "is_required": True},
        {"name": "when", "label": "Needed by", "kind": "date"},
        {"name": "os", "label": "On what?", "kind": "choice", "options": ["Windows", "macOS"]},
        {"name": "who", "label": "For whom?", "kind": "person"},
        {"name": "bad one", "label": "", "kind": "nothing"},
    ]
    special, _ben = tickets.queue("Software", settle(CLEO)), settle(BEN)
    db.session.add(RequestTemplate(slug="software", title="Order software", fields=fields, queue_id=special.id))
    address = f"{NEW}?request=software"
    refused = ana.submit(address, NEW, given_who="ben", given_os="macOS")
    assert refused.status_code == 422
    assert "Please say this, too." in refused.text
    assert 'value="ben"' in refused.text
    typed = {"given_what": "A drawing program", "given_when": "2026-04-01", "given_os": "macOS", "given_who": "ben"}
    assert ana.submit(address, NEW, **typed).status_code == 303
    ticket = only_ticket(db)
    assert (ticket.subject, ticket.queue_id, ticket.template.slug) == ("Order software", special.id, "software")
    assert ticket.given == {
        "Which software?": "A drawing program",
        "Needed by": "April 1, 2026",
        "On what?": "macOS",
        "For whom?": f"Ben Kaya ({BEN.email})",
    }
    assert "A drawing program" in ana.page(f"/tickets/{ticket.id}").text


def test_taking_a_prepared_request_keeps_the_words(db: Any, desk: Any, ana: Visitor) -> None:
    db.session.add(RequestTemplate(slug="laptop", title="A new laptop", fields=[]))
    answer = ana.post(NEW, ana.page(NEW).form(NEW) | {"subject": "Mine is slow", "request": "laptop"})
    assert answer.status_code == 200
    assert "Mine is slow" in answer.text
    assert "A new laptop" in answer.text


def test_what_a_form_may_not_say_is_not_heard(db: Any, desk: Any, ana: Visitor) -> None:
    more = {"requester_id": settle(BEN).id, "priority": "urgent", "status": "closed", "queue_id": "9", "source": "mail"}
    ana.post(NEW, {"subject": "Hm", "opened_at": "2020-01-01", **more})
    ticket = only_ticket(db)
    assert (ticket.requester_id, ticket.priority, ticket.status, ticket.source) == (
        settle(ANA).id,
        "normal",
        "new",
        "portal",
    )


def test_words_come_back_to_who_was_signed_out_meanwhile(db: Any, desk: Any, ana: Visitor) -> None:
    sent = ana.page(NEW).form(NEW) | {"subject": "Kept words", "body": "And more of them"}
    ana.client.delete_cookie("dity")
    answer = ana.post(NEW, sent)
    assert answer.status_code in (400, 401)
    assert "Kept words" in answer.text
    assert "And more of them" in answer.text


def test_words_survive_a_file_that_is_too_large(
    app: Flask, db: Any, desk: Any, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 20_000)
    sent = ana.page(NEW).form(NEW) | {"subject": "Kept words", "body": "And more of them"}
    sent["files"] = (io.BytesIO(b"x" * 30_000), "film.png")
    answer = ana.post(NEW, sent, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "Kept words" in answer.text
    assert "And more of them" in answer.text


def test_who_left_gets_nowhere(desk: Any, zoe: Visitor) -> None:
    settle(ZOE)
    assert zoe.get(NEW).status_code == 302


def test_the_choice_says_who_sees_it_and_keeps_the_words(desk: Any, ana: Visitor) -> None:
    page = ana.page("/help-me?q=vpn+drops")
    assert "“vpn drops” goes along" in page.text
    assert "Only you, colleagues you add and the service desk can read it." in page.text
    assert "How long it takes is not known yet." in page.text
    assert page.one("a", href="/tickets/new?q=vpn+drops") is not None


def test_known_trouble_stands_first_and_saying_me_too_makes_the_ticket_needless(
    db: Any, desk: Any, ana: Visitor
) -> None:
    incident = home.incident("VPN is down")
    db.session.commit()
    page = ana.page(f"{NEW}?q=vpn")
    assert "VPN is down" in page.text
    assert "no ticket is needed then" in page.text
    answer = ana.submit(f"{NEW}?q=vpn", f"/incidents/{incident.id}/echo")
    assert answer.location == f"/#notice-{incident.id}"
    (fact,) = facts(db, "draft.abandoned")
    assert (fact.subject, fact.props["reason"]) == (str(incident.ref), "known_incident")


def test_twenty_an_hour_are_enough_and_the_words_of_the_next_are_kept(db: Any, desk: Any, ana: Visitor) -> None:
    for n in range(opening.PER_HOUR):
        assert ana.submit(NEW, NEW, subject=f"Printer {n}").status_code == 303
    refused = ana.post(NEW, ana.page(NEW).form(NEW) | {"subject": "Once more"}, headers={"Origin": "http://localhost"})
    assert (refused.status_code, "Once more" in refused.get_data(as_text=True)) == (429, True)
    assert len(db.session.scalars(select(Ticket)).all()) == opening.PER_HOUR


@pytest.mark.parametrize("subject", ["\u200b", "\u202e \u00ad", "\u3164", "\u2800"])
def test_a_subject_nobody_sees_is_none(db: Any, desk: Any, ana: Visitor, subject: str) -> None:
    """Lists would have a link that cannot be clicked."""
    assert ana.submit(NEW, NEW, subject=subject).status_code == 422
    assert ana.submit(NEW, NEW, subject=f"\x1b[31m{subject}It drops").status_code == 303
    assert "\x1b" not in only_ticket(db).subject


def test_a_form_without_a_file_keeps_no_row_of_it(db: Any, desk: Any, ana: Visitor) -> None:
    assert ana.post(f"{NEW}/files", ana.page(NEW).form(NEW)).status_code == 200
    assert db.session.scalars(select(HandOver)).all() == []


@pytest.mark.parametrize("path", [NEW, "/questions/new"])
def test_a_form_looks_up_no_more_than_suggestions_may(app: Flask, desk: Any, ana: Visitor, path: str) -> None:
    from portal.search.pace import LIMITS

    most = app.config["DITY"].suggestions_per_minute
    met = [ana.get(f"{path}?q=vpn").status_code for _n in range(3)]
    counted = app.extensions[LIMITS]["suggestions"]
    while True:
        try:
            counted.spend(f"person:{ana.person_id}", most)
        except TooMany:
            break
    assert [*met, ana.get(f"{path}?q=vpn").status_code] == [200] * 4
