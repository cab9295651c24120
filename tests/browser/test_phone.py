"""What stands above a text on a phone is one line, and what went wrong stands apart from what follows it."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.people import ANA, DARA


def height(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["height"]


def test_the_tabs_of_the_desk_are_one_line_and_the_open_one_is_in_sight(browse: Open) -> None:
    page = browse(DARA, phone=True)
    page.goto("/desk/articles")
    assert height(page.locator(".desk-tabs")) < 60
    expect(page.locator(".desk-strip [aria-current]")).to_be_in_viewport(ratio=0.9)
    page.get_by_text("Arrange").click()
    expect(page.get_by_role("link", name="Topics")).to_be_in_viewport()


def test_a_notice_above_an_answer_is_one_line_that_opens(browse: Open) -> None:
    page = browse(ANA, phone=True)
    page.goto("/kb/vpn-drops")
    notice = page.locator(".notice").first
    assert height(notice) < 60
    expect(notice.locator(".notice-words")).to_be_hidden()
    notice.locator("summary").click()
    expect(notice.locator(".notice-words")).to_be_visible()
    page.goto("/")
    expect(page.locator(".notice-words").first).to_be_visible()


def test_what_went_wrong_stands_apart_from_the_form_below_it(browse: Open) -> None:
    page = browse(ANA, phone=True)
    page.watch.expect("status of 422")  # type: ignore[attr-defined]
    page.goto("/kb/vpn-drops/suggest")
    page.get_by_role("button", name="Send").click()
    alert = page.locator(".alert-danger").bounding_box()
    label = page.get_by_text("What is it about?").bounding_box()
    assert alert is not None
    assert label is not None
    assert label["y"] - (alert["y"] + alert["height"]) >= 16
