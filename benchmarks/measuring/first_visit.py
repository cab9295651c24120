"""What a first visit costs: requests and bytes of a page in a real browser with an empty cache."""

from __future__ import annotations

import shutil
from typing import Any

from flask import Flask

from benchmarks.measuring.server import cookie_of, serving

MOST_REQUESTS = 12
MOST_BYTES = 250_000
MOST_BYTES_OF = {"article": 150_000}
MOST_SCRIPT = 100_000
SKIPPED = frozenset({"suggestions"})
"""A fragment, not a page."""


def measure(app: Flask, token: str, paths: dict[str, str]) -> list[dict[str, Any]]:
    from playwright.sync_api import sync_playwright

    name, value = cookie_of(app, token).split("=", 1)
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    rows = []
    with serving(app) as (port, _pid), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        for page_name, path in paths.items():
            if page_name in SKIPPED:
                continue
            context = browser.new_context()
            context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
            page = context.new_page()
            done: list[Any] = []
            page.on("requestfinished", lambda request, done=done: done.append(request))
            page.goto(f"http://127.0.0.1:{port}{path}", wait_until="networkidle")
            sizes = [(request.resource_type, request.sizes()) for request in done]
            rows.append(
                {
                    "page": page_name,
                    "requests": len(sizes),
                    "bytes": sum(s["responseBodySize"] + s["responseHeadersSize"] for _kind, s in sizes),
                    "script_bytes": sum(s["responseBodySize"] for kind, s in sizes if kind == "script"),
                }
            )
            context.close()
        browser.close()
    return rows


def misses(found: dict[str, Any]) -> list[str]:
    missed = []
    for row in found.get("first_visit", ()):
        most = MOST_BYTES_OF.get(row["page"], MOST_BYTES)
        for what, have, bound in (
            ("requests", row["requests"], MOST_REQUESTS),
            ("bytes", row["bytes"], most),
            ("bytes of script", row["script_bytes"], MOST_SCRIPT),
        ):
            if have > bound:
                missed.append(f"{row['page']}: {have} {what} at a first visit, at most {bound}")
    return missed


def lines(found: dict[str, Any]) -> list[str]:
    rows = found.get("first_visit", ())
    head = [f"{'page':12} {'requests':>9} {'bytes':>8} {'script':>8}  (first visit)"] if rows else []
    return head + [f"{r['page']:12} {r['requests']:9d} {r['bytes']:8d} {r['script_bytes']:8d}" for r in rows]
