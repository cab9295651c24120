"""The page of results, and the list below the box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core import actor, options
from portal.core.database import db
from portal.jobs.runner import Runner
from portal.kb.shelving import tree
from portal.ledger.models import LedgerEntry
from portal.search.maintenance import FOLDER
from tests.factories import kb
from tests.pages import Page, words
from tests.people import Visitor

Index = Callable[[], None]

ODD = ["q=%22vpn", "q=vpn+AND", "q=*", "q=%28%28%28", "q=title:vpn%5E4", "q=%07%0a", "q=%7B%7B7*7%7D%7D"]
ODD += ["q=%F0%9F%98%80", "q=vpn&page=x", "q=vpn&page=-1", "q=vpn&page=999", "q=vpn&kind=%27--", "q=vpn&exact=maybe"]
ODD += ["q=vpn&of=../etc", "q=" + "a" * 3000]

STEPS = "## Do it\n\n1. Open **Settings**.\n\n2. Switch the calendar off.\n"


@pytest.fixture
def shelf(index: Index) -> None:
    network = kb.category("Network and VPN", slug="network")
    phones = kb.category("Phones", slug="phones")
    kb.article("VPN cannot connect from home", category=network, tags=("vpn", "home"))
    kb.article("VPN drops every few minutes", category=network, tags=("vpn",))
    kb.article("Calendar stopped syncing to your phone", category=phones, tags=("calendar",), body=STEPS)
    index()


def test_the_right_article_comes_first_for_words_with_slips(ana: Visitor, shelf: None) -> None:
    page = ana.page("/search?q=cant+conect+to+vpn+from+home")
    assert page.heading == "Showing results for cant connect to vpn from home"
    exactly = page.links["cant conect to vpn from home"]
    assert parse_qs(urlsplit(exactly).query) == {"q": ["cant conect to vpn from home"], "exact": ["1"]}
    (first, *_) = [words(e) for e in page.all("h2") if "VPN" in words(e)]
    assert first == "VPN cannot connect from home"
    assert ana.page(exactly).heading == "Results for cant conect to vpn from home"


def test_the_strong_answer_can_be_read_without_opening_it(ana: Visitor, shelf: None) -> None:
    best = ana.page("/search?q=calendar+syncing+phone").one("section", id="best-answer")
    assert "Best answer Calendar stopped syncing to your phone" in words(best)
    assert "Open Settings." in words(best)


def test_a_hit_leads_on_with_where_it_came_from(ana: Visitor, shelf: None, app: Flask) -> None:
    page = ana.page("/search?q=vpn")
    address = urlsplit(page.links["VPN drops every few minutes"])
    query = parse_qs(address.query)
    assert (query["via"], query["rank"], query["q"]) == (["search"], ["2"], ["vpn"])
    assert ana.get(f"{address.path}?{address.query}").status_code == 200
    app.extensions["dity-buffer"].flush()
    opened = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.SEARCH_RESULT_OPENED.value))
    assert opened.scalar_one().props == {"search": query["s"][0], "rank": 2}


def test_the_words_that_were_found_are_bold_and_text_stays_text(ana: Visitor, index: Index) -> None:
    kb.article("Strange letters", summary="The text <script>alert(1)</script> & signs appear.", tags=())
    index()
    page = ana.page("/search?q=alert+signs")
    assert [words(b) for b in page.all("b")] == ["alert", "signs"]
    assert "<script>alert(1)</script> & signs" in page.text


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ("tag=home", {"VPN cannot connect from home"}),
        ("category=network", {"VPN cannot connect from home", "VPN drops every few minutes"}),
        ("category=phones", set()),
        ("kind=article&tag=vpn", {"VPN cannot connect from home", "VPN drops every few minutes"}),
        ("platform=phone", set()),
    ],
)
def test_the_address_of_filtered_results_can_be_shared(
    ana: Visitor, ben: Visitor, shelf: None, filters: str, titles: set[str]
) -> None:
    for visitor in (ana, ben):
        links = visitor.page(f"/search?q=vpn&{filters}").links
        assert {title for title in links if title.startswith("VPN")} == titles


def test_filters_that_hide_everything_are_told_and_can_be_taken_off(ana: Visitor, shelf: None) -> None:
    page = ana.page("/search?q=vpn&category=phones")
    assert "The filters hide everything that was found." in page.text
    assert "VPN drops every few minutes" in ana.page(page.links["Show all 2 results"]).links


def test_a_filter_goes_on_from_the_search_it_began_with(ana: Visitor, shelf: None, app: Flask) -> None:
    narrower = next(href for text, href in ana.page("/search?q=vpn").links.items() if text.startswith("home"))
    ana.page(narrower)
    app.extensions["dity-buffer"].flush()
    first, second = db.session.execute(
        select(LedgerEntry.props).where(LedgerEntry.name == Name.SEARCH_PERFORMED.value).order_by(LedgerEntry.id)
    ).scalars()
    assert second["of"] == first["search"]
    assert second["filters"] == ["tag:home"]


def test_more_results_wait_on_the_next_page(ana: Visitor, index: Index) -> None:
    for n in range(13):
        kb.article(f"Laptop number {n}")
    index()
    page = ana.page("/search?q=laptop")
    second = ana.page(page.links["Show 3 more"])
    assert "11 to 13 of 13" in second.text
    assert "Back" in second.links


def test_nothing_found_opens_three_doors(ana: Visitor, shelf: None) -> None:
    page = ana.page("/search?q=calendar+flange")
    assert page.heading == "Nothing here for “calendar flange”"
    door, ask, hand_over = (e for e in page.all("a", class_="door"))
    assert words(door).endswith("Leave out “flange”: 1 result")
    assert "Calendar stopped syncing" in ana.page(door.get("href", "")).text
    for way in (ask, hand_over):
        assert parse_qs(urlsplit(way.get("href", "")).query)["q"] == ["calendar flange"]
        assert ana.page(way.get("href", "")).heading
    assert "Calendar stopped syncing to your phone" in page.links


def test_the_doors_stand_beside_results_too(ana: Visitor, shelf: None) -> None:
    doors = [words(e) for e in ana.page("/search?q=vpn").all("a", class_="door")]
    assert [door.split(" ")[0] for door in doors] == ["Ask", "Hand"]


def test_without_words_there_is_the_box_alone_and_nothing_is_kept(ana: Visitor, app: Flask) -> None:
    page = ana.page("/search")
    assert page.heading == "What’s in the way?"
    app.extensions["dity-buffer"].flush()
    kept = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.SEARCH_PERFORMED.value))
    assert kept.first() is None


@pytest.mark.parametrize("query", ODD)
def test_no_text_and_no_address_breaks_the_page(ana: Visitor, shelf: None, query: str) -> None:
    assert ana.get(f"/search?{query}").status_code == 200
    assert ana.get(f"/search/suggest?{query}").status_code == 200


def test_braces_come_back_as_braces(ana: Visitor, shelf: None) -> None:
    assert "{{7*7}}" in ana.page("/search?q={{7*7}}").text


def test_suggestions_come_from_the_third_letter(ana: Visitor, shelf: None) -> None:
    assert ana.get("/search/suggest?q=vp").text == ""
    piece = Page(ana.get("/search/suggest?q=vpn+dro").text)
    rows = [words(e) for e in piece.all("a", role="option")]
    assert rows[0].startswith("VPN drops every few minutes")
    assert [words(e) for e in piece.all("a")][-2:] == ["Ask colleagues", "Hand it over"]


def test_a_suggestion_says_where_it_was_shown(ana: Visitor, shelf: None) -> None:
    piece = Page(ana.get("/search/suggest?q=vpn+dro&from=home").text)
    query = parse_qs(urlsplit(piece.all("a")[0].get("href", "")).query)
    assert query["via"] == ["suggestion"]


def test_a_stranger_is_sent_to_sign_in(stranger: Visitor, shelf: None) -> None:
    assert stranger.get("/search?q=vpn").status_code == 302


def test_a_stranger_finds_what_is_public_where_reading_is_open(stranger: Visitor, index: Index) -> None:
    kb.article("Guest Wi-Fi", access_key="public", tags=())
    kb.article("Guest list of the board", access_key="signed-in", tags=())
    options.change(actor.system("tests"), public_reading=True, is_set_up=True)
    index()
    page = stranger.page("/search?q=guest")
    assert "Guest Wi-Fi" in page.links
    assert "board" not in page.text


def test_zoe_finds_nothing(zoe: Visitor, shelf: None) -> None:
    assert zoe.get("/search?q=vpn").status_code == 302
    assert "VPN drops" not in zoe.get("/search/suggest?q=vpn").text


def test_while_the_index_is_mended_the_page_says_so(ana: Visitor, shelf: None, app: Flask) -> None:
    (app.config["DITY"].home / FOLDER / "CURRENT").unlink()
    page = ana.page("/search?q=every+few+minutes")
    assert "Search is being mended." in page.text
    assert "VPN drops every few minutes" in page.links
    assert ana.get("/search/suggest?q=vpn").status_code == 200


def test_typing_fast_has_its_limit_and_searching_another(ana: Visitor, shelf: None, app: Flask) -> None:
    app.config["DITY"] = replace(app.config["DITY"], suggestions_per_minute=2)
    statuses = [ana.get("/search/suggest?q=vpn").status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    assert ana.get("/search?q=vpn").status_code == 200


def test_who_searches_just_after_an_import_learns_that_more_is_coming(ana: Visitor, index: Index, app: Flask) -> None:
    index()
    row = kb.article("Sailing with colleagues")
    tree.follow({row.ref})
    db.session.commit()
    page = ana.page("/search?q=sailing")
    assert "New articles are being added to the search (1 waiting)." in page.text
    assert "When three people miss the same thing" not in page.text
    Runner(app).drain()
    assert "being added to the search" not in ana.page("/search?q=sailing").text
