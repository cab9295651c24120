"""Questions and tips in the one search: what is kept of them, how they look, and the suggestions of the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community import answers, documents, removing
from portal.community.models import QuestionTag, TipTag
from portal.core.database import db
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.jobs.models import Job
from portal.kb.shelving import tags
from portal.ledger.models import LedgerEntry
from portal.search import jobs as search
from portal.search import maintenance
from portal.talk.models import Solution
from tests.factories import community, kb
from tests.factories.people import actor
from tests.pages import words
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def index(app: Flask) -> Callable[[], None]:
    def build() -> None:
        db.session.commit()
        search.rebuild({})
        db.session.commit()

    return build


def test_the_accepted_answer_comes_first_then_the_question_then_the_others() -> None:
    ana = actor()
    question = community.question(body="It **stops** at the middle.", asker_id=ana.person_id)
    community.answer(question, "Clean the sensor.", author_id=ana.person_id, n_votes=3)
    chosen = community.answer(question, "Push the roll to the left.", author_id=ana.person_id)
    (plain,) = documents.questions(None)
    assert [one.text for one in plain.passages] == [
        "It stops at the middle.", "Clean the sensor.", "Push the roll to the left."
    ]  # fmt: skip
    question.accepted_answer_id = chosen.id
    (document,) = documents.questions({question.id})
    assert [(one.text, one.anchor) for one in document.passages][:2] == [
        ("Push the roll to the left.", f"answer-{chosen.id}"),
        ("It stops at the middle.", ""),
    ]
    assert document.access_key == "signed-in"


def test_what_was_taken_away_is_no_document() -> None:
    dara = actor("Dara Voss", Role.EDITOR)
    question, tip = community.question(), community.tip(author_id=dara.person_id)
    assert [str(one.ref) for one in (*documents.questions(None), *documents.tips(None))] == [
        str(question.ref),
        str(tip.ref),
    ]
    removing.remove(dara, question)
    removing.remove(dara, tip)
    assert [*documents.questions({question.id}), *documents.tips({tip.id})] == []
    assert (documents.n_questions(), documents.n_tips()) == (0, 0)


def test_questions_and_tips_stand_beside_articles_each_with_what_it_is(ana: Visitor, index: Callable[[], None]) -> None:
    kb.article("Label printer cuts off the right side")
    question = community.question("Half a label after changing the roll?", asker_id=ana.person_id)
    answer = community.answer(question, "Push the roll to the left stop.", author_id=ana.person_id)
    answers.accept(ana.actor, answer)
    community.tip("Change the label roll without swearing", author_id=ana.person_id, n_thanks=2)
    index()
    page = ana.page("/search?q=label")
    hits = {words(hit.find(".//a")): [words(one) for one in hit.iter("span")] for hit in page.all("li", class_="hit")}
    assert hits["Half a label after changing the roll?"] == ["Question", "Network", "1 answer", "Solved"]
    assert hits["Change the label roll without swearing"] == ["Tip", "Network", "by Ana", "2 thank-yous"]
    assert {"Answers 1", "Questions 1", "Tips 1"} <= set(page.links)
    only = ana.page("/search?q=label&kind=question")
    assert question.title in only.text
    assert "Change the label roll" not in only.text


def test_a_strong_question_is_confirmed_on_the_page_of_results(
    ana: Visitor, ben: Visitor, index: Callable[[], None]
) -> None:
    question = community.question("Half a label after changing the roll", asker_id=ana.person_id)
    community.answer(question, "Push it to the left.", author_id=ana.person_id)
    index()
    address = f"/questions/{question.id}/solved"
    assert [f.get("action") for f in ana.page("/search?q=half+a+label+after+changing+the+roll").all("form")].count(
        address
    ) == 0
    sent = ben.submit("/search?q=half+a+label+after+changing+the+roll", address, solved="yes")
    assert sent.status_code == 303
    said = db.session.execute(select(Solution)).scalar_one()
    assert (said.subject, said.via, said.is_solved) == (str(question.ref), "search", True)


def test_the_index_follows_what_people_do_and_falls_back_to_the_rows(ana: Visitor, index: Callable[[], None]) -> None:
    question = community.question("Half a label after changing the roll?", asker_id=ana.person_id)
    index()
    answers.give(ana.actor, question, body="Clean the quincunx.")
    db.session.commit()
    search.update({"refs": [str(question.ref)]})
    db.session.commit()
    assert question.title in ana.page("/search?q=quincunx").text
    maintenance.engine().retire()
    page = ana.page("/search?q=quincunx")
    assert question.title in page.text
    assert documents.find_questions(ana.actor, "quincunx label", 5) == [question.ref]
    assert documents.find_questions(ana.actor, "quincunx zebra", 5) == []


# The form


def test_the_form_offers_what_is_there_and_works_without_the_search(
    ana: Visitor, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = kb.article("Label printer prints half of the label", slug="label-cuts")
    question = community.question("Half a label after changing the roll?", asker_id=ana.person_id)
    community.answer(question, author_id=ana.person_id)
    community.question("Half a label again?", asker_id=ana.person_id)  # without an answer it can have solved nothing
    index()
    page = ana.page("/questions/new?q=half+label")
    assert page.one("input", name="title").get("value") == "half label"
    offered = page.all("button", name="solved_it")
    assert {button.get("value", "") for button in offered} == {str(article.ref), str(question.ref)}
    fragment = ana.get("/questions/suggestions?q=half+label").text
    assert "Half a label after changing the roll?" in fragment
    assert ana.get("/questions/suggestions?q=ha").text == ""

    def broken(*args: Any, **kw: Any) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr(maintenance, "engine", broken)
    assert ana.get("/questions/suggestions?q=half+label").status_code == 200
    assert ana.page("/questions/new?q=half+label").heading == "Ask your colleagues"


@pytest.mark.parametrize("kind", ["article", "question"])
def test_what_solved_it_on_the_form_is_a_fact_and_nothing_is_asked(
    ana: Visitor, ben: Visitor, index: Callable[[], None], kind: str
) -> None:
    question = community.question("Half a label after changing the roll?", asker_id=ben.person_id)
    community.answer(question, author_id=ben.person_id)
    about = question if kind == "question" else kb.article("Label printer cuts off", slug="label-cuts")
    index()
    sent = ana.submit("/questions/new?q=label", "/questions/new", solved_it=str(about.ref), title="half a label")
    assert sent.status_code == 303
    assert "Nothing was asked" in ana.page(sent.headers["Location"]).text
    (fact,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == "solution.marked")).scalars()
    assert (fact.subject, fact.props["via"], fact.props["solved"]) == (str(about.ref), "form", True)
    assert db.session.execute(select(LedgerEntry).where(LedgerEntry.name == "question.asked")).first() is None


@pytest.mark.parametrize("ref", ["article:999", "question:999", "question:1", "tip:1", "person:1", "nonsense"])
def test_what_is_not_there_or_has_no_answer_solves_nothing(ana: Visitor, ref: str) -> None:
    community.tip(author_id=ana.person_id)
    community.question()
    assert ana.post("/questions/new", {"solved_it": ref}).status_code == 404


def test_without_script_one_looks_first_and_nothing_typed_is_lost(ana: Visitor, index: Callable[[], None]) -> None:
    community.question("Half a label after changing the roll?", asker_id=ana.person_id)
    index()
    response = ana.submit("/questions/new", "/questions/new", look="1", title="half label", body="Since **today**.")
    assert response.status_code == 200
    assert "Half a label after changing the roll?" in response.text
    assert "Since **today**." in response.text
    assert 'value="half label"' in response.text


@pytest.mark.both
def test_a_tag_renamed_on_the_desk_is_renamed_on_questions_and_tips_too() -> None:
    dara = actor("Dara Voss", Role.EDITOR)
    one, both = community.question(), community.question("Why is the other half missing?")
    told = community.tip(author_id=dara.person_id)
    hidden = community.question("What is nobody to know?", access_key="a0")
    one.tags, both.tags = [QuestionTag(tag="e-mail")], [QuestionTag(tag="e-mail"), QuestionTag(tag="mail")]
    told.tags, hidden.tags = [TipTag(tag="e-mail")], [QuestionTag(tag="e-mail"), QuestionTag(tag="redundancy")]
    db.session.flush()
    assert tags.used(dara) == [("e-mail", 3), ("mail", 1)]
    assert tags.rename(dara, "e-mail", to="mail") == 3
    assert [[row.tag for row in post.tags] for post in (one, both, told)] == [["mail"]] * 3
    assert {row.tag for row in hidden.tags} == {"mail", "redundancy"}
    (refs,) = db.session.execute(select(Job.payload).where(Job.kind == "search.update")).scalars()
    assert refs == {"refs": sorted(str(post.ref) for post in (one, both, told, hidden))}
    with pytest.raises(NotFound):
        tags.rename(dara, "redundancy", to="leaving")
    tags.give_up(dara, "mail")
    assert [post.tags for post in (one, both, told)] == [[], [], []]
