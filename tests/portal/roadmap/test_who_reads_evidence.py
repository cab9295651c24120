"""Figures an item rests on are read by everybody who reads the roadmap: what is not for them is not there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Role
from portal.people.models import Department, Person
from portal.people.services import actor_of
from portal.roadmap import asking, evidence, notes, sight
from portal.roadmap.gates import decisions
from portal.roadmap.increments import plans
from portal.roadmap.increments.models import Increment
from portal.roadmap.models import Item, ItemState
from tests.factories import kb, read_waves, roadmap, tickets
from tests.factories import people as persons

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")
TODAY = dt.date(2026, 3, 9)
STAFF = {"Sales": (37, 32, 3.4), "Workshop": (44, 36, 2.9)}


@pytest.fixture
def analyst() -> Actor:
    return actor_of(persons.person("Robin Example", Role.ANALYST))


def tie(actor: Actor, item: Item, **kw: Any) -> Any:
    asked = {"measure": "zero_result_rate", "slice": "", "comparison": ">", "threshold": 0.1, "minimum_n": 5, **kw}
    return evidence.tie(actor, item, **asked)


def spring(actor: Actor) -> Increment:
    ends_on = TODAY + dt.timedelta(days=30)
    return plans.plan(actor, plans.Plan(name="Spring", purpose="Scans land.", starts_on=TODAY, ends_on=ends_on))


def answered_tickets(of: Any, n: int) -> None:
    for _each in range(n):
        made = tickets.ticket(of)
        made.opened_at, made.first_response_at = clock.now() - dt.timedelta(days=5), clock.now() - dt.timedelta(days=4)


def test_no_figure_of_a_group_too_small_can_be_tied_nor_is_it_read_any_more(analyst: Actor) -> None:
    small, large = persons.department("Legal"), persons.department("Workshop")
    one = persons.person("Cato Small", department_id=small.id)
    others = [persons.person(f"Wim{n} Large", department_id=large.id) for n in range(12)]
    answered_tickets(one, 6)
    answered_tickets(others[0], 6)
    db.session.flush()
    item = roadmap.item()
    with pytest.raises(Invalid) as refusal:
        tie(analyst, item, measure="first_response_hours", slice=f"department:{small.id}", threshold=1.0)
    assert refusal.value.field == "slice"
    row = roadmap.evidence(item, measure="first_response_hours", slice=f"department:{small.id}", minimum_n=1)
    found = asking.read(row, on=TODAY)
    assert (found.value, found.n, found.holds, found.n_people) == (None, 0, None, None)


def test_what_a_department_answered_is_no_evidence_on_a_roadmap_that_everybody_reads(analyst: Actor) -> None:
    read_waves.closed(STAFF)
    workshop = db.session.query(Department).filter_by(name="Workshop").one()
    item = roadmap.item()
    with clock.frozen(clock.now() + dt.timedelta(days=1)):
        with pytest.raises(Invalid) as refusal:
            tie(analyst, item, measure="pulse_va", slice=f"department:{workshop.id}", comparison="<", threshold=90.0)
        assert refusal.value.field == "slice"
        row = roadmap.evidence(item, measure="pulse_va", slice=f"department:{workshop.id}", minimum_n=5)
        assert asking.read(row).value is None
        assert tie(analyst, item, measure="pulse_va", comparison="<", threshold=90.0).id


def test_figures_of_a_topic_are_told_only_to_those_who_read_it(analyst: Actor, ana: Any) -> None:
    hidden = kb.category(title="Redundancies", access_key="a77")
    item = roadmap.item(state=ItemState.PLANNED.value)
    row = roadmap.evidence(item, slice=f"category:{hidden.id}")
    roadmap.reading(row, TODAY, value=0.4321, n=977)
    notes.write(
        analyst, item.ref, field="state", before="draft", after="now", reason="It is time.", is_public=True,
        frozen=evidence.frozen(item),
    )  # fmt: skip
    db.session.commit()
    for page in ("/roadmap/", f"/roadmap/items/{item.id}"):
        told = ana.get(page).text
        assert item.title in told
        assert "977" not in told
        assert "43 %" not in told.replace("\u00a0", " ")
    assert sight.told(analyst, evidence.of([item.id])) == {item.id: []}


def test_an_increment_offers_no_item_of_a_topic_its_reader_may_not_read(analyst: Actor) -> None:
    hidden = kb.category(title="Redundancies", access_key="a77")
    open_item = roadmap.item("Scan straight into the folder", state=ItemState.PLANNED.value)
    secret = roadmap.item("Close the Old Mill", state=ItemState.PLANNED.value, category_id=hidden.id)
    made = plans.plan(
        analyst,
        plans.Plan(name="Spring", purpose="Scans land.", starts_on=TODAY, ends_on=TODAY + dt.timedelta(days=30)),
    )
    secret.increment_id = made.id
    db.session.flush()
    assert list(plans.offered(analyst, made)) == [open_item]
    with pytest.raises(Invalid):
        plans.ship(analyst, made, [secret.id])
    plans.ship(analyst, made, [open_item.id])
    db.session.refresh(secret)
    assert secret.increment_id == made.id


def test_a_decision_names_no_item_of_a_topic_its_reader_may_not_read(eli: Any) -> None:
    hidden = kb.category(title="Redundancies", access_key="a77")
    who = actor_of(db.session.get_one(Person, eli.person_id))
    made = spring(who)
    for title, topic in (("Scan straight into the folder", None), ("Close the Old Mill", hidden.id)):
        roadmap.item(title, state=ItemState.PLANNED.value, category_id=topic, increment_id=made.id)
    gate = decisions.open_gate(who, name="May it be built?", step="idea-design", increment=made)
    held = decisions.decide(who, gate, "hold", why="Not yet.")
    db.session.commit()
    told = eli.get(f"/roadmap/gates/{gate.id}/decisions/{held.id}").text
    assert "Scan straight into the folder" in told
    assert "Close the Old Mill" not in told
