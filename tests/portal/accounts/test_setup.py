"""QUALITY S26: no default account, no default password, one administrator by one link, then never again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import services, setup
from portal.accounts.cli import people
from portal.accounts.models import Credential
from portal.core import options
from portal.core.database import db
from portal.core.options import OptionRow
from portal.core.permissions import Role
from portal.ledger.models import LedgerEntry
from portal.people.models import Person
from tests.factories import accounts
from tests.people import Visitor

ANSWERS = {
    "name": "Ada Demir",
    "email": "ada@ostreyvale.example",
    "password": "lathes hum in the old mill",
    "portal_name": "Ostrey & Vale",
    "locale": "en",
    "timezone": "Europe/London",
    "reading": "public",
    "desk_mail": "desk@ostreyvale.example",
    "desk_phone": "4400",
    "mail_mode": "folder",
    "mail_from": "portal@ostreyvale.example",
    "smtp_port": "587",
    "wants_test_mail": "y",
}


@pytest.fixture
def new(app: Flask) -> Flask:
    """A portal that nobody has set up."""
    db.session.delete(db.session.get_one(OptionRow, "is_set_up"))
    db.session.commit()
    return app


def path() -> str:
    address = setup.address()
    assert address is not None
    db.session.commit()
    return "/setup/" + address.rpartition("/")[2]


def test_the_first_administrator_names_the_portal_and_is_in(new: Flask, stranger: Visitor) -> None:
    where = path()
    sent = {**stranger.page(where).form(where), **ANSWERS}
    assert stranger.open(where, method="POST", data=sent).status_code == 303
    opts = options.get()
    assert (opts.is_set_up, opts.portal_name, opts.public_reading) == (True, "Ostrey & Vale", True)
    assert (opts.default_timezone, opts.desk_phone, opts.mail_mode) == ("Europe/London", "4400", "folder")
    assert stranger.get("/account").status_code == 200
    ada = db.session.scalars(select(Person)).one()
    assert Role.ADMIN in ada.role_set
    assert [mail.kind for mail in accounts.mails()] == ["mail_test"]


def test_it_closes_for_good(new: Flask, stranger: Visitor) -> None:
    where = path()
    stranger.post(where, ANSWERS)
    late = Visitor(new)
    assert late.get(where).headers["Location"] == "/sign-in"
    again = late.post(where, {**ANSWERS, "email": "eve@evil.example"})
    assert again.headers["Location"] == "/sign-in"
    assert setup.address() is None
    assert len(db.session.scalars(select(Person)).all()) == 1


@pytest.mark.both
@pytest.mark.slow
def test_of_two_at_once_one_becomes_the_administrator(new: Flask) -> None:
    where = path()
    visitors = [Visitor(new) for _ in range(6)]
    for visitor in visitors:
        visitor.csrf_token()

    def take(n: int) -> int:
        sent = {**ANSWERS, "name": f"Number {n}", "email": f"n{n}@ostreyvale.example"}
        return visitors[n].post(where, sent).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(take, range(6)))
    assert answers.count(303) == 1
    assert set(answers) <= {302, 303, 404}
    assert len(db.session.scalars(select(Person)).all()) == 1


def test_without_the_link_nobody_gets_in(new: Flask, stranger: Visitor) -> None:
    path()
    for guess in ("", "x", "A" * 43):
        assert stranger.post(f"/setup/{guess}", ANSWERS).status_code in (302, 404, 405)
    assert db.session.scalars(select(Person)).all() == []
    assert db.session.scalars(select(Credential)).all() == []


def test_the_link_on_the_screen_stays_good_over_a_restart(
    new: Flask, make_app: Callable[..., Flask], stopped_clock: Any
) -> None:
    first = setup.address()
    db.session.commit()
    with make_app().app_context():
        assert setup.address() == first
    stopped_clock.move(days=7)
    assert setup.address() != first


def test_a_refusal_leaves_nothing_and_the_link_good(new: Flask, stranger: Visitor) -> None:
    where = path()
    for wrong in (
        {"password": "password1"},
        {"password": "AdaDemir2026"},
        {"email": "nobody"},
        {"mail_mode": "smtp", "smtp_host": ""},
        {"timezone": "Mars/Base"},
        {"portal_name": ""},
    ):
        assert stranger.post(where, {**ANSWERS, **wrong}).status_code == 422, wrong
    assert db.session.scalars(select(Person)).all() == []
    assert not options.get().is_set_up
    assert stranger.post(where, ANSWERS).status_code == 303


def test_the_password_of_the_mail_server_is_not_written_down_for_all(new: Flask, stranger: Visitor) -> None:
    more = {"mail_mode": "smtp", "smtp_host": "mail.example", "smtp_password": "the server's own"}
    assert stranger.post(path(), {**ANSWERS, **more}).status_code == 303
    assert options.get().smtp_password == "the server's own"
    facts = db.session.scalars(select(LedgerEntry)).all()
    assert facts
    assert "the server's own" not in str([fact.props for fact in facts])


def test_the_console_is_told_where_to_go_until_it_is_done(new: Flask, stranger: Visitor) -> None:
    runner = new.test_cli_runner()
    told = runner.invoke(people, ["setup-link"]).output
    assert "http://127.0.0.1:8000/setup/" in told
    db.session.rollback()
    stranger.post("/setup/" + told.strip().rpartition("/")[2], ANSWERS)
    assert runner.invoke(people, ["setup-link"]).output == ""


def test_an_administrator_chooses_nobodys_password(ada: Visitor, ana: Visitor) -> None:
    services.start_reset(ada.actor, ana.person)
    (mail,) = accounts.mails("password_reset")
    assert mail.to == ana.person.email
    assert accounts.link_in(mail) not in mail.text + mail.html  # nor does the outbox show it to her
