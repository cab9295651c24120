"""Ana reads an answer: her device, her ticks, the way around (F4)."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.people import ANA, BEN, CLEO, DARA, MIA

ARTICLE = "/kb/vpn-cannot-connect-from-home"


def switch(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Your device").get_by_role("link", name=name).click()


def test_the_device_is_switched_at_once_and_remembered(browse: Open) -> None:
    page = browse(ANA)
    page.goto(ARTICLE)
    body = page.locator(".article-body")
    switch(page, "macOS")
    expect(body).to_have_attribute("data-platform", "macos")
    expect(page).to_have_url(re.compile("platform=macos"))
    page.goto(ARTICLE)
    expect(body).to_have_attribute("data-platform", "macos")
    page.goto("/kb/office-wifi")
    expect(body).to_have_attribute("data-platform", "macos")
    switch(page, "Windows")
    page.reload()
    expect(body).to_have_attribute("data-platform", "windows")


def test_only_the_steps_of_the_device_are_shown(browse: Open) -> None:
    page = browse(BEN)
    page.goto(f"{ARTICLE}?platform=windows")
    windows = page.locator(".step:visible").count()
    headings = page.locator(".article-body").inner_text()
    switch(page, "Phone")
    expect(page.locator(".article-body")).to_have_attribute("data-platform", "phone")
    assert page.locator(".article-body").inner_text() != headings
    assert windows > 0


def test_ticks_are_counted_and_kept_on_this_device(browse: Open) -> None:
    page, elsewhere = browse(MIA), browse(MIA)
    page.goto(ARTICLE)
    ticks = page.locator(".step:visible .step-tick")
    n = ticks.count()
    ticks.nth(0).check()
    ticks.nth(1).check()
    expect(page.locator(".toc [data-steps-count]")).to_have_text(f"2 of {n} steps ticked")
    expect(page.locator(".step-next")).to_have_count(1)
    page.reload()
    expect(ticks.nth(0)).to_be_checked()
    expect(ticks.nth(2)).not_to_be_checked()
    expect(page.locator(".toc [data-steps-count]")).to_have_text(f"2 of {n} steps ticked")
    elsewhere.goto(ARTICLE)
    expect(elsewhere.locator(".step-tick:checked")).to_have_count(0)


def test_the_contents_lead_to_each_part(browse: Open) -> None:
    page = browse(DARA)
    page.goto("/kb/vpn-drops")
    links = page.get_by_role("navigation", name=re.compile("On this page|Contents")).get_by_role("link")
    assert links.count() >= 3
    for link in links.all():
        target = page.locator(link.get_attribute("href") or "#nowhere")
        link.click()
        expect(target).to_be_in_viewport()
        expect(page).to_have_url(re.compile(re.escape(link.get_attribute("href") or "")))


def test_who_checked_it_and_when_stands_under_the_title(browse: Open) -> None:
    page = browse(CLEO)
    page.goto(ARTICLE)
    expect(page.locator(".article-head")).to_contain_text(re.compile(r"[Cc]hecked \d+ \w+"))
    expect(page.get_by_role("region", name="Close to it").get_by_role("link").first).to_be_visible()


def test_the_link_can_be_copied(browse: Open) -> None:
    page = browse(ANA)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{ARTICLE}?via=search&q=vpn")
    link = page.get_by_role("link", name="Copy the link").first
    link.hover()  # brings the script; a press faster than the network follows the link, as it does without script
    page.wait_for_load_state("networkidle")
    link.click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(ARTICLE)


def test_on_paper_there_is_the_text_and_no_menus(browse: Open) -> None:
    page = browse(ANA)
    page.goto(ARTICLE)
    page.emulate_media(media="print")
    expect(page.locator(".article-body")).to_be_visible()
    for selector in (".main-nav", ".header-tools", ".tab-bar", ".solved", ".article-aside"):
        expect(page.locator(selector).first).to_be_hidden()
