"""The VPN is down: everybody reads it where they look for help, says "me too", and it ends (F7)."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.people import ANA, BEN, CLEO, DARA, MIA


def declare(page: Page, title: str, *, topic: str = "") -> None:
    page.goto("/incidents/")
    page.get_by_label("What is wrong?").fill(title)
    page.get_by_label("What people should know").fill("We are on it. Print at Harbour House meanwhile.")
    if topic:
        page.get_by_text("Topic, answer, who sees it").click()
        page.get_by_label("Topic").select_option(label=topic)
    page.get_by_role("button", name=re.compile("Put|up")).last.click()
    expect(page.get_by_text("The notice is up.")).to_be_visible()


def end(page: Page, title: str) -> None:
    page.goto("/incidents/")
    page.get_by_role("article", name=title).get_by_role("button", name="It is over").click()
    expect(page.get_by_text("The notice is down.")).to_be_visible()


def test_a_notice_hangs_where_people_look_for_help_until_it_is_over(browse: Open) -> None:
    cleo, ana = browse(CLEO), browse(ANA)
    title = "Printers at Old Mill are offline"
    declare(cleo, title, topic="Printing")
    for place in ("/", "/search?q=printer", "/kb/paper-jam"):
        ana.goto(place)
        notice = ana.locator(".notice").filter(has_text=title)
        expect(notice).to_be_visible()
        expect(notice).to_contain_text("Print at Harbour House meanwhile.")
    ana.goto("/account")
    expect(ana.locator(".notice")).to_have_count(0)
    end(cleo, title)
    ana.goto("/")
    expect(ana.locator(".notice").filter(has_text=title)).to_have_count(0)


def test_me_too_counts_quietly_and_can_be_taken_back(browse: Open) -> None:
    dara, ana, ben = browse(DARA), browse(ANA), browse(BEN, script=False)
    title = "The coffee machine of floor two is stuck"
    declare(dara, title)
    ana.goto("/")
    notice = ana.locator(".notice").filter(has_text=title)
    notice.get_by_role("button", name="Me too").click()
    expect(notice.get_by_text("Noted: you have it too.")).to_be_visible()
    ben.goto("/")
    his = ben.locator(".notice").filter(has_text=title)
    his.get_by_role("button", name="Me too").click()
    expect(his.get_by_role("button", name="Not any more")).to_be_visible()
    ana.reload()
    expect(notice.get_by_role("button", name="Not any more")).to_be_visible()
    notice.get_by_role("button", name="Not any more").click()
    expect(notice.get_by_role("button", name="Me too")).to_be_visible()
    end(dara, title)


def test_a_notice_that_was_read_can_be_put_away_on_this_device(browse: Open) -> None:
    cleo, mia = browse(CLEO), browse(MIA)
    title = "The lift at Northgate waits for a part"
    declare(cleo, title)
    mia.goto("/")
    notice = mia.locator(".notice").filter(has_text=title)
    notice.get_by_role("button", name="Put this away").click()
    expect(notice).to_be_hidden()
    mia.reload()
    expect(mia.get_by_role("heading", level=1)).to_be_visible()
    expect(notice).to_have_count(0)
    cleo.goto("/")
    expect(cleo.locator(".notice").filter(has_text=title)).to_be_visible()
    end(cleo, title)
