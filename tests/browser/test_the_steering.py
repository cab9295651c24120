"""The ring closes: what thirty people answer becomes a flaw, an item, a gate, a delivery, and the proof of it.

Eli launches a survey, thirty answer (by phone, by keys alone, without script, the others by the same form), he reads
where it is hard to find things, writes down what is to help and puts it on the roadmap; Ada decides at a gate; it is
delivered, and a month later it stands there whether the gap has closed, for Ana who had asked for it too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.core import clock, options
from portal.core.database import db
from portal.measures import fold
from portal.people.models import Department, Person
from portal.roadmap import checking
from tests import house
from tests.browser.conftest import Open, demo_in
from tests.browser.watching import violations
from tests.factories import kb, roadmap
from tests.people import ADA, ANA, BEN, DARA, ELI

NAME = "After the move upstairs"
WISH = "Let the search know what we call the lifts"
TITLE = "Teach the search the words of the second floor"
ANSWERING = {"Design": 10, "Finance": 11, "HR": 3, "IT": 6}
"""How many answer; of HR too few to be shown, so that another has to stand in the dark with it."""
SENT_BY_BROWSERS = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
DAYS = 31

Codes = Mapping[str, Mapping[str, str]]
"""By department and mail address: the code of the mail."""


@pytest.fixture(scope="module")
def portal(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demo of its own: once the survey is closed here, the flaws of the one before have lapsed."""
    with demo_in(demo_home, tmp_path_factory.mktemp("steering") / "home") as app:
        yield app


@pytest.fixture(scope="module")
def address(portal: Flask) -> Iterator[str]:
    """Where that one answers."""
    with house.served(portal) as where:
        yield where


def test_what_people_say_is_mended_and_proven(browse: Open, portal: Flask, work: Callable[[], int]) -> None:
    searches_find_nothing(portal)
    ana, eli, ada = browse(ANA), browse(ELI), browse(ADA)
    idea = ana_wishes_for_something(ana)
    wave = eli_launches_a_survey(eli, starts=morning(portal))
    with clock.frozen(max(clock.now(), morning(portal))):
        work()
    thirty_answer(browse, portal, codes(portal, wave))
    eli_closes_it_and_reads_the_flaw(eli, wave)
    eli_registers_an_intervention(eli)
    item = eli_puts_it_on_the_roadmap(eli, wave, idea)
    ada_decides_at_a_gate(ada, eli, item)
    eli_delivers(eli, item)
    a_month_goes_by(portal)
    work()
    everybody_reads_that_it_helped(ana, eli, idea)


def searches_find_nothing(portal: Flask) -> None:
    """Let four in ten searches about one topic find nothing until today, and none from then on."""
    with portal.app_context():
        today = clock.today()
        topic = kb.category(title="The second floor", slug="second-floor")
        where = f"category:{topic.id}"
        roadmap.searches(today - dt.timedelta(days=60), today, found_nothing=4, where=where)
        roadmap.searches(today, today + dt.timedelta(days=60), found_nothing=0, where=where)
        fold.state().folded_until = today
        db.session.commit()


def ana_wishes_for_something(page: Page) -> str:
    page.goto("/roadmap/")
    page.get_by_role("link", name="Propose something").first.click()
    page.get_by_label("What would you like?").fill(WISH)
    page.get_by_label("What would it change?").fill("I search for “lift” and get nothing.")
    page.get_by_label("Topic").select_option(label="The second floor")
    page.get_by_role("main").get_by_role("button", name="Propose it").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WISH)
    return page.url.rstrip("/").rpartition("/")[2]


def morning(portal: Flask) -> dt.datetime:
    """Return the hour after which today's mails leave."""
    with portal.app_context():
        zone = options.get().default_timezone
    return dt.datetime.combine(clock.today(zone), dt.time(9), ZoneInfo(zone))


def eli_launches_a_survey(page: Page, *, starts: dt.datetime) -> str:
    """Plan it for four departments and launch it; returns its address."""
    page.goto("/surveys/")
    page.get_by_role("link", name="Plan a survey").click()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label(re.compile("^Real-life use")).check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    page.get_by_role("link", name="Who is asked", exact=True).click()
    for department in ANSWERING:
        page.get_by_role("checkbox", name=department, exact=True).check()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    page.get_by_role("link", name="Mail and days", exact=True).click()
    why = page.get_by_label(re.compile("What it is for"))
    why.fill(why.input_value().replace("[…]", "the end of the year"))
    page.get_by_label(re.compile("^First day")).fill(starts.date().isoformat())
    page.get_by_label(re.compile("^Last day")).fill((starts.date() + dt.timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    page.get_by_role("link", name="Launch", exact=True).click()
    page.get_by_role("button", name=re.compile("Launch it and invite")).click()
    expect(page.get_by_text(re.compile(r"Launched: \d+ people are invited"))).to_be_visible()
    return re.sub(r"(/surveys/\d+).*", r"\1", page.url)


def codes(portal: Flask, wave: str) -> Codes:
    """Read the codes where people read them: in their mails."""
    with portal.app_context():
        rows = db.session.execute(select(Person.email, Department.name).join(Department, Person.department)).all()
        folder = portal.config["DITY"].home / "mail"
    found: dict[str, str] = {}
    for path in folder.glob(f"survey.{wave.rpartition('/')[2]}.*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        token = re.search(r"/survey#([0-9A-Z]{26})", body.get_content() if body else "")
        if token:
            found[mail["To"].addresses[0].addr_spec] = token[1]
    return {
        department: {email: found[email] for email, name in rows if name == department and email in found}
        for department in ANSWERING
    }


def thirty_answer(browse: Open, portal: Flask, by_department: Codes) -> None:
    """Have three answer in the browser and the others by the same form. Finance finds nothing; all else is well."""
    ana_answers_on_her_phone(browse(phone=True), by_department["Finance"][ANA.email])
    ben_answers_by_keys_alone(browse(), by_department["Finance"][BEN.email])
    dara_answers_without_script(browse(script=False), by_department["IT"][DARA.email])
    own = {ANA.email, BEN.email, DARA.email}
    n_sent = 3
    for department, n in ANSWERING.items():
        others = [code for email, code in by_department[department].items() if email not in own]
        for nth in range(n - sum(email in own for email in by_department[department])):
            send(portal, others[nth], is_hard=department == "Finance", nth=nth)
            n_sent += 1
    assert n_sent == 30


def send(portal: Flask, code: str, *, is_hard: bool, nth: int) -> None:
    browser = portal.test_client()
    asked = browser.post("/survey", data={"code": code}, headers=SENT_BY_BROWSERS).text
    names = dict.fromkeys(re.findall(r'name="([A-Z]{2}\dR?)"', asked))
    assert len(names) >= 15
    given = {name: answer(name, is_hard=is_hard, nth=nth) for name in names}
    sent = browser.post("/survey/answers", data={"code": code, **given}, headers=SENT_BY_BROWSERS)
    assert "Your link is used up now" in sent.text


def answer(name: str, *, is_hard: bool, nth: int) -> str:
    """Agree, a little more or less each; where things are hard to find, disagree with what says they are easy.

    One in each department sees it the other way round: where all agree, nothing is shown.
    """
    is_good = not (is_hard and name.startswith("EA"))
    points = 4 + (nth + int(name[2])) % 2 if is_good != (nth == 2) else 1 + (nth + int(name[2])) % 2
    return str(6 - points if name.endswith("R") else points)


def ana_answers_on_her_phone(page: Page, code: str) -> None:
    page.goto(f"/survey#{code}")
    page.get_by_role("button", name="Start").tap()
    while not page.get_by_role("heading", name="In your own words").is_visible():
        for statement in page.locator("[data-statement]:visible").all():
            name = statement.locator("input").first.get_attribute("name") or ""
            statement.locator(f"label:has(input[value='{answer(name, is_hard=True, nth=0)}'])").first.tap()
        page.locator("[data-part='next']").tap()
    page.get_by_role("button", name="Send my answers").tap()
    expect(page.get_by_role("heading", name="Thank you. Your link is used up now.")).to_be_visible()
    assert violations(page) == []


def ben_answers_by_keys_alone(page: Page, code: str) -> None:
    page.goto(f"/survey#{code}")
    start = page.get_by_role("button", name="Start")
    expect(start).to_be_visible()
    press_until(page, start)
    page.keyboard.press("Enter")
    while not page.get_by_role("heading", name="In your own words").is_visible():
        for name in [
            each.locator("input").first.get_attribute("name") or ""
            for each in page.locator("[data-statement]:visible").all()
        ]:
            page.keyboard.press(answer(name, is_hard=True, nth=1))
        assert page.locator("[data-statement]:visible:not(:has(input:checked))").count() == 0
        page.keyboard.press("Enter")
    press_until(page, page.get_by_role("button", name="Send my answers"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you. Your link is used up now.")).to_be_visible()


def press_until(page: Page, target: object, *, most: int = 40) -> None:
    """Go on by the tab key until something has the focus."""
    for _ in range(most):
        if target.evaluate("(one) => one === document.activeElement"):  # type: ignore[attr-defined]
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by {most} presses of the tab key: {target}")


def dara_answers_without_script(page: Page, code: str) -> None:
    """Type the code of the mail, in the manner people type."""
    page.goto("/survey")
    page.get_by_label("The code in your mail").fill(" ".join(re.findall(".{1,4}", code.lower())))
    page.get_by_role("button", name="Show the questions").click()
    for statement in page.locator("[data-statement]").all():
        name = statement.locator("input").first.get_attribute("name") or ""
        statement.locator(f"input[value='{answer(name, is_hard=False, nth=0)}']").check(force=True)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you. Your link is used up now.")).to_be_visible()


def eli_closes_it_and_reads_the_flaw(page: Page, wave: str) -> None:
    page.goto(wave)
    expect(page.get_by_role("region", name="Answers so far")).to_contain_text("30 of")
    page.get_by_role("link", name="Close it now and read it").click()
    page.get_by_role("main").get_by_role("button", name=re.compile("^Close")).click()
    page.wait_for_url("**/reading")
    table = page.get_by_role("table", name="Scores from 0 to 100 by group and dimension")
    hidden = table.locator("tr.heat-hidden-row")
    expect(hidden).to_have_count(2)
    expect(hidden.filter(has_text="HR")).to_have_count(1)
    expect(hidden.last.get_by_role("cell")).to_have_count(0)
    for department in ("Design", "Finance"):
        expect(table.get_by_role("row", name=re.compile(f"^{department}"))).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Finance: hard to find")


def eli_registers_an_intervention(page: Page) -> None:
    page.locator("#flaw-hard_to_find").get_by_role("link", name="Register an intervention").click()
    expect(page.get_by_label("What it is to mend")).to_have_value("hard_to_find")
    page.get_by_label("Name", exact=True).fill("A word list for the second floor")
    page.get_by_label("What is done").fill("Every team names ten words of its own, and the search learns them.")
    page.get_by_label("Figure that is to move").select_option(label="Searches that found nothing")
    page.get_by_label("By how much, at least").fill("5")
    for name in ("Design", "Finance", "Logistics", "Sales", "Workshop"):
        page.get_by_role("checkbox", name=name, exact=True).check()
    page.get_by_label("First start").fill((clock.today() + dt.timedelta(days=10)).isoformat())
    page.get_by_label("Stops on").fill((clock.today() + dt.timedelta(days=200)).isoformat())
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A word list for the second floor")
    expect(page.get_by_text("Hard to find")).to_be_visible()


def eli_puts_it_on_the_roadmap(page: Page, wave: str, idea: str) -> str:
    """Begin an item from the flaw, tie a live figure to it, and answer the wish with it; returns its address."""
    page.goto(f"{wave}/reading")
    flaw = page.locator("#flaw-hard_to_find")
    expect(flaw.get_by_role("link", name="A word list for the second floor")).to_be_visible()
    flaw.get_by_role("link", name="Make an item of the roadmap").click()
    expect(page.get_by_label("What is to be done?")).to_have_value("Hard to find")
    expect(page.get_by_label("Why, in a sentence for everybody")).to_have_value(re.compile(NAME))
    page.get_by_label("What is to be done?").fill(TITLE)
    page.get_by_label("Topic").select_option(label="The second floor")
    page.get_by_label("Who answers for it?").select_option(label=ELI.name)
    page.get_by_label("By when?").fill((clock.today() + dt.timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    item = page.url
    page.get_by_role("link", name="Tie a figure to it").click()
    page.get_by_label("Which figure?").select_option(label="Searches that found nothing")
    page.get_by_label("Of whom, or about what?").select_option(label="The second floor")
    page.get_by_label("this number").fill("10")
    page.get_by_role("button", name="See the figure first").click()
    expect(page.get_by_text("Gap is open")).to_be_visible()
    page.get_by_role("button", name="Tie it to the item").click()
    expect(page.get_by_role("region", name="What it rests on")).to_contain_text("40")

    page.goto("/roadmap/triage")
    page.get_by_role("listitem").filter(has_text=WISH).get_by_role("link", name="Answer it").click()
    assert page.url.endswith(f"/{idea}")
    page.get_by_label("What becomes of it?").select_option("item")
    page.get_by_label("Which item?").select_option(label=TITLE)
    page.get_by_label("Your answer").fill("It is a part of this.")
    page.get_by_role("button", name="Answer", exact=True).click()
    move(page, item, "Put it under “Now”", "Four in ten find nothing.")
    return item


def move(page: Page, item: str, words: str, reason: str) -> None:
    page.goto(item)
    page.get_by_label("Why? Everybody can read it.").fill(reason)
    page.get_by_role("button", name=words).click()
    expect(page.get_by_text(reason).last).to_be_visible()


def ada_decides_at_a_gate(ada: Page, eli: Page, item: str) -> None:
    """Decide on what the survey says now, and find it again as it stood when somebody has looked since."""
    move(eli, item, "Start it", "Dara begins with the lifts.")
    eli.goto("/roadmap/gates/")
    eli.get_by_role("link", name="Set up a gate").click()
    eli.get_by_label("From building it to the launch").check()
    eli.get_by_label("How is it called?").fill("May the new words go live?")
    eli.get_by_role("button", name="Set it up").click()
    expect(eli.get_by_role("heading", name="May the new words go live?", level=1)).to_be_visible()
    gate = eli.url

    ada.goto("/roadmap/gates/")
    ada.get_by_role("link", name="May the new words go live?").click()
    expect(ada.get_by_text(NAME).first).to_be_visible()
    expect(ada.get_by_text("Nobody has looked yet")).to_be_visible()
    ada.get_by_label("Go with conditions").check()
    ada.get_by_label("Why?").fill("People have the skill; the way back is tried next week.")
    ada.get_by_label("What has to follow").fill("Try the way back upstairs")
    ada.get_by_role("button", name="Decide").click()
    expect(ada.get_by_role("heading", level=1)).to_contain_text("Decision of")
    frozen = ada.url

    eli.goto(gate)
    eli.get_by_role("link", name="Say what you saw").click()
    eli.get_by_label("Yes").check()
    eli.get_by_label("What did you see?").fill("The lifts were searched for; Cleo answered.")
    eli.get_by_role("button", name="Keep it").click()
    expect(eli.get_by_text("The lifts were searched for; Cleo answered.")).to_be_visible()

    ada.goto(frozen)
    expect(ada.get_by_text("Nobody has looked yet")).to_be_visible()
    expect(ada.get_by_text("Today: The lifts were searched for; Cleo answered.")).to_be_visible()
    expect(ada.get_by_text(NAME).first).to_be_visible()


def eli_delivers(page: Page, item: str) -> None:
    move(page, item, "It is delivered", "The words are in.")
    expect(page.get_by_text(re.compile("The figures are asked again on"))).to_be_visible()


def a_month_goes_by(portal: Flask) -> None:
    with portal.app_context(), clock.frozen(clock.now() + dt.timedelta(days=DAYS)):
        fold.state().folded_until = clock.today()
        assert checking.run() >= 1
        db.session.commit()


def everybody_reads_that_it_helped(ana: Page, eli: Page, idea: str) -> None:
    ana.goto("/roadmap/")
    card = ana.get_by_role("listitem").filter(has_text=TITLE)
    expect(card).to_contain_text("Gap closed")
    card.get_by_role("link", name=TITLE).click()
    expect(ana.get_by_role("region", name="What came of it")).to_contain_text("30")
    expect(ana.get_by_role("link", name=WISH)).to_be_visible()
    assert violations(ana) == []
    ana.goto("/ideas/?show=own")
    ana.get_by_role("main").get_by_role("link", name=WISH).click()
    expect(ana.get_by_role("main")).to_contain_text("Proven")
    expect(ana.get_by_role("link", name=TITLE)).to_be_visible()
    ana.goto("/notifications/")
    expect(ana.get_by_role("main")).to_contain_text(re.compile(f"{WISH}|{TITLE}"))
    eli.goto(f"/ideas/{idea}")
    expect(eli.get_by_role("main")).to_contain_text("It is a part of this.")
