"""The search fails, so Ana hands it over with what she tried, and follows it (journey 2; T1, T2, T3)."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.factories.files import picture
from tests.people import ANA, CLEO

WORDS = "veneer press counts backwards"


def file(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": picture()}


def test_a_failed_search_becomes_a_ticket_that_knows_what_was_tried(
    browse: Open, portal: Flask, work: Callable[[], int]
) -> None:
    page = browse(ANA)
    page.goto("/kb/second-screen-black")
    page.locator(".step-tick:visible").first.check()
    page.goto(f"/search?q={WORDS.replace(' ', '+')}")
    portal.extensions["dity-buffer"].flush()
    page.get_by_role("main").get_by_role("link", name="Hand it over").first.click()
    title = page.get_by_label("What is wrong?")
    expect(title).to_have_value(WORDS)
    along = page.get_by_role("group", name="What goes along")
    expect(along.get_by_role("checkbox", name=f"Take along: “{WORDS}”")).to_be_checked()
    expect(along.get_by_role("checkbox", name="Take along: 1 step ticked")).to_be_checked()
    along.get_by_role("checkbox", name=re.compile("Second screen")).first.uncheck(force=True)

    suggestions_never_block(page)
    title.fill(WORDS)
    page.get_by_label("Tell us more").fill("Since the power cut of this morning.")
    page.locator("input[type=file]").set_input_files([file("counter.png"), file("wrong.png")])  # type: ignore[list-item]
    page.get_by_role("button", name="Take off wrong.png").click()
    expect(page.get_by_text("wrong.png")).to_have_count(0)
    expect(page.get_by_text("counter.png", exact=True)).to_be_visible()
    words_survive_a_reload(page)
    page.get_by_role("button", name="Hand it over").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS)
    expect(page.get_by_role("complementary")).to_contain_text("1 step ticked")
    expect(page.get_by_role("complementary")).to_contain_text(WORDS)
    expect(page.get_by_role("main")).to_contain_text("You will hear from the service desk by")
    number = page.url.rstrip("/").rpartition("/")[2]

    work()
    desk = browse(CLEO)
    desk.goto(f"/tickets/{number}")
    expect(desk.get_by_role("heading", level=1)).to_have_text(WORDS)
    page.goto("/tickets/")
    page.get_by_role("link", name=WORDS).click()
    page.get_by_text("I need no help any more").click()
    page.get_by_label("In a few words").fill("It counts forwards again.")
    page.get_by_role("button", name="Withdraw the ticket").click()
    expect(page.get_by_role("main")).to_contain_text("Withdrawn")


def suggestions_never_block(page: Page) -> None:
    """What there is about it appears below the field, is told to screen readers, and the caret stays."""
    title = page.get_by_label("What is wrong?")
    title.fill("")
    title.press_sequentially("second screen bl", delay=20)
    expect(page.get_by_role("status").filter(has_text="may help")).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("This solved it")).first).to_be_visible()
    expect(title).to_be_focused()
    title.press_sequentially("ack")
    expect(title).to_have_value("second screen black")


def words_survive_a_reload(page: Page) -> None:
    page.wait_for_timeout(700)  # the pause after which words are kept
    page.goto("/tickets/new")
    expect(page.get_by_label("What is wrong?")).to_have_value(WORDS)
    expect(page.get_by_label("Tell us more")).to_have_value("Since the power cut of this morning.")
