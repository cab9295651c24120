"""Questions by program: the same rules as on the pages, once for each key (portal.community.api)."""

from __future__ import annotations

import pytest

from portal.community import duplicates
from portal.community.models import Question
from portal.core.database import db
from portal.core.permissions import Role
from portal.core.scopes import Scope
from tests.factories import community, kb
from tests.people import Visitor
from tests.programs import program, service

pytestmark = pytest.mark.usefixtures("db")


def test_a_program_asks_once_for_each_key_and_others_answer_accept_and_vote(ana: Visitor, ben: Visitor) -> None:
    kb.category("Printing", slug="printing")
    db.session.commit()
    asker, helper = program(ana, Scope.QUESTIONS), program(ben, Scope.QUESTIONS)
    sent = {"title": "Why is half of the label missing?", "category": "printing", "body": "Since **today**.",
            "tags": ["Labels"]}  # fmt: skip
    first, again = (asker.post("/questions", sent, headers={"Idempotency-Key": "question-1"}) for _n in range(2))
    assert (first.status_code, again.status_code) == (201, 303)
    assert again.headers["Location"] == first.headers["Location"]
    number = first.json["number"]
    said = {"body": "Push it to the *left*."}
    made, twice = (
        helper.post(f"/questions/{number}/answers", said, headers={"Idempotency-Key": "answer-1"}) for _n in range(2)
    )
    assert (made.status_code, twice.status_code) == (201, 303)
    there = f"/questions/{number}/answers/{made.json['number']}"
    assert helper.post(f"{there}/accept", {"accepted": True}).status_code == 403
    assert asker.post(f"{there}/accept", {"accepted": True}).json["is_accepted"] is True
    assert helper.post(f"{there}/useful", {"useful": True}).status_code == 403
    assert [asker.post(f"{there}/useful", {"useful": True}).json["n_useful"] for _n in range(2)] == [1, 1]
    found = helper.get(f"/questions/{number}").json
    assert (found["state"], found["n_answers"], found["tags"], found["asker"]) == (
        "solved",
        1,
        ["labels"],
        ana.who.email,
    )
    assert found["markdown"] == "Since **today**."
    assert [(one["markdown"], one["author"], one["n_useful"]) for one in found["answers"]] == [
        ("Push it to the *left*.", ben.who.email, 1)
    ]
    assert asker.post(f"{there}/accept", {"accepted": False}).json["is_accepted"] is False


def test_lists_are_narrowed_and_go_on_page_by_page(ana: Visitor) -> None:
    topic = kb.category("Printing", slug="printing")
    numbers = [community.question(f"Question number {n}?", category=topic).id for n in range(3)]
    community.question("Somewhere else?", category=kb.category(slug="else"))
    gone = community.question("What was this?", category=topic)
    gone.removed_at = gone.created_at
    db.session.commit()
    held = program(ana, Scope.QUESTIONS)
    first = held.get("/questions?category=printing&limit=2").json
    second = held.get(f"/questions?category=printing&limit=2&cursor={first['next']}").json
    assert [one["number"] for page in (first, second) for one in page["items"]] == numbers[::-1]
    assert second["next"] is None
    assert held.get("/questions?show=own").json["items"] == []
    assert held.get("/questions?show=nonsense").status_code in (400, 422)


def test_what_is_hidden_is_not_there_and_the_original_of_a_duplicate_only_for_its_readers(
    ana: Visitor, dara: Visitor
) -> None:
    open_, hidden = community.question(), community.question("What does it cost?", access_key="a0")
    first = community.question("Why did it stop?", category=open_.category)
    duplicates.point(dara.actor, open_, to=first)
    shut = community.question("Which one is it?", category=open_.category)
    db.session.get_one(Question, shut.id).duplicate_of_id = hidden.id
    db.session.commit()
    held = program(ana, Scope.QUESTIONS)
    assert held.get(f"/questions/{open_.id}").json["duplicate_of"] == first.id
    assert held.get(f"/questions/{shut.id}").json["duplicate_of"] is None
    assert held.get(f"/questions/{hidden.id}").status_code == 404
    assert hidden.id not in [one["number"] for one in held.get("/questions").json["items"]]
    sent = {"title": "Why is half of it missing?", "category": "no-such"}
    assert held.post("/questions", sent).status_code == 422
    assert program(ana, Scope.READ).get("/questions").status_code == 403


def test_a_service_reads_but_says_nothing_of_its_own(ada: Visitor) -> None:
    question = community.question()
    answer = community.answer(question)
    db.session.commit()
    held = service(ada, Role.EDITOR, scopes={Scope.QUESTIONS})
    assert held.get(f"/questions/{question.id}").status_code == 200
    there = f"/questions/{question.id}/answers"
    assert held.post(there, {"body": "Push it."}).status_code == 403
    assert held.post(f"{there}/{answer.id}/useful", {"useful": True}).status_code == 403
    assert held.post(f"{there}/{answer.id}/accept", {"accepted": True}).status_code == 403
    sent = {"title": "Why is half of it missing?", "category": question.category.slug}
    assert held.post("/questions", sent).status_code == 403
