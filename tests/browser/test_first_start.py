"""Ada starts an empty portal: its console prints a link, and only that link makes an administrator (F2)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import house
from tests.browser.conftest import PHONE
from tests.browser.watching import Watch, violations

PASSWORD = "herons stand in the marsh"


@dataclass(frozen=True)
class Started:
    """What the console of a new portal told."""

    address: str
    link: str


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start `dity serve` on an empty folder, as an administrator does, and read what it prints."""
    mine = {"DITY_HOME": str(tmp_path_factory.mktemp("new") / "home"), "DITY_WORKERS": "1", "PYTHONUNBUFFERED": "1"}
    others = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "serve", "--port", "0"],
        cwd=house.ROOT,
        env={**others, **mine, "PYTHONPATH": str(house.ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield _listen(process)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _listen(process: subprocess.Popen[str]) -> Started:
    assert process.stdout is not None
    told, address = "", ""
    for line in process.stdout:
        told += line
        if found := re.search(r"Ready: (http://\S+)", line):
            address = found[1]
        if address and (found := re.search(r"http://\S+/setup/\S+", line)):
            return Started(address, found[0])
    raise AssertionError(f"no link to the set-up on the console:\n{told}")


@pytest.fixture
def page(browser: Browser, started: Started) -> Iterator[Page]:
    context = browser.new_context(base_url=started.address, viewport=PHONE, reduced_motion="reduce")
    window = context.new_page()
    watch = Watch(window, started.address)
    window.watch = watch  # type: ignore[attr-defined]
    yield window
    context.close()
    assert watch.problems() == []


def test_a_new_portal_is_set_up_by_the_printed_link_and_by_nothing_else(page: Page, started: Started) -> None:
    page.watch.expect("status of (404|422)")  # type: ignore[attr-defined]
    page.goto("/kb/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nearly there")
    assert violations(page) == []
    page.goto("/setup/not-the-token")
    expect(page.get_by_label("Your name")).to_have_count(0)
    page.goto(started.link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your portal")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    page.get_by_label("Your name").fill("Ada Demir")
    page.get_by_label("Your mail address").fill("ada@ostreyvale.example")
    page.get_by_label("Password", exact=True).fill("password")
    page.get_by_label("Name of your organisation").fill("Ostrey & Vale")
    page.get_by_label("Into a folder").check()
    page.get_by_role("button", name="Make the portal").click()
    expect(page.locator(".field-error")).to_be_visible()
    expect(page.get_by_label("Name of your organisation")).to_have_value("Ostrey & Vale")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the portal").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada")
    expect(page.get_by_role("banner")).to_contain_text("Ostrey & Vale")

    page.context.clear_cookies()
    page.goto(started.link)
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("Mail address").fill("ada@ostreyvale.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada")


def test_the_link_is_nowhere_in_what_is_kept(started: Started, tmp_path_factory: pytest.TempPathFactory) -> None:
    token = started.link.rsplit("/", 1)[1].encode()
    home = Path(tmp_path_factory.getbasetemp())
    kept = [path for path in home.glob("new*/home/**/*") if path.is_file() and token in path.read_bytes()]
    assert kept == []
