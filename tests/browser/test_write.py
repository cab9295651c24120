"""An editor writes: with toolbar, picture and preview to a published article; two at once; all of it without script."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.watching import violations
from tests.factories.files import picture
from tests.people import ADA, ANA, DARA

PASTE = """
(bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "reader.png", { type: "image/png" }));
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  document.querySelector("#body").dispatchEvent(new ClipboardEvent("paste", options));
}
"""


def begin(page: Page, title: str) -> None:
    page.goto("/desk/")
    page.get_by_role("link", name="New article").click()
    page.get_by_label("Title").fill(title)
    page.get_by_text("An empty page").click()
    page.get_by_role("button", name="Begin to write").click()
    expect(page.get_by_label("Title")).to_have_value(title)


def body(page: Page) -> str:
    return page.get_by_label("Text", exact=True).input_value()


def test_an_article_is_written_illustrated_and_published(browse: Open) -> None:
    page = browse(DARA)
    begin(page, "Sign in on a bench computer")
    page.get_by_label("Summary").fill("Your badge signs you in.")
    text = page.get_by_label("Text", exact=True)
    text.focus()
    page.keyboard.press("Tab")
    expect(text).not_to_be_focused()

    text.focus()
    page.get_by_role("button", name="Heading").click()
    page.keyboard.type("Sign in")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Steps").click()
    page.keyboard.type("Wake the computer.")
    page.get_by_role("button", name="Steps").click()
    page.keyboard.type("It shows the time.")
    page.keyboard.press("Enter")
    page.keyboard.type("Hold your ")
    page.keyboard.press("Control+b")
    page.keyboard.type("badge")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.type(" to the reader.")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expected = "## Sign in\n\n1. Wake the computer.\n   → It shows the time.\n2. Hold your **badge** to the reader.\n"
    assert body(page) == expected

    page.evaluate(PASTE, list(picture()))
    dialog = page.get_by_role("dialog", name="Picture")
    dialog.get_by_role("button", name="Put it in").click()
    expect(dialog.get_by_text("Say in a few words what the picture shows")).to_be_visible()
    dialog.get_by_label("What does it show?").fill("A reader with a green light")
    dialog.get_by_role("button", name="Put it in").click()
    expect(text).to_have_value(re.compile(r"!\[A reader with a green light\]\(file:\d+\)"))
    assert body(page).startswith(expected.strip()), "the picture stands where the caret was"

    page.get_by_role("button", name="Box: note").click()
    page.get_by_role("menuitem", name="Warning").click()
    page.keyboard.type("Two beeps mean no.")
    assert "/// warning\nTwo beeps mean no.\n///" in body(page)
    before = body(page)
    page.get_by_role("button", name="Table").click()
    page.get_by_role("button", name="Undo").click()
    assert body(page) == before

    page.keyboard.press("Control+End")
    page.keyboard.press("Control+k")
    link = page.get_by_role("dialog", name="Link")
    link.get_by_label("Search for an article").press_sequentially("paper")
    link.get_by_role("button", name=re.compile("Paper")).first.click()
    assert re.search(r"\[Paper[^\]]*\]\(kb:[a-z-]+\)\s*$", body(page)), "a link goes in where the caret was"

    look = page.get_by_role("region", name="As readers will see it")
    expect(look.get_by_role("img", name="A reader with a green light")).to_be_visible()
    expect(look.get_by_text("It shows the time.")).to_be_visible()
    page.get_by_role("button", name="In the dark").click()
    assert violations(page) == []
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d")).first).to_be_visible()

    page.locator(".finish-menu > summary").click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("heading", level=1, name="Sign in on a bench computer")).to_be_visible()
    reader = browse(ANA)
    reader.goto(page.url)
    expect(reader.get_by_role("img", name="A reader with a green light")).to_be_visible()


def test_two_who_write_at_once_bring_their_texts_together(browse: Open) -> None:
    dara, ada = browse(DARA), browse(ADA)
    ada.watch.expect("status of 409")  # type: ignore[attr-defined]
    begin(dara, "Two at one bench")
    dara.get_by_label("Text", exact=True).fill("One.\n\nTwo.\n\nThree.\n")
    dara.keyboard.press("Control+s")
    expect(dara.locator("[name=lock]")).to_have_value("2")
    ada.goto(dara.url)
    expect(ada.get_by_text("Dara is here too")).to_be_visible()

    dara.get_by_label("Text", exact=True).fill("One by Dara.\n\nTwo.\n\nThree.\n")
    dara.get_by_label("Summary").focus()  # leaving the field saves
    expect(dara.locator("[name=lock]")).to_have_value("3")
    ada.get_by_label("Text", exact=True).fill("One by Ada.\n\nTwo.\n\nThree by Ada.\n")
    expect(ada.get_by_text("Dara has saved this text too.")).to_be_visible()
    ada.get_by_label("Text", exact=True).press("Control+End")
    ada.keyboard.type("And on.")
    ada.get_by_role("button", name="Compare and merge").click()
    expect(ada.get_by_role("heading", level=1, name="Dara has saved this text too")).to_be_visible()
    assert violations(ada) == []
    ada.get_by_label("Dara’s", exact=True).check()
    ada.get_by_role("button", name="Save the merged text").click()
    expect(ada.get_by_label("Text", exact=True)).to_have_value("One by Dara.\n\nTwo.\n\nThree by Ada.\nAnd on.\n")


def test_what_could_not_be_saved_is_offered_again_and_nothing_needs_script(browse: Open, tmp_path: Path) -> None:
    page = browse(DARA)
    page.watch.expect("Failed to load resource")  # type: ignore[attr-defined]
    begin(page, "Without a line")
    address = page.url
    is_cut = {"line": True}
    page.route(
        "**/desk/drafts/*",
        lambda route: route.abort() if is_cut["line"] and route.request.method == "POST" else route.continue_(),
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Text", exact=True).fill("Typed on the train.\n")
    expect(page.get_by_text("Your text is kept on this device")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("There is newer text on this device")).to_be_visible()
    is_cut["line"] = False
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Typed on the train.\n")
    expect(page.locator("[name=lock]")).to_have_value("2")

    plain = browse(DARA, script=False)
    plain.goto(address)
    plain.get_by_label("Summary").fill("How to write on a train.")
    plain.get_by_label("Text", exact=True).fill("1. Take a seat.\n")
    plain.get_by_role("button", name="Preview").click()
    expect(plain.get_by_role("region", name="As readers will see it").get_by_text("Take a seat.")).to_be_visible()
    file = tmp_path / "seat.png"
    file.write_bytes(picture())
    plain.get_by_label("Add a picture").set_input_files(file)
    plain.get_by_role("textbox", name="What does it show?").fill("A seat")
    plain.get_by_role("button", name="Add the picture").click()
    source = plain.locator(".picture-source").inner_text()
    plain.get_by_label("Text", exact=True).fill(f"1. Take a seat.\n\n{source}\n")
    plain.locator(".finish-menu > summary").click()
    plain.get_by_role("button", name="Publish now").click()
    expect(plain.get_by_role("heading", level=1, name="Without a line")).to_be_visible()
    expect(plain.get_by_role("img", name="A seat")).to_be_visible()
