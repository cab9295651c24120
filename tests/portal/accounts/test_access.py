"""Denied by default: what a stranger meets, and where the sign-in leads back to."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from portal.core import options
from portal.core.actor import system
from portal.core.database import db
from portal.core.options import OptionRow
from portal.talk import queries as talk
from tests.factories import accounts, kb
from tests.pages import Page
from tests.people import ANA, Visitor, settle

HERE = {"Origin": "http://localhost"}


def open_reading() -> None:
    options.change(system("tests"), public_reading=True)
    db.session.commit()


def test_a_page_leads_to_the_sign_in_and_from_there_back(app: Flask, stranger: Visitor) -> None:
    row = settle(ANA)
    accounts.password(row)
    asked = stranger.get("/account/sessions?from=mail")
    assert asked.status_code == 302
    to = asked.headers["Location"]
    assert urlsplit(to).path == "/sign-in"
    sent = {**stranger.page(to).form("/sign-in"), "email": ANA.email, "password": accounts.PASSWORD}
    assert stranger.open("/sign-in", method="POST", data=sent).headers["Location"] == "/account/sessions?from=mail"


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"),
        *("/%0d%0aSet-Cookie:x=1", "/\t/evil.example", "http://localhost@evil.example/", "/evil.example/x", "account"),
    ],
)
def test_no_sign_in_leads_to_another_site(elsewhere: str, app: Flask, stranger: Visitor) -> None:
    row = settle(ANA)
    accounts.password(row)
    sent = {"email": ANA.email, "password": accounts.PASSWORD, "next": elsewhere}
    assert stranger.post("/sign-in", sent).headers["Location"] == "/"


def test_a_form_of_a_session_that_ran_out_leads_back_to_its_page(ana: Visitor) -> None:
    token = ana.csrf_token()
    ana.post("/sign-out")
    with ana.client.session_transaction() as held:
        held["csrf_token"] = token  # never mind: what is asked is where it leads
    sent = ana.post("/account", {"name": "x"}, headers={"Referer": "http://localhost/account"})
    assert sent.status_code == 303
    assert parse_qs(urlsplit(sent.headers["Location"]).query) == {"next": ["/account"]}


def test_words_typed_into_a_session_that_ran_out_are_kept_and_sent_after_signing_in(ana: Visitor) -> None:
    article = kb.article(slug="wifi")
    accounts.password(ana.person)
    ana.post("/sign-out")
    words = "Hold the button for ten seconds, then it works."
    refused = ana.post("/kb/wifi/notes", {"body": words})
    assert refused.status_code == 401
    kept = Page(refused.text).form("/kb/wifi/notes")
    assert kept["body"] == words
    ana.post("/sign-in", {"email": ANA.email, "password": accounts.PASSWORD})
    # Signing in renews the token of every form, so the first press of the button brings the words with a new one.
    again = ana.open("/kb/wifi/notes", method="POST", data=kept, headers=HERE)
    kept = Page(again.text).form("/kb/wifi/notes")
    assert ana.open("/kb/wifi/notes", method="POST", data=kept, headers=HERE).status_code == 303
    assert [note.body for note in talk.notes(article.ref)] == [words]


def test_what_another_site_sends_is_not_kept(stranger: Visitor) -> None:
    kb.article(slug="wifi")
    sent = stranger.post("/kb/wifi/notes", {"body": "Send me money"}, headers={"Origin": "https://evil.example"})
    assert "Send me money" not in sent.text


def test_a_fragment_asks_the_whole_page_to_sign_in(stranger: Visitor) -> None:
    answer = stranger.get("/account", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_reading_is_closed_to_strangers_until_an_administrator_opens_it(stranger: Visitor) -> None:
    assert stranger.get("/kb/").status_code == 302
    open_reading()
    assert stranger.get("/kb/").status_code == 200


def test_a_closed_portal_does_not_tell_which_articles_there_are(stranger: Visitor) -> None:
    assert stranger.get("/kb/no-such-article").status_code == 302


def test_machines_may_ask_after_its_health(stranger: Visitor) -> None:
    assert stranger.get("/healthz").status_code == 200


def test_an_address_that_does_not_exist_is_not_found(stranger: Visitor) -> None:
    assert stranger.get("/no/such/address").status_code == 404


def test_every_page_but_the_open_ones_asks_for_a_sign_in(app: Flask, stranger: Visitor) -> None:
    """Nobody has to remember a mark: forgetting it closes the page."""
    opened = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "1"))
        is_of_the_demo = rule.endpoint.startswith("demo.")  # these do not exist in any other installation
        refused = 401 if rule.endpoint.startswith("api.") else 302  # a program is told, a person is led
        if not is_of_the_demo and stranger.get(path).status_code != refused:
            opened.add(rule.endpoint)
    health = {"health.healthz", "health.readyz", "health.metrics_page"}
    look = {"brand.stylesheet", "brand.logo"}
    explaining, answering = {"reference.document"}, {"survey.enter"}
    entering = {"sign_in", "reset_request", "reset_sent", "reset", "invitation"}
    assert opened == health | look | explaining | answering | {f"accounts.{name}" for name in entering}


def test_before_the_set_up_everything_leads_there(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        db.session.delete(db.session.get_one(OptionRow, "is_set_up"))
        db.session.commit()
    stranger = Visitor(app)
    for path in ("/", "/sign-in", "/account", "/kb/", "/reset", "/notifications/"):
        assert stranger.get(path).headers["Location"] == "/setup"
    assert stranger.get("/setup").status_code == 200
    assert stranger.get("/healthz").status_code == 200


def test_strangers_are_told_apart_by_their_browser(stranger: Visitor, app: Flask) -> None:
    def visit_of(visitor: Visitor) -> str:
        visitor.get("/sign-in")
        with visitor.client.session_transaction() as held:
            return str(held["visit"])

    assert visit_of(stranger) == visit_of(stranger) != visit_of(Visitor(app))
