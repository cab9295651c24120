"""Ana types a problem in her own words, slips included, and the right answer comes first (journey 1, F3, F6)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.people import ANA, BEN, ELI, MIA

SLIPS = "cant conect to vpn from home"
RIGHT = "You cannot connect to the VPN from home"


def type_slowly(page: Page, words: str) -> None:
    page.get_by_role("combobox").press_sequentially(words, delay=20)


def test_suggestions_come_from_the_third_letter_and_typing_is_one_question(browse: Open) -> None:
    page = browse(ANA)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/search/suggest" in r.url else None)
    page.goto("/")
    type_slowly(page, "vp")
    type_slowly(page, "n")
    expect(page.get_by_role("listbox")).to_be_visible()
    expect(page.get_by_role("option").first).to_contain_text("VPN")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "true")
    assert [parse_qs(urlsplit(url).query)["q"] for url in asked] == [["vpn"]]


def test_arrow_keys_choose_a_suggestion_and_enter_opens_it(browse: Open) -> None:
    page = browse(ANA)
    page.goto("/")
    type_slowly(page, "vpn")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/kb/vpn.*via=suggestion"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("VPN")


def test_escape_closes_the_suggestions_and_keeps_the_words(browse: Open) -> None:
    page = browse(ANA)
    page.goto("/")
    type_slowly(page, "printer")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("combobox")).to_have_value("printer")


def test_the_right_answer_comes_first_in_spite_of_the_slips(browse: Open) -> None:
    page = browse(ANA)
    page.goto("/")
    type_slowly(page, SLIPS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Showing results for cant connect to vpn from home")
    expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_have_text(RIGHT)
    exactly = page.get_by_role("link", name=SLIPS)
    exactly.click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Showing results for")


def test_the_passage_that_matched_is_shown_with_the_words_in_bold(browse: Open) -> None:
    page = browse(ANA)
    page.goto(f"/search?q={SLIPS}")
    passage = page.locator(".hits .hit").first.locator(".hit-passage")
    expect(passage.locator("b").first).to_be_visible()
    assert {word.lower() for word in passage.locator("b").all_inner_texts()} & {"vpn", "home", "connect", "connected"}
    weight = passage.locator("b").first.evaluate("b => Number(getComputedStyle(b).fontWeight)")
    assert weight >= 600


def test_a_result_page_can_be_sent_to_a_colleague(browse: Open) -> None:
    page, other = browse(ANA), browse(BEN)
    page.goto("/")
    type_slowly(page, "vpn")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_text("Topic", exact=True).click()
    page.get_by_role("link", name=re.compile("^Network")).click()
    expect(page).to_have_url(re.compile("category="))
    titles = page.locator(".best-answer-title, .hit-title")
    other.goto(page.url)
    assert other.locator(".best-answer-title, .hit-title").all_inner_texts() == titles.all_inner_texts()


@pytest.mark.parametrize(("menu", "argument"), [("Device", "platform"), ("Topic", "category"), ("Tag", "tag")])
def test_results_can_be_filtered_and_let_go_again(browse: Open, menu: str, argument: str) -> None:
    page = browse(MIA)
    page.goto("/search?q=printer")
    n_before = page.locator(".best-answer, .hit").count()
    page.get_by_role("main").locator("summary", has_text=menu).click()
    page.locator("details[open] a").last.click()
    expect(page).to_have_url(re.compile(f"[?&]{argument}="))
    assert 0 < page.locator(".best-answer, .hit").count() <= n_before
    page.locator(".chips summary").filter(has_text=re.compile(".")).first.click()
    page.get_by_role("link", name=re.compile("^Any ")).first.click()
    expect(page).not_to_have_url(re.compile(f"[?&]{argument}="))


def test_what_is_for_others_is_neither_found_nor_suggested(browse: Open) -> None:
    ana, eli = browse(ANA), browse(ELI)
    for page in (ana, eli):
        page.goto("/search?q=record a leaver")
    expect(eli.get_by_role("main").get_by_role("link", name=re.compile("Record a leaver"))).to_be_visible()
    assert not [title for title in ana.locator("main a").all_inner_texts() if "leaver" in title.lower()]
    for page in (ana, eli):
        page.goto("/")
        type_slowly(page, "leaver")
        expect(page.get_by_role("listbox")).to_be_visible()
    expect(eli.get_by_role("option").first).to_contain_text("leaver")
    expect(ana.get_by_role("listbox")).not_to_contain_text("Record a leaver")


def test_a_slash_leads_to_the_search_from_anywhere(browse: Open) -> None:
    page = browse(ANA)
    page.goto("/mine")
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Search everything")).to_be_focused()
    page.keyboard.type("payslip")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?.*q=payslip"))


def test_nothing_found_leads_on_to_doors_that_say_what_they_can_do(browse: Open) -> None:
    page = browse(ANA)
    page.goto("/")
    type_slowly(page, "zeppelin upholstery quorum")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing here for “zeppelin upholstery quorum”")
    page.get_by_role("main").get_by_role("link", name=re.compile("Hand it over")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand it over")
    expect(page.get_by_label("What is wrong?")).to_have_value(re.compile("zeppelin upholstery quorum"))
    page.go_back()
    page.get_by_role("main").get_by_role("link", name=re.compile("Ask colleagues")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask your colleagues")
    expect(page.get_by_label("What do you want to know?")).to_have_value(re.compile("zeppelin upholstery quorum"))


def test_words_that_find_little_are_loosened_on_request(browse: Open) -> None:
    page = browse(BEN)
    page.goto("/search?q=vpn zeppelin")
    page.get_by_role("link", name=re.compile("Loosen the search")).click()
    expect(page).to_have_url(re.compile("relaxed=1"))
    expect(page.locator(".best-answer, .hit").first).to_contain_text("VPN")


def test_the_keyboard_alone_leads_from_the_home_page_to_the_answer(browse: Open) -> None:
    page = browse(ANA)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("paper jam")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Enter")
    best = page.get_by_role("main").get_by_role("link", name="Paper is stuck in the printer").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if best.evaluate("link => link === document.activeElement"):
            break
    expect(best).to_be_focused()
    outline = best.evaluate("link => getComputedStyle(link).outlineStyle + getComputedStyle(link).boxShadow")
    assert outline != "nonenone", "nobody can see where the focus is"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper is stuck in the printer")


def test_the_whole_journey_works_without_script(browse: Open) -> None:
    page = browse(MIA, script=False)
    page.goto("/")
    page.get_by_role("textbox", name="Search everything").or_(page.get_by_role("combobox")).fill(SLIPS)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=RIGHT).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(RIGHT)
    page.get_by_role("navigation", name="Your device").get_by_role("link", name="macOS").click()
    expect(page).to_have_url(re.compile("platform=macos"))
    expect(page.get_by_role("link", name="macOS")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Yes, this solved it").click()
    expect(page.get_by_role("heading", name="Good. Glad it works.")).to_be_visible()
    page.get_by_role("button", name="Wait, it did not").click()
    expect(page.get_by_role("heading", name="Sorry. Where shall we take it from here?")).to_be_visible()
    page.get_by_role("button", name="Hard to follow").click()
    expect(page.get_by_text("Kept. You can change it at any time.")).to_be_visible()
