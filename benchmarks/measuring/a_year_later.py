"""What twenty thousand colleagues leave behind in a year, so that pages are measured among all of it.

Rows are written as they would stand there, without the services: what counts is how many there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from flask import Flask
from sqlalchemy import func, insert, select, update

from portal.community.models import Answer, Question, QuestionState
from portal.core import clock
from portal.core.database import db
from portal.kb.models import Article, Category
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.talk.models import Solution
from portal.tickets import queues
from portal.tickets.models import Message, Ticket

N_PEOPLE, N_TICKETS, N_OPEN, N_QUESTIONS, N_SOLUTIONS, N_NEWS = 20_000, 60_000, 400, 10_000, 200_000, 200_000
"""People, their tickets, how many of these are open, questions with an answer each, yes and no, and news."""
EACH_READER_TICKETS = 40
"""So many of the tickets are of the reader who is measured."""
AT_A_TIME = 10_000
YEAR = 365 * 24 * 3600
TEXT = "The light is red, and **error 7** is on the screen."
HTML = "<p>The light is red, and <strong>error 7</strong> is on the screen.</p>"


def furnish(app: Flask, reader: str) -> None:
    """Put all of it there; the reader has as many things of their own as somebody has who asks every week."""
    with app.test_request_context():
        rng, now = np.random.default_rng(1), clock.now()
        at = [now - dt.timedelta(seconds=int(ago)) for ago in rng.integers(3600, YEAR, N_SOLUTIONS)]
        reading = db.session.execute(select(Person.id).where(Person.email == reader)).scalar_one()
        people = _people()
        topic = db.session.execute(select(Category).order_by(Category.id).limit(1)).scalar_one()
        articles = db.session.execute(select(Article.id)).scalars().all()
        _tickets(at, people, reading, topic.id)
        _questions(at, people, topic)
        _put(Solution, (
            {
                "subject": f"article:{articles[n % len(articles)]}", "version": 1, "via": "article",
                "person_id": people[n // len(articles) % len(people)], "is_solved": n % 3 > 0,
                "created_at": at[n], "changed_at": at[n],
                "comment": TEXT if n % 20 == 0 else "", "reply": "Done." if n % 20 == 0 else "",
                "replied_at": at[n] + dt.timedelta(days=1) if n % 20 == 0 else None,
            }
            for n in range(N_SOLUTIONS)
        ))  # fmt: skip
        _put(Notification, (
            {
                "person_id": reading if n % 400 == 0 else people[n % len(people)], "kind": "ticket_answered",
                "ref": f"ticket:{n % N_TICKETS + 1}", "data": {}, "created_at": at[n],
                "read_at": at[n] if n % 10 else None,
            }
            for n in range(N_NEWS)
        ))  # fmt: skip
        db.session.commit()


def _put(model: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, AT_A_TIME)):
        db.session.execute(insert(model), some)


def _people() -> Sequence[int]:
    last = db.session.execute(select(func.max(Person.id))).scalar_one()
    _put(Person, ({"email": f"someone-{n}@ostreyvale.example", "name": f"Someone {n}"} for n in range(N_PEOPLE)))
    return db.session.execute(select(Person.id).where(Person.id > last)).scalars().all()


def _tickets(at: list[dt.datetime], people: Sequence[int], reader: int, topic: int) -> None:
    queue, agent = queues.default().id, people[0]
    last = db.session.execute(select(func.coalesce(func.max(Ticket.id), 0))).scalar_one()

    def ticket(n: int) -> dict[str, Any]:
        is_open, hour = n < N_OPEN, dt.timedelta(hours=1)
        return {
            "id": last + n + 1, "subject": f"The light is red, number {n}", "category_id": topic, "queue_id": queue,
            "requester_id": reader if n % (N_TICKETS // EACH_READER_TICKETS) == 0 else people[n % len(people)],
            "assignee_id": agent if n % 2 else None, "status": "open" if is_open else "closed",
            "opened_at": at[n], "updated_at": at[n] + 5 * hour, "first_response_at": at[n] + hour,
            "resolved_at": None if is_open else at[n] + 5 * hour, "knowledge": None if is_open else "linked",
        }  # fmt: skip

    _put(Ticket, (ticket(n) for n in range(N_TICKETS)))
    _put(Message, (
        {
            "ticket_id": last + n // 3 + 1, "kind": "reply" if n % 3 else "request", "is_by_desk": n % 3 == 1,
            "author_id": people[n % len(people)], "body": TEXT, "html": HTML, "at": at[n // 3],
        }
        for n in range(3 * N_TICKETS)
    ))  # fmt: skip


def _questions(at: list[dt.datetime], people: Sequence[int], topic: Category) -> None:
    first = db.session.execute(select(func.coalesce(func.max(Question.id), 0))).scalar_one() + 1
    answer = db.session.execute(select(func.coalesce(func.max(Answer.id), 0))).scalar_one() + 1
    _put(Question, (
        {
            "id": first + n, "title": f"Why is the light red, and when, number {n}", "body": TEXT, "html": HTML,
            "excerpt": TEXT, "asker_id": people[n % len(people)], "category_id": topic.id,
            "access_key": topic.access_key, "created_at": at[n], "last_activity_at": at[n], "n_answers": 1,
            "state": QuestionState.ANSWERED if n % 3 else QuestionState.SOLVED, "first_answer_at": at[n],
        }
        for n in range(N_QUESTIONS)
    ))  # fmt: skip
    _put(Answer, (
        {
            "id": answer + n, "question_id": first + n, "author_id": people[(n + 7) % len(people)], "body": TEXT,
            "html": HTML, "excerpt": TEXT, "created_at": at[n],
        }
        for n in range(N_QUESTIONS)
    ))  # fmt: skip
    solved = Question.id >= first, Question.state == QuestionState.SOLVED
    db.session.execute(update(Question).where(*solved).values(accepted_answer_id=Question.id - first + answer))
