"""The ledger: appended to, never changed; facts stand or fall with the change they tell of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from analytics.events import Name, Undocumented
from portal.core import clock
from portal.core.database import db
from portal.core.refs import Ref
from portal.ledger import queries, services
from portal.ledger.models import AppendOnly, LedgerEntry
from tests.factories.people import actor, department

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]

VPN = Ref("article", 1)


def n_entries() -> int:
    return db.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one()


def test_a_fact_is_gone_with_the_change_it_tells_of() -> None:
    services.record(Name.SOLUTION_MARKED, actor=actor(), subject=VPN, solved=True)
    db.session.rollback()
    assert n_entries() == 0


def test_props_nobody_documented_are_refused() -> None:
    with pytest.raises(Undocumented):
        services.record(Name.SOLUTION_MARKED, actor=actor(), subject=VPN, solved=True, mood="good")


def test_an_entry_cannot_be_changed_by_the_mapper() -> None:
    entry = services.record(Name.SOLUTION_MARKED, actor=actor(), subject=VPN, solved=True)
    entry.props = {"solved": False}
    with pytest.raises(AppendOnly):
        db.session.flush()


@pytest.mark.parametrize("statement", [update(LedgerEntry).values(visitor="x"), delete(LedgerEntry)])
def test_entries_cannot_be_changed_in_bulk(statement: Any) -> None:
    with pytest.raises(AppendOnly):
        db.session.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET visitor = 'x'", "DELETE FROM ledger_entry"])
def test_the_database_itself_refuses(statement: str) -> None:
    services.record(Name.SOLUTION_MARKED, actor=actor(), subject=VPN, solved=True)
    db.session.commit()
    with pytest.raises(DatabaseError, match="cannot be changed"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert n_entries() >= 1


def test_looking_waits_in_the_buffer_and_takes_no_lock(app: Flask, queries: Any) -> None:
    who = actor()
    db.session.commit()
    with queries() as seen:
        services.observe(Name.ARTICLE_VIEWED, actor=who, subject=VPN, via="search")
    assert seen == []
    assert app.extensions["dity-buffer"].flush() == 1
    (entry,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == "article.viewed")).scalars()
    assert (entry.subject, entry.props) == ("article:1", {"via": "search"})


def test_a_database_that_refuses_keeps_what_was_seen_for_later(app: Flask) -> None:
    buffer = app.extensions["dity-buffer"]
    tries = []

    def writer(rows: list[Any]) -> None:
        tries.append(len(rows))
        if len(tries) == 1:
            raise OSError("no room")

    buffer.add(writer, 1)
    assert buffer.flush() == 0
    assert buffer.flush() == 1
    assert tries == [1, 1]


def test_replay_yields_the_order_of_truth_between_two_instants() -> None:
    who, start = actor(), dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    for hour in (3, 1, 2):
        with clock.frozen(start + dt.timedelta(hours=hour)):
            services.record(Name.SOLUTION_MARKED, actor=who, subject=Ref("article", hour), solved=True)
    since, until = start + dt.timedelta(hours=2), start + dt.timedelta(hours=4)
    entries = [entry for batch in services.replay(since=since, until=until) for entry in batch]
    assert [entry.subject for entry in entries] == ["article:3", "article:2"]


def test_a_visitor_is_a_pseudonym_that_stays_the_same() -> None:
    ana, ben = actor("Ana Ruiz"), actor("Ben Kaya")
    assert services.visitor_of(ana) == services.visitor_of(ana) != services.visitor_of(ben)
    assert str(ana.person_id) != services.visitor_of(ana)


def test_counts_of_people_begin_at_three() -> None:
    finance = department().id
    people = [actor(department_id=finance) for _ in range(3)]
    since = clock.now() - dt.timedelta(days=1)
    for who in [*people[:2], people[0]]:
        services.record(Name.ARTICLE_VIEWED, actor=who, subject=VPN)
    assert queries.people_by_subject(Name.ARTICLE_VIEWED, since=since, kind="article") == []
    services.record(Name.ARTICLE_VIEWED, actor=people[2], subject=VPN)
    assert queries.people_by_subject(Name.ARTICLE_VIEWED, since=since, kind="article") == [(VPN, 3)]
    found = queries.people_by_subject(Name.ARTICLE_VIEWED, since=since, kind="article", department_ids=[finance + 1])
    assert found == []


def test_the_audit_log_holds_audited_facts_only() -> None:
    who = actor()
    services.record(Name.SOLUTION_MARKED, actor=who, subject=VPN, solved=True)
    services.record(Name.PERSON_DEACTIVATED, actor=who, subject=Ref("person", 1))
    assert [entry.name for entry in queries.audit()] == ["person.deactivated"]
