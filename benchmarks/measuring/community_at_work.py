"""A question as colleagues meet it: five answers, comments, votes, a list full of others."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.community import answers, questions, tips
from portal.core import limits
from portal.core.actor import system
from portal.core.database import db
from portal.kb.models import Category
from portal.people import services as people
from portal.people.models import Person
from portal.talk import comments

N_ANSWERS, N_OTHERS = 5, 30
BODY = """It was fine until yesterday.

1. I switched it **off** and on again.
2. I tried another cable.

Now the light is red, and `error 7` is on the screen.
"""


def furnish(app: Flask) -> str:
    """Put questions, answers and tips there; returns the address of the question to read."""
    with app.test_request_context():
        ben = db.session.execute(select(Person).where(Person.email == "ben@ostreyvale.example")).scalar_one_or_none()
        if ben is None:
            ben = people.add_person(system("benchmark"), email="ben@ostreyvale.example", name="Ben Kaya")
        who, topic = (
            people.actor_of(ben),
            db.session.execute(select(Category).order_by(Category.id).limit(1)).scalar_one(),
        )
        made = []
        for n in range(N_OTHERS):
            _forget_limits()
            asked = questions.ask(
                who, title=f"Why is the light red, number {n}", body=BODY, category_id=topic.id, tags="light red"
            )
            tips.write(who, title=f"Look at the light, number {n}", body=BODY, category_id=topic.id, tags="light")
            made.append(asked)
        question = made[0]
        for _ in range(N_ANSWERS):
            answer = answers.give(who, question, body=BODY)
            comments.add(who, answer.ref, body="Which **cable**?")
        answers.accept(who, answer)
        db.session.commit()
        return f"/questions/{question.id}-why-is-the-light-red-number-0"


def _forget_limits() -> None:
    db.session.execute(limits.LimitCount.__table__.delete())
