"""A question that was asked before points to the original, whose answers stand on its page and in the search."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community import answers, documents, duplicates, removing
from portal.community.models import Question
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Role
from portal.jobs.models import Job
from portal.kb.shelving import tree
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people import audiences
from portal.talk import follows
from tests.factories import community, kb, people
from tests.factories.people import actor


@pytest.fixture(autouse=True)
def _on_a_page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def ana() -> Actor:
    return actor()


@pytest.fixture
def ben() -> Actor:
    return actor("Ben Kaya")


@pytest.fixture
def first(ben: Actor) -> Question:
    row = community.question("Why does the label stop in the middle?", asker_id=ben.person_id)
    community.answer(row, "Push the roll to the left.")
    return row


@pytest.fixture
def second(ana: Actor, first: Question) -> Question:
    return community.question("Half of every sticker is blank", category=first.category, asker_id=ana.person_id)


def facts() -> list[tuple[str | None, str | None]]:
    query = select(LedgerEntry.subject, LedgerEntry.props).where(LedgerEntry.name == "question.marked_duplicate")
    return [(subject, props.get("of")) for subject, props in db.session.execute(query.order_by(LedgerEntry.id))]


def told(who: Actor) -> list[tuple[str, str | None]]:
    query = select(Notification.kind, Notification.ref).where(Notification.person_id == who.person_id)
    return [(kind, ref) for kind, ref in db.session.execute(query.order_by(Notification.id))]


@pytest.mark.both
def test_it_points_to_the_original_and_back_and_both_are_facts(ana: Actor, first: Question, second: Question) -> None:
    dara = actor("Dara Voss", Role.EDITOR)
    duplicates.point(dara, second, to=first)
    duplicates.point(dara, second, to=first)
    assert (second.duplicate_of_id, second.state) == (first.id, "duplicate")
    assert told(ana) == [("question_duplicate", str(first.ref))]
    assert ana.person_id in follows.followers(first.ref)
    duplicates.take_back(ana, second)
    assert (second.duplicate_of_id, second.state) == (None, "open")
    assert facts() == [(str(second.ref), str(first.ref)), (str(second.ref), None)]
    with pytest.raises(Conflict):
        duplicates.take_back(ana, second)


def test_its_asker_who_answered_and_editors_may_and_nobody_else(ana: Actor, first: Question, second: Question) -> None:
    cleo = actor("Cleo Okafor")
    for stranger in (cleo, actor("Zoe Hart")):
        with pytest.raises(Forbidden):
            duplicates.point(stranger, second, to=first)
    answers.give(cleo, second, body="As in the other one.")
    assert duplicates.can_point(cleo, second)
    assert duplicates.can_point(ana, second)
    assert not duplicates.can_point(ana, first)


def test_pointers_are_never_longer_than_one_step(ana: Actor, first: Question, second: Question) -> None:
    dara = actor("Dara Voss", Role.EDITOR)
    third = community.question("The printer leaves labels half white", category=first.category)
    duplicates.point(dara, third, to=second)
    duplicates.point(dara, second, to=first)
    assert (second.duplicate_of_id, third.duplicate_of_id) == (first.id, first.id)
    fourth = community.question("Labels again, and half of them only", category=first.category)
    assert duplicates.point(dara, fourth, to=third) is first
    for itself in (first, second):
        with pytest.raises(Invalid) as refusal:
            duplicates.point(dara, first, to=itself)
        assert refusal.value.field == "of"


def test_nobody_learns_of_an_original_they_may_not_read(ana: Actor, ben: Actor, second: Question) -> None:
    few = kb.category(access_key=audiences.key_for([[people.audience("Ben", ("person", str(ben.person_id))).id]]))
    hidden = community.question("What does the xerophyte cost?", category=few, asker_id=ben.person_id)
    for words in (str(hidden.id), f"https://portal.example/questions/{hidden.id}-what", "999999", "none at all"):
        with pytest.raises(Invalid):
            duplicates.named(ana, words)
    with pytest.raises(Invalid):
        duplicates.point(ana, second, to=hidden)
    dara = actor("Dara Voss", Role.EDITOR)
    second.duplicate_of_id = hidden.id
    assert duplicates.original_of(ana, second) is None
    assert duplicates.original_of(dara, second) is None
    assert {one.ref: one.lines for one in documents.questions({second.id, hidden.id})} == {
        second.ref: (),
        hidden.ref: (),
    }


def test_a_number_and_an_address_name_a_question(ana: Actor, first: Question) -> None:
    for words in (f" {first.id} ", f"#{first.id}", f"http://localhost/dity/questions/{first.id}-why?via=mail#answers"):
        assert duplicates.named(ana, words) is first


def test_it_is_found_under_an_original_that_is_for_the_same_people(first: Question, second: Question) -> None:
    dara = actor("Dara Voss", Role.EDITOR)
    duplicates.point(dara, second, to=first)
    (found,) = documents.questions(None)
    assert (found.ref, found.lines, documents.n_questions()) == (first.ref, (second.title,), 1)
    assert documents.find_questions(dara, "sticker", 9) == []
    removing.remove(dara, first)
    assert [one.ref for one in documents.questions(None)] == [second.ref]
    last = db.session.execute(select(Job.payload).where(Job.kind == "search.update").order_by(Job.id.desc())).scalars()
    assert next(iter(last)) == {"refs": [str(first.ref), str(second.ref)]}


def test_a_topic_that_is_for_others_from_now_on_takes_its_words_out_of_the_original(first: Question) -> None:
    apart = kb.category("Apart", slug="apart")
    second = community.question("Half of every xerophyte is blank", category=apart)
    duplicates.point(actor("Dara Voss", Role.EDITOR), second, to=first)
    db.session.execute(Job.__table__.delete())
    group = people.audience("Few", ("role", "admin"))
    apart.audience = [group.slug]
    tree.rekey()
    refs = {ref for job in db.session.execute(select(Job.payload)).scalars() for ref in job["refs"]}
    assert {str(first.ref), str(second.ref)} <= refs
    assert {one.ref: one.lines for one in documents.questions(None)} == {first.ref: (), second.ref: ()}
