"""The loop closes: what one person searched in vain, another finds, and the figures know it.

A search fails, Ana hands it over with what she tried, Cleo solves it and begins an article of it, Dara publishes it,
the same search succeeds for Ben, and one need more is confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from analytics.needs.trails import HOUR
from analytics.reckoning import reckon
from portal.core import clock
from portal.measures import columns
from tests.browser.conftest import Open
from tests.people import ANA, BEN, CLEO, DARA

WORDS = "dovetail jig hums backwards"
TITLE = WORDS.capitalize()
ANSWER = "Turn the knob behind the jig to **zero** and switch it on again after a minute."


def n_confirmed(portal: Flask) -> int:
    """Count the confirmed needs of today as the dashboards will once they are a day old."""
    portal.extensions["dity-buffer"].flush()
    with portal.app_context():
        now = clock.now()
        since = columns.midnight(now.date())
        events = columns.read_events(since, now, columns.titles())
        found = reckon(events, columns.read_tickets(since, now), as_of=columns.at_ms(now) + 25 * HOUR)
        return found.deflection.counts.confirmed


def test_what_was_searched_in_vain_is_handed_over_written_down_and_found(
    browse: Open, portal: Flask, work: Callable[[], int]
) -> None:
    ana, cleo, dara, ben = browse(ANA), browse(CLEO), browse(DARA), browse(BEN)
    number = ana_searches_in_vain_and_hands_it_over(ana, portal)
    work()
    draft = cleo_solves_it_with_a_draft(cleo, number)
    dara_publishes(dara, draft)
    work()
    before = n_confirmed(portal)
    ben_finds_it(ben)
    assert n_confirmed(portal) == before + 1
    ana.goto("/")
    expect(ana.get_by_role("main")).to_contain_text(re.compile(WORDS, re.IGNORECASE))


def ana_searches_in_vain_and_hands_it_over(page: Page, portal: Flask) -> str:
    page.goto(f"/search?q={WORDS.replace(' ', '+')}")
    expect(page.get_by_role("link", name=TITLE, exact=True)).to_have_count(0)
    portal.extensions["dity-buffer"].flush()
    page.get_by_role("main").get_by_role("link", name="Hand it over").first.click()
    along = page.get_by_role("group", name="What goes along")
    expect(along.get_by_role("checkbox", name=f"Take along: “{WORDS}”")).to_be_checked()
    page.get_by_label("Tell us more").fill("Since this morning, at bench 4.")
    page.get_by_role("button", name="Hand it over").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS)
    return page.url.rstrip("/").rpartition("/")[2]


def cleo_solves_it_with_a_draft(page: Page, number: str) -> str:
    """Solve it and let it become an article; returns where the draft is written."""
    page.goto(f"/queue/tickets/{number}/solve")
    page.get_by_label("Your words").fill(ANSWER)
    page.get_by_role("radio", name="It becomes a new answer").check()
    page.get_by_label("Topic").select_option("Software")
    page.get_by_role("button", name=re.compile("Resolve")).last.click()
    page.wait_for_url("**/desk/drafts/*")
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("Turn the knob"))
    return page.url


def dara_publishes(page: Page, draft: str) -> None:
    page.goto(draft)
    page.get_by_label("Summary").fill("A jig that hums was switched on too soon.")
    page.locator(".finish-menu > summary").click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()


def ben_finds_it(page: Page) -> None:
    page.goto(f"/search?q={WORDS.replace(' ', '+')}")
    main = page.get_by_role("main")
    main.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.get_by_role("article").first).to_contain_text("Turn the knob behind the jig")
    page.get_by_role("button", name="Yes, this solved it").last.click()
    expect(page.get_by_role("heading", name="Good. Glad it works.")).to_be_visible()
