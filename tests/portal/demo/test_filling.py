"""The filled demo holds what it promises, and everything in it could have happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from analytics.events import Name, check
from portal.core import clock, options
from portal.core.database import db
from portal.demo import story
from portal.home import queries as incidents
from portal.jobs.models import Job, State
from portal.kb.models import Article
from portal.ledger.models import LedgerEntry
from portal.measures.models import ChangeDate
from portal.notifications import queries as news
from portal.people import queries as people
from portal.people import services as people_services
from portal.people.models import Department, Person, Site
from portal.talk import queries as talk
from portal.talk.models import Comment, Solution
from portal.tickets.models import Message, Ticket
from tests import house

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def filled(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo, to be looked at only."""
    with house.opened(demo_home, tmp_path_factory.mktemp("demo") / "home") as app:
        yield app


@pytest.fixture(autouse=True)
def _inside(filled: Flask) -> Iterator[None]:
    with filled.app_context():
        yield


def count(what: type) -> int:
    return db.session.execute(select(func.count()).select_from(what)).scalar_one()


def article(slug: str) -> Article:
    return db.session.execute(select(Article).where(Article.slug == slug)).scalar_one()


def test_people_departments_sites_and_articles_are_there() -> None:
    assert (count(Person), count(Department), count(Site)) == (200, 8, 3)
    assert count(Article) >= 60
    assert options.get().portal_name == "Ostrey & Vale"
    assert options.get().is_set_up


def test_zoe_is_out_and_everybody_else_is_in() -> None:
    out = db.session.execute(select(Person.email).where(Person.is_active.is_(False))).scalars().all()
    assert out == ["zoe@ostreyvale.example"]


def test_nobody_has_a_password() -> None:
    assert db.session.execute(text("SELECT count(*) FROM credential")).scalar() == 0


def test_fifteen_months_lie_in_the_ledger_and_none_of_them_in_the_future() -> None:
    first, last = db.session.execute(select(func.min(LedgerEntry.at), func.max(LedgerEntry.at))).one()
    assert dt.timedelta(weeks=65) <= clock.now() - first < dt.timedelta(weeks=67)
    assert last <= clock.now()
    assert 60_000 <= count(LedgerEntry) <= 120_000


def test_the_order_of_the_ledger_is_the_order_of_time() -> None:
    times = db.session.execute(select(LedgerEntry.at).order_by(LedgerEntry.id)).scalars().all()
    assert times == sorted(times)


def test_every_fact_is_of_the_vocabulary() -> None:
    rows = db.session.execute(select(LedgerEntry.name, LedgerEntry.props).order_by(LedgerEntry.id)).all()
    for name, props in rows[:: len(rows) // 2000]:
        check(Name(name), props)


def test_each_answer_has_its_row_and_its_fact() -> None:
    n_marked = select(func.count()).where(LedgerEntry.name == Name.SOLUTION_MARKED.value)
    assert db.session.execute(n_marked).scalar_one() >= count(Solution) >= 1000


def test_the_improved_article_has_two_versions_and_the_second_helps_more() -> None:
    improved = article(story.IMPROVED)
    assert improved.version == 2
    shares = {}
    for version in (1, 2):
        tally = talk.tallies({improved.ref: version})[improved.ref]
        assert tally.n_said >= 25
        shares[version] = tally.n_solved / tally.n_said
    assert shares[2] - shares[1] > 0.15


def test_reasons_words_and_replies_can_be_seen() -> None:
    waiting = [said for said in talk.feedback(only_open=True, limit=200) if said.comment]
    answered = [said for said in talk.feedback(only_open=False, limit=2000) if said.reply]
    assert {"beatrix", "orla"} <= {said.person.email.partition("@")[0] for said in waiting}
    assert len(answered) >= 6
    assert count(Comment) >= 8
    assert len(talk.reasons(article(story.IMPROVED).ref, version=1)) >= 3


def test_ana_has_an_answer_waiting_behind_the_bell() -> None:
    ana = people.by_email("ana@ostreyvale.example")
    assert ana is not None
    assert db.session.execute(select(news.unread(ana.id))).scalar_one() >= 1


def test_most_articles_were_checked_lately_and_some_are_overdue() -> None:
    due = {row.slug for row in db.session.execute(select(Article)).scalars() if row.is_published and row.is_check_due}
    assert due == set(story.OVERDUE)
    verified = db.session.execute(select(func.max(Article.verified_at))).scalar_one()
    assert verified <= clock.now()


def test_late_articles_were_published_when_they_were_written() -> None:
    for slug, days in story.LATE.items():
        published = article(slug).published_at
        assert published is not None
        assert abs((clock.now() - published).days - days) <= 3


def test_a_notice_is_up_and_earlier_ones_are_over() -> None:
    ana = people.by_email("ana@ostreyvale.example")
    assert ana is not None
    actor = people_services.actor_of(ana)
    [shown] = incidents.notices(actor)
    assert shown.incident.title == "VPN is slow from home"
    assert shown.n_people >= 3
    assert not shown.is_mine
    assert len(incidents.past_notices(actor)) == 3


def test_restricted_articles_were_read_by_their_audience_only() -> None:
    cheques = str(article("print-cheques").ref)
    query = select(Department.slug).join(LedgerEntry, LedgerEntry.department_id == Department.id)
    read = query.where(LedgerEntry.subject == cheques, LedgerEntry.name == Name.ARTICLE_VIEWED.value)
    assert set(db.session.execute(read).scalars()) == {"finance"}


def test_every_ticket_has_its_facts_and_they_agree_with_its_row() -> None:
    facts: dict[str, dict[str, dt.datetime]] = {}
    query = select(LedgerEntry.subject, LedgerEntry.name, LedgerEntry.at).where(LedgerEntry.name.like("ticket.%"))
    for subject, name, when in db.session.execute(query.order_by(LedgerEntry.id)):
        facts.setdefault(subject or "", {})[name] = when
    tickets = db.session.execute(select(Ticket)).scalars().all()
    assert 1_500 <= len(tickets) <= 3_500
    for ticket in tickets:
        own = facts[str(ticket.ref)]
        assert own["ticket.opened"] == ticket.opened_at
        assert ("ticket.resolved" in own) or ticket.resolved_at is None
        assert ticket.resolved_at is None or own["ticket.resolved"] == ticket.resolved_at
        assert ticket.closed_at is None or own.get("ticket.closed", own.get("ticket.withdrawn")) == ticket.closed_at


def test_what_is_said_on_a_ticket_is_there_in_order() -> None:
    said = db.session.execute(select(Message.ticket_id, Message.kind, Message.at).order_by(Message.id)).all()
    assert {ticket_id for ticket_id, _kind, _at in said} == set(db.session.execute(select(Ticket.id)).scalars())
    replied = {
        row.props["message"]: row.at
        for row in db.session.execute(
            select(LedgerEntry.props, LedgerEntry.at).where(LedgerEntry.name == Name.TICKET_REPLIED.value)
        )
    }
    written = dict(db.session.execute(select(Message.id, Message.at).where(Message.id.in_(list(replied)[:500]))).all())
    assert len(written) == 500
    assert all(replied[number] == when for number, when in written.items())


def test_fewer_tickets_come_than_in_the_same_weeks_of_last_year() -> None:
    now = clock.now()
    weeks = dt.timedelta(weeks=10)
    lately, before = (
        db.session.execute(select(func.count()).where(Ticket.opened_at.between(end - weeks, end))).scalar_one()
        for end in (now, now - dt.timedelta(weeks=52))
    )
    assert 0.4 < lately / before < 0.9


def test_knowledge_debt_shrinks_and_answers_become_quicker() -> None:
    is_kept = Ticket.first_response_at <= Ticket.first_response_due_at
    rows = db.session.execute(
        select(Ticket.opened_at, Ticket.knowledge, is_kept.label("is_kept"))
        .where(Ticket.resolved_at.is_not(None))
        .order_by(Ticket.opened_at)
    ).all()
    first, last = rows[:400], rows[-400:]
    debt = [sum(row.knowledge is None for row in part) / len(part) for part in (first, last)]
    assert debt[1] < 0.6 * debt[0]
    kept = [sum(bool(row.is_kept) for row in part) for part in (first, last)]
    assert kept[1] > kept[0]


def test_eli_pinned_the_days_on_which_something_changed() -> None:
    assert len(db.session.execute(select(ChangeDate.text)).scalars().all()) >= 4


def test_no_job_was_left_behind_or_failed() -> None:
    """What is planned for a later day waits for it; a mailing goes out in steps, seconds apart."""
    due = select(Job.kind, Job.state).where(Job.run_at <= clock.now(), Job.state != State.DONE.value)
    assert {tuple(row) for row in db.session.execute(due)} <= {("pulse.send", State.WAITING.value)}
