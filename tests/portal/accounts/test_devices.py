"""What a browser is called, and how much of an address is kept."""

from __future__ import annotations

import doctest

import pytest

from portal.accounts import devices

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_the_examples_hold() -> None:
    assert doctest.testmod(devices).failed == 0


@pytest.mark.parametrize(
    ("user_agent", "browser", "system"),
    [
        (IPHONE, "Safari", "iPhone"),
        (ANDROID, "Chrome", "Android"),
        (MAC, "Safari", "macOS"),
        (FIREFOX, "Firefox", "Windows"),
        ("curl/8.5", "", ""),
        ("", "", ""),
    ],
)
def test_a_browser_is_called_what_its_owner_calls_it(user_agent: str, browser: str, system: str) -> None:
    assert (devices.browser_of(user_agent), devices.system_of(user_agent)) == (browser, system)


@pytest.mark.parametrize("address", ["", None, "unknown", "1.2.3", "::ffff:203.0.113.9"])
def test_no_full_address_is_ever_kept(address: str | None) -> None:
    assert devices.coarse(address) in ("", "203.0.x.x")
