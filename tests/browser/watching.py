"""What a page must not do while a browser test looks on: break its own rules, complain, call somewhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

AXE = (Path(__file__).parent / "vendor" / "axe-core@4.14.1" / "axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that another theme can break: it changes colours and nothing else."""
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP refused ${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


TOO_WIDE = """
() => {
  const shown = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= shown) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => {
      const box = element.getBoundingClientRect();
      return box.right > shown + 1 || box.left < -1;
    })
    .map((element) => `${element.tagName.toLowerCase()}.${element.className.baseVal ?? element.className}`)
    .slice(0, 8);
}
"""
TOO_SMALL = """
(least) => {
  const size = (element) => {  // a label is pressed for its field
    const boxes = [element, ...(element.labels ?? [])].map((one) => one.getBoundingClientRect());
    const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
    const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))];
    return [right - left, bottom - top];
  };
  const isInText = (element) => getComputedStyle(element).display === "inline"
    && element.parentElement.textContent.trim().length > element.textContent.trim().length;
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !element.closest(".visually-hidden, .skip-link") && !isInText(element))
    .filter((element) => size(element).some((side) => side < least))
    .map((element) => `${element.outerHTML.slice(0, 120)} ${size(element).join(" x ")}`);
}
"""
WITHOUT_TIMERS = """
() => {
  window.setTimeout = (run, pause, ...given) => {
    Promise.resolve().then(() => run(...given));
    return 0;
  };
}
"""


class Watch:
    """Collects what a page did wrong; `expect` lets a test name what it provokes."""

    def __init__(self, page: Page, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._expected: list[str] = []
        self.seen: list[str] = []
        page.add_init_script(TELL_VIOLATIONS)
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)

    def expect(self, pattern: str) -> None:
        """Let what matches the pattern pass, for example the line a browser writes about an expected 404."""
        self._expected.append(pattern)

    def problems(self) -> list[str]:
        return [text for text in self.seen if not any(re.search(pattern, text) for pattern in self._expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: Error) -> None:
        self.seen.append(f"uncaught: {error.message}")

    def _request(self, request: Request) -> None:
        split = urlsplit(request.url)
        if split.scheme in ("http", "https", "ws", "wss") and split.netloc != self._host:
            self.seen.append(f"a request to another machine: {request.url}")


def violations(page: Page, *, ignored: tuple[str, ...] = (), only: list[str] | None = None) -> list[str]:
    """Return what axe finds on the page as it is now, one line each; `ignored` names rules with a reason beside it.

    `only` names the few rules to look for, on a page that was looked at whole before.
    """
    if not page.evaluate("() => matchMedia('(scripting: enabled)').matches"):
        page.evaluate(WITHOUT_TIMERS)  # where scripts are off no timer ever rings, and axe would wait for ever
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE + ";0")  # a script tag would be refused by the page's own policy, and rightly
    options: dict[str, Any] = {
        "runOnly": {"type": "rule", "values": only} if only else {"type": "tag", "values": STANDARDS},
        # Off unless asked for, until more of the world has moved to WCAG 2.2.
        "rules": {rule: {"enabled": False} for rule in ignored} | ({} if only else {"target-size": {"enabled": True}}),
        "resultTypes": ["violations"],
        "preload": False,
    }
    found = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + "; ".join(node["html"][:160] for node in rule["nodes"][:3])
        for rule in found["violations"]
    ]


def sideways(page: Page) -> list[str]:
    """Return what reaches beyond the edge of a page that would have to be scrolled sideways."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def small_targets(page: Page, *, least: int = 24) -> list[str]:
    """Return what is pressed and smaller than this many pixels (WCAG 2.5.8); links within a text may be."""
    found: list[str] = page.evaluate(TOO_SMALL, least)
    return found
