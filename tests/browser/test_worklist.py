"""Dara works her list with the keyboard alone: a row put aside is gone, and comes back from where it lies (T9)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.people import DARA


def test_a_row_is_put_aside_and_brought_back_with_the_keyboard(browse: Open) -> None:
    page = browse(DARA)
    page.goto("/desk/")
    first = page.locator(".todo-row").first
    title = first.locator(".todo-title").inner_text()
    expect(first.locator(".todo-terms")).to_contain_text(" people × ")
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    first.get_by_role("button", name="Not now: in four weeks").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Put aside. It comes back by itself")).to_be_visible()
    expect(page.get_by_role("link", name=title, exact=True)).to_have_count(0)
    page.get_by_role("link", name="1 thing put aside").click()
    page.locator(".todo-row", has_text=title).get_by_role("button", name="Bring back").press("Enter")
    expect(page.get_by_text("It stands on the desk again.")).to_be_visible()
    page.goto("/desk/")
    expect(page.locator(".todo-row").first.locator(".todo-title")).to_have_text(title)
