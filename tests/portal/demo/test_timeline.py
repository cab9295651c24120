"""What happens happens in order, with the clock at its moment."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Event, Name, Undocumented
from portal.core import clock
from portal.core.database import db
from portal.demo.cast import Cast
from portal.demo.timeline import Timeline
from portal.ledger.models import LedgerEntry
from tests.factories import people

MORNING = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)


def at(minutes: int) -> dt.datetime:
    return MORNING + dt.timedelta(minutes=minutes)


def view(minutes: int, *, visitor: str = "ana@ostreyvale.example", **props: object) -> Event:
    return Event(
        name=Name.ARTICLE_VIEWED,
        at=at(minutes),
        visitor=visitor,
        subject="article:vpn",
        topic="category:network",
        visit="v1",
        props=props,
    )


@pytest.fixture
def timeline(app: Flask) -> Timeline:
    people.person("Ana Ruiz", email="ana@ostreyvale.example")
    cast = Cast()
    cast.put("article:vpn", "article", 12)
    cast.put("category:network", "category", 3)
    return Timeline(cast)


def test_changes_see_the_clock_of_their_moment(timeline: Timeline) -> None:
    seen: list[tuple[str, dt.datetime]] = []
    timeline.add(at(20), lambda: seen.append(("second", clock.now())))
    timeline.add(at(10), lambda: seen.append(("first", clock.now())))
    timeline.play([], until=at(60))
    assert seen == [("first", at(10)), ("second", at(20))]


def test_what_was_added_first_happens_first_at_the_same_moment(timeline: Timeline) -> None:
    seen: list[int] = []
    for number in range(3):
        timeline.add(at(10), partial(seen.append, number))
    timeline.play([], until=at(60))
    assert seen == [0, 1, 2]


def test_nothing_happens_after_the_end(timeline: Timeline) -> None:
    seen: list[str] = []
    timeline.add(at(61), lambda: seen.append("late"))
    timeline.play([view(5, version=1), view(62, version=1)], until=at(60))
    assert seen == []
    assert timeline.n_looks == 1


def test_looks_are_written_between_the_changes_around_them(timeline: Timeline) -> None:
    counts: list[int] = []

    def look() -> None:
        counts.append(len(db.session.execute(select(LedgerEntry.id)).all()))

    timeline.add(at(10), look)
    timeline.add(at(20), look)
    timeline.play([view(5, version=1), view(15, version=1), view(25, version=1)], until=at(60))
    assert counts == [1, 2]
    assert timeline.n_looks == 3


def test_a_look_is_written_as_if_it_had_been_observed(timeline: Timeline) -> None:
    timeline.play([view(5, version=2, via="home")], until=at(60))
    entry = db.session.execute(select(LedgerEntry)).scalar_one()
    assert (entry.name, entry.subject, entry.topic) == ("article.viewed", "article:12", "category:3")
    assert (entry.at, entry.recorded_at, entry.visit) == (at(5), at(5), "v1")
    assert entry.props == {"version": 2, "via": "home"}
    assert entry.actor_id == timeline.cast.actor("ana").person_id
    assert entry.visitor


def test_a_look_outside_the_vocabulary_is_refused(timeline: Timeline) -> None:
    with pytest.raises(Undocumented):
        timeline.play([view(5, mood="curious")], until=at(60))


def test_the_cast_knows_nobody_it_was_not_told_of(timeline: Timeline) -> None:
    with pytest.raises(KeyError, match="nobody at Ostrey & Vale has the address bert@"):
        timeline.cast.actor("bert")
    with pytest.raises(KeyError):
        timeline.cast.ref("article:unknown")


def test_a_finished_fact_is_written_at_its_place_in_time(timeline: Timeline) -> None:
    def fact(minutes: int) -> dict[str, object]:
        stamp = timeline.cast.stamp("ana@ostreyvale.example")
        return stamp | {"at": at(minutes), "recorded_at": at(minutes), "subject": "ticket:1", "name": "ticket.closed"}

    def write() -> None:
        for minutes in (40, 15, 90):
            timeline.tell(at(minutes), fact(minutes))

    timeline.add(at(5), write)
    timeline.play([view(minutes, version=1, via="home") for minutes in (10, 20, 50)], until=at(60))
    rows = db.session.execute(select(LedgerEntry.at, LedgerEntry.name).order_by(LedgerEntry.id)).all()
    told = [(when - MORNING, name) for when, name in rows if name in ("ticket.closed", "article.viewed")]
    assert [int(when.total_seconds() // 60) for when, _name in told] == [10, 15, 20, 40, 50]
    assert [name for _when, name in told].count("ticket.closed") == 2
