"""Whatever stands in a log, each line is parsed or refused, and nothing trips."""

from __future__ import annotations

import json
from random import Random

from analytics.weblog import visits
from analytics.weblog.days import Days, Memory
from analytics.weblog.reading import Batch, Reader
from tests.analytics.weblog.logs import NOON, line

ODD = (
    "\0", "\n", "\r", '"', "\\", "[", "]", " ", "\udcff", "\x1b", "\u202e", "%00", "9" * 30, "=1+1", "{", "-", "é", "/",
)  # fmt: skip
ODD_VALUES = ("", "-", None, 7, 1e400, -1, True, [], {}, "\ud800", "9" * 40, "\0", "noon", 10**30, "GET / HTTP/1.1")


def mangled(chance: Random) -> bytes:
    if chance.random() < 0.3:
        keys = ("time_iso8601", "time_local", "msec", "remote_addr", "remote_user", "request", "status",
                "body_bytes_sent", "http_referer", "http_user_agent", "uri", "request_method")  # fmt: skip
        said = {
            "msec": "1772452800.5", "remote_addr": "10.0.0.1", "request": "GET /a HTTP/1.1", "status": 200
        } | {chance.choice(keys): chance.choice(ODD_VALUES) for _ in range(3)}  # fmt: skip
        return json.dumps(said).encode()
    text = list(line(NOON + chance.randrange(90_000), path="/search?q=vpn&page=2", came_from="https://a.example/b?c"))
    for _ in range(chance.randrange(6)):
        place = chance.randrange(len(text))
        text[place : place + chance.randrange(4)] = chance.choice(ODD)
    return "".join(text).encode("utf-8", "surrogateescape")


def test_a_thousand_mangled_lines_are_all_accounted_for() -> None:
    chance = Random(8)
    reader, found, n = Reader(Days(Memory(), most=0), least=1), Batch(), 0
    for _ in range(20):
        lines = b"\n".join(mangled(chance) for _ in range(60))
        reader.read(lines, found)
        reader.days.put_back()
        n += lines.count(b"\n") + 1
    assert found.read == n
    assert found.parsed == sum(sum(day.classes) for day in found.days.values()) == sum(
        day.hits for day in found.days.values()
    )  # fmt: skip
    assert 100 < found.parsed < n - 100
    for day in found.days.values():
        words = [*day.pages, *day.referrers, *day.terms, *(name for _status, name in day.errors)]
        assert all(word.isprintable() and word.encode() for word in words)


def test_a_day_that_never_was_and_one_past_every_calendar_are_refused() -> None:
    found = Batch()
    for stamp in ("31/Dec/9999:23:59:59 -1400", "32/Mar/2026:10:00:00 +0000", "01/Jan/0000:00:00:00 +0000"):
        said = line(NOON)
        said = said[: said.index("[") + 1] + stamp + said[said.index("]") :]
        Reader(Days(Memory())).read(said.encode(), found)
    assert (found.read, found.parsed) == (3, 0)


def test_half_a_pair_in_json_has_a_key_too() -> None:
    assert visits.key_of(b"s", "10.0.0.1|\ud800") != visits.key_of(b"s", "10.0.0.1|\ud801")
