"""Zoe left in June. She gets in nowhere, and learns nothing (F10)."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import Open
from tests.factories import people
from tests.people import ADA, ZOE, Someone

HERS_ONCE = ("/mine", "/account", "/notifications/", "/incidents/", "/admin/", "/kb/feedback")
"""Pages of people with an account; to her they are the sign-in."""


def test_her_card_leads_to_a_closed_door(browse: Open) -> None:
    page = browse()
    page.watch.expect("status of 403")  # type: ignore[attr-defined]
    page.goto("/sign-in")
    page.get_by_role("button", name="Try as Zoe").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/mine")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_her_old_cookie_opens_nothing(browse: Open) -> None:
    page = browse(ZOE)
    for place in HERS_ONCE:
        page.goto(place)
        expect(page).to_have_url(re.compile("/sign-in"))


def test_she_sees_what_a_stranger_sees_and_not_that_there_is_more(browse: Open) -> None:
    """Whatever strangers may read, she is one. To her, what is not public is as what never was."""
    zoe, stranger = browse(ZOE), browse()
    for page in (zoe, stranger):
        page.watch.expect("status of 404")  # type: ignore[attr-defined]
    for place in ("/", "/kb/", "/search?q=vpn", "/search?q=printer", "/kb/vpn-drops", "/kb/no-such-page"):
        seen = []
        for page in (zoe, stranger):
            page.goto(place)
            seen.append(re.sub(r"\b[0-9a-f]{16}\b", "…", page.locator("body").inner_text()))
        assert seen[0] == seen[1]
        expect(zoe.locator(".account-menu")).to_have_count(0)
        expect(zoe.get_by_role("heading", level=1)).not_to_contain_text(re.compile("Zoe|VPN drops"))


def test_whoever_is_shut_out_is_out_in_the_same_moment(browse: Open, portal: Flask) -> None:
    from portal.core.database import db
    from portal.people.models import Person

    leaver = Someone("Pip Marsh", "Sales")
    with portal.app_context():
        row = db.session.execute(select(Person).where(Person.email == leaver.email)).scalar_one_or_none()
        address = f"/admin/people/{(row or people.person('Pip Marsh', email=leaver.email)).id}"
        db.session.commit()
    pip, ada = browse(leaver), browse(ADA)
    pip.goto("/kb/")
    expect(pip.get_by_role("heading", level=1)).to_have_text("Answers")
    ada.goto(address)
    ada.get_by_role("button", name="Deactivate").click()
    expect(ada.get_by_role("button", name="Reactivate")).to_be_visible()
    pip.get_by_role("link", name="My things").first.click()
    expect(pip).to_have_url(re.compile("/sign-in"))
    ada.goto(f"/admin/audit?who={ADA.email}")
    expect(ada.get_by_role("main")).to_contain_text(re.compile(r"deactivated a person:\s+Pip Marsh"))
