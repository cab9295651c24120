"""Every kind of page in a real browser: axe finds nothing, the policy refuses nothing, nothing leaves the machine."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.browser.conftest import Open
from tests.browser.watching import violations
from tests.people import ADA, ANA, DARA, Someone

pytestmark = pytest.mark.slow

PAGES: tuple[tuple[str, Someone | None], ...] = (
    ("/sign-in", None),
    ("/reset", None),
    ("/", ANA),
    ("/search?q=vpn", ANA),
    ("/search?q=zzzz-nothing", ANA),
    ("/kb/", ANA),
    ("{topic}", ANA),
    ("{article}", ANA),
    ("/mine", ANA),
    ("/ask?q=vpn", ANA),
    ("/hand-over?q=vpn", ANA),
    ("/notifications/", ANA),
    ("/account", ANA),
    ("/account/sessions", ANA),
    ("/account/notifications", ANA),
    ("/account/password", ANA),
    ("/account/tokens", ANA),
    ("/demo/mail", ANA),
    ("/styleguide", DARA),
    ("/kb/feedback?scope=all&state=all", DARA),
    ("/incidents/", DARA),
    ("/admin/", ADA),
    ("/admin/people", ADA),
    ("/admin/audiences", ADA),
    ("/admin/options", ADA),
    ("/admin/jobs", ADA),
    ("/admin/outbox", ADA),
    ("/admin/search-index", ADA),
    ("/admin/structure", ADA),
    ("/admin/people/new", ADA),
    ("/admin/audit", ADA),
    ("/no/such/page", ANA),
)
NAMED = (
    "/sign-in",
    "/",
    "/search?q=vpn",
    "/search?q=zzzz-nothing",
    "/kb/",
    "{topic}",
    "{article}",
    "/mine",
    "/account",
)
NAMED += ("/kb/feedback?scope=all&state=all", "/incidents/", "/admin/")
"""The twelve that are also looked at on a phone, from right to left, and without script."""
WHO = dict(PAGES)


@pytest.fixture(scope="session")
def places(portal: Flask) -> dict[str, str]:
    """Return the addresses that stand for `{topic}` and `{article}`: the article with the most steps."""
    from portal.core.database import db
    from portal.kb.models import Article, Category

    with portal.app_context():
        readable = select(Article).where(Article.access_key == "signed-in", Article.status == "published")
        article = db.session.execute(readable.order_by(-Article.n_steps).limit(1)).scalar()
        assert article is not None
        topic = db.session.get_one(Category, article.category_id)
        found = {"topic": f"/kb/topics/{topic.slug}", "article": f"/kb/{article.slug}"}
        db.session.rollback()
    return found


def look(window: Any, path: str, places: dict[str, str]) -> None:
    response = window.goto(path.format(**places), wait_until="load")
    assert response is not None
    if path == "/no/such/page":
        window.watch.expect(r"status of 404")
    else:
        assert response.status == 200, path


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("path", "who"), PAGES, ids=[path for path, _ in PAGES])
def test_axe_finds_nothing(browse: Open, places: dict[str, str], path: str, who: Someone | None, dark: bool) -> None:
    window = browse(who, dark=dark)
    look(window, path, places)
    assert violations(window) == []


@pytest.mark.parametrize("path", NAMED)
def test_a_phone_shows_everything_without_scrolling_sideways(browse: Open, places: dict[str, str], path: str) -> None:
    window = browse(WHO[path], phone=True)
    look(window, path, places)
    wide, shown = window.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= shown, f"{wide} px on a screen of {shown}"
    assert violations(window) == []


@pytest.mark.parametrize("path", NAMED)
def test_a_page_read_from_right_to_left_is_whole(browse: Open, places: dict[str, str], path: str) -> None:
    window = browse(WHO[path])
    look(window, path, places)
    window.evaluate("() => { document.documentElement.dir = 'rtl'; }")
    wide, shown = window.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= shown, f"{wide} px on a screen of {shown}"
    assert violations(window) == []


@pytest.mark.parametrize("path", NAMED)
def test_without_script_nothing_waits_for_it(browse: Open, places: dict[str, str], path: str) -> None:
    """What only script could do is not shown; what is shown works."""
    window = browse(WHO[path], script=False)
    look(window, path, places)
    assert window.locator("h1").count() == 1
    visible = window.locator("button:visible")
    for n in range(visible.count()):
        button = visible.nth(n)
        kind = button.get_attribute("type") or "submit"
        is_wired = button.get_attribute("form") or button.locator("xpath=ancestor::form").count()
        assert kind in ("submit", "reset"), f"a button that only script could answer: {button.inner_text()!r}"
        assert is_wired, f"a button of no form: {button.inner_text()!r}"


def test_the_watch_sees_what_it_is_there_for(browse: Open) -> None:
    """A page that breaks the rules is noticed: inline script, a call elsewhere, an error."""
    window = browse()
    window.goto("/sign-in")
    window.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.planted = true";
            document.head.append(script);
            const image = new Image();
            image.src = "http://elsewhere.example/pixel.png";
            setTimeout(() => { throw new Error("planted"); });
        }"""
    )
    window.wait_for_timeout(300)
    seen = "\n".join(window.watch.problems())
    for expected in ("CSP refused script-src", "CSP refused img-src", "uncaught: planted"):
        assert expected in seen
    assert window.evaluate("() => window.planted") is None
    window.watch.expect(".")
