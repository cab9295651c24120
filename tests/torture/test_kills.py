"""Web workers and runners are killed while people write: nothing acknowledged is lost or doubled (QUALITY R1, R2)."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from portal.tickets.opening import PER_HOUR
from tests.portal.serve.running import ROOT, Running, until
from tests.torture.stage import Colleague, Crowd, ask, complaints_of_doctor, furnish, rounds, service_desk
from tests.torture.worker import KIND

pytestmark = [pytest.mark.torture, pytest.mark.slow]

PAUSE = 0.6
VOTES = "FROM ledger_entry WHERE name = 'vote.cast'"


@pytest.fixture
def crowd(make_app: Callable[..., Flask], home: Path) -> Iterator[tuple[Running, Crowd]]:
    app = make_app()
    slug, visitors = furnish(app, home, 4)
    question, useful = ask(app)
    desk = Colleague.of(service_desk(app))
    running = Running(home)
    yield running, Crowd(running.port, slug, [Colleague.of(visitor) for visitor in visitors], question, useful, desk)
    running.stop()


def rows(home: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "dity.sqlite3")) as connection:
        return connection.execute(statement).fetchall()


def test_killed_web_workers_lose_and_double_nothing(crowd: tuple[Running, Crowd], home: Path) -> None:
    running, people = crowd
    chance, slowest = random.Random(1), 0.0
    with people:
        for _ in range(rounds(10, 200)):
            time.sleep(PAUSE * chance.random())
            workers = running.workers
            doomed = workers if chance.random() < 0.3 else [chance.choice(workers)] if workers else []
            for pid in doomed:
                os.kill(pid, signal.SIGKILL)
            slowest = max(slowest, until(lambda: running.status(seconds=2) == 200, what="nobody answers any more"))
        until(lambda: len(people.acknowledged) > 20, what="too little was written to say anything")
    for _ in range(20):  # jobs that were held by the dead are due again by and by
        if not (found := complaints_of_doctor(home)):
            break
        time.sleep(2)
    assert found == [], "the doctor still finds something"
    running.stop()
    assert_tickets_are_whole(people, home)
    stored = Counter(body for (body,) in rows(home, "SELECT body FROM comment"))
    assert [note for note in people.acknowledged if note not in stored] == [], "acknowledged, and lost"
    assert {note: n for note, n in stored.items() if n > 1} == {}, "stored twice"
    handed_over = Counter(subject for (subject,) in rows(home, "SELECT subject FROM ticket"))
    assert [ticket for ticket in people.tickets if ticket not in handed_over] == [], "acknowledged, and lost"
    assert {ticket: n for ticket, n in handed_over.items() if n > 1} == {}, "handed over twice"
    said = Counter(body for (body,) in rows(home, "SELECT body FROM answer"))
    assert [answer for answer in people.answers if answer not in said] == [], "acknowledged, and lost"
    assert {answer: n for answer, n in said.items() if n > 1} == {}, "answered twice"
    assert_votes_add_up(people, home)
    assert rows(home, "SELECT count(*) FROM queue") == [(1,)], "the first queue was made twice"
    assert people.refused == [], "an honest client was refused"
    assert slowest < 2, f"it took {slowest:.1f} s until somebody answered again"
    assert rows(home, "PRAGMA integrity_check") == [("ok",)]
    assert rows(home, "PRAGMA foreign_key_check") == []


def assert_tickets_are_whole(people: Crowd, home: Path) -> None:
    """What was said on tickets is there once, each with its fact; what the desk said, with its mail."""
    found = rows(home, "SELECT id, body FROM ticket_message WHERE kind = 'reply'")
    stored = Counter(body for _id, body in found)
    assert [one for one in people.replies if one not in stored] == [], "acknowledged, and lost"
    assert {one: n for one, n in stored.items() if n > 1} == {}, "said twice"
    assert len(people.replies) > 4, "too little was said"
    told_of = rows(home, "SELECT json_extract(props, '$.message') FROM ledger_entry WHERE name = 'ticket.replied'")
    assert Counter(number for (number,) in told_of) == Counter(number for number, _body in found)
    by_desk = {f"ticket_message:{number}" for number, body in found if str(body).startswith("try again")}
    mailed = Counter(about for (about,) in rows(home, "SELECT about FROM outbox_mail WHERE kind = 'ticket_answered'"))
    assert {one: mailed[one] for one in by_desk} == dict.fromkeys(by_desk, 1), "no mail, or two"


def assert_votes_add_up(people: Crowd, home: Path) -> None:
    """The last acknowledged vote of each stands, the count is that of the rows, and every turn has its fact."""
    ((n_votes,),) = rows(home, "SELECT count(*) FROM vote WHERE voice = 'useful'")
    assert n_votes == list(people.last_votes.values()).count("yes")
    assert rows(home, "SELECT sum(n_votes) FROM answer") == [(n_votes,)]
    turns = Counter(bool(on) for (on,) in rows(home, f"SELECT json_extract(props, '$.is_on') {VOTES}"))
    assert turns[True] - turns[False] == n_votes
    assert rows(home, "SELECT n_answers FROM question") == rows(home, "SELECT count(*) FROM answer")


def test_every_change_that_survived_has_its_fact(crowd: tuple[Running, Crowd], home: Path) -> None:
    """The fact is in the transaction of the change: after any kill there are as many of one as of the other."""
    running, people = crowd
    with people:
        for number in range(rounds(4, 60)):
            time.sleep(PAUSE)
            # What keeps dying is started again slower and slower: the master goes down now and then, workers always.
            for pid in [running.master] if number % 10 == 3 else running.workers:
                os.kill(pid, signal.SIGKILL)
            until(lambda: running.status(seconds=2) == 200)
    running.stop()
    ((n_notes,),) = rows(home, "SELECT count(*) FROM comment")
    ((n_facts,),) = rows(home, "SELECT count(*) FROM ledger_entry WHERE name = 'comment.added'")
    assert n_notes == n_facts
    assert n_notes >= len(people.acknowledged)
    tickets = {f"ticket:{n}" for (n,) in rows(home, "SELECT id FROM ticket")}
    facts = [subject for (subject,) in rows(home, "SELECT subject FROM ledger_entry WHERE name = 'ticket.opened'")]
    assert sorted(facts) == sorted(tickets), "a ticket without its fact, or a fact without its ticket"
    assert len(tickets) >= len(people.tickets) > 0
    assert_tickets_are_whole(people, home)
    answered = {f"answer:{n}" for (n,) in rows(home, "SELECT id FROM answer WHERE body LIKE 'answer %'")}
    told_of = [subject for (subject,) in rows(home, "SELECT subject FROM ledger_entry WHERE name = 'answer.given'")]
    assert sorted(told_of) == sorted(answered), "an answer without its fact, or a fact without its answer"
    assert len(told_of) >= len(people.answers) > 0
    assert_votes_add_up(people, home)
    mails = {one for (one,) in rows(home, "SELECT message_id FROM outbox_mail")}
    said = {one for (one,) in rows(home, "SELECT message_id FROM ticket_message WHERE kind = 'request'")}
    assert said <= mails, "a ticket without its mail"
    answers = rows(home, "SELECT person_id, is_solved FROM solution ORDER BY person_id")
    told = [bool(is_solved) for _, is_solved in answers]
    assert told == [people.last_answers[n] == "yes" for n in range(len(told))], "the last acknowledged answer stands"


def test_a_form_sent_again_after_a_lost_answer_acts_once(make_app: Callable[..., Flask], home: Path) -> None:
    """The change is committed and its answer never arrives; the person presses the button again (QUALITY R2)."""
    from portal.core import once
    from portal.core.database import db

    app = make_app()
    slug, visitors = furnish(app, home, rounds(25, 500) // PER_HOUR + 1)
    desk = service_desk(app)
    for trial in range(rounds(25, 500)):
        visitor = visitors[trial // PER_HOUR]
        form = {"body": f"trial {trial}", "form_token": once.new_token()}
        first = visitor.post(f"/kb/{slug}/notes", form)
        again = visitor.post(f"/kb/{slug}/notes", form)
        assert (first.status_code, again.status_code) == (303, 303)
        assert again.location == first.location
        form = {"subject": f"trial {trial}", "form_token": once.new_token()}
        first, again = visitor.post("/tickets/new", form), visitor.post("/tickets/new", form)
        assert (first.status_code, again.status_code) == (303, 303)
        assert again.location == first.location
        ticket = first.location.partition("?")[0]
        for who, path in ((visitor, ticket), (desk, f"/queue{ticket}")):
            form = {"body": f"said of {trial} by {path}", "anyway": "y", "form_token": once.new_token()}
            first, again = who.post(f"{path}/reply", form), who.post(f"{path}/reply", form)
            assert (first.status_code, again.status_code) == (303, 303)
            assert again.location == first.location
    with app.app_context():
        from portal.notifications.models import OutboxMail
        from portal.talk.models import Comment
        from portal.tickets.checks import whole
        from portal.tickets.models import Message, Ticket

        assert db.session.query(Comment).count() == rounds(25, 500)
        assert db.session.query(Ticket).count() == rounds(25, 500)
        assert db.session.query(Message).filter_by(kind="reply").count() == 2 * rounds(25, 500)
        assert db.session.query(OutboxMail).filter_by(kind="ticket_answered").count() == rounds(25, 500)
        assert whole().is_ok
        db.session.remove()


def test_a_job_whose_runner_is_killed_is_done_once_by_another(make_app: Callable[..., Flask], home: Path) -> None:
    """Under leases of one second; the effect and "done" are one transaction, so never half, never twice."""
    from portal.core.database import db
    from portal.jobs import services as jobs

    n_jobs, app = rounds(40, 800), make_app()
    with app.app_context():
        for n in range(n_jobs):
            jobs.enqueue(KIND, {"n": n}, max_attempts=1000)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    (home / "secret.key").write_text(app.config["SECRET_KEY"])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
    environment |= {"DITY_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command, chance = [sys.executable, "-m", "tests.torture.worker"], random.Random(3)

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)

    def n_done() -> int:
        return len(rows(home, "SELECT name FROM option WHERE name LIKE 'step-%'"))

    for _ in range(rounds(10, 300)):
        runner, before = start(), n_done()
        until(lambda before=before: n_done() > before or n_done() == n_jobs, 30, "a fresh runner does nothing")
        time.sleep(0.15 * chance.random())
        runner.kill()
        runner.wait()
    last = start()
    try:
        until(lambda: n_done() == n_jobs, 120, "jobs were forgotten")
        until(lambda: rows(home, "SELECT DISTINCT state FROM job") == [("done",)], 10)
    finally:
        last.kill()
        last.wait()
    assert rows(home, "SELECT error FROM job WHERE error IS NOT NULL") == [], "somebody stumbled over a second time"
