"""A gate: looked at, decided with conditions, and its evidence stays as it stood when the world moves on."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.watching import violations
from tests.people import ADA


def test_what_a_gate_was_decided_on_stays_as_it_stood(browse: Open) -> None:
    page = browse(ADA)
    page.watch.expect("status of 422")  # type: ignore[attr-defined]
    page.goto("/roadmap/gates/")
    page.get_by_role("link", name="Set up a gate").click()
    page.get_by_label("From building it to the launch").check()
    page.get_by_label("How is it called?").fill("May it launch?")
    page.get_by_role("button", name="Set it up").click()

    expect(page.get_by_role("heading", name="May it launch?", level=1)).to_be_visible()
    expect(page.get_by_text("Nobody has looked yet")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Go", exact=True).check()
    page.get_by_label("Why?").fill("Everybody waits for it.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Not everything this gate asks for is there.").first).to_be_visible()
    expect(page.get_by_label("Why?")).to_have_value("Everybody waits for it.")
    page.get_by_label("Go with conditions").check()
    page.get_by_label("What has to follow").fill("Try the way back\nAsk the Workshop")
    page.get_by_role("button", name="Decide").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Decision of")
    expect(page.get_by_text("Nobody has looked yet")).to_be_visible()
    frozen = page.url
    page.get_by_role("link", name="May it launch?").click()
    expect(page.get_by_text("Ask the Workshop")).to_be_visible()
    page.get_by_role("link", name="Say what you saw").click()
    page.get_by_label("Yes").check()
    page.get_by_label("What did you see?").fill("The line was cut; Cleo answered.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The line was cut; Cleo answered.")).to_be_visible()

    page.goto(frozen)
    expect(page.get_by_text("Nobody has looked yet")).to_be_visible()
    expect(page.get_by_text("Today: The line was cut; Cleo answered.")).to_be_visible()
    assert violations(page) == []
