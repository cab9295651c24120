"""Picking a person, and the mail of the demo; in any other portal there is neither."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.accounts.models import SignInSession
from portal.core import clock, options
from portal.core.actor import system
from portal.core.database import db
from portal.demo.cards import CARDS
from portal.ledger.models import LedgerEntry
from portal.notifications import services as notifications
from portal.notifications.models import OutboxMail
from portal.people import services as people_services
from tests.people import ANA, BEN, ZOE, Visitor, settle


@pytest.fixture
def demo(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """A portal that is the demo, with Ana and Zoe, who has left."""
    app = make_app(demo=True)
    with app.app_context():
        options.change(system("tests"), is_set_up=True)
        settle(ANA)
        people_services.deactivate(system("tests"), settle(ZOE))
        db.session.commit()
        yield app


@pytest.fixture
def guest(demo: Flask) -> Visitor:
    """Somebody before they are anybody."""
    return Visitor(demo)


def be(guest: Visitor, who: str, **kw: Any) -> Any:
    return guest.post("/demo/be", {"person": who}, **kw)


def test_the_sign_in_page_has_a_card_for_each_of_the_nine(guest: Visitor) -> None:
    page = guest.get("/sign-in").text
    for card in CARDS:
        assert f'value="{card.slug}"' in page
    assert len(CARDS) == 9


def test_picking_ana_signs_in_as_ana(guest: Visitor) -> None:
    answer = be(guest, "ana")
    assert (answer.status_code, answer.location) == (303, "/")
    fact = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.SESSION_STARTED.value)).scalar_one()
    assert fact.props["method"] == "demo"
    assert guest.get("/").status_code == 200


def test_the_start_page_leads_a_guest_to_the_cards_even_where_reading_is_open(guest: Visitor) -> None:
    options.change(system("tests"), public_reading=True)
    answer = guest.get("/")
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert guest.page("/").links["Read without signing in"] == "/kb/"
    assert guest.get("/kb/").status_code == 200


def test_being_somebody_else_takes_one_press_and_ends_the_session_before(guest: Visitor) -> None:
    settle(BEN)
    be(guest, "ana")
    page = guest.page("/sign-in")
    assert page.links["Stay Ana Ruiz"] == "/"
    assert 'type="password"' not in guest.get("/sign-in").text
    assert be(guest, "ben").status_code == 303
    first, second = db.session.execute(select(SignInSession).order_by(SignInSession.id)).scalars()
    assert first.ended_at is not None
    assert second.ended_at is None
    assert "Ben Kaya" in guest.get("/").text


def test_a_try_to_be_zoe_leaves_the_session_before_alone(guest: Visitor) -> None:
    be(guest, "ana")
    assert be(guest, "zoe").status_code == 403
    assert "Ana Ruiz" in guest.get("/").text


def test_picking_leads_back_to_the_page_somebody_came_for(guest: Visitor) -> None:
    answer = guest.post("/demo/be?next=/kb/vpn-drops", {"person": "ana"})
    assert answer.location == "/kb/vpn-drops"


def test_picking_never_leads_to_another_site(guest: Visitor) -> None:
    answer = guest.post("/demo/be?next=//evil.example/x", {"person": "ana"})
    assert answer.location == "/"


def test_zoe_stays_outside(guest: Visitor) -> None:
    answer = be(guest, "zoe")
    assert answer.status_code == 403
    assert "cannot get in" in answer.text
    assert guest.get("/").status_code == 302


@pytest.mark.parametrize("who", ["", "gareth", "ana@ostreyvale.example", "ANA"])
def test_nobody_but_the_nine_can_be_picked(guest: Visitor, who: str) -> None:
    assert be(guest, who).status_code == 404


def test_picking_needs_the_token_of_the_page(guest: Visitor) -> None:
    assert be(guest, "ana", with_token=False).status_code == 400
    assert guest.get("/").status_code == 302


def test_looking_at_an_address_never_signs_in(guest: Visitor) -> None:
    assert guest.get("/demo/be?person=ana").status_code in (404, 405)


def test_mail_can_be_read_with_its_link(guest: Visitor, demo: Flask) -> None:
    ada = people_services.add_person(system("tests"), email="ada@ostreyvale.example", name="Ada Demir")
    notifications.tell([ada], "mail_test", actor=system("tests"))
    db.session.commit()
    listed = guest.get("/demo/mail")
    assert "ada@ostreyvale.example" in listed.text
    number = listed.text.partition("/demo/mail/")[2].partition('"')[0]
    assert "Ada" in guest.get(f"/demo/mail/{number}").text


def test_mail_to_somebody_who_was_erased_can_still_be_read(guest: Visitor) -> None:
    now = clock.now()
    mail = OutboxMail(
        message_id="<1@x>", to="gone@ostreyvale.example", kind="mail_test", subject="Hello", text="", html="",
        created_at=now, next_at=now, state="waiting", attempts=0,
    )  # fmt: skip
    db.session.add(mail)
    db.session.commit()
    assert guest.get("/demo/mail").status_code == 200
    assert guest.get(f"/demo/mail/{mail.id}").status_code == 200


def test_without_mail_the_page_says_how_to_get_some(guest: Visitor) -> None:
    assert "No mail yet" in guest.get("/demo/mail").text


def test_a_mail_that_is_not_there_is_not_found(guest: Visitor) -> None:
    assert guest.get("/demo/mail/4711").status_code == 404


class TestElsewhere:
    """The same addresses in somebody's own portal."""

    @pytest.fixture
    def own(self, app: Flask) -> Visitor:
        options.change(system("tests"), is_set_up=True)
        settle(ANA)
        db.session.commit()
        return Visitor(app)

    def test_nobody_can_be_picked(self, own: Visitor) -> None:
        assert be(own, "ana").status_code == 404
        assert own.get("/").status_code == 302

    def test_no_mail_can_be_read(self, own: Visitor) -> None:
        assert own.get("/demo/mail").status_code == 404
        assert own.get("/demo/mail/1").status_code == 404

    def test_the_sign_in_page_shows_no_cards(self, own: Visitor) -> None:
        page = own.get("/sign-in").text
        assert "/demo/be" not in page
        assert 'type="password"' in page

    def test_somebody_signed_in_goes_home_and_a_stranger_may_see_the_start_page(self, own: Visitor) -> None:
        options.change(system("tests"), public_reading=True)
        assert own.get("/").status_code == 200
        own.person_id = settle(ANA).id
        own.sign_in()
        assert own.get("/sign-in").location == "/"


def test_mails_of_surveys_are_read_where_they_lie(make_app: Any) -> None:
    demo = make_app(demo=True)
    folder = demo.config["DITY"].home / "mail"
    folder.mkdir(exist_ok=True)
    mail = "To: ana@ostreyvale.example\nSubject: Your view\n\nAnswer now: https://portal.example/survey#7K3F\n"
    (folder / "survey.1.2.invitation.0123456789abcdef.eml").write_text(mail)
    with demo.app_context():
        visitor = Visitor(demo)
        page = visitor.page("/demo/mail")
        assert "ana@ostreyvale.example" in page.text
        page = visitor.page("/demo/mail/surveys/survey.1.2.invitation.0123456789abcdef")
        assert "https://portal.example/survey#7K3F" in page.text
        assert visitor.get("/demo/mail/surveys/..%2Fsecret").status_code == 404


def test_mail_to_one_person_is_found_among_that_to_everybody(make_app: Any) -> None:
    demo = make_app(demo=True)
    folder = demo.config["DITY"].home / "mail"
    folder.mkdir(exist_ok=True)
    for nth in range(60):
        mail = f"To: person{nth}@ostreyvale.example\nSubject: Your view\n\nhttps://portal.example/survey#7K3F\n"
        (folder / f"survey.1.{nth + 2}.invitation.0123456789abcdef.eml").write_text(mail)
    early = folder / "survey.1.1.invitation.0123456789abcdef.eml"
    early.write_text("To: ana@ostreyvale.example\nSubject: Your view\n\nhttps://portal.example/survey#7K3F\n")
    os.utime(early, (0, 0))
    with demo.app_context():
        visitor = Visitor(demo)
        assert "ana@" not in visitor.page("/demo/mail").text
        hers = visitor.page("/demo/mail?to=ana").text
        assert "ana@ostreyvale.example" in hers
        assert "person1@" not in hers
