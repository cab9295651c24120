"""An HR person who never saw it plans a survey, tries it, and launches it (S1)."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.people import ELI


def test_an_hr_person_plans_and_launches_a_survey(browse: Open, work: Callable[[], int]) -> None:
    eli = browse(ELI)
    eli.goto("/surveys/")
    eli.get_by_role("link", name="Plan a survey").click()
    eli.get_by_label("Name").fill("Spring, before the second floor moves")
    eli.get_by_label(re.compile("^Build")).check()
    eli.get_by_role("button", name="Begin").click()
    expect(eli.get_by_role("heading", level=1)).to_have_text("Spring, before the second floor moves")
    expect(eli.get_by_text("The reason has a gap")).to_be_visible()

    eli.get_by_role("link", name="What is asked").click()
    expect(eli.get_by_role("heading", name="The 15 statements people are asked")).to_be_visible()
    expect(eli.get_by_text("I will get time during work to learn this.")).to_be_visible()

    eli.get_by_role("link", name="Who is asked", exact=True).click()
    eli.get_by_label("Show a group from so many answers on").fill("8")
    eli.get_by_role("button", name="Keep", exact=True).click()
    expect(eli.get_by_text("Kept.")).to_be_visible()
    eli.get_by_label("If so many of a hundred answer").select_option("70")
    eli.get_by_role("button", name="Show").click()
    expect(eli.get_by_role("table")).to_contain_text("shown")

    eli.get_by_role("link", name="Mail and days", exact=True).click()
    why = eli.get_by_label(re.compile("What it is for"))
    why.fill(why.input_value().replace("[…]", "the end of March"))
    eli.get_by_role("button", name="Keep", exact=True).click()
    expect(eli.get_by_role("region", name="Invitation")).to_contain_text("the end of March")

    eli.get_by_role("link", name="Preview").click()
    eli.get_by_role("link", name="On a phone").click()
    expect(eli.get_by_role("region", name="On a phone").get_by_text("I will get time during work")).to_be_visible()

    eli.get_by_role("link", name="Try it").click()
    eli.get_by_role("button", name="Send the trial").click()
    expect(eli.get_by_text("A trial is on its way.")).to_be_visible()
    work()
    trial = browse()
    trial.goto("/demo/mail")
    trial.get_by_role("link", name=re.compile("^Test: ")).first.click()
    link = trial.locator("a[href*='/survey#']").first.get_attribute("href") or ""
    trial.goto(link[link.index("/survey#") :])
    expect(trial.get_by_text("This is a trial")).to_be_visible()

    eli.get_by_role("link", name="Launch", exact=True).click()
    expect(eli.get_by_text("After it nobody can change, not even an administrator:")).to_be_visible()
    eli.get_by_role("button", name=re.compile("Launch it and invite")).click()
    expect(eli.get_by_text(re.compile(r"Launched: \d+ people are invited"))).to_be_visible()
    expect(eli.get_by_text("Until it closes there is nothing else to see")).to_be_visible()
    eli.get_by_role("link", name="What is asked").click()
    expect(eli.get_by_text("What it asks, whom, and how it is read is settled.")).to_be_visible()
    expect(eli.get_by_role("button", name="Keep", exact=True)).to_have_count(0)


def test_keys_show_where_they_are_on_ticks_and_dots(browse: Open) -> None:
    eli = browse(ELI)
    eli.goto("/interventions/new")
    for box in (
        eli.get_by_role("radio", name="upwards"),
        eli.get_by_role("checkbox", name="Finance", exact=True).first,
    ):
        box.focus()
        eli.keyboard.press("Shift+Tab")
        eli.keyboard.press("Tab")
        drawn = eli.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 3px" in drawn, "nobody can see where the focus is"
