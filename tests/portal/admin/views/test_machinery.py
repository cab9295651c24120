"""Jobs, mail on its way and the search index, as the administrator meets them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from analytics.events import Name
from portal.admin import presenting
from portal.core import clock
from portal.core.actor import system
from portal.jobs import services as jobs
from portal.jobs.models import Job, State
from portal.ledger.models import LedgerEntry
from portal.notifications import kinds
from portal.notifications import services as notifications
from portal.notifications.models import OutboxMail
from portal.notifications.models import State as MailState
from tests.people import Visitor


def dead_job(error: str = "RuntimeError: the disk was full") -> Job:
    job = jobs.enqueue("search.update", {"refs": ["article:1"]})
    assert job is not None
    job.state, job.attempts, job.error, job.finished_at = State.DEAD.value, 5, error, clock.now()
    return job


def failed_mail(ana: Visitor) -> OutboxMail:
    from portal.core.database import db

    notifications.tell([ana.person], "mail_test", actor=system("tests"))
    mail = db.session.execute(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).scalar_one()
    notifications.give_up(mail, code=550, error="550 5.1.1 no such mailbox")
    return mail


def test_a_failed_job_is_shown_first_with_its_reason_and_tried_again(ada: Visitor, db: Any) -> None:
    job_id = dead_job().id
    db.session.commit()
    page = ada.page("/admin/jobs")
    assert page.heading == "1 job failed and waits for you"
    assert "the disk was full" in page.text
    assert ada.submit("/admin/jobs", f"/admin/jobs/{job_id}/retry").status_code == 303
    job = db.session.get(Job, job_id)
    assert (job.state, job.attempts) == ("waiting", 0)
    fact = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.JOB_RETRIED.value)).scalar_one()
    assert fact.props == {"kind": "search.update"}


def test_a_job_that_did_not_fail_cannot_be_tried_again(ada: Visitor, db: Any) -> None:
    job = jobs.enqueue("search.update", {})
    assert job is not None
    assert ada.post(f"/admin/jobs/{job.id}/retry").status_code == 404


def test_jobs_that_wait_too_long_are_said_in_the_heading(ada: Visitor, stopped_clock: Any) -> None:
    jobs.enqueue("search.update", {})
    stopped_clock.move(minutes=12)
    assert ada.page("/admin/jobs").heading == "Jobs are late by 12 min"


def test_every_state_of_jobs_has_a_page(ada: Visitor) -> None:
    for state in State:
        assert ada.page(f"/admin/jobs?state={state}").heading
    assert ada.page("/admin/jobs?state=nonsense").heading


def test_failed_mail_shows_why_and_on_whom_and_is_sent_again(ada: Visitor, ana: Visitor, db: Any) -> None:
    mail_id = failed_mail(ana).id
    db.session.commit()
    page = ada.page("/admin/outbox")
    assert page.heading == "1 message could not be sent"
    assert "550 5.1.1 no such mailbox" in page.text
    assert page.links["Ana Ruiz"] == f"/admin/people/{ana.person_id}"
    assert ada.submit("/admin/outbox", f"/admin/outbox/{mail_id}/retry").status_code == 303
    assert db.session.get(OutboxMail, mail_id).state == MailState.WAITING.value


def test_the_text_of_a_mail_is_not_the_administrators_to_read(ada: Visitor, ana: Visitor, db: Any) -> None:
    mail = failed_mail(ana)
    mail.subject, mail.text = "A subject with a title", "A text with a secret"
    page = ada.get("/admin/outbox").text
    assert "A subject with a title" not in page
    assert "A text with a secret" not in page


def test_every_kind_of_mail_has_words_for_the_list(app: Any) -> None:
    for key in kinds.KINDS:
        assert presenting.mail_words(OutboxMail(kind=key)) not in ("", key)


def test_mail_of_one_person_and_of_one_state_can_be_looked_at(ada: Visitor, ana: Visitor, ben: Visitor) -> None:
    failed_mail(ana)
    notifications.tell([ben.person], "mail_test", actor=system("tests"))
    assert "ben@ostreyvale.example" not in ada.page(f"/admin/outbox?person={ana.person_id}").text
    assert "ben@ostreyvale.example" in ada.page("/admin/outbox?state=waiting").text
    assert "ben@ostreyvale.example" not in ada.page("/admin/outbox?state=failed").text


def test_a_longer_outbox_goes_on_on_the_next_page(ada: Visitor, ana: Visitor, db: Any) -> None:
    for _ in range(55):
        notifications.tell([ana.person], "mail_test", actor=system("tests"))
    page = ada.page("/admin/outbox")
    older = ada.page(page.links["Show older"])
    assert len(older.all("tr")) == 1 + 5
    assert "Show older" not in older.links


def test_a_page_of_fifty_mails_costs_as_many_queries_as_one_of_two(
    ada: Visitor, ana: Visitor, db: Any, queries: Any
) -> None:
    def cost() -> int:
        with queries() as seen:
            ada.page("/admin/outbox")
        return len(seen)

    failed_mail(ana)
    ada.page("/admin/outbox")  # what a process looks up once is not the page's
    before = cost()
    for _ in range(40):
        failed_mail(ana)
    assert cost() == before


def test_building_the_index_anew_is_asked_for_once(ada: Visitor, db: Any) -> None:
    assert ada.post("/admin/search-index/rebuild").status_code == 303
    assert "built already" in ada.post("/admin/search-index/rebuild", follow_redirects=True).text
    kinds = db.session.execute(select(Job.kind)).scalars().all()
    assert kinds.count("search.rebuild") == 1


def test_the_index_page_tells_how_far_the_rebuild_is(ada: Visitor, app: Any, db: Any) -> None:
    from portal.jobs.runner import Runner

    ada.post("/admin/search-index/rebuild")
    assert "Waiting to start" in ada.page("/admin/search-index").text
    Runner(app).drain()
    assert "Finished" in ada.page("/admin/search-index").text


def test_only_who_may_gets_to_the_machinery(ana: Visitor, dara: Visitor, db: Any) -> None:
    job_id = dead_job().id
    for visitor in (ana, dara):
        for path in ("/admin/", "/admin/jobs", "/admin/outbox", "/admin/search-index", "/admin/audit"):
            assert visitor.get(path).status_code == 403
        assert visitor.post(f"/admin/jobs/{job_id}/retry").status_code == 403
        assert visitor.post("/admin/search-index/rebuild").status_code == 403
    assert db.session.get(Job, job_id).state == "dead"
