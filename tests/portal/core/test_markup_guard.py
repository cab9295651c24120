"""The guard: honest texts pass, piles of marks do not."""

from __future__ import annotations

import pytest

from portal.core.errors import Invalid
from portal.core.markup import guard

PROSE = (
    "Open **Settings**, choose [Network](kb:network) and press ++enter++. It takes about a minute; wait for it.\n\n"
    "## What then?\n\n1. Look at the lamp. It must be *green*.\n\n    → The lamp is green.\n\n"
    "Nothing you have open is lost while you do this. People on the train often see the lamp blink for some minutes,"
    " since the network changes from one place to the next; that is no reason to begin again.\n\n"
    "2. If it is not, read `status` once more, or ask (we are here from 8 to 6).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
)


def test_an_honest_article_of_full_length_passes() -> None:
    guard.check((PROSE * 300)[: guard.ARTICLE_LIMIT], limit=guard.ARTICLE_LIMIT)


def test_the_estimate_grows_with_the_text() -> None:
    assert 7.5 < guard.work(PROSE * 80) / guard.work(PROSE * 10) < 8.5


@pytest.mark.parametrize("mark", ["[", "![", "*_", "1. a\n", "# a\n", "|a|b|\n|-|-|\n", "[^a]", "https://a.b "])
def test_a_full_length_of_one_mark_does_not(mark: str) -> None:
    text = (mark * guard.ARTICLE_LIMIT)[: guard.ARTICLE_LIMIT]
    with pytest.raises(Invalid):
        guard.check(text, limit=guard.ARTICLE_LIMIT)


def test_a_megabyte_is_refused_by_its_size() -> None:
    with pytest.raises(Invalid, match="too long"):
        guard.check("a" * 1_000_000, limit=guard.ARTICLE_LIMIT)
