"""A year of facts costs what it may: the bounded form of `python -m benchmarks.ledger`."""

from __future__ import annotations

import pytest

from benchmarks import ledger
from tests.databases import PostgresDatabases

EVENTS, DAYS = 1_000_000, 21
"""Three weeks at the pace of a million facts a year."""


@pytest.mark.slow
def test_a_day_a_window_and_a_page_keep_within_their_bars() -> None:
    assert ledger.measured(EVENTS, DAYS, "", tell=False).misses() == []


@pytest.mark.slow
def test_they_do_on_postgresql_too(postgres: PostgresDatabases) -> None:
    url = postgres.make_empty()
    assert ledger.measured(EVENTS, DAYS, url, tell=False).misses() == []
    postgres.drop(url)
