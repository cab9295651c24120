"""Answering and accepting: one accepted answer, by the asker alone, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from portal.community import answers, commenting, counting, jobs, queries, questions, removing
from portal.community.models import Answer, Question
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.jobs.models import Job
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification, OutboxMail
from portal.talk import follows
from portal.talk.models import Vote
from tests.factories import community
from tests.factories.people import actor

pytestmark = [pytest.mark.usefixtures("app", "stopped_clock")]


@pytest.fixture
def ana() -> Actor:
    return actor()


@pytest.fixture
def ben() -> Actor:
    return actor("Ben Kaya")


@pytest.fixture
def question(ana: Actor) -> Question:
    row = community.question(asker_id=ana.person_id)
    follows.follow_by_doing([ana.person_id], row.ref)
    return row


def news(who: Actor) -> list[str]:
    """What somebody was told, the jobs that tell done."""
    for job in db.session.execute(select(Job).where(Job.kind == answers.TELL)).scalars().all():
        jobs.tell_followers(job.payload)
        db.session.delete(job)
    told = select(Notification.kind).where(Notification.person_id == who.person_id).order_by(Notification.id)
    return list(db.session.execute(told).scalars())


def mails(who: Actor) -> list[str]:
    query = select(OutboxMail.kind).where(OutboxMail.person_id == who.person_id).order_by(OutboxMail.id)
    return list(db.session.execute(query).scalars())


def props(name: str) -> list[dict[str, Any]]:
    query = select(LedgerEntry.props).where(LedgerEntry.name == name).order_by(LedgerEntry.id)
    return list(db.session.execute(query).scalars())


@pytest.mark.both
def test_the_first_answer_is_timed_and_the_asker_hears_of_each(
    ana: Actor, ben: Actor, question: Question, stopped_clock: Any
) -> None:
    stopped_clock.move(hours=3, minutes=20)
    first = answers.give(ben, question, body="Push it to the left.")
    answers.give(ben, question, body="Or clean the sensor.")
    assert props("answer.given") == [{"question": question.id, "hours": 3}, {"question": question.id}]
    assert (question.n_answers, question.state, question.first_answer_at) == (2, "answered", first.created_at)
    assert news(ana) == ["question_answered", "question_answered"]
    assert mails(ana) == ["question_answered", "question_answered"]
    assert news(ben) == []


def test_who_follows_hears_of_answers_and_of_the_one_that_solved_it(ana: Actor, ben: Actor, question: Question) -> None:
    cleo = actor("Cleo Okafor", Role.AGENT)
    follows.follow(cleo, question.ref)
    answer = answers.give(ben, question, body="Push it to the left.")
    assert news(cleo) == ["followed_answered"]
    answers.accept(ana, answer)
    assert news(cleo) == ["followed_answered", "followed_solved"]
    assert news(ben) == ["answer_accepted"]
    assert mails(cleo) == []


def test_an_asker_who_stopped_following_is_told_nothing(ana: Actor, ben: Actor, question: Question) -> None:
    follows.unfollow(ana, question.ref)
    answers.give(ben, question, body="Push it to the left.")
    assert news(ana) == []


def test_nobody_is_told_of_what_they_may_not_see(ana: Actor, ben: Actor, question: Question) -> None:
    answer = answers.give(ben, question, body="Push it to the left.")
    cleo = actor("Cleo Okafor", Role.AGENT)
    follows.follow(cleo, question.ref)
    question.access_key = "a7"
    db.session.flush()
    assert answers.tell_followers("followed_answered", answer_id=answer.id, by=ben.person_id) == 0


@pytest.mark.parametrize("body", ["", "   ", "x" * 20_001])
def test_empty_and_overlong_answers_are_refused(ben: Actor, question: Question, body: str) -> None:
    with pytest.raises(Invalid) as refusal:
        answers.give(ben, question, body=body)
    assert refusal.value.field == "body"


@pytest.mark.both
def test_one_answer_is_accepted_and_another_takes_its_place(
    ana: Actor, ben: Actor, question: Question, stopped_clock: Any
) -> None:
    first, second = (answers.give(ben, question, body=body) for body in ("To the left.", "Clean it."))
    stopped_clock.move(hours=5)
    answers.accept(ana, first)
    answers.accept(ana, first)
    answers.accept(ana, second)
    assert (question.accepted_answer_id, question.state) == (second.id, "solved")
    answers.accept(ana, second, is_on=False)
    assert (question.accepted_answer_id, question.accepted_at, question.state) == (None, None, "answered")
    assert props("answer.accepted") == [
        {"answer": first.id, "is_on": True, "hours": 5},
        {"answer": second.id, "is_on": True, "hours": 5},
        {"answer": second.id, "is_on": False, "hours": 5},
    ]


def test_nobody_accepts_for_the_asker(ana: Actor, ben: Actor, question: Question) -> None:
    answer = answers.give(ben, question, body="To the left.")
    for who in (ben, actor("Ada Demir", Role.ADMIN), replace(ana, acted_by_id=ben.person_id, acted_by="Ben")):
        with pytest.raises(Forbidden):
            answers.accept(who, answer)
    assert question.state == "answered"


def test_an_answer_to_another_question_is_not_there(ana: Actor, ben: Actor, question: Question) -> None:
    answer = answers.give(ben, community.question(), body="To the left.")
    with pytest.raises(NotFound):
        answers.get(ana, question, answer.id)


def test_an_accepted_answer_that_is_taken_away_comes_back_accepted(ana: Actor, ben: Actor, question: Question) -> None:
    answer = answers.give(ben, question, body="To the left.")
    answers.accept(ana, answer)
    removing.remove(ben, answer)
    assert (question.n_answers, question.state) == (0, "open")
    with pytest.raises(NotFound):
        answers.get(ana, question, answer.id)
    with pytest.raises(Conflict):
        answers.accept(ana, answer, is_on=True)
    removing.restore(ben, answer)
    assert (question.n_answers, question.state) == (1, "solved")


def test_useful_is_said_once_each_and_never_of_ones_own(ana: Actor, ben: Actor, question: Question) -> None:
    answer = answers.give(ben, question, body="To the left.")
    answers.find_useful(ana, answer, is_on=True)
    answers.find_useful(ana, answer, is_on=True)
    assert answer.n_votes == 1
    with pytest.raises(Forbidden):
        answers.find_useful(ben, answer, is_on=True)
    answers.find_useful(ana, answer, is_on=False)
    assert answer.n_votes == 0


def test_the_accepted_answer_stands_first_then_the_useful_then_the_oldest(
    ana: Actor, question: Question, stopped_clock: Any
) -> None:
    made = []
    for n in range(4):
        stopped_clock.move(minutes=5)
        made.append(community.answer(question, f"Answer {n}.", author_id=actor().person_id, n_votes=(0, 0, 2, 1)[n]))
    question.accepted_answer_id = made[1].id
    db.session.flush()
    assert [row.body for row in queries.answers(ana, question).rows] == [
        "Answer 1.", "Answer 2.", "Answer 3.", "Answer 0."
    ]  # fmt: skip
    assert queries.page_of(ana, question, made[0]) == 1


def test_many_answers_are_paged_and_each_is_led_to(ana: Actor, question: Question) -> None:
    made = [community.answer(question, f"Answer {n}.", author_id=ana.person_id) for n in range(queries.ANSWERS + 1)]
    assert queries.answers(ana, question).has_more
    assert [row.id for row in queries.answers(ana, question, page=2).rows] == [made[-1].id]
    assert queries.page_of(ana, question, made[-1]) == 2


def test_a_comment_tells_who_wrote_what_it_is_about(ana: Actor, ben: Actor, question: Question) -> None:
    answer = answers.give(ben, question, body="To the left.")
    note = commenting.add(ana, answer, body="Which left?")
    assert news(ben) == ["post_commented"]
    assert mails(ben) == []
    commenting.add(ben, question, body="Seen from the front.")
    assert news(ana) == ["question_answered", "post_commented"]
    removing.remove_comment(ana, answer, note.id)
    assert props("post.removed") == [{"is_own": True}]
    removing.remove(ben, answer)
    with pytest.raises(Forbidden):
        commenting.add(ana, answer, body="Where did it go?")


def test_counts_are_made_anew_from_the_rows_they_count(ana: Actor, ben: Actor, question: Question) -> None:
    answer = answers.give(ben, question, body="To the left.")
    answers.find_useful(ana, answer, is_on=True)
    questions.same_here(ben, question, is_on=True)
    assert counting.recount() == 0
    db.session.execute(Vote.__table__.delete())
    assert counting.recount() == 2
    db.session.expire_all()
    assert (db.session.get_one(Answer, answer.id).n_votes, question.n_same) == (0, 0)
