"""Asking somebody by name to answer: whom, how often, and no means no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community import answers, experts, inviting
from portal.community.models import Invitation, Question, QuestionState
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification, OutboxMail
from portal.people import audiences
from portal.people.models import Person
from portal.people.services import actor_of
from portal.tickets.desk import away
from tests.factories import community, kb, people
from tests.people import ANA, BEN, CLEO, DARA, settle


@pytest.fixture(autouse=True)
def _on_a_page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def ana() -> Actor:
    return actor_of(settle(ANA))


@pytest.fixture
def ben() -> Person:
    return settle(BEN)


@pytest.fixture
def question(ana: Actor, ben: Person) -> Question:
    """One in a topic in which Ben has answered."""
    topic = kb.category("Printing", slug="printing")
    helped = community.question("What did Ben know last week?", category=topic, asker_id=settle(CLEO).id)
    community.answer(helped, author_id=ben.id)
    return community.question("Why is half of the label missing?", category=topic, asker_id=ana.person_id)


def told(person: Person) -> list[tuple[str, dict[str, str]]]:
    query = select(Notification.kind, Notification.data).where(Notification.person_id == person.id)
    return [(kind, data) for kind, data in db.session.execute(query.order_by(Notification.id))]


def offered(question: Question) -> list[tuple[str, int]]:
    return [(offer.person.name, offer.n_answers) for offer in inviting.offered(question)]


@pytest.mark.both
def test_who_knows_is_offered_asked_once_and_told_by_mail_too(ana: Actor, ben: Person, question: Question) -> None:
    assert offered(question) == [("Ben Kaya", 1)]
    for _twice in range(2):
        assert inviting.invite(ana, question, ben.email) is ben
    assert told(ben) == [("question_invited", {})]
    assert [mail.kind for mail in db.session.execute(select(OutboxMail)).scalars()] == ["question_invited"]
    facts = select(LedgerEntry.props).where(LedgerEntry.name == "expert.invited")
    assert list(db.session.execute(facts).scalars()) == [{"person": ben.id}]
    assert offered(question) == []
    assert inviting.own(actor_of(ben), question) is not None
    answers.give(actor_of(ben), question, body="Push it to the left.")
    assert inviting.own(actor_of(ben), question) is None


@pytest.mark.parametrize("reason", ["", "I have never used\nthis printer."])
def test_no_means_no_with_a_word_or_without(ana: Actor, ben: Person, question: Question, reason: str) -> None:
    inviting.invite(ana, question, "Ben")
    inviting.decline(actor_of(ben), question, reason=reason)
    asker = db.session.get_one(Person, ana.person_id)
    assert told(asker) == [("invitation_declined", {"reason": " ".join(reason.split())})]
    facts = select(LedgerEntry.props).where(LedgerEntry.name == "expert.declined")
    assert list(db.session.execute(facts).scalars()) == [{"has_reason": bool(reason)}]
    assert inviting.own(actor_of(ben), question) is None
    with pytest.raises(Conflict):
        inviting.decline(actor_of(ben), question)
    with pytest.raises(Invalid):
        inviting.invite(ana, question, "Ben")
    assert experts.of(question) == []
    with clock.frozen(clock.now() + dt.timedelta(hours=25)):
        experts.remind()
    assert [kind for kind, _data in told(ben)] == ["question_invited"]


def test_who_is_away_is_neither_offered_nor_asked(ana: Actor, ben: Person, question: Question) -> None:
    now = clock.now()
    away.say(actor_of(ben), starts_at=now - dt.timedelta(days=1), ends_at=now + dt.timedelta(days=1), stand_in=None)
    assert offered(question) == []
    with pytest.raises(Invalid, match="away"):
        inviting.invite(ana, question, ben.email)
    with clock.frozen(now + dt.timedelta(days=2)):
        assert offered(question) == [("Ben Kaya", 1)]


def test_only_the_asker_and_editors_ask_by_name_and_only_while_it_waits(ana: Actor, question: Question) -> None:
    with pytest.raises(Forbidden):
        inviting.invite(actor_of(settle(CLEO)), question, "Ben")
    dara = actor_of(settle(DARA))
    assert inviting.can_invite(dara, question)
    question.state = QuestionState.SOLVED.value
    assert not inviting.can_invite(dara, question)
    assert not inviting.can_invite(ana, question)


def test_nobody_is_asked_of_what_they_may_not_read(ana: Actor, ben: Person, question: Question) -> None:
    key = audiences.key_for([[people.audience("Ana", ("person", str(ana.person_id))).id]])
    question.access_key = key
    question.category.access_key = key
    db.session.flush()
    asker = actor_of(db.session.get_one(Person, ana.person_id))
    assert offered(question) == []
    with pytest.raises(Invalid):
        inviting.invite(asker, question, ben.email)
    assert told(ben) == []


def test_invitations_are_bounded_by_question_and_by_person(ana: Actor, ben: Person, question: Question) -> None:
    for n in range(inviting.MOST):
        inviting.invite(ana, question, people.person(f"Helper {n}").email)
    with pytest.raises(Invalid, match="were asked"):
        inviting.invite(ana, question, ben.email)
    for n in range(inviting.MOST_A_WEEK):
        other = community.question(f"What else is missing, number {n}?", category=question.category)
        db.session.add(Invitation(question_id=other.id, person_id=ben.id, at=clock.now()))
    fresh = community.question("And which label is this?", category=question.category, asker_id=ana.person_id)
    assert offered(fresh) == []
    with pytest.raises(Invalid, match="often"):
        inviting.invite(ana, fresh, ben.email)
    with clock.frozen(clock.now() + dt.timedelta(days=8)):
        assert offered(fresh) == [("Ben Kaya", 1)]


def test_an_erased_or_inactive_colleague_is_named_by_nobody(ana: Actor, question: Question) -> None:
    zoe = people.person("Zoe Hart", is_active=False)
    for words in (zoe.email, "Zoe", "", "Ana", "Nobody at all"):
        with pytest.raises(Invalid):
            inviting.invite(ana, question, words)
