"""Ana selects a passage of an answer and suggests another wording; Dara finds it on her desk (K6)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.people import ANA, DARA

PASSAGE = """() => {
  const found = [...document.querySelectorAll(".article-body p")].find((p) => p.textContent.trim());
  const range = document.createRange();
  range.selectNodeContents(found);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return found.textContent.replace(/\\s+/g, " ").trim();
}"""


def test_a_selected_passage_arrives_on_the_desk_with_its_other_wording(browse: Open) -> None:
    page, desk = browse(ANA), browse(DARA)
    page.goto("/kb/restore-a-deleted-file")
    button = page.get_by_role("link", name="Suggest a change here")
    expect(button).to_be_hidden()
    passage = page.evaluate(PASSAGE)
    button.click()
    page.wait_for_url("**/suggest")
    expect(page.get_by_label("I would put it otherwise")).to_be_checked()
    expect(page.locator("blockquote")).to_have_text(passage)
    other = page.get_by_role("textbox", name="How it should read")
    expect(page.locator("main form[data-passage] textarea:visible")).to_have_count(1)
    expect(other).to_have_value(passage)
    expect(other).to_be_focused()
    other.fill(f"{passage} Do it the same day.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you. Whoever looks after this answer reads it")).to_be_visible()
    desk.goto("/desk/suggestions")
    desk.get_by_role("heading", name="Get back a file").get_by_role("link").click()
    desk.get_by_role("button", name="Put it in the draft").click()
    expect(desk.get_by_text("It is in the draft.")).to_be_visible()
    page.goto("/mine")
    expect(page.get_by_text("Dara is writing it in")).to_be_visible()
