"""What the front door shows of notices: who sees which, in which order, at what cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.actor import ANONYMOUS, Actor
from portal.core.database import db
from portal.core.permissions import Role
from portal.core.registry import load_things
from portal.home import queries, services
from portal.notifications import links
from tests.factories.home import echoes, incident
from tests.factories.kb import article, category
from tests.factories.people import actor

pytestmark = [pytest.mark.usefixtures("app", "stopped_clock"), pytest.mark.both]

STRANGER = Actor(keys=frozenset({"public"}))


def titles(found: list[queries.Shown]) -> list[str]:
    return [shown.incident.title for shown in found]


def test_a_notice_vanishes_by_the_clock_alone(stopped_clock: Any) -> None:
    ana = actor()
    incident(ends_at=clock.now() + dt.timedelta(minutes=5))
    stopped_clock.move(minutes=4.9)
    assert titles(queries.notices(ana)) == ["VPN is down, we know"]
    stopped_clock.move(minutes=0.1)
    assert queries.notices(ana) == []
    assert titles(queries.past_notices(actor("Cleo Okafor", Role.AGENT))) == ["VPN is down, we know"]


def test_strangers_see_only_what_is_public() -> None:
    incident("Inside")
    incident("Outside", access_key="public")
    assert titles(queries.notices(STRANGER)) == ["Outside"]
    assert titles(queries.notices(actor())) == ["Outside", "Inside"]
    assert queries.notices(ANONYMOUS) == []


def test_others_are_counted_from_three_on() -> None:
    ana, up = actor(), incident()
    echoes(up, 2)
    services.echo(ana, up.id, is_mine=True)
    (shown,) = queries.notices(ana)
    assert (shown.n_people, shown.n_others) == (3, 0)
    echoes(up, 1)
    (shown,) = queries.notices(ana)
    assert (shown.n_people, shown.n_others) == (4, 3)


def test_the_topic_at_hand_comes_first() -> None:
    network, mail = category("Network"), category("Mail")
    here = article(category=network)
    now = clock.now()
    incident("Old and near", category_id=network.id, since_at=now - dt.timedelta(hours=9))
    incident("New and far", category_id=mail.id, since_at=now)
    assert titles(queries.notices(actor())) == ["New and far", "Old and near"]
    assert titles(queries.notices(actor(), slug=here.slug)) == ["Old and near", "New and far"]
    assert titles(queries.notices(actor(), topic=network.slug)) == ["Old and near", "New and far"]


def test_what_speaks_of_the_words_searched_for_comes_first() -> None:
    incident("VPN is slow")
    incident("Mail is late")
    assert titles(queries.notices(actor(), words="my vpn is so slow")) == ["VPN is slow", "Mail is late"]


def test_the_answer_that_helps_is_named_only_to_those_who_may_read_it() -> None:
    helps, hidden, draft = article("Helps"), article("Hidden", access_key="a7"), article("Draft", status="draft")
    for row in (helps, hidden, draft):
        incident(row.title, article_id=row.id)
    found = {shown.incident.title: (shown.article_title, shown.article_slug) for shown in queries.notices(actor())}
    assert found == {"Helps": ("Helps", helps.slug), "Hidden": ("", ""), "Draft": ("", "")}


def test_notices_cost_one_query_however_many_there_are(
    app: Flask, queries_of: Callable[[Callable[[], Any]], int]
) -> None:
    ana, dara = actor(), actor("Dara Voss", Role.EDITOR)
    for n in (1, 12):
        for _ in range(n):
            echoes(incident(category_id=category().id, created_by_id=dara.person_id), 1)
        db.session.expire_all()
        with app.test_request_context():
            queries.notices(ana)  # reads the options, as every page has done, and when the last notice comes down
            assert queries_of(lambda: queries.notices(ana, slug="vpn", words="vpn")) == 1
            assert queries_of(lambda: [s.incident.created_by for s in queries.all_notices(dara)]) == 1


def test_while_nothing_is_wrong_notices_cost_nothing(
    app: Flask, queries_of: Callable[[Callable[[], Any]], int], stopped_clock: Any
) -> None:
    ana = actor()
    incident(ends_at=clock.now() + dt.timedelta(hours=1))
    stopped_clock.move(hours=1)
    with app.test_request_context():
        queries.notices(ana)
        assert queries_of(lambda: queries.notices(ana)) == 0
    services.declare(
        actor("Cleo Okafor", Role.AGENT),
        services.Notice(title="Again", since=clock.now(), until=clock.now() + dt.timedelta(hours=1)),
    )
    assert titles(queries.notices(ana)) == ["Again"]


@pytest.fixture
def queries_of(queries: Callable[[], Any]) -> Callable[[Callable[[], Any]], int]:
    """Count the statements of a call."""

    def count(call: Callable[[], Any]) -> int:
        with queries() as seen:
            call()
        return len(seen)

    return count


def test_others_speak_of_notices_by_title_and_only_to_those_who_may_know_of_them() -> None:
    up, over, hidden = incident("Up"), incident("Over", ended_at=clock.now()), incident("Hidden", access_key="a7")
    refs = [row.ref for row in (up, over, hidden)]
    with links.addressable():
        for who, address in ((actor(), f"/#notice-{up.id}"), (actor("Cleo", Role.AGENT), f"/incidents/{up.id}")):
            found = load_things(who, refs)
            assert {ref: thing.title for ref, thing in found.items()} == {up.ref: "Up", over.ref: "Over"}
            assert found[up.ref].url == address


def test_articles_are_found_by_slug_by_address_and_by_words() -> None:
    ana = actor()
    vpn = article("VPN drops every few minutes", slug="vpn-drops")
    article("VPN from abroad", slug="vpn-abroad")
    article("VPN for directors", slug="vpn-secret", access_key="a7")
    with links.addressable():
        for text in ("vpn-drops", "https://help.example/it/kb/vpn-drops?via=search#solved", "drops minutes"):
            assert [thing.ref for thing in queries.find_articles(ana, text)] == [vpn.ref]
        titles = [thing.title for thing in queries.find_articles(ana, "vpn")]
        assert titles == ["VPN drops every few minutes", "VPN from abroad"]
        assert queries.find_articles(ana, "vpn-secret") == []
