"""Lines become counts: what is a page view and what is none, what is kept of a page, a referrer, a search."""

import pytest

from analytics.weblog.days import Days, Memory
from analytics.weblog.formats import Why
from analytics.weblog.reading import Batch, Reader
from analytics.weblog.tallying import Places
from analytics.weblog.targets import Class, shown_path
from tests.analytics.weblog.logs import NOON, line, read, text


def day_of(*lines: str, places: Places | None = None, least: int = 3):  # noqa: ANN201 - as the reader gives it
    (found,) = read(lines, reader=Reader(Days(Memory()), places=places, least=least)).days.values()
    return found


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (line(NOON, agent="Googlebot/2.1", request="-"), Class.BOT),
        (line(NOON, agent=""), Class.BOT),
        (line(NOON, request="-", status=400), Class.BAD_REQUEST),
        (line(NOON, request=""), Class.BAD_REQUEST),
        (line(NOON, request="GET /"), Class.BAD_REQUEST),
        (line(NOON, request=r"\x16\x03\x01", status=400), Class.BAD_REQUEST),
        (line(NOON, method="HEAD", status=404), Class.METHOD),
        (line(NOON, method="POST", path="/a.css"), Class.METHOD),
        (line(NOON, status=404, path="/a.css"), Class.STATUS),
        (line(NOON, status=302), Class.STATUS),
        (line(NOON, path="/a/B.PNG?x=1"), Class.STATIC),
        (line(NOON, path="/robots.txt"), Class.STATIC),
        (line(NOON, path="/kb/robots.txt"), Class.PAGE_VIEW),
        (line(NOON, status=304), Class.PAGE_VIEW),
        (line(NOON, status=206), Class.PAGE_VIEW),
        (line(NOON, path="/a b"), Class.PAGE_VIEW),
    ],
)
def test_the_first_reason_says_why_a_hit_is_no_page_view(said: str, why: Class) -> None:
    assert day_of(said).classes == [int(each is why) for each in Class]


def test_refused_lines_are_counted_and_the_first_of_them_named() -> None:
    reader, found = Reader(Days(Memory())), Batch()
    reader.read(text([line(NOON), "nonsense"]), found)
    reader.read(text([line(NOON), line(NOON)[:-1], line(NOON).replace("Mar", "Mrz")]), found)
    assert (found.read, found.parsed) == (5, 2)
    assert found.examples == [(2, Why.NO_LINE), (4, Why.NO_QUOTE), (5, Why.DATE)]


def test_bytes_that_are_no_text_are_read_all_the_same() -> None:
    found = Batch()
    Reader(Days(Memory())).read(line(NOON, path="/\udce9t\udce9").encode("utf-8", "surrogateescape"), found)
    assert dict(found.days.popitem()[1].pages) == {"/?t?": 1}


def test_only_pages_from_elsewhere_are_referrers_and_their_queries_are_dropped() -> None:
    places = Places(hosts=frozenset({"portal.example"}))
    found = day_of(
        line(NOON, came_from="https://ana:secret@Intranet.example/it?session=9"),
        line(NOON, came_from="https://portal.example/kb/wifi"),
        line(NOON, came_from="javascript:alert(1)"),
        places=places,
    )
    assert dict(found.referrers) == {"intranet.example/it": 1}


def test_pages_from_which_the_portal_or_its_ticket_form_was_opened() -> None:
    places = Places(base="/help", hosts=frozenset({"portal.example"}))
    found = day_of(
        line(NOON, path="/help/", came_from="https://intranet.example/it"),
        line(NOON, path="/help/tickets/new?q=x", came_from="https://portal.example/help/kb/vpn"),
        line(NOON, path="/help/kb/vpn", came_from="https://portal.example/help/"),
        line(NOON, path="/helpers", came_from="https://intranet.example/it"),
        places=places,
    )
    assert dict(found.openers) == {
        ("portal", "intranet.example/it"): 1,
        ("ticket", "portal.example/help/kb/vpn"): 1,
    }


def test_words_are_kept_only_once_three_visitors_searched_for_them_on_a_day() -> None:
    asked = [line(NOON, f"10.0.0.{n}", path="/search?q=My+VPN&token=abc") for n in (1, 1, 1, 2)]
    assert not day_of(*asked).terms
    reader = Reader(Days(Memory(), most=0))
    found = read(asked, [line(NOON, "10.0.0.3", path="/search?q=my%20vpn")], asked[:1], reader=reader)
    assert dict(found.days.popitem()[1].terms) == {"my vpn": 6}


def test_errors_are_those_of_people_and_robots_only_a_number() -> None:
    found = day_of(line(NOON, status=404), line(NOON, status=404, agent="Googlebot/2.1"), line(NOON, status=301))
    assert (dict(found.errors), found.robot_errors) == ({("404", "/kb/vpn"): 1}, 1)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/presentations/logstash-monitorama-2013/", "/presentations/logstash-monitorama-2013/"),
        ("/invite/9fK2mQ7xLp0ZtR4vBn8sWc1y", "/invite/[key]"),
        ("/f/0123456789abcdef0123456789abcdef", "/f/[key]"),
        ("/f/123e4567-e89b-12d3-a456-426614174000/x", "/f/[key]/x"),
        ("/~ana.ruiz@ostreyvale.example", "/~[address]"),
        ("/a\x1b[31m\0b", "/a [31m b"),
    ],
)
def test_paths_are_kept_without_keys_and_addresses_of_mail(path: str, kept: str) -> None:
    assert shown_path(path) == kept
