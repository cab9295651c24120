"""The pages of questions and tips, as people meet them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from portal.community import things
from portal.community.models import Answer, Question, QuestionTag, Tip
from portal.core import options
from portal.core.actor import system
from portal.core.database import db
from portal.talk import comments
from tests.factories import community, kb, people
from tests.factories.files import picture
from tests.pages import Page, words
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("db")


def asked(**kw: Any) -> dict[str, Any]:
    topic = kb.category("Printing", slug="printing")
    return {"title": "Why is half of the label missing?", "body": "Since **today**.", "category_id": topic.id, **kw}


@pytest.mark.both
def test_a_question_goes_its_way_from_asking_to_accepting(ana: Visitor, ben: Visitor) -> None:
    response = ana.submit("/questions/new", "/questions/new", **asked(tags="labels printer"))
    assert response.status_code == 303
    where = response.headers["Location"]
    assert where.startswith("/questions/1-why-is-half-of-the-label-missing")
    page = ben.page(where)
    assert page.heading == "Why is half of the label missing?"
    assert "No answer yet" in page.text
    response = ben.submit(where, "/questions/1/answers", body="1. Push the roll to the left stop.")
    assert response.headers["Location"] == f"{where}#answer-1"
    page = ana.page(where)
    assert "Push the roll to the left stop." in page.text
    assert ana.post("/questions/1/answers/1/accept", {"on": "yes"}).status_code == 303
    page = ben.page(where)
    assert "This solved it for Ana" in page.text
    assert db.session.execute(select(Question.state)).scalar_one() == "solved"


def test_what_was_typed_comes_back_when_it_is_not_whole(ana: Visitor) -> None:
    kb.category("Printing", slug="printing")
    response = ana.submit("/questions/new", "/questions/new", title="Half of the label", body="Since *today*.")
    assert response.status_code == 422
    assert "Choose a topic from the list." in response.text
    assert "Since *today*." in response.text
    assert 'value="Half of the label"' in response.text


def test_the_short_and_the_former_address_lead_to_the_one_of_now(ana: Visitor) -> None:
    question = community.question()
    for path in (f"/questions/{question.id}", f"/questions/{question.id}-former-words"):
        response = ana.get(f"{path}?via=search&s=0123456789abcdef&rank=2&_external=1&words=x")
        assert response.status_code == 301
        assert response.headers["Location"] == (
            f"/questions/{question.id}-why-is-half-of-the-label-missing?via=search&s=0123456789abcdef&rank=2"
        )


def test_a_collision_shows_both_texts_and_the_next_save_is_meant(ana: Visitor, dara: Visitor) -> None:
    question = community.question(asker_id=ana.person_id)
    path = f"/questions/{question.id}/edit"
    opened = ana.page(path).form(path)
    assert dara.submit(path, path, body="Dara's words.").status_code == 303
    response = ana.open(path, method="POST", data={**opened, "body": "Ana's words."})
    assert response.status_code == 409
    again = Page(response.text)
    assert "Nothing was overwritten" in again.text
    assert "Dara's words." in again.text
    sent = again.form(path)
    assert (sent["body"], sent["version"]) == ("Ana's words.", "2")
    assert ana.open(path, method="POST", data=sent).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Question, question.id).body == "Ana's words."
    assert "Dara's words." in ana.page(f"/questions/{question.id}/history").text


def test_an_answer_and_a_tip_collide_too(ana: Visitor, dara: Visitor) -> None:
    answer = community.answer(community.question(), author_id=ana.person_id)
    tip = community.tip(author_id=ana.person_id)
    for path in (f"/questions/{answer.question_id}/answers/{answer.id}/edit", f"/tips/{tip.id}/edit"):
        opened = ana.page(path).form(path)
        assert dara.submit(path, path, body="Dara's words.").status_code == 303
        response = ana.open(path, method="POST", data={**opened, "body": "Ana's words."})
        assert response.status_code == 409
        assert "Dara's words." in Page(response.text).text
    assert db.session.get_one(Answer, answer.id).body == "Dara's words."
    assert db.session.get_one(Tip, tip.id).body == "Dara's words."


def test_lists_show_what_they_say(ana: Visitor, ben: Visitor) -> None:
    printing, phones = kb.category("Printing", slug="printing"), kb.category("Phones", slug="phones")
    community.question("Fresh and without an answer", category=printing, asker_id=ana.person_id)
    known = community.question("About phones and open", category=phones, asker_id=ana.person_id)
    solved = community.question("Solved about phones", category=phones, asker_id=ana.person_id)
    accepted = community.answer(solved, author_id=ben.person_id)
    solved.state, solved.accepted_answer_id, solved.accepted_at = "solved", accepted.id, solved.created_at

    def listed(path: str, who: Visitor = ben) -> set[str]:
        return {words(one) for one in who.page(path).all("h2", class_="hit-title")}

    assert len(listed("/questions/")) == 3
    assert listed("/questions/?show=unanswered") == {"Fresh and without an answer", known.title}
    assert listed("/questions/?show=for-me") == {known.title}
    assert listed("/questions/?show=solved") == {solved.title}
    assert listed("/questions/?show=own") == set()
    assert len(listed("/questions/?show=own", ana)) == 3
    assert listed("/questions/?topic=printing") == {"Fresh and without an answer"}
    assert listed("/questions/?tag=nothing") == set()
    assert "You might know" in ben.page("/").text
    assert "You might know" not in ana.page("/").text


def test_strangers_read_public_questions_while_reading_is_open_and_are_asked_to_sign_in_to_answer(
    stranger: Visitor,
) -> None:
    public = community.question("How do I join the guest network?", category=kb.category(access_key="public"))
    community.answer(public, author_id=people.person("Ben Kaya").id)
    closed = community.question()
    where = f"/questions/{public.id}-how-do-i-join-the-guest-network"
    assert "sign-in" in stranger.get(where).headers["Location"]
    options.change(system("tests"), public_reading=True)
    page = stranger.page(where)
    assert "Push the roll to the left stop." in page.text
    assert [form.get("action") for form in page.all("form", method="post")] == ["/account/theme"] * 2
    assert "Sign in to answer" in page.links
    assert stranger.get(f"/questions/{closed.id}").status_code == 404
    assert closed.title not in stranger.page("/questions/").text


def test_a_reader_says_not_yet_and_finds_ways_on(ana: Visitor, ben: Visitor) -> None:
    question = community.question(asker_id=ana.person_id)
    community.answer(question, author_id=ana.person_id)
    where = f"/questions/{question.id}-why-is-half-of-the-label-missing"
    assert "Did this solve it?" not in ana.page(where).text
    assert ben.submit(where, f"/questions/{question.id}/solved", solved="no").status_code == 303
    page = ben.page(where)
    assert "Say what is different for you" in page.text
    assert any(link.get("href", "").startswith("/hand-over?q=Why") for link in page.all("a", class_="door"))
    refused = ben.post(f"/questions/{question.id}/solved", {"solved": "no", "comment": "x" * 2001})
    assert refused.status_code == 422
    assert "x" * 2001 in refused.text


def test_pictures_are_seen_by_whoever_sees_the_question(ana: Visitor, ben: Visitor) -> None:
    sent = {"title": "Why is half of the label missing?", "category_id": str(kb.category().id)}
    form = ana.page("/questions/new").form("/questions/new") | sent
    form |= {"pictures": (io.BytesIO(picture()), "label.png"), "alt": "A half label"}
    where = ana.open("/questions/new", method="POST", data=form).headers["Location"]
    page = ben.page(where)
    (shown,) = [image for image in page.all("img") if image.get("alt") == "A half label"]
    with ben.get(shown.get("src", "")) as seen:
        assert seen.status_code == 200
    question = db.session.execute(select(Question)).scalar_one()
    question.access_key = "a7"
    assert ben.get(shown.get("src", "")).status_code == 404


def test_pages_cost_the_same_whatever_the_number_of_rows(
    ana: Visitor, ben: Visitor, queries: Callable[[], Any]
) -> None:
    tag = QuestionTag(tag="labels")
    question = community.question(asker_id=ana.person_id, tags=[tag])
    tip = community.tip(author_id=ben.person_id)

    def fill(n: int) -> None:
        for i in range(n):
            row = community.answer(question, f"Answer {i}.", author_id=people.person(f"Writer {i}").id)
            comments.add(ben.actor, row.ref, body="Which left?")
            other = community.question(f"Another question, number {i}", category=kb.category(), asker_id=ben.person_id)
            community.answer(other, author_id=people.person(f"Helper {i}").id)
            community.tip(f"Another tip, number {i}", author_id=people.person(f"Author {i}").id)
        db.session.commit()

    paths = [
        f"/questions/{question.id}-why-is-half-of-the-label-missing",
        f"/tips/{tip.id}-see-a-week-at-a-glance",
        "/questions/",
        "/questions/?show=for-me",
        "/tips/",
    ]

    def costs() -> list[int]:
        found = []
        for path in paths:
            ana.get(path)
            with queries() as seen:
                assert ana.get(path).status_code == 200
            found.append(len(seen))
        return found

    fill(2)
    few = costs()
    fill(13)
    assert costs() == few
    assert few[0] <= 14


def test_addresses_are_those_the_router_would_make(app: Flask) -> None:
    with app.test_request_context(base_url="http://localhost/"):
        for title in ("Why is half missing?", "Grüße: 100 % 日本?", "???"):
            words_ = things.words_of(title)
            more = {"via": "search", "q": "a b&c", "none": None}
            routed = url_for("questions.show", question_id=7, words=words_, **more, _anchor="answer-3")
            assert things.address(7, title, **more, _anchor="answer-3") == routed
            assert things.tip_address(7, title) == url_for("tips.show", tip_id=7, words=words_)
