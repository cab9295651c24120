"""Who is told what, by which way, and when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.database import db
from portal.core.errors import Forbidden, NotFound
from portal.jobs.models import Job
from portal.notifications import choices, queries, services
from portal.notifications.models import Channel, Notification, OutboxMail, State
from portal.people import audiences
from portal.people import services as people_services
from tests.factories import accounts, kb, people
from tests.people import ADA, ANA, BEN, DARA, settle


def actor_of(who: Any) -> Any:
    return people_services.actor_of(settle(who))


@pytest.fixture
def article(app: Flask) -> Any:
    return kb.article("Connect to the VPN")


def tell(*who: Any, kind: str = "feedback_reply", by: Any = DARA, **kw: Any) -> int:
    return services.tell([settle(one).id for one in who], kind, actor=actor_of(by), **kw)


def test_somebody_is_told_in_the_portal_and_by_mail(article: Any) -> None:
    assert tell(ANA, subject=article.ref) == 1
    (line,) = queries.news(actor_of(ANA))
    assert line.text == "Dara Voss answered what you said about “Connect to the VPN”"
    assert line.is_new
    (mail,) = accounts.mails()
    assert (mail.to, mail.state) == (ANA.email, "waiting")
    assert f"http://127.0.0.1:8000/kb/{article.slug}" in mail.text


def test_mail_and_its_job_are_written_with_the_change(article: Any) -> None:
    tell(ANA, subject=article.ref)
    assert [job.payload for job in db.session.scalars(select(Job).where(Job.kind == services.DELIVER))] == [{"mail": 1}]
    db.session.rollback()
    assert accounts.mails() == []
    assert db.session.scalars(select(Job).where(Job.kind == services.DELIVER)).all() == []


def test_nobody_is_told_of_their_own_doing(article: Any) -> None:
    assert tell(DARA, BEN, subject=article.ref, by=DARA) == 1
    assert [mail.to for mail in accounts.mails()] == [BEN.email]


def test_somebody_named_twice_is_told_once(article: Any) -> None:
    assert (
        services.tell(
            [settle(ANA).id, settle(ANA).id, None], "feedback_reply", subject=article.ref, actor=actor_of(DARA)
        )
        == 1
    )


def test_nobody_hears_of_what_they_may_not_see(app: Flask) -> None:
    hr_only = people.audience("HR only", ("person", str(settle(BEN).id)))
    hidden = kb.article("Salaries of the board", access_key=audiences.key_for([[hr_only.id]]))
    assert tell(ANA, BEN, subject=hidden.ref) == 1
    assert [mail.to for mail in accounts.mails()] == [BEN.email]
    assert queries.news(actor_of(ANA)) == []


def test_a_title_that_has_become_secret_is_no_longer_told(article: Any) -> None:
    tell(ANA, subject=article.ref)
    article.status = "archived"
    article.access_key = "a99"
    db.session.flush()
    (line,) = queries.news(actor_of(ANA))
    assert "VPN" not in line.text
    assert line.url == ""


def test_somebody_who_left_is_told_nothing(article: Any) -> None:
    settle(ANA).is_active = False
    assert tell(ANA, subject=article.ref) == 0


def test_everybody_chooses_the_ways(article: Any) -> None:
    ana, ben = actor_of(ANA), actor_of(BEN)
    choices.choose(ana, wanted={("feedback_reply", Channel.PORTAL)}, quiet_from=None, quiet_until=None)
    choices.choose(ben, wanted={("feedback_reply", Channel.MAIL)}, quiet_from=None, quiet_until=None)
    tell(ANA, BEN, subject=article.ref)
    assert [len(queries.news(actor)) for actor in (ana, ben)] == [1, 0]
    assert [mail.to for mail in accounts.mails()] == [BEN.email]


def test_mail_waits_for_the_end_of_the_quiet_hours_of_its_reader(article: Any, stopped_clock: Any) -> None:
    row = settle(ANA)
    row.timezone = "Asia/Tokyo"
    stopped_clock.set(dt.datetime(2026, 3, 9, 14, 0, tzinfo=dt.UTC))  # eleven at night in Tokyo
    choices.choose(
        actor_of(ANA), wanted={("feedback_reply", Channel.MAIL)}, quiet_from=dt.time(22), quiet_until=dt.time(7)
    )
    tell(ANA, subject=article.ref)
    (mail,) = accounts.mails()
    assert mail.next_at == dt.datetime(2026, 3, 9, 22, 0, tzinfo=dt.UTC)
    (job,) = db.session.scalars(select(Job).where(Job.kind == services.DELIVER))
    assert job.run_at == mail.next_at


def test_a_message_id_is_of_one_mail_alone(article: Any) -> None:
    for _ in range(3):
        tell(ANA, BEN, subject=article.ref)
    ids = [mail.message_id for mail in accounts.mails()]
    assert len(set(ids)) == 6
    assert all(one.endswith("@127.0.0.1>") for one in ids)


def test_only_an_administrator_sends_test_mails(app: Flask) -> None:
    with pytest.raises(Forbidden):
        services.send_test(actor_of(ANA), settle(ANA))
    services.send_test(actor_of(ADA), settle(ADA))
    assert [mail.kind for mail in accounts.mails()] == ["mail_test"]


def test_a_failed_mail_is_sent_again_on_request(article: Any) -> None:
    tell(ANA, subject=article.ref)
    (mail,) = accounts.mails()
    services.give_up(mail, code=550, error="550 no such user")
    with pytest.raises(Forbidden):
        services.retry(actor_of(ANA), mail.id)
    before = mail.message_id
    assert services.retry(actor_of(ADA), mail.id).state == State.WAITING
    assert mail.message_id == before
    with pytest.raises(NotFound):
        services.retry(actor_of(ADA), mail.id)


def test_old_mail_and_read_news_are_forgotten_and_nothing_else(article: Any, stopped_clock: Any) -> None:
    tell(ANA, BEN, DARA, subject=article.ref, by=ADA)
    first, second, third = accounts.mails()
    services.mark_sent(first)
    services.give_up(second, code=550, error="550")
    services.read_all(actor_of(ANA))
    stopped_clock.move(days=91)
    services.sweep()
    db.session.expire_all()
    assert [mail.id for mail in db.session.scalars(select(OutboxMail))] == [second.id, third.id]
    assert {row.person_id for row in db.session.scalars(select(Notification))} == {settle(BEN).id, settle(DARA).id}


def test_the_outbox_is_read_page_by_page(article: Any) -> None:
    for _ in range(5):
        tell(ANA, subject=article.ref)
    newest = queries.outbox_page(limit=2)
    assert [mail.id for mail in newest] == [5, 4]
    assert [mail.id for mail in queries.outbox_page(before_id=4, limit=2)] == [3, 2]
    assert queries.outbox_page(state=State.FAILED) == []
    assert queries.outbox_counts()[State.WAITING] == 5
