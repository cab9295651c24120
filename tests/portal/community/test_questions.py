"""Asking, editing, moving, taking away: what each refuses, keeps and records."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from portal.community import answers, history, pictures, questions, removing, tips
from portal.community.models import EarlierText, Question
from portal.community.pictures import Upload
from portal.community.texts import Collision
from portal.core.actor import ANONYMOUS, Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound, TooMany
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.files.models import Attachment
from portal.jobs.models import Job
from portal.kb.shelving import topics
from portal.ledger.models import LedgerEntry
from portal.notifications import links
from portal.people import audiences
from portal.people.models import Person
from portal.people.services import actor_of
from portal.talk import follows
from tests.factories import community, kb, people
from tests.factories.files import picture
from tests.factories.people import actor

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


@pytest.fixture
def addressable() -> Iterator[None]:
    with links.addressable():
        yield


def facts(*names: str) -> list[dict[str, Any]]:
    rows = db.session.execute(select(LedgerEntry).order_by(LedgerEntry.id)).scalars()
    return [{"name": row.name, "subject": row.subject, **row.props} for row in rows if row.name in names]


def asked(who: Actor, **kw: Any) -> Question:
    given = {"title": "Why is half of the label missing?", "body": "Since today.", "tags": "labels"} | kw
    if "category_id" not in given:
        given["category_id"] = kb.category().id
    return questions.ask(who, **given)


def closed_topic(*rules: tuple[str, str]) -> Any:
    """A topic for few, and its access key as the tree has it."""
    group = people.audience("A few", *rules)
    topic = kb.category("Board", audience=[group.slug], access_key=audiences.key_for([[group.id]]))
    audiences.drop_cached()
    return topic


def renewed(who: Actor) -> Actor:
    """The same person, with the keys they have by now."""
    return actor_of(db.session.get_one(Person, who.person_id))


def test_asking_is_one_fact_the_asker_follows_and_the_search_is_told() -> None:
    ana = actor()
    question = asked(ana, search="0123456789abcdef")
    assert facts("question.asked") == [
        {"name": "question.asked", "subject": str(question.ref), "search": "0123456789abcdef"}
    ]
    assert follows.is_followed(ana, question.ref)
    assert [job.payload["refs"] for job in db.session.execute(select(Job)).scalars()] == [[str(question.ref)]]
    assert (question.state, question.access_key) == ("open", "signed-in")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "vpn"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "?? !! ?? !! ??"}, "title"),
        ({"body": "x" * 20_001}, "body"),
        ({"category_id": None}, "category_id"),
        ({"category_id": 999_999}, "category_id"),
        ({"tags": "one two three four five six seven eight nine"}, "tags"),
        ({"tags": "<b>"}, "tags"),
    ],
)
def test_what_is_not_whole_is_refused_by_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        asked(actor(), **given)
    assert refusal.value.field == field


def test_nobody_asks_in_a_topic_they_cannot_see_and_it_looks_like_one_that_is_not_there() -> None:
    ana = actor()
    with pytest.raises(Invalid) as hidden:
        asked(ana, category_id=closed_topic().id)
    with pytest.raises(Invalid) as unknown:
        asked(ana, category_id=999_999)
    assert (hidden.value.field, hidden.value.message) == (unknown.value.field, unknown.value.message)


def test_strangers_do_not_ask_and_nobody_asks_eleven_times_an_hour(stopped_clock: Any) -> None:
    with pytest.raises(Forbidden):
        asked(ANONYMOUS)
    ana, topic = actor(), kb.category()
    for _ in range(questions.PER_HOUR):
        asked(ana, category_id=topic.id)
    with pytest.raises(TooMany):
        asked(ana, category_id=topic.id)
    stopped_clock.move(hours=1)
    asked(ana, category_id=topic.id)


def test_what_is_written_is_made_safe_and_links_only_to_what_its_writer_sees() -> None:
    kb.article(slug="open-one")
    kb.article(slug="hidden-one", access_key="a7")
    body = "<script>alert(1)</script> **now** [a](kb:open-one) [b](kb:hidden-one)"
    question = asked(actor(), body=body)
    assert "<script" not in question.html
    assert "<strong>now</strong>" in question.html
    assert 'href="/kb/open-one"' in question.html
    assert "hidden-one" not in question.html


def test_pictures_hang_on_the_question_and_can_be_taken_off_by_who_may_edit_it(addressable: None) -> None:
    ana = actor()
    question = asked(ana, uploads=[Upload(io.BytesIO(picture()), "label.png", "A half label")])
    (hung,) = pictures.below([question])[question.ref]
    assert (hung.subject, hung.alt) == (str(question.ref), "A half label")
    other = asked(ana, uploads=[Upload(io.BytesIO(picture()), "other.png")])
    (foreign,) = pictures.below([other])[other.ref]
    edit = {"title": question.title, "body": question.body, "tags": "labels"}
    questions.edit(ana, question, version=1, gone=[hung.id, foreign.id], **edit)
    assert pictures.below([question]) == {}
    assert db.session.get(Attachment, foreign.id) is not None
    with pytest.raises(Invalid) as refusal:
        asked(ana, uploads=[Upload(io.BytesIO(b"%PDF-1.4 ..."), "paper.pdf")])
    assert refusal.value.field == "pictures"


def test_an_edit_keeps_what_was_said_and_says_who_changed_what() -> None:
    ana, dara = actor(), actor("Dara Voss", Role.EDITOR)
    question = asked(ana)
    questions.edit(ana, question, version=1, title=question.title, body="Since yesterday.", tags="labels")
    questions.edit(dara, question, version=2, title="Half of the label is missing", body="Since yesterday.", tags="")
    found = history.texts(ana, question)
    assert [(text.version, text.by, text.body) for text in found] == [
        (3, "Dara Voss", "Since yesterday."),
        (2, "Ana Ruiz", "Since yesterday."),
        (1, "Ana Ruiz", "Since today."),
    ]
    latest, first = history.changes(ana, question)
    assert (bool(latest.title), latest.rows) == (True, [])
    assert ["".join(piece.text for piece in row.pieces) for row in first.rows] == ["Since todayyesterday."]
    assert [fact["version"] for fact in facts("question.edited")] == [2, 3]


def test_the_same_text_again_changes_nothing() -> None:
    ana = actor()
    question = asked(ana)
    questions.edit(ana, question, version=1, title=question.title, body=question.body, tags=["labels"])
    assert (question.version, question.edited_at) == (1, None)
    assert facts("question.edited") == []


def test_of_two_who_edit_the_second_is_refused_and_nothing_is_overwritten() -> None:
    ana, dara = actor(), actor("Dara Voss", Role.EDITOR)
    question = asked(ana)
    questions.edit(dara, question, version=1, title=question.title, body="Dara's words.", tags="")
    with pytest.raises(Collision) as collision:
        questions.edit(ana, question, version=1, title=question.title, body="Ana's words.", tags="")
    assert collision.value.post.body == "Dara's words."
    assert db.session.execute(select(EarlierText.body)).scalars().all() == ["Since today."]


def test_only_the_asker_and_editors_edit_and_only_editors_move() -> None:
    ana, ben = actor(), actor("Ben Kaya")
    question, elsewhere = asked(ana), kb.category("Elsewhere")
    edit = {"title": question.title, "body": "Mine now.", "tags": ""}
    with pytest.raises(Forbidden):
        questions.edit(ben, question, version=1, **edit)
    with pytest.raises(Forbidden):
        questions.edit(ana, question, version=1, category_id=elsewhere.id, **edit)


def test_a_move_to_another_topic_moves_who_may_read_it_but_not_what_it_said_before() -> None:
    dara, ben = actor("Dara Voss", Role.EDITOR), actor("Ben Kaya")
    topic = closed_topic(("person", str(dara.person_id)))
    dara = renewed(dara)
    question = asked(dara, category_id=topic.id, body="The merger is on Friday.")
    with pytest.raises(NotFound):
        questions.get(ben, question.id)
    open_topic = kb.category()
    questions.edit(
        dara, question, version=1, title=question.title, body="How do I print?", tags="", category_id=open_topic.id
    )
    assert questions.get(ben, question.id).access_key == "signed-in"
    assert [text.body for text in history.texts(ben, question)] == ["How do I print?"]
    assert [text.body for text in history.texts(dara, question)] == ["How do I print?", "The merger is on Friday."]
    with pytest.raises(NotFound):
        history.changes(ben, question)


def test_who_may_read_follows_the_topic_in_the_same_transaction() -> None:
    ana, ada = actor(), actor("Ada Demir", Role.ADMIN)
    topic = kb.category(access_key="signed-in")
    question, tip = asked(ana, category_id=topic.id), community.tip(category=topic, author_id=ana.person_id)
    group = people.audience("Only Ada", ("person", str(ada.person_id)))
    audiences.drop_cached()
    db.session.execute(Job.__table__.delete())
    topics.change(ada, topic, topics.as_wanted(topic, audience=(group.slug,)), is_sure=True)
    for row in (question, tip):
        db.session.refresh(row)
        assert row.access_key == topic.access_key == f"a{group.id}"
    told = [ref for job in db.session.execute(select(Job)).scalars() for ref in job.payload.get("refs", ())]
    assert {str(question.ref), str(tip.ref)} <= set(told)
    with pytest.raises(NotFound):
        questions.get(ana, question.id)
    with links.addressable():
        assert load_things(ana, [question.ref, tip.ref]) == {}
        assert set(load_things(renewed(ada), [question.ref, tip.ref])) == {question.ref, tip.ref}


def test_a_topic_with_questions_is_not_deleted_and_a_merged_one_takes_them_along() -> None:
    ada = actor("Ada Demir", Role.ADMIN)
    topic, into = kb.category(access_key="signed-in"), kb.category(access_key="signed-in")
    question = community.question(category=topic)
    assert topics.in_the_way(ada, topic).n_filed == 1
    db.session.commit()
    topics.merge(ada, topic, into, is_sure=True)
    db.session.refresh(question)
    assert question.category_id == into.id


def test_taking_away_leaves_a_trace_and_the_writer_and_editors_still_see_it() -> None:
    ana, ben, dara = actor(), actor("Ben Kaya"), actor("Dara Voss", Role.EDITOR)
    question = asked(ana)
    with pytest.raises(Forbidden):
        removing.remove(ben, question)
    removing.remove(dara, question)
    assert facts("post.removed") == [{"name": "post.removed", "subject": str(question.ref), "is_own": False}]
    with pytest.raises(NotFound):
        questions.get(ben, question.id)
    assert questions.get(ana, question.id) is question
    with pytest.raises(Forbidden):  # what somebody else took away, the writer does not bring back
        removing.restore(ana, question)
    removing.restore(dara, question)
    assert questions.get(ben, question.id).removed_at is None
    assert [fact["name"] for fact in facts("post.restored")] == ["post.restored"]


def test_what_was_taken_away_takes_no_answers() -> None:
    ana = actor()
    question = asked(ana)
    removing.remove(ana, question)
    with pytest.raises(Forbidden):
        answers.give(ana, question, body="All the same.")


def test_the_same_problem_is_counted_once_each_and_never_for_the_asker() -> None:
    ana, ben, cleo = actor(), actor("Ben Kaya"), actor("Cleo Okafor", Role.AGENT)
    question = asked(ana)
    for who in (ben, ben, cleo):
        questions.same_here(who, question, is_on=True)
    assert question.n_same == 2
    assert follows.is_followed(ben, question.ref)
    questions.same_here(ben, question, is_on=False)
    assert question.n_same == 1
    with pytest.raises(Forbidden):
        questions.same_here(ana, question, is_on=True)


def test_a_reader_of_an_answered_question_says_whether_it_solved_it_and_the_asker_accepts_instead() -> None:
    ana, ben, cleo = actor(), actor("Ben Kaya"), actor("Cleo Okafor", Role.AGENT)
    question = asked(ana)
    with pytest.raises(Forbidden):
        questions.solved(cleo, question, is_solved=True)
    answer = answers.give(ben, question, body="Push it to the left.")
    questions.solved(cleo, question, is_solved=False, reason="did_not_work")
    with pytest.raises(Forbidden):
        questions.solved(ana, question, is_solved=True)
    assert questions.said(cleo, question) is not None
    answers.accept(ana, answer)  # with another answer to speak of, the reader is asked anew
    assert questions.said(cleo, question) is None
    (fact,) = facts("solution.marked")
    assert (fact["subject"], fact["solved"], fact["version"]) == (str(question.ref), False, 0)


def test_tips_are_thanked_once_each_and_their_author_hears_of_it() -> None:
    ana, ben = actor(), actor("Ben Kaya")
    tip = tips.write(ana, title="See a week at a glance", body="Turn it.", category_id=kb.category().id, tags="phone")
    tips.thank(ben, tip, is_on=True)
    tips.thank(ben, tip, is_on=True)
    assert tip.n_thanks == 1
    with pytest.raises(Forbidden):
        tips.thank(ana, tip, is_on=True)
    tips.thank(ben, tip, is_on=False)
    assert tip.n_thanks == 0
    tips.edit(ana, tip, version=1, title=tip.title, body="Turn it sideways.", tags="phone")
    assert [text.body for text in history.texts(ben, tip)] == ["Turn it sideways.", "Turn it."]
    assert [fact["name"] for fact in facts("tip.written", "tip.edited")] == ["tip.written", "tip.edited"]


def test_a_question_from_elsewhere_without_a_name_is_shown_all_the_same() -> None:
    question = community.question(asker_id=None)
    with links.addressable():
        assert load_things(actor(), [question.ref])[question.ref].title == question.title
    assert history.texts(actor(), question)[0].by == ""
    assert load_things(actor(), [Ref("question", 999_999)]) == {}
