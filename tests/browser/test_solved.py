"""Did this solve it? Ana says so, Dara writes back, Ana sees it (F5)."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.people import ANA, BEN, DARA, ELI, MIA, SAM


def say_yes(page: Page, slug: str) -> bool:
    """Say that an article solved it; return False where this person has said so in the demo's year."""
    page.goto(f"/kb/{slug}")
    yes = page.get_by_role("button", name="Yes, this solved it")
    if not yes.count():
        return False
    yes.click()
    return True


def test_yes_is_said_once_and_can_be_taken_back(browse: Open) -> None:
    page = browse(BEN)
    assert any(say_yes(page, slug) for slug in ("paper-jam", "scan-to-mail", "print-on-both-sides"))
    expect(page.get_by_role("heading", name="Good. Glad it works.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Good. Glad it works.")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, this solved it")).to_have_count(0)
    page.get_by_role("button", name="Wait, it did not").click()
    expect(page.get_by_role("heading", name="Sorry. Where shall we take it from here?")).to_be_visible()


def test_some_are_asked_once_more_whether_they_would_have_called(browse: Open) -> None:
    page = browse(SAM)
    for slug in ("mailbox-full", "out-of-office", "mail-rules", "payslip", "request-leave", "split-a-pdf", "no-sound"):
        if not say_yes(page, slug):
            continue
        expect(page.get_by_role("heading", name="Good. Glad it works.")).to_be_visible()
        if page.get_by_role("group", name=re.compile("would you have called")).count():
            break
    page.get_by_role("button", name="Yes, I would have").click()
    expect(page.get_by_text("Thank you, noted.")).to_be_visible()


def test_not_yet_with_a_reason_and_words_is_answered_by_the_editor_and_ana_sees_it(
    browse: Open, work: Callable[[], int]
) -> None:
    ana, dara = browse(ANA), browse(DARA)
    ana.goto("/kb/second-screen-black")
    title = ana.get_by_role("heading", level=1).inner_text()
    ana.get_by_role("button", name="Not yet").last.click()
    expect(ana.get_by_role("heading", name="Sorry. Where shall we take it from here?")).to_be_visible()
    for door in ("Try one more answer", "Ask colleagues", "Hand it over"):
        expect(ana.get_by_role("main").get_by_role("link", name=re.compile(door))).to_be_visible()
    ana.get_by_role("button", name="Did not work").click()
    expect(ana.get_by_role("button", name="Did not work")).to_have_attribute("aria-pressed", "true")
    ana.locator("#solved textarea").fill("The cable with the oak mark is missing in room 4.")
    ana.get_by_role("button", name="Tell the editor").click()
    expect(ana.locator("#solved textarea")).to_have_value("The cable with the oak mark is missing in room 4.")
    expect(ana.get_by_role("button", name="Did not work")).to_have_attribute("aria-pressed", "true")
    work()

    dara.goto("/kb/feedback?scope=all")
    said = dara.get_by_role("article", name=title).filter(has_text="The cable with the oak mark")
    expect(said).to_contain_text("Did not work")
    said.locator("summary").click()
    said.get_by_role("textbox").fill("Thank you, a new one hangs there since noon.")
    said.get_by_role("button", name="Send the answer").click()
    expect(dara.get_by_text("The cable with the oak mark")).to_have_count(0)
    work()

    ana.goto("/")
    ana.get_by_role("region", name="My things").get_by_text("Dara answered you").first.click()
    expect(ana.get_by_role("heading", level=1)).to_have_text(title)
    expect(ana.locator("#solved-place")).to_contain_text("Thank you, a new one hangs there since noon.")
    ana.goto("/mine")
    expect(ana.get_by_role("article", name=title)).to_contain_text("Dara wrote back: Thank you, a new one hangs")


def test_a_result_page_can_be_confirmed_without_opening_the_answer(browse: Open) -> None:
    page = browse(MIA)
    page.goto("/search?q=printer paper jam")
    best = page.locator(".best-answer")
    best.get_by_role("button", name=re.compile("solved it")).click()
    expect(page.get_by_role("heading", name="Good. Glad it works.")).to_be_visible()


def test_a_note_for_colleagues_stays_below_the_answer_until_it_is_taken_away(browse: Open) -> None:
    eli, ana = browse(ELI), browse(ANA)
    eli.goto("/kb/payslip")
    eli.get_by_text("Add a note", exact=True).click()
    eli.get_by_role("textbox", name=re.compile("note|colleagues", re.IGNORECASE)).fill(
        "In the *people app* it is under Pay."
    )
    eli.get_by_role("button", name="Add the note").click()
    note = eli.locator(".note").filter(has_text="In the people app it is under Pay.")
    expect(note).to_be_visible()
    expect(note.locator("em")).to_have_text("people app")
    ana.goto("/kb/payslip")
    expect(ana.locator(".note").filter(has_text="Eli Lindqvist")).to_contain_text("under Pay")
    note.get_by_role("button", name="Remove").click()
    expect(note).to_have_count(0)


def test_words_that_are_too_long_come_back_with_the_reason(browse: Open) -> None:
    page = browse(BEN)
    page.watch.expect("status of 422")  # type: ignore[attr-defined]
    page.goto("/kb/split-a-pdf")
    page.get_by_role("button", name="Not yet").last.click()
    field = page.locator("#solved textarea")
    field.evaluate("field => field.removeAttribute('maxlength')")
    field.fill("too long " * 2000)
    page.get_by_role("button", name="Tell the editor").click()
    expect(page.locator("#solved .field-error")).to_contain_text("characters")
    expect(page.locator("#solved textarea")).to_have_value(re.compile("^too long too long"))
