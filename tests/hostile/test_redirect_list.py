"""S16: the whole list of redirects leads home."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from portal.core.redirects import safe_next
from tests.hostile.lists import lines


@pytest.mark.real_data
@pytest.mark.parametrize("host", ["help.ostreyvale.example", "www.whitelisteddomain.tld", "localhost:8000"])
def test_every_line_leads_home(host: str) -> None:
    astray = {line: safe_next(line, host) for line in lines("redirects") if safe_next(line, host) != "/"}
    assert astray == {}


@pytest.mark.real_data
def test_every_line_leads_home_also_once_decoded() -> None:
    """A form value arrives decoded, an address in an address only once."""
    astray = [line for line in lines("redirects") if safe_next(unquote(line), "help.ostreyvale.example") != "/"]
    assert astray == []
