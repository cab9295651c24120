"""Links that lead nowhere are found, told once, and followed to other sites only when an administrator wants it."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core import options, outgoing
from portal.core.actor import system
from portal.kb import jobs
from portal.kb.caring import links
from portal.kb.models import Article, ArticleLink, LinkState
from portal.notifications.models import Notification
from tests import people as cast
from tests.conftest import StoppedClock
from tests.factories import kb
from tests.people import Visitor

SITE = "https://tools.example/guide"


def article_with(*targets: str, **kw: Any) -> Article:
    body = "\n\n".join(f"See [this]({target})." for target in targets)
    return kb.article(body=body, owner_id=cast.settle(cast.DARA).id, **kw)


def states(db: Any) -> dict[str, str]:
    return {row.target: row.state for row in db.session.query(ArticleLink)}


def told(db: Any) -> int:
    n: int = db.session.query(Notification).filter_by(kind="link_broken").count()
    return n


def test_links_between_articles_are_followed_with_their_headings(db: Any) -> None:
    kb.article(slug="wifi", body="## Join\n\nPress.")
    article_with("kb:wifi", "kb:wifi#join", "kb:wifi#leave", "kb:gone")
    links.collect()
    assert states(db) == {"wifi": "alive", "wifi#join": "alive", "wifi#leave": "broken", "gone": "broken"}


def test_the_owner_hears_of_the_first_broken_link_and_not_of_each(db: Any) -> None:
    row = article_with("kb:gone", "kb:gone-too")
    links.collect()
    assert told(db) == 1
    row.body += "\n\n[And](kb:another)."
    links.collect()
    assert told(db) == 1


def test_a_link_that_left_the_text_is_forgotten_and_so_are_those_of_archived_articles(db: Any) -> None:
    row, other = article_with("kb:gone", SITE), article_with(SITE)
    links.collect()
    row.body = row.html = ""
    other.status = "archived"
    links.collect()
    assert states(db) == {}


def answers(status: int, asked: list[str] | None = None) -> Any:
    def send(method: str, url: str, **_more: Any) -> outgoing.Answer:
        if asked is not None:
            asked.append(f"{method} {url}")
        return outgoing.Answer(status, {}, b"", url)

    return send


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "alive"), (403, "alive"), (429, "alive"), (404, "broken"), (410, "broken"), (503, "unsure")],
)
def test_what_another_site_answers_decides(db: Any, status: int, state: str) -> None:
    article_with(SITE)
    links.collect()
    links.note_all(links.follow_all(links.due(limit=9), send=answers(status)))
    assert states(db) == {SITE: state}


def test_a_site_that_fails_is_called_broken_on_the_third_day(db: Any, stopped_clock: StoppedClock) -> None:
    article_with(SITE)
    links.collect()
    for day in range(3):
        assert states(db)[SITE] != LinkState.BROKEN, day
        assert links.due(limit=9) == [SITE]
        links.note_all(links.follow_all([SITE], send=answers(500)))
        assert links.due(limit=9) == [], "not twice in a night"
        stopped_clock.move(days=1)
    assert states(db)[SITE] == LinkState.BROKEN
    assert told(db) == 1


def test_what_is_fine_is_asked_again_after_a_week(db: Any, stopped_clock: StoppedClock) -> None:
    article_with(SITE)
    links.collect()
    links.note_all(links.follow_all([SITE], send=answers(200)))
    stopped_clock.move(days=6)
    assert links.due(limit=9) == []
    stopped_clock.move(days=2)
    assert links.due(limit=9) == [SITE]


def test_a_site_that_answers_no_head_is_asked_properly() -> None:
    asked: list[str] = []
    links.follow(SITE, send=answers(405, asked))
    assert asked == [f"HEAD {SITE}", f"GET {SITE}"]


def test_hosts_take_turns_and_get_a_pause() -> None:
    a, b, c = "https://a.example/1", "https://a.example/2", "https://b.example/1"
    assert links._by_turns([a, b, c]) == [a, c, b]
    slept: list[float] = []
    links.follow_all([a, b], send=answers(200), sleep=slept.append)
    assert len(slept) == 1
    assert 0 < slept[0] <= links.PAUSE


def test_inside_networks_are_never_looked_into(db: Any) -> None:
    url = "http://192.168.1.1/admin"
    article_with(url)
    links.collect()
    links.note_all(links.follow_all([url]))  # a socket would be refused by the guard of these tests
    assert states(db) == {url: "not_asked"}


def test_nobody_outside_is_asked_unless_an_administrator_wants_it(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    article_with(SITE)
    links.collect()
    db.session.commit()
    followed: list[list[str]] = []

    def follow_all(urls: list[str]) -> dict[str, links.Found]:
        followed.append(urls)
        return {}

    monkeypatch.setattr(links, "follow_all", follow_all)
    jobs.follow_links({})
    assert followed == []
    options.change(system("tests"), check_outside_links=True)
    db.session.commit()
    jobs.follow_links({})
    assert followed == [[SITE]]


def test_the_page_shows_what_is_broken_and_hides_what_one_may_not_see(db: Any, dara: Visitor) -> None:
    article_with("kb:gone", title="Paper jams")
    article_with("kb:lost", title="Secret thing", access_key="a999")
    links.collect()
    db.session.commit()
    page = dara.page("/desk/links/")
    assert "Paper jams" in page.text
    assert "no published article" in page.text
    assert "Secret thing" not in page.text


def test_the_page_costs_the_same_for_many_links(db: Any, dara: Visitor, queries: Any) -> None:
    def cost() -> int:
        links.collect()
        db.session.commit()
        with queries() as seen:
            dara.page("/desk/links/")
        return len(seen)

    article_with("kb:gone")
    few = cost()
    for n in range(12):
        article_with(f"kb:gone-{n}", f"kb:lost-{n}")
    assert cost() == few
