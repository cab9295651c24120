"""Ask, answer, accept, find: what one colleague asked, the next one finds (T4)."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.people import ANA, BEN, MIA

TITLE = "Why does the quincunx saw stop at noon?"


def test_what_was_asked_and_answered_is_found_by_the_next_person(browse: Open, work: Callable[[], int]) -> None:
    ana, ben, mia = browse(ANA), browse(BEN), browse(MIA)
    ana.goto("/search?q=quincunx saw stops")
    ana.get_by_role("main").get_by_role("link", name=re.compile("Ask colleagues")).click()
    field = ana.get_by_role("textbox", name="What do you want to know?")
    expect(field).to_have_value("quincunx saw stops")
    field.fill("")
    field.press_sequentially("label printer cuts", delay=15)
    offered = ana.locator(".before")
    expect(offered.get_by_role("link", name=re.compile("label printer cut off"))).to_be_visible()
    expect(ana.get_by_role("status").filter(has_text="there already")).to_have_count(1)
    expect(field).to_be_focused()
    field.fill(TITLE)
    expect(offered.get_by_role("link", name=re.compile("label printer cut off"))).to_have_count(0)
    ana.get_by_role("textbox", name=re.compile("Tell more")).fill("Every day since **Monday**, at bench 4.")
    ana.get_by_role("combobox", name=re.compile("Topic")).select_option("Software")
    ana.get_by_role("button", name="Ask", exact=True).last.click()
    expect(ana.get_by_role("heading", level=1)).to_have_text(TITLE)
    work()

    ben.goto("/questions/")
    ben.get_by_role("link", name=TITLE).click()
    ben.get_by_role("button", name="Same problem here").click()
    ben.get_by_role("textbox", name="Your answer").fill("1. Open the hatch.\n2. Press **reset** on the quincunx relay.")
    ben.get_by_role("button", name="Answer", exact=True).click()
    expect(ben.get_by_role("article", name="Answer by Ben")).to_contain_text("on the quincunx relay")
    work()

    ana.goto("/")
    ana.get_by_role("region", name="My things").get_by_text(re.compile("Ben answered")).first.click()
    ana.get_by_role("article", name="Answer by Ben").get_by_role("button", name="This solved it").click()
    expect(ana.get_by_text("This solved it for Ana")).to_be_visible()
    work()

    mia.goto("/search?q=quincunx relay")
    main = mia.get_by_role("main")
    expect(main).to_contain_text("Press reset on the quincunx relay")
    main.get_by_role("link", name=TITLE).first.click()
    expect(mia.get_by_text("This solved it for Ana")).to_be_visible()
    mia.get_by_role("button", name="Yes, this solved it").click()
    expect(mia.get_by_role("heading", name="Good. Glad it works.")).to_be_visible()
