"""The one "solved?": one answer a person and version, changeable, recorded with the change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import ANONYMOUS, Actor, system
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.talk import queries, solutions
from portal.talk.models import Solution
from tests.factories.facts import props
from tests.factories.people import actor

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]

VPN = Ref("article", 1)


def mark(who: Actor, *, solved: bool = True, version: int = 1, **kw: Any) -> Solution:
    return solutions.mark(who, VPN, version=version, solved=solved, **kw)


def test_an_answer_is_kept_and_recorded() -> None:
    ana = actor()
    mark(ana)
    said = solutions.of(ana, VPN, version=1)
    assert said is not None
    assert said.is_solved
    assert props(Name.SOLUTION_MARKED) == [
        {"solved": True, "version": 1, "via": "article", "is_change": False, "has_comment": False}
    ]


def test_changing_ones_mind_keeps_one_answer() -> None:
    ana = actor()
    mark(ana)
    mark(ana, solved=False, reason="did_not_work", comment="The box is greyed out.")
    assert len(db.session.execute(select(Solution)).all()) == 1
    assert props(Name.SOLUTION_MARKED)[-1] == {
        "solved": False,
        "version": 1,
        "reason": "did_not_work",
        "via": "article",
        "is_change": True,
        "has_comment": True,
    }


def test_a_reason_alone_keeps_the_words_and_a_yes_drops_the_reason() -> None:
    ana = actor()
    mark(ana, solved=False, comment="Greyed out.")
    said = mark(ana, solved=False, reason="out_of_date")
    assert (said.comment, said.reason) == ("Greyed out.", "out_of_date")
    assert mark(ana).reason is None


def test_saying_the_same_again_records_nothing() -> None:
    ana = actor()
    mark(ana)
    mark(ana)
    assert len(props(Name.SOLUTION_MARKED)) == 1


def test_a_new_version_is_answered_anew() -> None:
    ana = actor()
    mark(ana)
    mark(ana, solved=False, version=2)
    assert queries.tallies({VPN: 1}) == {VPN: queries.Tally(1, 1)}
    assert queries.tallies({VPN: 2}) == {VPN: queries.Tally(0, 1)}


def test_the_database_holds_one_answer_a_person_and_version() -> None:
    ana = actor()
    mark(ana)
    now = clock.now()
    row = Solution(subject=str(VPN), version=1, person_id=ana.person_id, is_solved=True, created_at=now, changed_at=now)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(row)


def test_strangers_do_not_answer() -> None:
    with pytest.raises(Forbidden):
        mark(ANONYMOUS)


@pytest.mark.parametrize(("kw", "field"), [({"reason": "boring"}, "reason"), ({"comment": "x" * 2001}, "comment")])
def test_what_cannot_be_kept_is_refused_by_field(kw: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        mark(actor(), solved=False, **kw)
    assert refusal.value.field == field


def test_the_intent_question_goes_to_the_share_that_is_set() -> None:
    options.change(system("test"), intent_share=1.0)
    ana = actor()
    said = mark(ana)
    assert said.is_intent_asked
    solutions.state_intent(ana, said, would_have_called=True)
    assert props(Name.INTENT_STATED) == [{"would_have_called": True, "version": 1}]
    options.change(system("test"), intent_share=0.0)
    assert not mark(actor()).is_intent_asked


def test_the_sample_is_near_its_share_and_is_not_drawn_again() -> None:
    people = [actor() for _ in range(120)]
    drawn = [mark(who).is_intent_asked for who in people]
    assert 15 <= sum(drawn) <= 45, "a quarter of 120, give or take"
    for who in people:
        mark(who, solved=False)
    assert [mark(who).is_intent_asked for who in people] == drawn


def test_nobody_states_anothers_intent() -> None:
    options.change(system("test"), intent_share=1.0)
    said = mark(actor())
    with pytest.raises(NotFound):
        solutions.state_intent(actor("Ben Kaya"), said, would_have_called=True)


def test_a_reply_is_kept_and_ends_the_waiting() -> None:
    said = mark(actor(), solved=False, comment="Greyed out.")
    assert queries.n_open() == 1
    dara = actor("Dara Voss", Role.EDITOR)
    with pytest.raises(Invalid):
        solutions.reply(dara, said, text="  ")
    solutions.reply(dara, said, text="Managed laptops need us, mended.")
    assert queries.n_open() == 0
    assert props(Name.FEEDBACK_REPLIED)[0]["solution"] == said.id


def test_feedback_that_changed_after_the_reply_waits_again(stopped_clock: Any) -> None:
    ana = actor()
    said = mark(ana, solved=False, comment="Greyed out.")
    solutions.reply(actor("Dara Voss", Role.EDITOR), said, text="Mended.")
    stopped_clock.move(hours=1)
    mark(ana, solved=False, comment="Still greyed out.")
    assert [row.id for row in queries.feedback()] == [said.id]


def test_only_what_was_said_in_words_waits_for_an_answer() -> None:
    mark(actor(), solved=False)
    mark(actor("Ben Kaya"), solved=False, reason="hard_to_follow")
    assert queries.n_open() == 0
    assert queries.feedback() == []
    yes = mark(actor("Cleo Okafor"), solved=True, comment="It works, step 3 is gone.")
    assert [row.id for row in queries.feedback()] == [yes.id]
    assert queries.n_open() == 1


def test_reasons_are_counted_for_each_version_of_the_things_asked_for() -> None:
    for name in ("Ana Ruiz", "Ben Kaya"):
        mark(actor(name), solved=False, reason="did_not_work")
    said = mark(actor("Sam Brandt"), solved=False, reason="hard_to_follow")
    thing = Ref.parse(said.subject)
    assert queries.most_reasons() == [(thing, 1, "did_not_work", 2), (thing, 1, "hard_to_follow", 1)]
    assert queries.most_reasons([thing], limit=1) == [(thing, 1, "did_not_work", 2)]
    assert queries.most_reasons([]) == []
