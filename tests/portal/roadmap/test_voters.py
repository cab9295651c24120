"""From which departments people want an idea is told to the task force, and of no few people."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.database import db
from portal.people.models import Person
from portal.roadmap import voters
from portal.roadmap.models import Idea
from portal.talk.models import Vote
from tests.factories import people, read_waves, roadmap

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


def wanted(title: str = "Scan straight into the folder", *, elsewhere: int = 0, **departments: int) -> Idea:
    """An idea that so many of each department want, and so many people who belong to none."""
    row = roadmap.idea(title)
    who = [person for name, n in departments.items() for person in read_waves.staff(name, n)]
    who += [people.person(f"Nobody Of{k}") for k in range(elsewhere)]
    vote(row, who)
    return row


def vote(row: Idea, who: list[Person]) -> None:
    db.session.add_all(Vote(subject=str(row.ref), voice="wanted", person_id=one.id, at=row.created_at) for one in who)
    row.n_votes += len(who)
    db.session.flush()


def told(row: Idea) -> tuple[dict[str, int], int]:
    found = voters.by_department([row])[row.id]
    return {one.name: one.n for one in found.departments}, found.n_others


@pytest.mark.parametrize(
    ("there", "elsewhere", "shown", "n_others"),
    [
        ({"Sales": 7, "Workshop": 5}, 0, {"Sales": 7, "Workshop": 5}, 0),
        ({"Sales": 7, "Workshop": 4}, 0, {}, 11),
        ({"Sales": 9, "Workshop": 6, "HR": 1}, 0, {"Sales": 9}, 7),
        ({"Sales": 9, "HR": 2, "IT": 3}, 0, {"Sales": 9}, 5),
        ({"Sales": 9, "HR": 2, "IT": 2}, 0, {}, 13),
        ({"Sales": 9, "Workshop": 6}, 2, {"Sales": 9}, 8),
        ({"Sales": 9, "Workshop": 6}, 5, {"Sales": 9, "Workshop": 6}, 5),
        ({"Sales": 4}, 0, {}, 4),
    ],
)
def test_a_department_of_few_voters_is_hidden_and_so_is_what_would_give_it_away(
    there: dict[str, int], elsewhere: int, shown: dict[str, int], n_others: int
) -> None:
    assert told(wanted(elsewhere=elsewhere, **there)) == (shown, n_others)


def test_voters_stand_beside_how_many_work_there() -> None:
    row = wanted(Sales=6)
    read_waves.staff("Sales", 20)
    one = voters.by_department([row])[row.id].departments[0]
    assert (one.name, one.n, one.of) == ("Sales", 6, 20)


@pytest.mark.both
def test_who_left_is_counted_with_those_from_elsewhere() -> None:
    row = wanted(Sales=8, Workshop=9)
    for person in read_waves.staff("Sales", 3):
        person.is_active = False
    db.session.flush()
    assert told(row) == ({"Workshop": 9}, 8)


def test_of_an_idea_nobody_wants_nothing_is_said() -> None:
    assert voters.by_department([roadmap.idea()]) == {}


def test_the_task_force_reads_it_in_triage_and_on_the_item_and_nobody_else_does(ana: Any, eli: Any) -> None:
    item = roadmap.item(state="planned")
    waiting, taken = wanted("Scan into the folder", Sales=6), wanted("Find the lift", Workshop=7)
    taken.state, taken.item_id, taken.answer = "triaged", item.id, "Yes."
    db.session.commit()
    assert "Wanted in Sales (6 of 6)" in eli.page("/roadmap/triage").text
    assert "Wanted in Sales (6 of 6)" in eli.page(f"/roadmap/triage/ideas/{waiting.id}").text
    here = f"/roadmap/items/{item.id}"
    assert "Wanted in Workshop (7 of 7)" in eli.page(here).text
    assert "7 of 7" not in ana.page(here).text
