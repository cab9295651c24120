"""One's own account: what can be changed, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from portal.core.database import db
from portal.notifications import queries as telling
from portal.notifications.models import Channel
from tests.factories import accounts
from tests.people import Visitor

TABS = ("/account", "/account/notifications", "/account/password", "/account/sessions", "/account/tokens")


@pytest.mark.parametrize("path", TABS)
def test_every_part_has_its_heading_and_leads_to_the_others(path: str, ana: Visitor) -> None:
    page = ana.page(path)
    assert page.heading == "Your account"
    assert set(TABS) <= set(page.links.values())
    assert len(page.ids()) == len(set(page.ids()))


def test_name_language_zone_and_theme_are_kept(ana: Visitor) -> None:
    changed = {"name": "Ana M. Ruiz", "timezone": "Europe/Lisbon", "theme": "dark", "locale": "en"}
    assert ana.submit("/account", "/account", **changed).status_code == 303
    row = ana.person
    assert {name: getattr(row, name) for name in changed} == changed
    assert 'data-bs-theme="dark"' in ana.get("/account").text


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x" * 121}, {"timezone": "Mars/Base"}, {"theme": "pink"}, {"locale": "xx"}]
)
def test_what_cannot_be_is_refused_beside_its_field(wrong: dict[str, str], ana: Visitor) -> None:
    assert ana.submit("/account", "/account", **wrong).status_code == 422
    assert ana.person.name == "Ana Ruiz"


def test_nobody_gives_themselves_roles_or_another_address(ana: Visitor) -> None:
    """QUALITY S5."""
    more = {"roles": "admin", "email": "eve@evil.example", "is_active": "", "department_id": "1", "id": "99"}
    before = ana.person.department_id
    assert ana.submit("/account", "/account", name="Ana", **more).status_code == 303
    row = ana.person
    assert (row.email, row.role_set, row.department_id) == ("ana@ostreyvale.example", {"reader"}, before)


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_theme_holds_before_and_after_the_sign_in(signed_in: bool, ana: Visitor, stranger: Visitor) -> None:
    visitor = ana if signed_in else stranger
    answer = visitor.post("/account/theme", {"theme": "dark", "next": "/reset"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/reset")
    assert 'data-bs-theme="dark"' in visitor.get("/reset").text
    if signed_in:
        visitor.post("/sign-out")
        assert 'data-bs-theme="dark"' in visitor.get("/sign-in").text


def test_a_theme_nobody_knows_changes_nothing(ana: Visitor) -> None:
    ana.post("/account/theme", {"theme": "javascript:", "next": "//evil.example"})
    assert ana.person.theme == "auto"


def test_the_current_password_is_asked_for_ten_times_at_most(ana: Visitor, stopped_clock: Any) -> None:
    accounts.password(ana.person)
    ana.sign_in()
    sent = {"current_password": "a guess", "new_password": "gulls over the grey harbour"}
    answers = [ana.post("/account/password", sent).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    stopped_clock.move(minutes=5)
    assert ana.post("/account/password", {**sent, "current_password": accounts.PASSWORD}).status_code == 303


def test_a_new_password_is_told_by_mail_whatever_one_chose(ana: Visitor) -> None:
    accounts.password(ana.person)
    ana.post("/account/notifications", {"quiet_from": "00:00", "quiet_until": "23:59"})
    sent = {"current_password": accounts.PASSWORD, "new_password": "gulls over the grey harbour"}
    assert ana.post("/account/password", sent).status_code == 303
    (mail,) = accounts.mails()
    assert (mail.kind, mail.to, mail.next_at) == ("password_changed", ana.person.email, mail.created_at)
    assert "harbour" not in mail.text


def test_a_refused_new_password_stands_beside_its_field(ana: Visitor) -> None:
    accounts.password(ana.person)
    sent = {"current_password": accounts.PASSWORD, "new_password": "AnaRuiz2026"}
    answer = ana.post("/account/password", sent)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert accounts.PASSWORD not in answer.text
    assert "AnaRuiz2026" not in answer.text


def test_one_chooses_what_one_is_told_and_when(ana: Visitor) -> None:
    boxes = ["article_feedback.portal", "feedback_reply.mail", "nonsense.mail", "password_reset.mail"]
    sent = {"tell": boxes, "quiet_from": "22:00", "quiet_until": "07:00"}
    assert ana.post("/account/notifications", sent).status_code == 303
    chosen = telling.preferences(ana.person_id or 0)
    assert {key for key, is_on in chosen.items() if is_on} == {
        ("article_feedback", Channel.PORTAL),
        ("feedback_reply", Channel.MAIL),
    }
    hours = telling.quiet_hours(ana.person_id or 0)
    assert hours is not None
    assert (hours.starts, hours.ends) == (dt.time(22), dt.time(7))
    ticked = [
        box.get("value")
        for box in ana.page("/account/notifications").all("input", name="tell")
        if "checked" in box.attrib
    ]
    assert ticked == ["article_feedback.portal", "feedback_reply.mail"]
    ana.post("/account/notifications", {"tell": boxes, "quiet_from": "", "quiet_until": ""})
    db.session.expire_all()
    assert telling.quiet_hours(ana.person_id or 0) is None


def test_half_of_the_quiet_hours_is_refused(ana: Visitor) -> None:
    assert ana.post("/account/notifications", {"quiet_from": "22:00"}).status_code == 422
    assert telling.quiet_hours(ana.person_id or 0) is None


def test_a_page_with_many_rows_asks_no_more_than_one_with_few(app: Flask, ana: Visitor, queries: Any) -> None:
    counts = []
    for _ in range(2):
        ana.get("/account/sessions")
        with queries() as statements:
            ana.get("/account/sessions")
        counts.append(len(statements))
        for _n in range(20):
            Visitor(app, ana.who, ana.person_id).sign_in()
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("base_url", "is_secure"), [("http://localhost", False), ("https://localhost", True)])
def test_the_cookie_of_the_theme_stays_on_encrypted_ways(stranger: Visitor, base_url: str, is_secure: bool) -> None:
    """A proxy may bring TLS without the portal's settings saying so."""
    data = {"csrf_token": stranger.csrf_token(), "theme": "dark"}
    headers = {"Origin": base_url, "Referer": base_url}
    answer = stranger.open("/account/theme", method="POST", data=data, base_url=base_url, headers=headers)
    assert ("Secure" in answer.headers["Set-Cookie"]) is is_secure
