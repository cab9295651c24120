"""A gate reads the figures as they are, and keeps what it was decided on as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from portal.core import clock
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Role
from portal.ledger.models import LedgerEntry
from portal.measures.models import DailyMeasure, FoldState
from portal.roadmap.gates import decisions, reading, wording
from portal.roadmap.gates.decisions import Follow
from portal.roadmap.gates.models import Gate, GateDecision, Verdict
from portal.roadmap.taskforce import actions, membership
from tests.factories import kb, people, read_waves, roadmap, taskforce

pytestmark = pytest.mark.usefixtures("stopped_clock")
TODAY = dt.date(2026, 3, 9)


def found(gate: Gate) -> dict[tuple[str, str], reading.Found]:
    return {(one.kind, one.subject): one for one in decisions.standing(gate).found}


def test_the_five_gates_ask_for_what_the_guide_says(db: Any) -> None:
    asked = {
        step: {(one["kind"], one.get("subject", ""), one.get("comparison", ">="), one.get("threshold"))
               for one in gate["conditions"] if one["kind"] != "hand"}
        for step, gate in decisions.defaults().items()
    }  # fmt: skip
    assert asked == {
        "idea-design": {("score", "VA", ">=", 50), ("response", "", ">=", 0.3), ("history", "contact_rate", ">=", 12)},
        "design-build": {("score", "EA", ">=", 50), ("score", "TR", ">=", 50), ("traced", "", ">=", 1.0)},
        "build-launch": {("score", "SK", ">=", 50), ("score", "SU", ">=", 50), ("topics", "", ">=", 0.8)},
        "launch-run": {("score", "IN", ">=", 60), ("measure", "self_service_first", ">=", 0.25),
                       ("measure", "zero_result_rate", "<=", 0.15)},
        "increment": {("fall", "", ">", -0.3), ("readout", "", ">=", 1)},
    }  # fmt: skip
    assert set(asked) == set(wording.steps())


def test_a_score_counts_by_the_lower_end_of_its_range(db: Any) -> None:
    eli = people.actor("Eli Lindqvist", Role.ANALYST)
    gate = taskforce.gate(eli, "idea-design")
    assert found(gate)["score", "VA"].met == "unknown"
    _row, kept = read_waves.closed({"Finance": (40, 34, 3.3)}, stage="idea")
    score = kept.released.total.score("VA")
    assert score is not None
    assert score.mean is not None
    low = score.mean.low
    assert low is not None
    one = found(gate)["score", "VA"]
    assert (one.met, one.low) == ("yes" if low >= 50 else "no", low)
    row = next(row for row in decisions.conditions(gate) if row.subject == "VA")
    decisions.set_bar(eli, gate, row, threshold=(low + score.mean.value.value) / 2, reason="Between end and middle.")
    assert found(gate)["score", "VA"].met == "no"
    decisions.set_bar(eli, gate, row, threshold=low - 1, reason="Below the end.")
    assert found(gate)["score", "VA"].met == "yes"
    assert found(gate)["response", ""].met == "yes"


def test_a_measure_is_read_over_whole_days_and_says_when_it_rests_on_too_little(db: Any) -> None:
    gate = taskforce.gate(people.actor("Eli Lindqvist", Role.ANALYST))
    assert found(gate)["measure", "zero_result_rate"].met == "unknown"
    roadmap.searches(TODAY - dt.timedelta(days=28), TODAY, found_nothing=3)
    db.session.add(FoldState(id=1, last_entry_id=0, version=0, folded_until=TODAY))
    db.session.flush()
    one = found(gate)["measure", "zero_result_rate"]
    assert (one.met, one.on) == ("no", "2026-03-09")
    assert one.value == pytest.approx(0.3)


def test_the_busiest_topics_are_those_with_most_needs(db: Any) -> None:
    gate = taskforce.gate(people.actor("Eli Lindqvist", Role.ANALYST), "build-launch")
    topics = [kb.category(title=f"Topic {n}") for n in range(6)]
    for n, topic in enumerate(topics):
        db.session.add(
            DailyMeasure(day=dt.date(2026, 3, 1), measure="needs.n", slice=f"category:{topic.id}", value=9 - n)
        )
    for topic in topics[:3]:
        kb.article(category=topic, verified_at=clock.now())
    kb.article(category=topics[3], verified_at=None)
    db.session.flush()
    one = found(gate)["topics", ""]
    assert (one.met, one.n, one.value) == ("no", 6, 0.5)


def test_a_plain_go_takes_everything_and_conditions_become_actions(db: Any) -> None:
    ada = people.actor("Ada Demir", Role.ADMIN)
    gate = taskforce.gate(ada, "increment")
    with pytest.raises(Invalid, match="Not everything"):
        decisions.decide(ada, gate, Verdict.GO, why="We want it.")
    with pytest.raises(Invalid, match="Which conditions"):
        decisions.decide(ada, gate, Verdict.CONDITIONS, why="Nearly.")
    with pytest.raises(Invalid, match="Say why"):
        decisions.decide(ada, gate, Verdict.HOLD, why=" ")
    follow = [Follow(title="Publish what it did", due_on=TODAY)]
    first = decisions.decide(ada, gate, Verdict.CONDITIONS, why="Nearly.", follow=follow, seen=0)
    assert [one.title for one in actions.open_ones(source=gate.ref)] == ["Publish what it did"]
    with pytest.raises(Conflict, match="decided meanwhile"):
        decisions.decide(ada, gate, Verdict.HOLD, why="No.", seen=0)
    for row in decisions.conditions(gate):
        decisions.ask_no_more(ada, gate, row, reason="A small one.")
    for seat in gate.seats:
        membership.join(ada, people.person(f"From {seat}", email=f"{seat}@ostreyvale.example"), seat=seat)
    assert not decisions.standing(gate).is_clear
    with pytest.raises(Invalid, match="Not everything"):
        decisions.decide(ada, gate, Verdict.GO, why="Nobody has signed.")
    mine = [membership.join(ada, db.session.get(people.Person, ada.person_id), seat=seat) for seat in gate.seats]
    assert len(mine) == 3
    with clock.frozen(clock.now() + dt.timedelta(minutes=1)):
        for seat in gate.seats:
            decisions.sign(ada, gate, seat)
        assert decisions.decide(ada, gate, Verdict.GO, why="All there.", seen=first.id).verdict == "go"
        assert decisions.signatures(gate) == {}
    facts = db.session.execute(select(LedgerEntry.props).where(LedgerEntry.name == "gate.decided")).scalars().all()
    assert [fact["verdict"] for fact in facts] == ["conditions", "go"]


@pytest.mark.both
def test_nothing_changes_what_was_decided(db: Any) -> None:
    ada = people.actor("Ada Demir", Role.ADMIN)
    _gate, made = taskforce.decided_gate(ada)
    db.session.commit()
    for change in (
        update(GateDecision).values(why="Other."),
        update(GateDecision).values(frozen={}),
        delete(GateDecision),
    ):
        with pytest.raises(DBAPIError, match="cannot be changed"):
            db.session.execute(change)
        db.session.rollback()
    db.session.execute(update(GateDecision).values(person_id=None))
    assert db.session.get_one(GateDecision, made.id).why == "Nobody has looked yet."


def test_only_the_steering_group_decides_and_only_who_holds_a_seat_signs(db: Any) -> None:
    eli, ben = people.actor("Eli Lindqvist", Role.ANALYST), people.actor("Ben Kaya")
    gate = taskforce.gate(eli)
    with pytest.raises(Forbidden):
        decisions.decide(ben, gate, Verdict.HOLD, why="No.")
    with pytest.raises(Forbidden):
        decisions.sign(eli, gate, "steering")
    membership.join(eli, db.session.get(people.Person, ben.person_id), seat="steering")
    decisions.sign(ben, gate, "steering")
    assert decisions.decide(ben, gate, Verdict.HOLD, why="No.").frozen["signed"][0]["person"] == ben.person_id
