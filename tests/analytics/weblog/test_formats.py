"""Lines of access logs are read or refused with a reason, whatever they hold."""

import json
from collections.abc import Iterator

import pytest

from analytics.weblog import moments
from analytics.weblog.formats import Row, Why, matches, slowly

LINE = '10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /kb/vpn HTTP/1.1" 200 512 "-" "Mozilla/5.0"'
READ = ("10.0.0.1", "-", "17/May/2015:10:05:03 +0000", "GET /kb/vpn HTTP/1.1", "200", "512", "-", "Mozilla/5.0")
JSON = {
    "time_iso8601": "2026-03-02T09:00:00+01:00",
    "remote_addr": "198.51.100.7",
    "request": "GET /kb/vpn?q=vpn&token=abc HTTP/1.1",
    "status": "200",
    "body_bytes_sent": "512",
    "http_referrer": "-",
    "http_user_agent": "Mozilla/5.0",
}


def rows(text: str, *, is_common: bool = False) -> Iterator[Row | Why]:
    for found in matches(text):
        yield found[:8] if found[0] else slowly(found[8], is_common=is_common)


def one(line: str, *, is_common: bool = False) -> object:
    (found,) = rows(line, is_common=is_common)
    return found


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        LINE + "\r",
        LINE + " 0.004 upstream",
        "www.intranet.example " + LINE,
    ],
)
def test_the_combined_format_is_read_with_a_virtual_host_before_it_and_more_behind_it(line: str) -> None:
    assert one(line) == READ


def test_a_line_ends_at_a_line_feed_and_nowhere_else() -> None:
    strange = LINE.replace("/kb/vpn", "/a\rb\u2028c\x85d")
    found = list(rows(f"{strange}\n{LINE}"))
    assert [each[3] for each in found if not isinstance(each, Why)] == [
        "GET /a\rb\u2028c\x85d HTTP/1.1",
        "GET /kb/vpn HTTP/1.1",
    ]


def test_quoted_text_stays_as_it_was_logged() -> None:
    found = one(LINE.replace("Mozilla/5.0", r"a \"quoted\" word \\"))
    assert not isinstance(found, Why)
    assert found[7] == r"a \"quoted\" word \\"  # type: ignore[index]


def test_the_virtual_host_is_told_by_the_address_behind_it() -> None:
    named = one("2001:db8::1 - ana ruiz " + LINE.partition("- - ")[2])
    assert named[:2] == ("2001:db8::1", "ana_ruiz")  # type: ignore[index]
    assert one("wiki example " + LINE) is Why.NO_LINE


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", Why.EMPTY),
        ("\r", Why.EMPTY),
        (LINE[:-1], Why.NO_QUOTE),
        (LINE.replace(" 200 ", " 20 "), Why.STATUS),
        (LINE.replace(" 200 ", " OK "), Why.STATUS),
        (LINE.rpartition(' "-"')[0], Why.NO_AGENT),
        ("Nov 22 05:57:25 mail sshd[12]: Accepted", Why.NO_LINE),
        ("\0\0\0", Why.NO_LINE),
        ('{"time_iso8601": "2026-03-02T09:00:00', Why.JSON),
        ("{}", Why.JSON_KEYS),
        (json.dumps(JSON | {"remote_addr": "-"}), Why.JSON_KEYS),
        (json.dumps(JSON | {"status": "20"}), Why.STATUS),
        (json.dumps(JSON | {"time_iso8601": "noon"}), Why.DATE),
        ("{" * 100_000, Why.JSON),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(line: str, why: Why) -> None:
    assert one(line) is why


def test_the_common_format_is_read_only_where_it_is_expected() -> None:
    common = LINE.rpartition(' "-"')[0]
    assert one(common) is Why.NO_AGENT
    assert one(common, is_common=True) == (*READ[:6], "-", "-")


def test_json_of_nginx_is_read_in_all_its_spellings() -> None:
    wanted = (
        "198.51.100.7", "-", moments.written(1772438400), "GET /kb/vpn?q=vpn&token=abc HTTP/1.1", "200", "512", "-",
        "Mozilla/5.0",
    )  # fmt: skip
    assert one(json.dumps(JSON)) == wanted
    parts = {
        "msec": 1772438400.25, "remote_addr": "198.51.100.7", "request_method": "GET", "uri": "/kb/vpn",
        "args": "q=vpn&token=abc", "server_protocol": "HTTP/1.1", "status": 200, "bytes_sent": 512,
        "http_referer": "", "http_user_agent": "Mozilla/5.0",
    }  # fmt: skip
    assert one(json.dumps(parts)) == wanted


def test_bytes_that_an_old_nginx_wrote_are_mended_once() -> None:
    found = one(json.dumps(JSON).replace("Mozilla/5.0", r"M\x22\xC3"))
    assert found[7] == 'M"Ã'  # type: ignore[index]


def test_every_line_gives_one_answer_however_long_it_takes_to_be_broken() -> None:
    hostile = ['"' * 20_000, '\\"' * 20_000, "[" * 20_000, LINE[:-1] + "\\" * 20_001, f"{LINE[:60]}{' ' * 20_000}"]
    assert len(list(rows("\n".join([*hostile, LINE, ""])))) == 7


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [
        ("17/May/2015:10:05:03 +0000", 1431857103),
        ("17/May/2015:10:05:03 -0330", 1431857103 + 12_600),
        ("31/Dec/2016:23:59:60 +0000", 1483228799),
        ("29/Feb/2015:10:05:03 +0000", None),
        ("17/Mai/2015:10:05:03 +0000", None),
        ("17/May/2015:24:05:03 +0000", None),
        ("01/Jan/1970:00:00:00 +0100", None),
    ],
)
def test_times_of_the_common_format_are_read_with_their_zone(stamp: str, seconds: int | None) -> None:
    assert moments.clf(stamp) == seconds
    again = moments.Minutes()
    assert (again.learn(stamp), again.learn(stamp)) == (seconds, seconds)
