"""Notices of known trouble: who puts them up, what they refuse, how they end, who says "me too"."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import ANONYMOUS, Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.home import queries, services
from portal.home.models import IncidentEcho
from portal.home.services import Notice
from tests.factories.facts import entries
from tests.factories.home import incident
from tests.factories.kb import article, category
from tests.factories.people import actor

pytestmark = [pytest.mark.usefixtures("app", "stopped_clock"), pytest.mark.both]

HOUR = dt.timedelta(hours=1)


def notice(**kw: Any) -> Notice:
    now = clock.now()
    return Notice(**{"title": "VPN is down, we know", "since": now - HOUR, "until": now + 4 * HOUR, **kw})


def cleo() -> Actor:
    return actor("Cleo Okafor", Role.AGENT)


@pytest.mark.parametrize("role", [Role.AGENT, Role.EDITOR, Role.ADMIN])
def test_agents_editors_and_administrators_put_up_notices(role: Role) -> None:
    assert services.declare(actor("Somebody", role), notice()).is_up


def test_readers_and_strangers_do_not() -> None:
    for who in (actor(), actor("Sam Brandt", Role.SPECIALIST), ANONYMOUS):
        with pytest.raises(Forbidden):
            services.declare(who, notice())


def test_a_notice_is_recorded_with_its_words_its_time_and_its_topic() -> None:
    topic = category()
    made = services.declare(cleo(), notice(category_id=topic.id))
    (entry,) = entries(Name.INCIDENT_DECLARED)
    assert (entry.subject, entry.topic) == (str(made.ref), str(topic.ref))
    assert entry.props == {"title": "VPN is down, we know", "since": (clock.now() - HOUR).isoformat()}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": "  "}),
        ("title", {"title": "x" * 121}),
        ("body", {"body": "x" * 1001}),
        ("since", {"since": dt.timedelta(minutes=6)}),
        ("since", {"since": dt.timedelta(days=-400)}),
        ("until", {"until": dt.timedelta(minutes=-1)}),
        ("until", {"until": dt.timedelta(days=7, minutes=1)}),
        ("next_word", {"next_word": dt.timedelta(hours=5)}),
        ("audience", {"access_key": "a1"}),
        ("topic", {"category_id": 999}),
        ("article", {"article_id": 999}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field: str, wrong: dict[str, Any]) -> None:
    given = {key: clock.now() + value if isinstance(value, dt.timedelta) else value for key, value in wrong.items()}
    with pytest.raises(Invalid) as refusal:
        services.declare(cleo(), notice(**given))
    assert refusal.value.field == field
    assert entries(Name.INCIDENT_DECLARED) == []


def test_a_clock_that_runs_a_little_ahead_is_forgiven() -> None:
    assert services.declare(cleo(), notice(since=clock.now() + dt.timedelta(minutes=4))).since_at == clock.now()


def test_an_answer_or_topic_the_writer_may_not_see_cannot_be_named() -> None:
    hidden = article(access_key="a7", category=category(access_key="a7"))
    for field, kw in (("article", {"article_id": hidden.id}), ("topic", {"category_id": hidden.category_id})):
        with pytest.raises(Invalid) as refusal:
            services.declare(cleo(), notice(**kw))
        assert refusal.value.field == field


def test_a_new_word_gets_its_time_and_brings_the_notice_back_to_those_who_put_it_away() -> None:
    up = incident()
    before = up.version
    services.change(cleo(), up, replace(notice(), update="We moved it to the second line."), seen=0)
    assert (up.update, up.updated_at) == ("We moved it to the second line.", clock.now())
    assert up.version != before


def test_changing_nothing_is_no_change() -> None:
    who = cleo()
    up = services.declare(who, notice())
    services.change(who, up, notice(), seen=0)
    assert up.n_changes == 0


def test_two_people_who_change_a_notice_do_not_overwrite_each_other() -> None:
    up = incident()
    services.change(cleo(), up, notice(title="VPN is slow"), seen=0)
    with pytest.raises(Conflict):
        services.change(actor("Dara Voss", Role.EDITOR), up, notice(title="VPN is back"), seen=0)
    assert up.title == "VPN is slow"


def test_what_is_over_is_not_changed() -> None:
    with pytest.raises(Conflict):
        services.change(cleo(), incident(ends_at=clock.now()), notice(), seen=0)


def test_ending_is_recorded_once_with_the_minutes_it_was_up() -> None:
    who, up = cleo(), incident()
    services.end(who, up)
    services.end(who, up)
    (entry,) = entries(Name.INCIDENT_ENDED)
    assert entry.props == {"reason": "resolved", "minutes": 20}
    assert (entry.actor_id, up.ended_by_id) == (who.person_id, who.person_id)


def test_the_job_ends_what_has_expired_and_nothing_else(stopped_clock: Any) -> None:
    short, long = incident("Short", ends_at=clock.now() + HOUR), incident("Long")
    assert services.end_expired() == 0
    stopped_clock.move(hours=2)
    assert services.end_expired() == 1
    assert services.end_expired() == 0
    (entry,) = entries(Name.INCIDENT_ENDED)
    assert (entry.subject, entry.actor_kind) == (str(short.ref), "system")
    assert entry.props == {"reason": "expired", "minutes": 80}
    assert (short.ended_at, short.ended_by_id, long.ended_at) == (clock.now() - HOUR, None, None)


def test_one_person_says_me_too_once() -> None:
    ana, up = actor(), incident()
    for _ in range(3):
        services.echo(ana, up.id, is_mine=True)
    assert db.session.scalar(select(func.count()).select_from(IncidentEcho)) == 1
    assert [entry.subject for entry in entries(Name.INCIDENT_ECHOED)] == [str(up.ref)]


def test_me_too_can_be_taken_back_and_said_again_and_only_the_first_time_is_recorded() -> None:
    ana, up = actor(), incident()
    services.echo(ana, up.id, is_mine=True)
    services.echo(ana, up.id, is_mine=False)
    (shown,) = queries.notices(ana)
    assert (shown.is_mine, shown.n_people) == (False, 0)
    services.echo(ana, up.id, is_mine=True)
    (shown,) = queries.notices(ana)
    assert (shown.is_mine, shown.n_people) == (True, 1)
    assert len(entries(Name.INCIDENT_ECHOED)) == 1


def test_taking_back_what_was_never_said_is_nothing() -> None:
    services.echo(actor(), incident().id, is_mine=False)
    assert db.session.scalar(select(func.count()).select_from(IncidentEcho)) == 0


def test_strangers_and_what_is_over_or_hidden_have_no_me_too() -> None:
    with pytest.raises(Forbidden):
        services.echo(ANONYMOUS, incident(access_key="public").id, is_mine=True)
    for gone in (incident(ends_at=clock.now()), incident(ended_at=clock.now()), incident(access_key="a7")):
        with pytest.raises(NotFound):
            services.echo(actor(), gone.id, is_mine=True)
