"""What a first visit loads, with nothing kept from before: few files, and small ones."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import Open
from tests.people import ANA

MOST_REQUESTS = 12
MOST_SCRIPT = 100_000


@pytest.mark.parametrize(
    ("path", "most_bytes"),
    [
        ("/", 250_000),
        ("/kb/", 250_000),
        ("/kb/vpn-cannot-connect-from-home", 150_000),
        ("/search?q=laptop+screen+black", 250_000),
    ],
)
def test_a_first_visit_loads_few_files_and_small_ones(browse: Open, path: str, most_bytes: int) -> None:
    page: Page = browse(ANA)
    loaded: list[Request] = []
    page.on("requestfinished", lambda request: loaded.append(request))
    page.goto(path, wait_until="networkidle")
    sizes = {request.url: request.sizes() for request in loaded}
    assert 3 <= len(sizes) <= MOST_REQUESTS, sorted(sizes)
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values()) <= most_bytes
    scripts = [size["responseBodySize"] for url, size in sizes.items() if url.endswith(".js")]
    assert 0 < sum(scripts) <= MOST_SCRIPT
