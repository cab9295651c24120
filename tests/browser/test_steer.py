"""Eli reads what a campaign did and what another did not, registers the next, and changes a goal with a reason."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect

from portal.core import clock
from tests.browser.conftest import Open
from tests.people import ELI


def test_eli_tells_what_worked_from_what_did_not_and_writes_down_the_next(browse: Open) -> None:
    page = browse(ELI)
    page.watch.expect("status of 422")  # type: ignore[attr-defined]
    page.goto("/interventions/")
    row = page.get_by_role("row", name="Ask the portal first")
    expect(row).to_contain_text("An effect was found")
    expect(page.get_by_role("row", name="Posters at the coffee machines")).to_contain_text("No detectable effect")
    page.get_by_role("link", name="Ask the portal first").click()
    expect(page.get_by_text("drawn by lot", exact=False).first).to_be_visible()
    expect(page.locator("svg.fig")).to_have_count(2)

    page.goto("/interventions/new?flaw=not_able")
    expect(page.get_by_text("What helps against", exact=False)).to_be_visible()
    page.get_by_label("Name", exact=True).fill("A guide at every bench")
    page.get_by_label("What is done").fill("One person in every team has two hours a week for it.")
    page.get_by_label("Figure that is to move").select_option("needs_rate")
    page.get_by_label("By how much, at least").fill("100")
    for name in ("Design", "Finance", "Sales"):
        page.get_by_role("checkbox", name=name, exact=True).first.check()  # other tests found departments, too
    page.get_by_label("First start").fill((clock.today() + dt.timedelta(days=10)).isoformat())
    page.get_by_label("Stops on").fill((clock.today() + dt.timedelta(days=200)).isoformat())
    page.get_by_role("button", name="Look what it could show").click()
    expect(page.get_by_text("Fewer than four departments")).to_be_visible()
    page.get_by_role("checkbox", name="Workshop", exact=True).check()
    page.get_by_role("checkbox", name="Logistics", exact=True).check()
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A guide at every bench")
    expect(page.get_by_text("Planned", exact=True)).to_be_visible()
    expect(page.get_by_text("5 departments can start in 120 orders", exact=False)).to_be_visible()

    page.goto("/goals/")
    page.get_by_role("link", name="Almost everybody looks here before they ask the desk").click()
    page.get_by_role("link", name="Change").click()
    page.get_by_label("How much it is to be").fill("96")
    page.get_by_role("button", name="Save with the reason").click()
    expect(page.get_by_text("Say why.", exact=False).first).to_be_visible()
    page.get_by_label("Why is it changed?").fill("The last point would cost more than it gives")
    page.get_by_role("button", name="Save with the reason").click()
    expect(page.get_by_role("row", name="The last point would cost more than it gives")).to_be_visible()
