"""`make shots`: a contact sheet of the product, made by driving the demo's people through the list in shots.toml.

Writes build/shots/index.html with one picture for each page and look; with `--readme` also the pictures of the README.
For eyes, not for comparison by machine.
"""

from __future__ import annotations

import html
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from tools.bootstrap import find_browser
from tools.demo_check import FIRST_START, ROOT, Demo

LIST = Path(__file__).with_name("shots.toml")
OUT = ROOT / "build" / "shots"
PICTURES = ROOT / "docs" / "pictures"
LOOKS = ("light", "dark", "phone", "noscript")
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


def read_list() -> list[Shot]:
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["shot"]
    return [Shot(**{**row, "looks": tuple(row["looks"])}) for row in rows]


def window(browser: Browser, look: str) -> BrowserContext:
    """Open a window of one look."""
    settings: dict[str, Any] = {
        "viewport": PHONE if look == "phone" else DESKTOP,
        "color_scheme": "dark" if look == "dark" else "light",
        "java_script_enabled": look != "noscript",
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


def drive(address: str, browser: Browser, *, is_readme: bool) -> list[tuple[Shot, str, Path]]:
    """Take every picture; one window for each person and look."""
    taken: list[tuple[Shot, str, Path]] = []
    windows: dict[tuple[str, str], Page] = {}
    for shot in read_list():
        for look in shot.looks:
            page = windows.get((shot.who, look))
            if page is None:
                page = windows[shot.who, look] = window(browser, look).new_page()
                if shot.who:
                    sign_in(page, address, shot.who)
            file = OUT / f"{shot.name}-{look}.png"
            take(page, address, shot, file)
            taken.append((shot, look, file))
            if is_readme and shot.readme:
                is_first = look == shot.looks[0]
                picture = PICTURES / f"{shot.readme}.png" if is_first else OUT / f"{shot.readme}-{look}-window.png"
                take(page, address, shot, picture, is_whole=False)
        print(f"  {shot.name}: {', '.join(shot.looks)}")
    if is_readme:
        beside(browser, [OUT / f"{name}-window.png" for name in ("article-dark", "article-phone", "home-phone")])
    return taken


def beside(browser: Browser, files: list[Path]) -> None:
    """Put some pictures side by side, cut at the same height, as the README shows them."""
    page = browser.new_context(viewport={"width": 1400, "height": 560}).new_page()
    images = "".join(f'<img src="{file.as_uri()}">' for file in files)
    style = "body{margin:0;display:flex;gap:20px;align-items:flex-start;background:#fff}img{height:560px}"
    sheet = OUT / "beside.html"
    sheet.write_text(f"<!doctype html><style>{style}</style>{images}", encoding="utf-8")
    page.goto(sheet.as_uri())
    page.screenshot(path=PICTURES / "phone.png")


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
            taken = drive(demo.address.rstrip("/"), browser, is_readme="--readme" in arguments)
            browser.close()
        finally:
            demo.stop()
    print(f"{len(taken)} pictures: {contact_sheet(taken)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
