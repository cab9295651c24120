"""Eli reads what a survey says and goes on from a flaw; Mia sees her own department; Ana reads what came of it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.people import ANA, ELI, MIA

NAME = "A year of helping ourselves"


def test_eli_reads_the_heat_map_and_goes_from_a_flaw_to_what_helps(browse: Open) -> None:
    page = browse(ELI)
    page.goto("/surveys/")
    page.get_by_role("link", name=NAME).click()
    table = page.get_by_role("table", name="Scores from 0 to 100 by group and dimension")
    hidden = table.locator("tr.heat-hidden-row")
    expect(hidden.filter(has_text="Management")).to_contain_text("not shown")
    assert hidden.count() >= 2, "who is too few stands alone, so that subtracting tells what they said"
    expect(hidden.first).to_contain_text("Hidden on purpose.")
    expect(hidden.last.get_by_role("cell")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Workshop: hard to find")

    cell = table.get_by_role("row", name=re.compile("^Sales")).get_by_role("link").nth(1)
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cell")).to_contain_text("Sales, Social:")
    page.get_by_role("link", name="Its statements").click()
    expect(page.get_by_role("heading", name="Social", exact=True)).to_be_in_viewport()

    page.get_by_role("link", name="Comments").click()
    expect(page.get_by_text("For the VPN I still ask [name], he knows it by heart.")).to_be_visible()

    page.get_by_role("link", name="Results").click()
    flaw = page.locator(".pulse-flaw").first
    title = (flaw.get_by_role("heading").text_content() or "").rpartition(": ")[2]
    flaw.get_by_role("link", name="Make an item of the roadmap").click()
    expect(page.get_by_label("What is to be done?")).to_have_value(re.compile(re.escape(title.strip()), re.IGNORECASE))
    page.go_back()
    flaw.get_by_role("link", name="Register an intervention").click()
    expect(page.get_by_text("What helps against", exact=False)).to_be_visible()


def test_mia_sees_her_workshop_alone_and_everybody_reads_what_came_of_it(browse: Open) -> None:
    mia, ana = browse(MIA), browse(ANA)
    mia.goto("/surveys/")
    mia.get_by_role("link", name=NAME).click()
    table = mia.get_by_role("table", name="Scores from 0 to 100 by group and dimension")
    expect(table.get_by_role("rowheader")).to_have_text([re.compile("Workshop"), re.compile("Everybody")])
    expect(mia.get_by_role("link", name="Comments")).to_have_count(0)
    goes_on = mia.get_by_text("Slide the table sideways")
    expect(goes_on).to_be_hidden()
    mia.set_viewport_size({"width": 390, "height": 844})
    expect(goes_on).to_be_visible()

    ana.goto("/")
    ana.get_by_role("region", name="You said, we did").get_by_role("link", name="All").click()
    expect(ana.get_by_text("Our words find nothing.")).to_be_visible()
    ana.get_by_text("What everybody said together", exact=True).click()
    expect(ana.get_by_text("Intention and habit")).to_be_visible()
