"""Every page of a portal that is lived in, found by following links as its people would."""

from __future__ import annotations

import functools
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from tests import house
from tests.pages import Page, words
from tests.people import ADA, ANA, DARA, Someone, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pages")]

Pages = dict[str, tuple[str, Page]]
"""Address → endpoint and page."""
OF_EACH_KIND = 3
"""How many pages of one route are looked at; the hundredth article teaches nothing new."""
STARTS = ("/", "/search?q=zzzz-nothing-of-this-name")
NOT_BY_LINKS = {
    "accounts.setup": "only before there is an administrator",
    "accounts.setup_start": "only before there is an administrator",
    "accounts.reset_sent": "the answer to a form",
    "admin.audience_members": "a piece of a page that asks while rules are chosen",
    "admin.audit_table": "a table to be saved",
    "insights.report": "a file to be saved",
    "admin.judge_look": "a piece of a page that asks while a colour is typed",
    "admin.people_options": "names offered while one is typed",
    "styleguide.show": "for those who build pages; CONTRIBUTING.md names it",
    "home.ask": "leads to the form for questions",
    "calling.people": "a piece of a page that asks while a name is typed",
    "queue.choose": "a piece of the queue, asked for when the first ticket is picked",
    "handing_over.suggestions": "a piece of a page that asks while a title is typed",
    "ideas.alike": "a piece of a page that asks while a title is typed",
    "insights.say_and_do_table": "a file to be saved",
    "surveys.read": "leads to the results of the survey that was chosen",
    "questions.suggestions": "a piece of a page that asks while a title is typed",
    "reference.document": "read by programs; the page beside it links to it",
    "survey.enter": "mails lead there, and nothing else: who looks at it is not to be known",
    "search.suggest": "asked for by the search box while typing",
}


@pytest.fixture(scope="module")
def portal(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with house.opened(demo_home, tmp_path_factory.mktemp("pages") / "home") as app:
        yield app


def browser_of(app: Flask, who: Someone) -> Visitor:
    from portal.core.database import db
    from portal.people.models import Person

    with app.app_context():
        visitor = Visitor(app, who, db.session.execute(select(Person.id).where(Person.email == who.email)).scalar_one())
        visitor.sign_in()
    return visitor


def crawl(app: Flask, visitor: Visitor) -> Pages:
    """Return address → (endpoint, page) of what this person can reach from the front page."""
    adapter = app.url_map.bind("localhost")
    waiting, seen, found = deque(STARTS), set(STARTS), {}
    per_endpoint: dict[str, int] = defaultdict(int)
    while waiting:
        address = waiting.popleft()
        path = urlsplit(address).path
        if not adapter.test(path, "GET"):
            found[address] = ("dead link", Page("<title>dead</title>"))
            continue
        endpoint = str(adapter.match(path, "GET")[0])
        if per_endpoint[endpoint] >= OF_EACH_KIND or endpoint == "static":
            continue
        response = visitor.get(address)
        if response.status_code in (302, 303):
            target = urljoin(address, response.headers["Location"])
            if target not in seen:
                seen.add(target)
                waiting.append(target)
            continue
        per_endpoint[endpoint] += 1
        assert response.status_code == 200, f"{address} → {response.status_code}"
        if response.mimetype != "text/html" or "attachment" in response.headers.get("Content-Disposition", ""):
            continue
        page = Page(response.text)
        found[address] = (endpoint, page)
        for link in page.all("a"):
            target = urldefrag(urljoin(address, link.get("href", "")))[0]
            is_ours = target.startswith("/") and not target.startswith("//")
            if is_ours and target not in seen:
                seen.add(target)
                waiting.append(target)
    return found


@pytest.fixture(scope="module")
def reached(portal: Flask) -> Callable[[Someone | None], Pages]:
    """What somebody reaches from the front page; each of them walks once, whatever the tests ask and in which order."""

    @functools.cache
    def walk(who: Someone | None) -> Pages:
        return crawl(portal, browser_of(portal, who) if who else Visitor(portal))

    return walk


@pytest.fixture(params=[ADA, DARA, ANA], ids=["ada", "dara", "ana"])
def pages(request: pytest.FixtureRequest, reached: Callable[[Someone | None], Pages]) -> Pages:
    return reached(request.param)


def wrong(pages: Pages, is_wrong: object) -> dict[str, object]:
    found = {address: is_wrong(page) for address, (_, page) in pages.items()}  # type: ignore[operator]
    return {address: value for address, value in found.items() if value}


def test_many_pages_were_found(pages: Pages) -> None:
    assert len(pages) > 15
    assert len({endpoint for endpoint, _ in pages.values()}) > 6


def test_no_link_is_dead(pages: Pages) -> None:
    assert [address for address, (endpoint, _) in pages.items() if endpoint == "dead link"] == []


def test_every_page_has_one_heading_and_a_title(pages: Pages) -> None:
    assert wrong(pages, lambda page: len(page.all("h1")) != 1 or not page.heading) == {}
    assert wrong(pages, lambda page: len(page.all("title")) != 1 or not page.title) == {}


def test_no_id_is_given_twice(pages: Pages) -> None:
    assert wrong(pages, lambda page: sorted({i for i in page.ids() if page.ids().count(i) > 1})) == {}


def test_every_label_and_description_points_at_something(pages: Pages) -> None:
    def lost(page: Page) -> list[str]:
        ids = set(page.ids())
        named = [
            name
            for element in page.root.iter()
            for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls")
            for name in element.get(attribute, "").split()
        ]
        return sorted({name for name in named if name not in ids})

    assert wrong(pages, lost) == {}


def test_every_field_has_a_name_for_those_who_cannot_see_it(pages: Pages) -> None:
    def nameless(page: Page) -> list[str]:
        labelled = {label.get("for") for label in page.all("label")}
        inside = {id(field) for label in page.all("label") for field in label.iter()}
        return [
            field.get("name", "?")
            for kind in ("input", "select", "textarea")
            for field in page.all(kind)
            if field.get("type") not in ("hidden", "submit", "image", "button")
            and not (
                field.get("id") in labelled
                or id(field) in inside
                or field.get("aria-label")
                or field.get("aria-labelledby")
            )
        ]

    assert wrong(pages, nameless) == {}


def test_no_field_complains_before_anybody_has_filled_it(pages: Pages) -> None:
    def complaints(page: Page) -> list[str]:
        return [element.get("name", "?") for element in page.root.iter() if element.get("aria-invalid") == "true"]

    found = wrong(pages, complaints)
    assert {address: names for address, names in found.items() if "styleguide" not in address} == {}


def test_every_button_and_link_says_what_it_does(pages: Pages) -> None:
    def silent(page: Page) -> list[str]:
        return [
            element.get("class", "?")
            for kind in ("button", "a")
            for element in page.all(kind)
            if not words(element)
            and not any(part.get("aria-label") or part.get("alt") for part in element.iter())
            and (kind == "button" or element.get("href") is not None)
        ]

    assert wrong(pages, silent) == {}


def test_nothing_is_inline_that_the_policy_forbids(pages: Pages) -> None:
    def inline(page: Page) -> list[str]:
        found = [
            f"<{e.tag} {a}>" for e in page.root.iter() for a in e.attrib if a == "style" or re.match(r"on[a-z]+$", a)
        ]
        found += [
            str(s.get("type")) for s in page.all("script") if not s.get("src") and s.get("type") != "application/json"
        ]
        return found + ["<style>" for _ in page.all("style")]

    assert wrong(pages, inline) == {}


def test_nothing_is_fetched_from_elsewhere(pages: Pages) -> None:
    def foreign(page: Page) -> list[str]:
        addresses = [e.get(a, "") for e in page.root.iter() for a in ("src", "srcset", "poster", "data")]
        addresses += [link.get("href", "") for link in page.all("link")]
        return [address for address in addresses if re.match(r"(https?:)?//", address)]

    assert wrong(pages, foreign) == {}


def test_every_form_that_changes_something_carries_its_token(pages: Pages) -> None:
    def bare(page: Page) -> list[str]:
        return [
            form.get("action", "")
            for form in page.all("form")
            if form.get("method", "get").lower() == "post"
            and not any(field.get("name") == "csrf_token" and field.get("value") for field in form.iter("input"))
        ]

    assert wrong(pages, bare) == {}


def test_every_page_says_its_language_and_direction(pages: Pages) -> None:
    assert wrong(pages, lambda page: not page.one("html").get("lang") or page.one("html").get("dir") != "ltr") == {}


def test_no_page_is_heavier_than_sixty_kilobytes(pages: Pages) -> None:
    """QUALITY 2; the style guide shows everything at once and may."""
    heavy = wrong(pages, lambda page: len(page.html.encode()) if len(page.html.encode()) > 60_000 else 0)
    assert {address: size for address, size in heavy.items() if "styleguide" not in address} == {}


def test_every_page_can_be_reached(portal: Flask, reached: Callable[[Someone | None], Pages]) -> None:
    """By an administrator and by somebody about to sign in. What nothing links to is found by nobody."""
    known = {endpoint for who in (ADA, None) for endpoint, _ in reached(who).values()}
    plain = {
        rule.endpoint
        for rule in portal.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.arguments and not rule.endpoint.startswith(("health", "api."))
    }
    lost = sorted(plain - known - set(NOT_BY_LINKS))
    assert lost == [], lost
