"""`make shots`: a contact sheet of the product, made by driving the demo's people through the list in shots.toml.

Writes build/shots/index.html with one picture for each page and look; `--readme` takes those of the README instead.
For eyes, not for comparison by machine.
"""

from __future__ import annotations

import html
import re
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from tools.bootstrap import find_browser
from tools.demo_check import FIRST_START, ROOT, Demo

LIST = Path(__file__).with_name("shots.toml")
OUT = ROOT / "build" / "shots"
PICTURES = ROOT / "docs" / "pictures"
LOOKS = ("light", "dark", "phone", "noscript")
PHONE_ROW = (("article", "dark"), ("article", "phone"), ("home", "phone"))
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One line of the list."""

    name: str
    path: str
    looks: tuple[str, ...]
    who: str = ""
    type: str = ""
    follow: str = ""
    readme: str = ""
    height: int = 0
    """Of the README's picture, where it is not that of a usual window."""


def read_list() -> list[Shot]:
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["shot"]
    return [Shot(**{**row, "looks": tuple(row["looks"])}) for row in rows]


def window(browser: Browser, look: str) -> BrowserContext:
    """Open a window of one look."""
    settings: dict[str, Any] = {
        "viewport": PHONE if look == "phone" else DESKTOP,
        "color_scheme": "dark" if look == "dark" else "light",
        "java_script_enabled": look != "noscript",
        "has_touch": look == "phone",
        "device_scale_factor": 1,
    }
    return browser.new_context(**settings)


def sign_in(page: Page, address: str, who: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name=f"Be {who}", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def take(page: Page, address: str, shot: Shot, file: Path, *, is_whole: bool = True) -> None:
    page.goto(address + shot.path)
    if shot.follow:
        page.get_by_role("link", name=shot.follow).first.click()
    page.wait_for_load_state("networkidle")
    if shot.type:
        page.locator("input[name=q]").first.press_sequentially(shot.type, delay=20)
        page.locator("[role=listbox]").first.wait_for(state="visible")
    page.screenshot(path=file, full_page=is_whole and not shot.type)


def drive(address: str, browser: Browser) -> list[tuple[Shot, str, Path]]:
    """Take every picture; one window for each person and look."""
    taken: list[tuple[Shot, str, Path]] = []
    windows: dict[tuple[str, str], Page] = {}
    for shot in read_list():
        for look in shot.looks:
            page = windows.get((shot.who, look))
            if page is None:
                page = windows[shot.who, look] = open_page(address, browser, look, shot.who)
            file = OUT / f"{shot.name}-{look}.png"
            take(page, address, shot, file)
            taken.append((shot, look, file))
        print(f"  {shot.name}: {', '.join(shot.looks)}")
    return taken


def open_page(address: str, browser: Browser, look: str, who: str) -> Page:
    page = window(browser, look).new_page()
    if who:
        sign_in(page, address, who)
    return page


def illustrate(address: str, browser: Browser) -> list[Path]:
    """Take the pictures of the README: what fits the window, and two rows of phones."""
    shots = {shot.name: shot for shot in read_list()}
    made = []
    for shot in shots.values():
        if shot.readme:
            file = OUT / f"{shot.readme}-readme.png"
            page = open_page(address, browser, shot.looks[0], shot.who)
            page.set_viewport_size({"width": DESKTOP["width"], "height": shot.height or DESKTOP["height"]})
            take(page, address, shot, file, is_whole=False)
            made.append(lightened(file, PICTURES / f"{shot.readme}.png"))
    row = []
    for name, look in PHONE_ROW:
        row.append(OUT / f"{name}-{look}-readme.png")
        take(open_page(address, browser, look, shots[name].who), address, shots[name], row[-1], is_whole=False)
    made.append(beside(browser, row, PICTURES / "phone.png"))
    made.append(beside(browser, answer_a_survey(address, browser), PICTURES / "survey.png"))
    return made


def answer_a_survey(address: str, browser: Browser) -> list[Path]:
    """Answer the survey Ana was invited to, on a phone: what stands before it, one group of statements, the end."""
    page, files = open_page(address, browser, "phone", ""), [OUT / f"survey-{n}-readme.png" for n in (1, 2, 3)]
    page.goto(address + invitation(address, page))
    page.get_by_role("button", name="Start").wait_for()
    page.screenshot(path=files[0])
    page.get_by_role("button", name="Start").click()
    for group, points in enumerate(((4, 5), (4, 2))):
        if group:
            page.locator("[data-part=next]").click()
        for statement, point in enumerate(points):
            page.locator("fieldset.statement:visible").nth(statement).locator("input[type=radio]").nth(point - 1).check(
                force=True
            )
    page.mouse.move(0, 0)
    page.screenshot(path=files[1])
    while page.locator("[data-part=next]").is_visible():
        page.locator("[data-part=next]").click()
    page.locator("[data-part=send]").click()
    page.locator(".survey-done").wait_for()
    page.screenshot(path=files[2])
    return files


def invitation(address: str, page: Page) -> str:
    """Return the link of Ana's mail, which leaves when the demo runs."""
    for _ in range(60):
        page.goto(f"{address}/demo/mail?to=ana")
        mine = page.locator("main a[href*='/mail/surveys/']")
        if mine.count():
            mine.first.click()
            if found := re.search(r"/survey#\S+", page.locator("main").inner_text()):
                return found[0]
        time.sleep(1)
    raise LookupError("No invitation to the running survey came within a minute.")


def beside(browser: Browser, files: list[Path], picture: Path) -> Path:
    """Put some pictures side by side, cut at the same height, as the README shows them."""
    page = browser.new_context(viewport={"width": 1400, "height": 640}).new_page()
    images = "".join(f'<img src="{file.as_uri()}">' for file in files)
    style = (
        "body{margin:0;background:#fff}main{display:inline-flex;gap:20px;padding:1px;background:#fff}"
        "img{height:600px;box-shadow:0 0 0 1px #cfcabf}"
    )
    sheet = OUT / f"{picture.stem}-beside.html"
    sheet.write_text(f"<!doctype html><style>{style}</style><main>{images}</main>", encoding="utf-8")
    page.goto(sheet.as_uri())
    whole = sheet.with_suffix(".png")
    page.locator("main").screenshot(path=whole)
    return lightened(whole, picture)


def lightened(file: Path, picture: Path) -> Path:
    """Write a picture with as many colours as a screen of ours needs, a third of its weight."""
    with Image.open(file) as image:
        few = image.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(picture, optimize=True)
    return picture


def contact_sheet(taken: list[tuple[Shot, str, Path]]) -> Path:
    """Write the page that shows all pictures."""
    cells = "".join(
        f'<figure><a href="{file.name}"><img src="{file.name}" loading="lazy"></a>'
        f"<figcaption>{html.escape(shot.name)}, {look}{', ' + shot.who if shot.who else ''}<br>"
        f"{html.escape(shot.path)}</figcaption></figure>"
        for shot, look, file in taken
    )
    style = (
        "body{font:14px system-ui;margin:24px;background:#ddd;display:flex;flex-wrap:wrap;gap:24px}"
        "figure{margin:0;width:360px}img{width:360px;height:420px;object-fit:cover;object-position:top;background:#fff}"
    )
    page = OUT / "index.html"
    page.write_text(f"<!doctype html><title>Contact sheet</title><style>{style}</style>{cells}", encoding="utf-8")
    return page


def main(arguments: list[str]) -> int:
    """Start a demo of its own, look at everything, stop it."""
    OUT.mkdir(parents=True, exist_ok=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = find_browser()
    if not path:
        print("There is no Chromium or Chrome here: run `make browser`.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="dity-shots-") as home, sync_playwright() as playwright:
        demo = Demo(Path(home), FIRST_START)
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            address = demo.address.rstrip("/")
            if "--readme" in arguments:
                said = f"{len(illustrate(address, browser))} pictures: {PICTURES}"
            else:
                taken = drive(address, browser)
                said = f"{len(taken)} pictures: {contact_sheet(taken)}"
            browser.close()
        finally:
            demo.stop()
    print(said)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
