"""Evidence, scores, moving along and checking: what each refuses, keeps and records."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.ledger.models import LedgerEntry
from portal.measures.models import FoldState
from portal.people import services as people
from portal.people.services import actor_of
from portal.roadmap import answering, asking, checking, evidence, ideas, items, policies, presenting, queries, scoring
from portal.roadmap.models import Item, StatusNote
from tests.factories import kb, roadmap
from tests.factories import people as persons

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")
TODAY = dt.date(2026, 3, 9)
QUARTER = TODAY - dt.timedelta(days=91)


@pytest.fixture
def eli() -> Actor:
    return actor_of(persons.person("Eli Lindqvist", Role.ANALYST))


@pytest.fixture
def ana() -> Actor:
    return actor_of(persons.person("Ana Ruiz"))


def counted_until(day: dt.date) -> None:
    db.session.merge(FoldState(id=1, last_entry_id=0, version=0, folded_until=day))
    db.session.flush()


def ready(eli: Actor, **kw: Any) -> Item:
    """An item that may leave triage: with owner, date and a figure that says something."""
    roadmap.searches(QUARTER, TODAY, found_nothing=2)
    item = roadmap.item(owner_id=eli.person_id, due_on=TODAY, **kw)
    roadmap.evidence(item)
    return item


def notes_of(item: Item) -> list[StatusNote]:
    return list(db.session.execute(select(StatusNote).where(StatusNote.subject == str(item.ref))).scalars())


def test_nothing_leaves_triage_without_evidence_owner_date_and_a_figure_that_says_something(eli: Actor) -> None:
    item = roadmap.item()
    for field in ("owner_id", "due_on", "to", "to"):
        with pytest.raises(Invalid) as refusal:
            items.move(eli, item, to="next", reason="Now.")
        assert refusal.value.field == field
        if field == "owner_id":
            item.owner_id = eli.person_id
        elif field == "due_on":
            item.due_on = TODAY
        else:
            roadmap.evidence(item)
    roadmap.searches(QUARTER, TODAY, found_nothing=2)
    items.move(eli, item, to="next", reason="Two in ten find nothing.")
    assert (item.state, item.column) == ("planned", "next")


def test_a_decision_keeps_the_figures_as_they_stood(eli: Actor) -> None:
    item = ready(eli)
    items.move(eli, item, to="now", reason="It is time.")
    kept = notes_of(item)[-1].frozen["evidence"][0]
    assert (round(kept["value"], 2), kept["n"], kept["holds"]) == (0.2, 280, True)
    with clock.frozen(clock.now() + dt.timedelta(days=28)):
        roadmap.searches(TODAY, TODAY + dt.timedelta(days=28), found_nothing=0)
        asking.refresh(evidence.standing())
        assert evidence.of([item.id])[item.id][0].holds is False
    assert notes_of(item)[-1].frozen["evidence"][0]["value"] == kept["value"]


def test_a_figure_nobody_read_for_a_week_is_stale(eli: Actor) -> None:
    item = ready(eli)
    asking.refresh(evidence.standing())
    assert not evidence.of([item.id])[item.id][0].is_stale
    with clock.frozen(clock.now() + dt.timedelta(days=8)):
        assert evidence.of([item.id])[item.id][0].is_stale


def test_a_score_is_set_by_hand_with_a_reason_alone_and_says_so(eli: Actor) -> None:
    item = ready(eli, effort=2)
    with pytest.raises(Invalid) as refusal:
        items.score(eli, item, {"reach": 800.0}, reason=" ")
    assert refusal.value.field == "reason"
    items.score(eli, item, {"reach": 800.0, "impact": 1.0, "confidence": 0.8}, reason="We counted by hand.")
    found = scoring.score(item, evidence.of([item.id])[item.id])
    assert found.span is not None
    assert found.span.point == 320
    assert found.by_hand == {"reach", "impact", "confidence"}
    assert {note.reason for note in notes_of(item)} == {"We counted by hand."}


def test_reach_and_impact_follow_from_the_figures_with_their_interval(eli: Actor) -> None:
    item = ready(eli, effort=2)
    roadmap.reading(db.session.get(type(evidence.standing()[0]), evidence.standing()[0].id), TODAY)
    found = scoring.score(item, evidence.of([item.id])[item.id])
    assert found.reach is not None
    assert found.reach.low < 100 < found.reach.high
    assert found.impact is not None
    assert found.impact.point == 1.0
    assert found.confidence == 0.5
    assert found.missing == []


def test_three_months_later_it_is_said_whether_the_gap_closed_and_what_was_foretold(eli: Actor, ana: Actor) -> None:
    item = ready(eli)
    items.score(eli, item, {"foretold": 30.0, "foretold_low": 10.0, "foretold_high": 50.0}, reason="As in spring.")
    for to in ("now", "started", "delivered"):
        items.move(eli, item, to=to, reason="On.")
    roadmap.searches(TODAY, TODAY + dt.timedelta(days=120), found_nothing=1)
    assert checking.run() == 0
    for days, expected, words in ((30, "unproven", "Not proven yet"), (90, "unproven", "Not proven")):
        counted_until(TODAY + dt.timedelta(days=days))
        with clock.frozen(clock.now() + dt.timedelta(days=days)):
            assert checking.run() == 1
            assert checking.run() == 0
            assert presenting.outcome(item)[0] == words
        assert item.state == expected
        assert presenting.step_words(notes_of(item)[-1]).endswith(f": {words}")
    whole, told = checking.foretold(eli)
    assert (whole.n, [one.item.id for one in told]) == (1, [item.id])
    names = db.session.execute(select(LedgerEntry.props).where(LedgerEntry.name == "item.checked")).scalars()
    assert [props["days"] for props in names] == [30, 90]


def test_who_does_not_steer_neither_sees_what_is_in_triage_nor_moves_anything(ana: Actor, eli: Actor) -> None:
    item = ready(eli)
    with pytest.raises(NotFound):
        items.get(ana, item.id)
    items.move(eli, item, to="later", reason="Not yet.")
    assert items.get(ana, item.id) is item
    with pytest.raises(Forbidden):
        items.move(ana, item, to="now", reason="Please.")


def test_an_item_of_a_hidden_topic_stands_on_nobodys_board_who_may_not_read_it(eli: Actor, ana: Actor) -> None:
    item = ready(eli, category=kb.category(access_key="a999"), state="planned", column="now")
    assert item.id is not None
    board = queries.board(ana)
    assert not any(board.columns.values())
    assert not policies.can_see_item(ana, item)


def test_what_was_changed_by_somebody_else_is_not_overwritten(eli: Actor) -> None:
    item = items.make(eli, items.About(title="Teach the search our words"))
    items.change(eli, item, items.About(title="Teach the search our own words"), version=1)
    with pytest.raises(Conflict):
        items.change(eli, item, items.About(title="Something else altogether"), version=1)
    assert item.title == "Teach the search our own words"


def test_the_last_evidence_of_what_left_triage_stays(eli: Actor) -> None:
    item = ready(eli)
    items.move(eli, item, to="next", reason="On.")
    with pytest.raises(Invalid):
        evidence.untie(eli, item, evidence.standing()[0].id, reason="Old.")


def test_an_idea_is_edited_until_it_is_answered_and_the_first_answer_counts(eli: Actor, ana: Actor) -> None:
    topic = kb.category()
    idea = ideas.propose(ana, title="Scan into the folder", body="By hand now.", category_id=topic.id)
    ideas.edit(ana, idea, version=1, title="Scan it into the folder", body="By hand.", category_id=topic.id)
    with clock.frozen(clock.now() + dt.timedelta(days=3)):
        answering.decline(eli, idea, words="Not this year.")
    with pytest.raises(Forbidden):
        ideas.edit(ana, idea, version=idea.version, title="Something else now", body="No.", category_id=topic.id)
    with clock.frozen(clock.now() + dt.timedelta(days=9)):
        answering.take_up(eli, idea, items.make(eli, items.About(title="Scan into folders")), words="It is after all.")
        assert answering.median_days() == 3.0
    assert idea.state == "triaged"


def test_an_answer_needs_words_and_a_duplicate_its_original(eli: Actor, ana: Actor) -> None:
    one, other = roadmap.idea(), roadmap.idea("Scans where the order is")
    with pytest.raises(Invalid) as refusal:
        answering.decline(eli, one, words=" ")
    assert refusal.value.field == "words"
    for wrong in (None, one.id, 999):
        with pytest.raises(Invalid):
            answering.point(eli, one, of=wrong, words="The same.")
    answering.point(eli, one, of=other.id, words="The same.")
    assert (one.state, one.duplicate_of_id) == ("duplicate", other.id)


def test_nobody_wants_their_own_idea_nor_twice(ana: Actor, eli: Actor) -> None:
    idea = roadmap.idea(by=people.get_person(ana.person_id))
    with pytest.raises(Forbidden):
        ideas.want(ana, idea, is_on=True)
    ideas.want(eli, idea, is_on=True)
    ideas.want(eli, idea, is_on=True)
    assert idea.n_votes == 1


def test_ideas_are_listed_by_what_most_want_and_found_by_their_words(eli: Actor) -> None:
    for n in range(30):
        roadmap.idea(f"Idea number {n} of thirty", n_votes=n)
    found = queries.ideas(eli, shelf=queries.Shelf.WANTED)
    assert ([idea.n_votes for idea in found.rows][:3], found.has_more) == ([29, 28, 27], True)
    assert len(queries.ideas(eli, shelf=queries.Shelf.TRENDING, page=2).rows) == 10
    assert [idea.n_votes for idea in queries.ideas(eli, shelf=queries.Shelf.NEW, words="number 29").rows] == [29]
