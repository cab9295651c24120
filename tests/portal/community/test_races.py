"""Many at the same instant (QUALITY R2, R12): one voice each, one accepted answer, one question a form."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.community.models import Answer, Question
from portal.core import once
from portal.core.database import db as database
from portal.ledger.models import LedgerEntry
from portal.talk.models import Vote
from tests.factories import community, people
from tests.people import Visitor

pytestmark = [pytest.mark.torture, pytest.mark.slow]

N_PEOPLE, N_PRESSES = 10, 5


@pytest.fixture
def crowd(app: Flask, visit: Callable[..., Visitor]) -> list[Visitor]:
    return [visit(people.person(f"Voter {n}")) for n in range(N_PEOPLE)]


def at_once(presses: Iterable[Callable[[], Any]]) -> list[int]:
    """Let everybody press at the same instant; return what each met."""
    waiting = list(presses)
    start, met = threading.Barrier(len(waiting)), [0] * len(waiting)

    def run(place: int, press: Callable[[], Any]) -> None:
        start.wait()
        met[place] = press().status_code

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(waiting)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met


def press(visitor: Visitor, path: str, **sent: str) -> Callable[[], Any]:
    """A browser of its own for each press, as when somebody has the page open twice."""
    other = Visitor(visitor.app, visitor.who, visitor.person_id)
    other.sign_in()
    token = other.csrf_token()
    data = {"csrf_token": token, **sent}
    return lambda: other.open(path, method="POST", data=data, headers={"Origin": "http://localhost"})


def n_facts(name: str) -> int:
    return database.session.execute(select(func.count()).where(LedgerEntry.name == name)).scalar_one()


def test_fifty_presses_of_ten_people_are_ten_voices(db: Any, crowd: list[Visitor]) -> None:
    answer = community.answer(community.question(), author_id=people.person("Ben Kaya").id)
    path, answer_id = f"/questions/{answer.question_id}/answers/{answer.id}/useful", answer.id
    db.session.commit()
    met = at_once([press(who, path, on="yes") for who in crowd for _ in range(N_PRESSES)])
    assert set(met) == {303}
    db.session.rollback()
    assert db.session.execute(select(func.count()).select_from(Vote)).scalar_one() == N_PEOPLE
    assert db.session.get_one(Answer, answer_id, populate_existing=True).n_votes == N_PEOPLE
    assert n_facts("vote.cast") == N_PEOPLE


def test_of_many_answers_accepted_at_once_one_is_and_the_counts_are_exact(
    db: Any, crowd: list[Visitor], visit: Callable[..., Visitor]
) -> None:
    ana = visit(people.person("Ana Ruiz"))
    question = community.question(asker_id=ana.person_id)
    question_id = question.id
    db.session.commit()
    met = at_once([press(who, f"/questions/{question_id}/answers", body=f"Mine {who.person_id}.") for who in crowd])
    assert set(met) == {303}
    db.session.rollback()
    ids = list(db.session.execute(select(Answer.id)).scalars())
    db.session.rollback()
    met = at_once([press(ana, f"/questions/{question_id}/answers/{i}/accept", on="yes") for i in ids])
    assert set(met) == {303}
    db.session.rollback()
    row = db.session.get_one(Question, question_id, populate_existing=True)
    assert (row.n_answers, row.state) == (N_PEOPLE, "solved")
    last = select(LedgerEntry.props).where(LedgerEntry.name == "answer.accepted").order_by(LedgerEntry.id.desc())
    assert db.session.execute(last.limit(1)).scalar_one()["answer"] == row.accepted_answer_id


def test_a_form_sent_many_times_asks_once(db: Any, crowd: list[Visitor]) -> None:
    topic = community.question().category
    sent = {
        "title": "Why is half of the label missing?",
        "body": "Since today.",
        "category_id": str(topic.id),
        "form_token": once.new_token(),
    }
    db.session.commit()
    met = at_once([press(crowd[0], "/questions/new", **sent) for _ in range(6)])
    assert set(met) == {303}
    db.session.rollback()
    assert n_facts("question.asked") == 1


@pytest.mark.both
def test_a_flag_and_a_choice_to_follow_pressed_many_times_are_one_each(db: Any, crowd: list[Visitor]) -> None:
    question_id = community.question(asker_id=people.person("Ana Ruiz").id).id
    db.session.commit()
    flagged = at_once([press(crowd[0], f"/flag/question/{question_id}", reason="wrong") for _ in range(6)])
    followed = at_once([press(crowd[0], f"/questions/{question_id}/follow", on="yes") for _ in range(6)])
    assert (set(flagged), set(followed)) == ({303}, {303})
    db.session.rollback()
    assert (n_facts("thing.flagged"), n_facts("follow.started")) == (1, 1)
