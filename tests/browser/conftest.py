"""A real Chromium on a live portal with the demo organisation, watched for everything a page must not do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request
from flask_babel import refresh
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select

from portal.core.i18n import PSEUDO
from tests import house
from tests.browser.watching import Watch
from tests.people import Someone, Visitor
from tools.bootstrap import find_browser

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
RIGHT_TO_LEFT, LONG_WORDS = "test-right-to-left", "test-long-words"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("alone"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless; without one the tests fail in continuous integration and are skipped, loudly, elsewhere."""
    path = find_browser()
    if not path:
        message = "no Chromium or Chrome here: run `make browser`"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    arguments = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def portal(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo, one copy for all browser tests of this process: a test changes only what is its own."""
    with demo_in(demo_home, tmp_path_factory.mktemp("browser") / "home") as app:
        yield app


@contextmanager
def demo_in(demo_home: Path, home: Path) -> Iterator[Flask]:
    """Build a portal on a copy of the demo; a module that changes what is everybody's has one of its own."""
    with house.opened(demo_home, home) as app:
        app.before_request(as_the_window_wishes)
        yield app


def as_the_window_wishes() -> None:
    """Show the page from right to left, or in the pseudo-locale, to a window with the cookie that asks for it.

    There is no catalogue of such a language yet; these two say whether the pages are ready for one.
    """
    if request.cookies.get(RIGHT_TO_LEFT):
        g.text_direction = "rtl"
    if request.cookies.get(LONG_WORDS) and "actor" in g:
        g.actor = replace(g.actor, locale=PSEUDO)
        refresh()


@pytest.fixture(scope="session")
def address(portal: Flask) -> Iterator[str]:
    """Where the live portal answers."""
    with house.served(portal) as where:
        yield where


@pytest.fixture
def work(portal: Flask) -> Callable[[], int]:
    """Work off all jobs that are due, as the runner would; returns how many."""
    from portal.jobs.runner import Runner

    def drain() -> int:
        portal.extensions["dity-buffer"].flush()
        return Runner(portal).drain()

    return drain


Open = Callable[..., Page]


@pytest.fixture
def browse(browser: Browser, portal: Flask, address: str) -> Iterator[Open]:
    """Open a window: `browse(ANA)`, `browse(ANA, phone=True, dark=True, script=False, rtl=True)`, `browse()`.

    `long` shows every word of the interface a third longer. The page that comes back carries `watch`: whatever it
    does wrong fails the test in the end.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_window(
        who: Someone | None = None,
        *,
        phone: bool = False,
        dark: bool = False,
        script: bool = True,
        rtl: bool = False,
        long: bool = False,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        if who:
            context.add_cookies([cookie_of(portal, who, address)])
        for name, is_wanted in ((RIGHT_TO_LEFT, rtl), (LONG_WORDS, long)):
            if is_wanted:
                context.add_cookies([{"name": name, "value": "yes", "url": address}])
        page = context.new_page()
        watch = Watch(page, address)
        page.watch = watch  # type: ignore[attr-defined]
        opened.append((context, watch))
        return page

    yield open_window
    problems = [problem for _, watch in opened for problem in watch.problems()]
    for context, _ in opened:
        context.close()
    assert problems == []


def cookie_of(app: Flask, who: Someone, address: str) -> Any:
    """Sign somebody of the demo in and return the cookie their browser would hold."""
    from portal.core.database import db
    from portal.people.models import Person

    with app.app_context():
        person_id = db.session.execute(select(Person.id).where(Person.email == who.email)).scalar_one()
        visitor = Visitor(app, who, person_id)
        visitor.sign_in()
        name = app.config["SESSION_COOKIE_NAME"]
        found = visitor.client.get_cookie(name)
        db.session.rollback()
    assert found is not None
    return {"name": name, "value": found.value, "url": address}
