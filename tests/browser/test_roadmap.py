"""From an idea to what came of it: proposed, answered, tied to a live figure, worked on, delivered, checked, read."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.database import db
from portal.measures import fold
from portal.roadmap import checking
from tests.browser.conftest import Open
from tests.factories import kb, roadmap
from tests.people import ANA, ELI

TITLE = "Teach the search the words of the workshop"
DAYS = 31


def prepare(portal: Flask) -> None:
    """Let three in ten searches find nothing until today, and none from then on."""
    with portal.app_context():
        today = clock.today()
        kb.category(title="Benches and machines", slug="benches")
        roadmap.searches(today - dt.timedelta(days=60), today, found_nothing=3)
        roadmap.searches(today, today + dt.timedelta(days=60), found_nothing=0)
        count_until(today)
        db.session.commit()


def count_until(day: dt.date) -> None:
    fold.state().folded_until = day


def test_who_proposed_something_reads_that_it_helped(browse: Open, portal: Flask) -> None:
    prepare(portal)
    ana, eli = browse(ANA), browse(ELI)
    propose(ana)
    take_up(eli)
    tie_a_figure(eli)
    for words, reason in (("Put it under “Now”", "Three in ten find nothing."), ("Start it", "Dara begins."),
                          ("It is delivered", "The words are in.")):  # fmt: skip
        eli.get_by_label("Why? Everybody can read it.").fill(reason)
        eli.get_by_role("button", name=words).click()
        expect(eli.get_by_text(reason).last).to_be_visible()
    expect(eli.get_by_text("The words are in.")).to_be_visible()
    with portal.app_context(), clock.frozen(clock.now() + dt.timedelta(days=DAYS)):
        count_until(clock.today())
        assert checking.run() >= 1
        db.session.commit()
    ana.goto("/roadmap/")
    card = ana.get_by_role("listitem").filter(has_text=TITLE)
    expect(card).to_contain_text("Gap closed")
    ana.goto("/ideas/?show=own")
    ana.get_by_role("main").get_by_role("link", name=TITLE).click()
    expect(ana.get_by_role("main")).to_contain_text("Proven")


def propose(page: Page) -> None:
    page.goto("/ideas/new")
    page.get_by_label("What would you like?").fill(TITLE)
    page.get_by_label("What would it change?").fill("Nobody here says workstation.")
    page.get_by_label("Topic").select_option(label="Benches and machines")
    page.get_by_role("main").get_by_role("button", name="Propose it").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def take_up(page: Page) -> None:
    page.goto("/roadmap/triage")
    page.get_by_role("listitem").filter(has_text=TITLE).get_by_role("link", name="Answer it").click()
    page.get_by_label("What becomes of it?").select_option("new")
    page.get_by_label("Your answer").fill("We take it up.")
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_role("link", name="Change what stands here").click()
    page.get_by_label("Who answers for it?").select_option(label=ELI.name)
    page.get_by_label("By when?").fill("2030-12-01")
    page.get_by_role("button", name="Save").click()


def tie_a_figure(page: Page) -> None:
    page.get_by_role("link", name="Tie a figure to it").click()
    page.get_by_label("Which figure?").select_option(label="Searches that found nothing")
    page.get_by_label("this number").fill("10")
    page.get_by_role("button", name="See the figure first").click()
    expect(page.get_by_text("Gap is open")).to_be_visible()
    page.get_by_role("button", name="Tie it to the item").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
