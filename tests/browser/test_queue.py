"""An agent works twenty tickets without touching the mouse; single letters never act where one writes."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.people import CLEO

HERE = ".queue-row.is-here"


def open_list(page: Page, asked: str) -> None:
    page.goto(f"/queue?{asked}")
    expect(page.locator(HERE)).to_have_count(1)


def back_to_list(page: Page) -> None:
    """Press "u" once the page that came after sending listens; its words are there before its letters are."""
    expect(page.locator("[data-controller='desk-ticket'].has-script")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.locator(HERE)).to_have_count(1)


def number_here(page: Page) -> str:
    return page.locator(HERE).get_attribute("data-ticket") or ""


def test_an_agent_works_twenty_tickets_with_the_keyboard_alone(browse: Open) -> None:
    page = browse(CLEO)
    press = page.keyboard.press
    worked: set[str] = set()

    open_list(page, "view=queues&sort=oldest")
    for turn in range(6):  # answer: open, reply, send, back to where one stood, on to the next
        if turn:
            press("j")
        worked.add(number_here(page))
        press("r")
        expect(page.locator("#reply-body")).to_be_focused()
        page.keyboard.type("Hello, I am on it. jkxea?")  # the letters are words here
        expect(page.locator("#reply-body")).to_have_value("Hello, I am on it. jkxea?")
        press("Control+Enter")
        expect(page.locator(".flashes, .alert-good").first).to_contain_text("Sent")
        back_to_list(page)
    assert len(worked) == 6

    open_list(page, "view=mine")
    press("v")  # the views, by a key
    expect(page).not_to_have_url(re.compile("view=mine"))
    expect(page.locator(HERE).or_(page.locator(".empty"))).not_to_have_count(0)
    press("Shift+V")
    expect(page).to_have_url(re.compile("view=mine"))

    open_list(page, "view=unassigned")
    n = page.locator(".queue-row").count()
    for left in range(min(n, 3), 0, -1):  # take what is nobody's
        worked.add(number_here(page))
        press("a")
        expect(page.locator(".flashes, .alert-good").first).to_contain_text("yours")
        expect(page.locator(".queue-row")).to_have_count(n - (min(n, 3) - left) - 1)

    open_list(page, "view=all")
    for turn in range(5):  # note
        press("j")
        worked.add(number_here(page))
        press("n")
        expect(page.locator("#note-body")).to_be_focused()
        page.keyboard.type(f"Called {turn} times, nobody there.")
        press("Control+Enter")
        expect(page.locator(".ticket-message.is-note").last).to_contain_text(f"Called {turn} times")
        back_to_list(page)

    while len(worked) < 20:  # pick the others, and do the same to all of them
        press("j")
        if number_here(page) not in worked:
            worked.add(number_here(page))
            press("x")
    n_picked = page.locator(".queue-pick:checked").count()
    expect(page.locator("[data-part='picked']")).to_have_text(f"{n_picked} picked")
    assert n_picked >= 6
    page.locator("#bulk-priority").focus()
    page.keyboard.type("High")
    press("Tab")
    press("Enter")
    expect(page.locator(".flashes, .alert").first).to_contain_text(
        re.compile(r"Done with \d+ tickets|No\. ")  # or the numbers of those that are over
    )


def test_letters_are_silent_when_switched_off_and_everything_works_by_tab_and_enter(browse: Open) -> None:
    page = browse(CLEO)
    page.goto("/queue?view=queues")
    expect(page.locator(HERE)).to_have_count(1)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("What the letters do")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#queue-words")).to_be_focused()
    page.goto("/queue/keys")
    page.get_by_role("button", name="Switch single letters off").press("Enter")
    page.goto("/queue?view=queues")
    expect(page.locator(HERE)).to_have_count(1)
    before = number_here(page)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("?")
    assert number_here(page) == before
    expect(page.locator(".queue-pick:checked")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("a.queue-title").first.press("Enter")
    expect(page.locator("#reply-body")).to_be_visible()
    page.goto("/queue/keys")
    page.get_by_role("button", name="Switch single letters on").press("Enter")
    expect(page.get_by_role("button", name="Switch single letters off")).to_be_visible()
