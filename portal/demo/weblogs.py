"""Twelve weeks of the log in front of the portal, made up line by line and read like any other.

It tells what the portal's own facts cannot: from which pages of the intranet people come, and what asks for pages that
never were. The lines themselves are thrown away, as those of every log are.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from analytics.weblog import moments
from portal.core import clock
from portal.demo.organisation import DOMAIN
from portal.people import queries as people_queries
from portal.people.services import actor_of
from portal.weblogs import services
from portal.weblogs.services import About

DAYS = 84
HOST, INTRANET = f"portal.{DOMAIN}", f"https://intranet.{DOMAIN}"
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
)
MONITOR, CRAWLER = "UptimeRobot/2.0", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
FROM = (f"{INTRANET}/", f"{INTRANET}/news", f"{INTRANET}/it-help", f"{INTRANET}/new-here", f"https://wiki.{DOMAIN}/vpn")
SEARCHES = ("vpn", "printer", "password", "shared mailbox", "out of office", "second screen", "wifi")
ARTICLES = (
    "vpn-drops", "mailbox-full", "second-screen-black", "out-of-space", "out-of-office", "slow-laptop",
    "shared-drive-missing-after-vpn", "calendar-not-on-phone", "docking-station", "mail-not-arriving",
)  # fmt: skip
GONE = ("/kb/old-vpn-client", "/wiki/printer-setup", "/helpdesk.php")


def read(at: dt.datetime) -> None:
    """Add the log as Ada would, and read what it holds up to the night before."""
    ada = people_queries.by_email(f"ada@{DOMAIN}")
    if ada is None:
        return
    who = actor_of(ada)
    with clock.frozen(at), tempfile.TemporaryDirectory() as folder:
        log = services.add(who, About(name="In front of the portal", hosts=(HOST,)))
        path = Path(folder) / "access.log"
        path.write_text("".join(f"{line}\n" for line in _lines(at)), encoding="utf-8")
        services.fill(who, log, path)


def _lines(at: dt.datetime) -> Iterator[str]:
    chance = random.Random(52)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(DAYS, 0, -1):
        day = midnight - dt.timedelta(days=number)
        is_weekend = day.weekday() > 4
        busy = (6 if is_weekend else 34 + (DAYS - number) // 4) + chance.randrange(8)
        hits = [hit for _visit in range(busy) for hit in _visit_of(chance, day)]
        hits += [(60 * minute, "10.20.0.9", MONITOR, "/healthz", 200, "-") for minute in range(0, 1_440, 30)]
        hits += [(chance.randrange(86_400), "66.249.66.1", CRAWLER, "/robots.txt", 200, "-")]
        begin = int(day.timestamp())
        for second, address, agent, path, status, came_from in sorted(hits):
            when = moments.written(begin + min(second, 86_399))
            size = chance.randrange(2_000, 30_000)
            yield f'{address} - - [{when}] "GET {path} HTTP/1.1" {status} {size} "{came_from}" "{agent}"'
        if number % 20 == 3:
            yield f'10.20.3.7 - - [{moments.written(begin + 86_399)}] "GET /kb/vpn-drops HTTP/1.1" 200 5120 "{INTRANET}'


Hit = tuple[int, str, str, str, int, str]


def _visit_of(chance: random.Random, day: dt.datetime) -> Iterator[Hit]:
    """Yield what a colleague asks for: a page elsewhere leads here, a search, an answer, now and then the form."""
    person = chance.randrange(200)
    address, agent = f"10.20.{1 + person // 80}.{10 + person % 80}", AGENTS[person * 7 % len(AGENTS)]
    second = int(chance.gauss(11.5, 2.6) * 3_600) % 86_400
    came_from = chance.choices((*FROM, "-"), (20, 6, 30, 5, 9, 30))[0]
    here = f"https://{HOST}"

    def hit(path: str, before: str, status: int = 200) -> Hit:
        nonlocal second
        second += chance.randrange(8, 90)
        return (second, address, agent, path, status, before)

    yield hit("/", came_from)
    yield (second + 1, address, agent, "/static/css/app.css", 200 if chance.random() < 0.3 else 304, f"{here}/")
    if chance.random() < 0.03:
        yield hit(chance.choice(GONE), f"{INTRANET}/it-help", 404)
    words = chance.choices(SEARCHES, (9, 7, 6, 2, 4, 3, 5))[0]
    article = chance.choice(ARTICLES)
    if chance.random() < 0.7:
        yield hit(f"/search?q={words.replace(' ', '+')}", f"{here}/")
        yield hit(f"/kb/{article}?via=search", f"{here}/search?q=x")
    else:
        yield hit(f"/kb/{article}", f"{here}/")
    if chance.random() < 0.16:
        yield hit("/tickets/new", f"{here}/kb/{article}")
