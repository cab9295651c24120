"""Items are put in order by hand, with a reason, beside the order that their scores give."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.permissions import Role
from portal.ledger.models import LedgerEntry
from portal.roadmap import items, ordering, queries
from portal.roadmap.models import Item
from tests.factories import kb, people, roadmap

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")
TODAY = dt.date(2026, 3, 9)
SCORED = {"impact": 1.0, "confidence": 0.5, "effort": 1.0}


@pytest.fixture
def eli() -> Actor:
    return people.actor("Robin Example", Role.ANALYST)


def column(n: int = 3, **kw: Any) -> list[Item]:
    """So many items under “Next”, the later ones due later and worth more."""
    return [
        roadmap.item(
            f"Item number {k}", state="planned", column="next", due_on=TODAY + dt.timedelta(days=k),
            reach=10.0 ** (k + 1), **SCORED, **kw,
        )
        for k in range(n)
    ]  # fmt: skip


def order(who: Actor) -> list[str]:
    return [card.item.title[-1] for card in queries.board(who).columns["next"]]


def put(who: Actor, item: Item, place: int, reason: str = "Winter comes first.") -> None:
    seen = ordering.seen(ordering.standing(who)[item.column])
    ordering.put(who, item, place=place, reason=reason, was_seen=seen)


@pytest.mark.both
def test_an_item_is_put_up_and_down_and_the_board_follows(eli: Actor) -> None:
    rows = column(4)
    assert order(eli) == ["0", "1", "2", "3"]
    put(eli, rows[2], 1)
    assert order(eli) == ["2", "0", "1", "3"]
    put(eli, rows[2], 4)
    assert order(eli) == ["0", "1", "3", "2"]
    put(eli, rows[1], 3)
    assert order(eli) == ["0", "3", "1", "2"]
    facts = db.session.execute(select(LedgerEntry.props).where(LedgerEntry.name == "item.changed")).scalars().all()
    assert [(fact["fields"], fact["reason"]) for fact in facts] == [(["position"], "Winter comes first.")] * 3


def test_the_place_by_score_stands_beside_the_place_by_hand(eli: Actor) -> None:
    rows = column(3)
    bare = roadmap.item("No score at all 9", state="planned", column="next", due_on=TODAY + dt.timedelta(days=9))
    rows[1].reach = rows[2].reach
    db.session.flush()
    found = {one.item.id: one for one in ordering.standing(eli)["next"]}
    assert [(found[row.id].place, found[row.id].by_score, found[row.id].is_tied) for row in (*rows, bare)] == [
        (1, 3, False), (2, 1, True), (3, 1, True), (4, None, False),
    ]  # fmt: skip


def test_what_comes_new_into_a_column_stands_behind_what_was_placed(eli: Actor) -> None:
    rows = column(2)
    put(eli, rows[1], 1)
    roadmap.item("A new one 9", state="planned", column="next", due_on=TODAY)
    assert order(eli) == ["1", "0", "9"]


def test_an_item_that_goes_to_another_column_begins_there_without_a_place(eli: Actor) -> None:
    rows = column(2)
    put(eli, rows[1], 1)
    items._settle(rows[1], "later")
    assert rows[1].position == 0
    items._settle(rows[0], "next")
    assert rows[0].position == 2


def test_a_place_takes_a_reason_a_place_that_is_there_and_a_column(eli: Actor) -> None:
    rows = column(2)
    for place, reason, field in ((1, " ", "reason"), (3, "Why not.", "place"), (0, "Why not.", "place")):
        with pytest.raises(Invalid) as refusal:
            put(eli, rows[1], place, reason)
        assert refusal.value.field == field
    draft = roadmap.item("Still thought about")
    with pytest.raises(Invalid):
        ordering.put(eli, draft, place=1, reason="Now.", was_seen="")
    with pytest.raises(Forbidden):
        put(people.actor("Ana Ruiz"), rows[1], 1)
    assert order(eli) == ["0", "1"]


def test_who_looked_at_another_order_places_nothing(eli: Actor) -> None:
    rows = column(3)
    looked_at = ordering.seen(ordering.standing(eli)["next"])
    put(eli, rows[2], 1)
    with pytest.raises(Conflict):
        ordering.put(eli, rows[1], place=1, reason="Mine first.", was_seen=looked_at)
    assert order(eli) == ["2", "0", "1"]


def test_an_item_of_a_hidden_topic_keeps_its_place_and_is_not_told(eli: Actor) -> None:
    rows = column(2)
    hidden = kb.category(title="Redundancies", access_key="a77")
    secret = roadmap.item("Close the Old Mill", state="planned", column="next", category_id=hidden.id, position=0)
    put(eli, rows[1], 1)
    assert [one.item.id for one in ordering.standing(eli)["next"]] == [rows[1].id, rows[0].id]
    assert sorted(row.position for row in (*rows, secret)) == [1, 2, 3]
