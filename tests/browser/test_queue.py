"""An agent works twenty tickets without touching the mouse; single letters never act where one writes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.people import CLEO

HERE = ".queue-row.is-here"


def number_here(page: Page) -> str:
    return page.locator(HERE).get_attribute("data-ticket") or ""


def test_an_agent_works_twenty_tickets_with_the_keyboard_alone(browse: Open) -> None:
    page = browse(CLEO)
    page.goto("/queue?view=queues")
    expect(page.locator(HERE)).to_have_count(1)
    press = page.keyboard.press
    done: set[str] = set()

    for turn in range(6):  # answer: open, reply, send, back to the list
        if turn:
            press("j")
        done.add(number_here(page))
        press("r")
        expect(page.locator("#reply-body")).to_be_focused()
        page.keyboard.type("Hello, I am on it. jkxea?")  # the letters are words here
        expect(page.locator("#reply-body")).to_have_value("Hello, I am on it. jkxea?")
        press("Control+Enter")
        expect(page.locator(".flashes, .alert-good").first).to_contain_text("Sent")
        press("u")
        expect(page.locator(HERE)).to_have_count(1)

    for turn in range(3):  # note
        press("k")
        press("n")
        expect(page.locator("#note-body")).to_be_focused()
        page.keyboard.type(f"Called {turn} times, nobody there.")
        press("Control+Enter")
        expect(page.locator(".ticket-message.is-note").last).to_contain_text(f"Called {turn} times")
        press("u")
        expect(page.locator(HERE)).to_have_count(1)

    assert len(done) == 6

    page.goto("/queue?view=unassigned")
    expect(page.locator(HERE)).to_have_count(1)
    n = page.locator(".queue-row").count()
    for left in range(min(n, 4), 0, -1):  # take what is nobody's
        press("a")
        expect(page.locator(".flashes, .alert-good").first).to_contain_text("yours")
        expect(page.locator(".queue-row")).to_have_count(n - (min(n, 4) - left) - 1)

    page.goto("/queue?view=all")
    expect(page.locator(HERE)).to_have_count(1)
    for _turn in range(7):  # pick several, and do the same to all of them
        press("x")
        press("j")
    expect(page.locator("[data-part='picked']")).to_have_text("7 picked")
    page.locator("#bulk-priority").focus()
    page.keyboard.type("High")
    press("Tab")
    press("Enter")
    expect(page.locator(".flashes, .alert").first).to_contain_text("Done with")


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
