"""A text is asked to be looked at, looked at paragraph by paragraph, and published (K3)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.people import ADA, DARA


def test_a_text_is_sent_to_a_colleague_who_remarks_and_approves_with_the_keyboard(browse: Open) -> None:
    dara, ada = browse(DARA), browse(ADA)
    dara.goto("/kb/usb-stick-found")
    dara.get_by_role("button", name="Edit", exact=True).first.click()
    text = dara.locator("textarea[name=body]")
    text.fill(f"{text.input_value()}\n\nThe owner is glad to hear from you.\n")
    dara.locator(".finish-menu > summary").click()
    dara.get_by_text("Let somebody look first").click()
    dara.get_by_label("Who should look").fill("ada@ostreyvale.example")
    dara.get_by_role("button", name="Send to review").click()
    expect(dara.get_by_text("Sent to review.")).to_be_visible()

    ada.goto("/desk/reviews/")
    ada.get_by_role("link", name=re.compile("USB", re.IGNORECASE)).first.click()
    expect(ada.locator("ins", has_text="The owner is glad to hear from you.")).to_be_visible()
    last = ada.locator(".review-paragraph").last
    expect(last).to_contain_text("The owner is glad")
    last.locator("summary").press("Enter")
    last.get_by_label("Your remark").press_sequentially("Say whom to tell.")
    last.get_by_role("button", name="Add the remark").press("Enter")
    expect(ada.locator(".review-paragraph").last).to_contain_text("Say whom to tell.")
    ada.get_by_role("button", name="Approve").press("Enter")
    expect(ada.get_by_text("Approved. Its authors are told.")).to_be_visible()

    dara.reload()
    expect(dara.get_by_label("Publish although 1 remark is open")).to_be_visible()
    dara.locator(".review-paragraph").last.get_by_role("button", name="Mark as settled").click()
    expect(dara.get_by_label(re.compile("Publish although"))).to_have_count(0)
    dara.get_by_role("button", name="Publish now").click()
    expect(dara.get_by_text("Published.")).to_be_visible()
    expect(dara.locator(".article-body")).to_contain_text("The owner is glad to hear from you.")
