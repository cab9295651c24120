"""The page of results, the list below the box, and what they keep."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories import kb
from tests.people import Visitor

Index = Callable[[], None]


def test_the_right_article_comes_first_for_words_with_slips(ana: Visitor, index: Index) -> None:
    kb.article("VPN cannot connect from home", summary="Connect again by the second server.")
    kb.article("Printer is offline", body="## Wake it\n\n1. Switch the printer on.\n")
    index()
    page = ana.page("/search?q=cant+conect+to+vpn+from+home")
    print(page.text)
    assert page.heading == "Showing results for cant connect to vpn from home"
    assert "VPN cannot connect from home" in page.links
