"""S1 in the browser: sixty strings that call out when they live, saved wherever people can write; none is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from portal.core import clock
from tests import house
from tests.browser.conftest import Open
from tests.hostile.lists import lines
from tests.people import ADA, ANA, BEN, CLEO, DARA, MIA, Someone

pytestmark = [pytest.mark.slow, pytest.mark.real_data]

N = 60
CALLS = re.compile(r"alert|confirm|prompt|javascript:|onerror|onload", re.IGNORECASE)
CANARY = """
for (const name of ["alert", "confirm", "prompt", "print"]) {
  window[name] = (...words) => console.error("the canary sings", name, ...words);
}
"""
POKE = """
() => {
  const events = ["mouseover", "mouseenter", "mousemove", "pointerover", "focus", "focusin", "animationstart", "wheel"];
  for (const element of document.body.querySelectorAll("*")) {
    for (const name of events) element.dispatchEvent(new Event(name));
  }
  const foreign = [...document.links].filter((link) => !/^(https?|mailto|tel):$/.test(link.protocol));
  const strange = document.querySelectorAll("iframe, object, embed, base, [http-equiv], [style], script:not([src])");
  return [...foreign, ...strange].map((element) => element.outerHTML.slice(0, 160));
}
"""
"""Moves over everything, and returns links and elements that no page of ours has."""


def attacks() -> list[str]:
    """Return sixty strings that try to call something, taken evenly from the whole list."""
    fitting = [text for text in lines("xss") if CALLS.search(text) and "\x00" not in text and 8 <= len(text) <= 90]
    return fitting[:: len(fitting) // N][:N]


@pytest.fixture(scope="module")
def portal(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demo of its own: after this, half of its people have unspeakable names."""
    with house.opened(demo_home, tmp_path_factory.mktemp("hostile") / "home") as app:
        with app.app_context():
            plant(attacks())
        yield app


@pytest.fixture(scope="module")
def address(portal: Flask) -> Iterator[str]:
    with house.served(portal) as where:
        yield where


def plant(strings: list[str]) -> None:
    """Let sixty people each take a string as their name, note and feedback; Dara replies with it, Cleo announces it."""
    from portal.core.database import db
    from portal.home import services as home
    from portal.kb.models import Article
    from portal.kb.reading import services as kb
    from portal.people.models import Person
    from portal.people.services import actor_of, change_profile

    article = db.session.scalars(select(Article).where(Article.slug == "vpn-drops")).one()
    cast = [someone.email for someone in (ANA, BEN, CLEO, DARA, MIA, ADA)]
    others = select(Person).where(Person.is_active, Person.email.not_in(cast)).order_by(Person.id).limit(N)
    by_email = {person.email: person for person in db.session.scalars(select(Person).where(Person.email.in_(cast)))}
    dara, cleo = actor_of(by_email[DARA.email]), actor_of(by_email[CLEO.email])
    for text, person in zip(strings, db.session.scalars(others).all(), strict=True):
        who = actor_of(person)
        kb.add_note(who, article, body=text)
        kb.answer(who, article, solved=False, reason="did_not_work", comment=text, via="article")
        change_profile(who, name=text, locale="", timezone="", theme="auto")
        db.session.flush()
    for text, said in zip(strings, solutions_of(article), strict=True):
        kb.reply(dara, said, text=text)
    now = clock.now()
    for text in strings[: N // 2]:
        home.declare(cleo, home.Notice(title=text, body="", since=now - home.LASTS / 2, until=now + home.LASTS))
    for n in range(0, N, 20):  # pages hang up only the latest few
        body, update = ("\n".join(strings[at : at + 10]) for at in (n, n + 10))
        home.declare(cleo, home.Notice(title=strings[n], body=body, update=update, since=now, until=now + home.LASTS))
    db.session.commit()


def solutions_of(article: object) -> list[int]:
    from portal.core.database import db
    from portal.talk.models import Solution

    said = select(Solution.id).where(Solution.subject == str(article.ref)).order_by(Solution.id.desc()).limit(N)  # type: ignore[attr-defined]
    return list(db.session.scalars(said))


def visit(page: Page, path: str) -> None:
    """Open a page, move over everything on it; what sings or is refused by the policy fails in `browse`."""
    response = page.goto(path)
    assert response is not None
    assert response.status == 200, path
    assert page.evaluate(POKE) == []


PLACES: dict[str, Someone] = {
    "/kb/vpn-drops": BEN,
    "/kb/feedback?scope=all&state=all": DARA,
    "/": MIA,
    "/incidents/": CLEO,
    "/notifications/": DARA,
    "/admin/people": ADA,
    "/admin/audit": ADA,
    "/admin/outbox": ADA,
    "/demo/mail": ADA,
}
FURTHER = {"/kb/feedback?scope=all&state=all": "Show older", "/demo/mail": re.compile("answer|missing|note")}
"""What is opened from there: the rest of the list, one of the mails."""


@pytest.mark.parametrize("place", PLACES)
def test_what_was_saved_lies_dead_on_the_page(browse: Open, place: str) -> None:
    page = browse(PLACES[place])
    page.add_init_script(CANARY)
    visit(page, place)
    if place in FURTHER:
        page.get_by_role("main").get_by_role("link", name=FURTHER[place]).first.click()
        assert page.evaluate(POKE) == []


def test_the_strings_are_really_there(browse: Open) -> None:
    page = browse(BEN)
    for place in ("/kb/vpn-drops", "/"):
        page.goto(place)
        shown = page.get_by_role("main").inner_text()
        assert sum(re.sub(r"\s+", " ", text).strip() in shown for text in attacks()) > N / 3


def test_searching_for_them_wakes_none(browse: Open) -> None:
    for turn, who in enumerate((ANA, BEN, MIA)):  # three, because one may search sixty times a minute
        page = browse(who)
        page.add_init_script(CANARY)
        for text in attacks()[turn::3]:
            visit(page, f"/search?q={quote(text)}")


def test_the_doors_that_keep_the_words_wake_none(browse: Open) -> None:
    page = browse(ANA)
    page.add_init_script(CANARY)
    for n, text in enumerate(attacks()[::5]):
        visit(page, f"/{('ask', 'hand-over')[n % 2]}?q={quote(text)}")


def test_suggestions_for_them_wake_none(browse: Open) -> None:
    page = browse(ANA)
    page.add_init_script(CANARY)
    page.goto("/")
    for text in attacks()[::6]:
        with page.expect_response(re.compile("/search/suggest")):
            page.get_by_role("combobox").fill(text)
        page.get_by_role("listbox").wait_for()
        assert page.evaluate(POKE) == []


def test_a_canary_that_is_alive_is_heard(browse: Open) -> None:
    page = browse(ANA)
    page.add_init_script(CANARY)
    page.goto("/mine")
    page.evaluate("() => alert('alive')")
    alive = "<b onmouseover=alert(1)>x</b><a href=ftp:x>y</a>"
    page.evaluate("(alive) => document.body.insertAdjacentHTML('beforeend', alive)", alive)
    assert page.evaluate(POKE) != []
    heard = "\n".join(page.watch.problems())  # type: ignore[attr-defined]
    assert "the canary sings alert alive" in heard
    assert "CSP refused script-src-attr" in heard
    page.watch.expect("canary|CSP|Content Security Policy")  # type: ignore[attr-defined]
