"""What is counted once for everybody: right after every change, and nothing that is not for the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update

from portal.core import clock
from portal.core.actor import ANONYMOUS, Actor
from portal.kb.models import Article
from portal.kb.reading import outline
from portal.kb.reading import queries as kb
from portal.people import audiences, services
from tests.factories.kb import article, category
from tests.factories.people import actor, audience, person


@pytest.fixture
def reader(db: Any) -> Actor:
    return actor()


def titles(who: Actor) -> list[str]:
    return [news.title for news in outline.latest(who, limit=5)]


def test_the_newest_come_first_and_say_whether_they_are_new(reader: Actor) -> None:
    now = clock.now()
    article("Old", published_at=now - dt.timedelta(days=9))
    article("Changed", published_at=now - dt.timedelta(days=8), changed_at=now - dt.timedelta(days=1))
    article("New", published_at=now - dt.timedelta(days=2))
    article("Draft", status="draft", published_at=None)
    found = outline.latest(reader, limit=2)
    assert [(news.title, news.is_new) for news in found] == [("Changed", False), ("New", True)]
    assert found[0].at == now - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"title": "Renamed"}, ["Renamed"]),
        ({"status": "archived"}, []),
        ({"status": "draft"}, []),
        ({"access_key": "a999"}, []),
        ({"slug": "elsewhere"}, ["VPN"]),
    ],
)
def test_a_change_shows_at_once(reader: Actor, db: Any, change: dict[str, str], shown: list[str]) -> None:
    row = article("VPN")
    assert (titles(reader), outline.n_in(reader, row.category_id)) == (["VPN"], 1)
    for name, value in change.items():
        setattr(row, name, value)
    assert (titles(reader), outline.n_in(reader, row.category_id)) == (shown, len(shown))
    assert all(news.slug == row.slug for news in outline.latest(reader, limit=5))
    db.session.commit()
    assert titles(reader) == shown


def test_a_change_of_many_at_once_shows_too(reader: Actor, db: Any) -> None:
    row = article("VPN")
    assert titles(reader) == ["VPN"]
    db.session.execute(update(Article).where(Article.category_id == row.category_id).values(access_key="a999"))
    assert (titles(reader), outline.n_in(reader, row.category_id)) == ([], 0)
    db.session.execute(update(Article).values(access_key="signed-in"))
    assert titles(reader) == ["VPN"]
    db.session.execute(delete(Article).where(Article.id == row.id))
    assert titles(reader) == []


def test_what_is_taken_back_was_never_counted(reader: Actor, db: Any) -> None:
    row = article("VPN")
    db.session.commit()
    category_id = row.category_id
    row.status = "archived"
    assert titles(reader) == []
    db.session.rollback()
    assert (titles(reader), outline.n_in(reader, category_id)) == (["VPN"], 1)


def test_an_article_counts_where_it_stands_and_where_it_went(reader: Actor, db: Any) -> None:
    row, there = article(), category("Printing")
    here = row.category_id
    row.category = there
    assert (outline.n_in(reader, here), outline.n_in(reader, there.id)) == (0, 1)
    db.session.delete(row)
    assert outline.n_in(reader, there.id) == 0


def test_nobody_hears_of_what_is_not_for_them(db: Any) -> None:
    somebody, outside = person(), actor()
    key = audiences.key_for([[audience("Payroll", ("person", str(somebody.id))).id]])
    inside = services.actor_of(somebody)
    row = article("Salaries", access_key=key)
    article("Open", access_key="public", category=row.category)
    assert titles(inside) == ["Open", "Salaries"]
    for who in (outside, ANONYMOUS):
        assert "Salaries" not in titles(who)
    assert [outline.n_in(who, row.category_id) for who in (inside, outside)] == [2, 1]


def test_counting_costs_nothing_until_an_article_changes(
    reader: Actor, db: Any, queries: Callable[[], Any], app: Any
) -> None:
    row = article()
    db.session.commit()
    with app.test_request_context():
        outline.latest(reader, limit=5)
        row.n_steps = 9  # shows in no list of what there is
        db.session.commit()
        db.session.refresh(row)
        with queries() as seen:
            outline.latest(reader, limit=5)
            outline.n_in(reader, row.category_id)
    assert seen == []


def test_shelves_count_what_stands_below_them_too(reader: Actor) -> None:
    above = category("Network")
    below = category("VPN", parent_id=above.id)
    article(category=below)
    article(category=above)
    assert [(shelf.category.title, shelf.n) for shelf in kb.shelves(reader)] == [("Network", 2)]
    assert [(shelf.category.title, shelf.n) for shelf in kb.shelves(reader, above.id)] == [("VPN", 1)]
