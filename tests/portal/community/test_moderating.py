"""What people flag waits for a decision, and whoever flagged hears of it (portal.community.moderating)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community import moderating, removing
from portal.community.models import Question
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.people.services import actor_of
from portal.talk.models import Flag
from tests.factories import community, kb
from tests.people import ANA, BEN, CLEO, DARA, Visitor, settle


def who(someone: object) -> Actor:
    return actor_of(db.session.get_one(Person, settle(someone).id))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _on_a_page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def question(app: Flask) -> Question:
    return community.question(asker_id=settle(ANA).id)


def test_two_flags_of_one_text_are_one_case_and_one_decision_that_both_hear_of(question: Question) -> None:
    answer = community.answer(question, author_id=settle(BEN).id)
    dara = who(DARA)
    for one, reason in ((who(ANA), "wrong"), (who(CLEO), "out_of_date")):
        moderating.flag(one, answer, reason=reason, comment="")
        moderating.flag(one, answer, reason=reason, comment="")
    (case,) = moderating.waiting(dara)
    assert [row.reason for row in case.flags] == ["wrong", "out_of_date"]
    moderating.decide(dara, "answer", answer.id, outcome="removed", reply="You are right.")
    assert answer.removed_at is not None
    assert moderating.waiting(dara) == []
    told = db.session.execute(select(Notification).where(Notification.kind == "flag_decided")).scalars().all()
    assert {one.person_id for one in told} == {settle(ANA).id, settle(CLEO).id}
    assert all(one.data["reply"] == "You are right." for one in told)
    assert [row.outcome for row in db.session.execute(select(Flag)).scalars()] == ["removed", "removed"]
    names = list(db.session.execute(select(LedgerEntry.name).order_by(LedgerEntry.id)).scalars())
    assert [name for name in names if "flag" in name] == ["thing.flagged"] * 2 + ["flag.closed"] * 2
    with pytest.raises(Conflict):
        moderating.decide(dara, "answer", answer.id, outcome="kept", reply="")


def test_a_question_that_goes_is_told_of_too_though_nobody_sees_it_any_more(question: Question) -> None:
    moderating.flag(who(BEN), question, reason="private", comment="A name.")
    moderating.decide(who(DARA), "question", question.id, outcome="removed", reply="")
    told = db.session.execute(select(Notification).where(Notification.kind == "flag_decided")).scalar_one()
    assert (told.person_id, told.ref) == (settle(BEN).id, None)


def test_a_writer_who_was_quicker_does_not_bring_back_what_was_decided_to_go(question: Question) -> None:
    answer = community.answer(question, author_id=settle(BEN).id)
    moderating.flag(who(ANA), answer, reason="rude", comment="")
    removing.remove(who(BEN), answer)
    moderating.decide(who(DARA), "answer", answer.id, outcome="removed", reply="")
    with pytest.raises(Forbidden):
        removing.restore(who(BEN), answer)


def test_flagging_again_after_the_decision_opens_it_again(question: Question) -> None:
    moderating.flag(who(BEN), question, reason="wrong", comment="")
    moderating.decide(who(DARA), "question", question.id, outcome="kept", reply="")
    moderating.flag(who(BEN), question, reason="wrong", comment="Still.")
    (case,) = moderating.waiting(who(DARA))
    assert case.flags[0].comment == "Still."


def test_nobody_flags_their_own_nor_decides_without_being_an_editor(question: Question) -> None:
    with pytest.raises(Forbidden):
        moderating.flag(who(ANA), question, reason="wrong", comment="")
    with pytest.raises(Invalid):
        moderating.flag(who(BEN), question, reason="nonsense", comment="")
    moderating.flag(who(BEN), question, reason="wrong", comment="")
    with pytest.raises(Forbidden):
        moderating.decide(who(BEN), "question", question.id, outcome="kept", reply="")
    with pytest.raises(Forbidden):
        moderating.waiting(who(BEN))


def test_a_moderator_sees_no_flag_of_a_topic_that_is_hidden_from_them(app: Flask) -> None:
    ben = settle(BEN)
    hidden = community.question(category=kb.category(access_key=f"p{settle(ANA).id}"), asker_id=settle(ANA).id)
    db.session.add(Flag(subject=str(hidden.ref), person_id=ben.id, reason="wrong", created_at=hidden.created_at))
    db.session.flush()
    assert moderating.waiting(who(DARA)) == []
    with pytest.raises(NotFound):
        moderating.decide(who(DARA), "question", hidden.id, outcome="kept", reply="")


def test_flagging_and_deciding_work_by_forms_alone(question: Question, ben: Visitor, dara: Visitor) -> None:
    db.session.commit()
    page = ben.get(f"/questions/{question.id}", follow_redirects=True).get_data(as_text=True)
    assert f"/flag/question/{question.id}" in page
    assert ben.page(f"/flag/question/{question.id}").links["Leave it"].startswith(f"/questions/{question.id}")
    empty = ben.post(f"/flag/question/{question.id}", data={"comment": "It tears."})
    assert (empty.status_code, "It tears." in empty.get_data(as_text=True)) == (422, True)
    assert ben.post(f"/flag/question/{question.id}", data={"reason": "wrong"}).status_code == 303
    assert "It is wrong" in dara.get("/desk/flags").get_data(as_text=True)
    done = dara.post(f"/desk/flags/question/{question.id}", data={"outcome": "kept", "reply": "It is fine."})
    assert done.status_code == 303
    assert "Nothing is flagged" in dara.get("/desk/flags").get_data(as_text=True)
