"""Ana answers a survey: on her phone, by keys, without script, and where the line is bad (S2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Open
from tests.browser.watching import sideways, small_targets, violations
from tests.factories import pulse
from tests.factories.pulse import Invited
from tests.people import ANA

Asked = Callable[[], Invited]


@pytest.fixture
def asked(portal: Flask) -> Asked:
    """Ask somebody new in a survey of their own; returns them with the code of their mail."""

    def ask() -> Invited:
        from portal.core.database import db

        with portal.app_context():
            _, (invited,) = pulse.open_wave(1, name="A survey for one")
            db.session.commit()
            db.session.expunge_all()
        return invited

    return ask


def kept(portal: Flask, comment: str) -> list[dict[str, Any]]:
    """Return the answers of the sheets with this comment."""
    from portal.core.database import db
    from portal.pulse.models import Sheet

    with portal.app_context():
        return list(db.session.execute(select(Sheet.answers).where(Sheet.comment == comment)).scalars())


def is_well_made(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) == []
    assert small_targets(page) == []


def test_on_a_phone_it_is_one_group_a_screen_and_nothing_typed_is_ever_lost(
    browse: Open, portal: Flask, asked: Asked
) -> None:
    invited, page = asked(), browse(ANA, phone=True)
    page.goto(f"/survey#{invited.token}")
    expect(page.get_by_role("heading", level=1)).to_have_text("4 minutes that steer what we mend next")
    assert invited.token not in page.url, "the code stays in the history of the browser"
    is_well_made(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("1 of 8")).to_be_visible()
    is_well_made(page)
    first = page.get_by_role("group", name="Settling everyday IT problems here saves me working time.")
    first.get_by_role("radio", name="Agree", exact=True).check(force=True)
    page.get_by_role("button", name="Next: Finding answers").click()
    page.keyboard.press("2")
    page.keyboard.press("5")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="People around you")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("heading", name="Finding answers")).to_be_visible()
    for _ in range(6):
        page.locator("[data-part=next]").click()
    box = page.get_by_label("What one thing would make you look here first?")
    box.fill("Pictures of the very buttons")
    is_well_made(page)

    page.reload()
    expect(box).to_have_value("Pictures of the very buttons")
    page.watch.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource")  # type: ignore[attr-defined]
    page.context.set_offline(True)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Everything you filled in is still here")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your link is used up now.")
    is_well_made(page)
    assert page.evaluate("() => sessionStorage.length") == 0, "the answers stay in the browser"
    assert kept(portal, "Pictures of the very buttons") == [{"EA1": 2, "VA1": 4}]

    page.goto("about:blank")
    page.goto(f"/survey#{invited.token}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link or code opens nothing")
    is_well_made(page)


def test_without_script_the_code_is_typed_and_the_language_changed_with_everything_kept(
    browse: Open, portal: Flask, asked: Asked
) -> None:
    invited, page = asked(), browse(script=False, dark=True)
    page.goto("/survey")
    is_well_made(page)
    page.get_by_label("The code in your mail").fill(invited.code.lower().replace("-", " "))
    page.get_by_role("button", name="Show the questions").click()
    is_well_made(page)
    page.get_by_role("group", name="I lose my way in the portal.").get_by_label("Does not apply to me").check()
    page.get_by_label("What one thing").fill("Weniger Worte")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("textarea")).to_have_value("Weniger Worte")
    expect(page.locator("input[name=EA3R][value=na]")).to_be_checked()
    page.locator("[data-part=send]").click()
    expect(page.locator("[data-survey-end]")).to_be_visible()
    assert kept(portal, "Weniger Worte") == [{"EA3R": None}]
