"""What is kept of a search, and that hits are confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.jobs.runner import Runner
from portal.kb.shelving import tree
from portal.ledger.models import LedgerEntry
from portal.search import queries, services
from portal.search.documents import SearchRequest
from tests.conftest import StoppedClock
from tests.factories import kb, people

Index = Callable[[], None]


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def reader(app: Flask) -> Actor:
    return people.actor("Ana Ruiz")


@pytest.fixture
def facts(app: Flask) -> Callable[[Name], list[dict[str, Any]]]:
    def written(name: Name) -> list[dict[str, Any]]:
        db.session.rollback()
        app.extensions["dity-buffer"].flush()
        rows = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == name.value)).scalars()
        return [row.props for row in rows]

    return written


Facts = Callable[[Name], list[dict[str, Any]]]


def test_a_search_is_kept_with_what_it_found(reader: Actor, index: Index, facts: Facts) -> None:
    article = kb.article("VPN drops every few minutes")
    index()
    found = services.search(reader, SearchRequest(text="vpn  droops"), surface="home")
    assert facts(Name.SEARCH_PERFORMED) == [
        {
            "search": found.key,
            "query": "vpn droops",
            "n_results": 1,
            "surface": "home",
            "corrected": "vpn drops",
            "top": [str(article.ref)],
        }
    ]


def test_a_search_without_results_is_kept_too_and_blotted(reader: Actor, index: Index, facts: Facts) -> None:
    index()
    services.search(reader, SearchRequest(text="where is zoe.hart@ostreyvale.example 555 123 4567"))
    (kept,) = facts(Name.SEARCH_PERFORMED)
    assert (kept["n_results"], kept["query"]) == (0, "where is [address] [number]")


def test_a_further_page_and_a_filter_name_the_first_search(reader: Actor, index: Index, facts: Facts) -> None:
    index()
    services.search(reader, SearchRequest(text="vpn", tag="home", page=2), of="0123456789abcdef")
    (kept,) = facts(Name.SEARCH_PERFORMED)
    assert (kept["of"], kept["page"], kept["filters"]) == ("0123456789abcdef", 2, ["tag:home"])


def test_what_only_others_may_see_is_told_to_the_ledger_alone(reader: Actor, index: Index, facts: Facts) -> None:
    kb.article("Merger plan", access_key="a99", tags=())
    index()
    found = services.search(reader, SearchRequest(text="merger"))
    assert (found.rows, found.close, found.results.total) == ((), (), 0)
    assert facts(Name.SEARCH_PERFORMED)[0]["is_trimmed"] is True


def test_a_hit_whose_audience_changed_a_moment_ago_is_not_shown(reader: Actor, index: Index) -> None:
    article = kb.article("Salary bands")
    kb.article("Salary slip")
    index()
    article.access_key = "a99"
    db.session.commit()
    found = services.search(reader, SearchRequest(text="salary"))
    assert [thing.title for _, thing in found.rows] == ["Salary slip"]
    assert found.results.total == 1


def test_suggesting_is_no_search(reader: Actor, index: Index, facts: Facts, stopped_clock: StoppedClock) -> None:
    kb.article("VPN drops every few minutes")
    index()
    for text in ("vpn", "vpn d", "vpn dr"):
        services.suggest(reader, text, surface="home")
        stopped_clock.move(seconds=1)
    stopped_clock.move(minutes=1)
    (shown,) = facts(Name.SUGGESTION_SHOWN)
    assert (shown["query"], shown["n_results"], shown["surface"]) == ("vpn dr", 1, "home")
    assert facts(Name.SEARCH_PERFORMED) == []


def test_a_topic_goes_by_its_own_name(reader: Actor, index: Index) -> None:
    category = kb.category("Network and VPN", slug="network")
    kb.article("VPN drops", category=category)
    index()
    assert services.search(reader, SearchRequest(text="vpn")).category_names == {"network": "Network and VPN"}


def test_a_page_of_results_costs_the_same_whatever_it_lists(
    reader: Actor, index: Index, queries: Callable[[], Any]
) -> None:
    def cost() -> int:
        services.search(reader, SearchRequest(text="laptop"))
        with queries() as seen:
            services.search(reader, SearchRequest(text="laptop"))
        return len(seen)

    kb.article("Laptop 0")
    index()
    few = cost()
    for n in range(1, 12):
        kb.article(f"Laptop {n}")
    index()
    assert cost() == few


def test_gaps_count_people_who_are_users_and_not_what_was_hidden(app: Flask, index: Index) -> None:
    kb.article("Merger plan", access_key="a99", tags=())
    index()
    since = db.session.execute(select(LedgerEntry.at)).scalars().first()
    for name in ("Ana", "Ben", "Mia"):
        actor = people.actor(f"{name} Example")
        services.search(actor, SearchRequest(text="company bike"))
        services.search(actor, SearchRequest(text="company bike", page=2), of="0123456789abcdef")
        services.search(actor, SearchRequest(text="merger"))
    db.session.commit()
    app.extensions["dity-buffer"].flush()
    found = queries.unanswered(since=since or clock.now().replace(year=2000))
    assert [(gap.words, gap.n_people, gap.n_searches) for gap in found] == [(("company bike",), 3, 3)]


def test_nothing_found_while_the_index_catches_up_is_told_and_is_no_gap(
    reader: Actor, index: Index, facts: Facts, app: Flask
) -> None:
    index()
    row = kb.article("Sailing with colleagues")
    hidden = kb.article("Salaries of sailors", access_key="a999")
    draft = kb.article("Not yet for anybody", status="draft")
    tree.follow({row.ref, hidden.ref, draft.ref})
    db.session.commit()
    for name in ("Ana", "Ben", "Mia"):
        found = services.search(people.actor(f"{name} Example"), SearchRequest(text="sailing boats"))
    assert (found.rows, found.n_waiting) == ((), 1), "what others may read is not counted"
    assert [props.get("is_behind") for props in facts(Name.SEARCH_PERFORMED)] == [True] * 3
    assert queries.unanswered(since=clock.now().replace(year=2000)) == []
    db.session.rollback()
    Runner(app).drain()
    found = services.search(reader, SearchRequest(text="sailing"))
    assert ([thing.title for _hit, thing in found.rows], found.n_waiting) == (["Sailing with colleagues"], 0)
