"""One voice a person and thing, whatever they press."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.core.actor import ANONYMOUS
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.core.refs import Ref
from portal.ledger.models import LedgerEntry
from portal.talk import votes
from portal.talk.models import Voice
from tests.factories.people import actor

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]

ANSWER, QUESTION = Ref("answer", 3), Ref("question", 1)


def told() -> list[tuple[str, bool]]:
    rows = db.session.execute(select(LedgerEntry.name, LedgerEntry.props).order_by(LedgerEntry.id))
    return [(name, props["is_on"]) for name, props in rows if name in ("vote.cast", "question.same_here")]


def test_the_same_voice_twice_is_one_and_one_fact() -> None:
    ana = actor()
    assert votes.cast(ana, ANSWER, voice=Voice.USEFUL)
    assert not votes.cast(ana, ANSWER, voice=Voice.USEFUL)
    assert votes.counted([ANSWER], Voice.USEFUL) == {ANSWER: 1}
    assert told() == [("vote.cast", True)]


def test_a_voice_can_be_taken_back_and_raised_again() -> None:
    ana = actor()
    votes.cast(ana, QUESTION, voice=Voice.SAME)
    assert votes.cast(ana, QUESTION, voice=Voice.SAME, is_on=False)
    assert not votes.cast(ana, QUESTION, voice=Voice.SAME, is_on=False)
    assert votes.own(ana, [QUESTION, ANSWER]) == set()
    votes.cast(ana, QUESTION, voice=Voice.SAME)
    assert votes.own(ana, [QUESTION, ANSWER]) == {(QUESTION, Voice.SAME)}
    assert told() == [("question.same_here", True), ("question.same_here", False), ("question.same_here", True)]


def test_strangers_and_whoever_acts_for_somebody_have_no_voice() -> None:
    with pytest.raises(Forbidden):
        votes.cast(ANONYMOUS, ANSWER, voice=Voice.USEFUL)
    with pytest.raises(Forbidden):
        votes.cast(replace(actor(), acted_by_id=1, acted_by="Ada"), ANSWER, voice=Voice.USEFUL)
    assert votes.counted([ANSWER], Voice.USEFUL) == {}
