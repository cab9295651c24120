"""Departments and sites: a tree that stays one, and nothing lost on the way."""

from __future__ import annotations

import pytest

from analytics.events import Name
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Role
from portal.people import structure
from portal.people.models import Department
from portal.people.services import actor_of
from tests.factories.facts import props
from tests.factories.people import actor, audience, department, person, site

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]
ADMIN = system("test")


def change(unit: Department, **values: object) -> None:
    now = {"name": unit.name, "parent_id": unit.parent_id, "manager_id": unit.manager_id}
    structure.change_department(ADMIN, unit, **{**now, **values})  # type: ignore[arg-type]


def test_a_department_never_stands_below_itself() -> None:
    top = structure.add_department(ADMIN, name="Production")
    middle = structure.add_department(ADMIN, name="Workshop", parent=top)
    low = structure.add_department(ADMIN, name="Paint", parent=middle)
    for below in (top, middle, low):
        with pytest.raises(Invalid) as refusal:
            change(top, parent_id=below.id)
        assert refusal.value.field == "parent_id"
    change(low, parent_id=top.id)
    assert structure.with_all_below(top.id) == [top.id, low.id, middle.id]


def test_a_change_is_told_with_names_before_and_after() -> None:
    mia = person("Mia Duarte")
    unit = structure.add_department(ADMIN, name="Workshop")
    change(unit, name="Old workshop", manager_id=mia.id)
    change(unit)
    told = props(Name.DEPARTMENT_CHANGED)
    assert told[-1] == {"how": "changed", "before": ["Workshop", "", ""], "after": ["Old workshop", "", "Mia Duarte"]}
    assert len(told) == 2, "what changes nothing is no fact"


def test_two_of_one_name_get_addresses_of_their_own() -> None:
    slugs = [structure.add_department(ADMIN, name=name).slug for name in ("Büro Süd", "Büro Süd", "総務")]
    assert slugs == ["buro-sud", "buro-sud-2", "department"]


def test_a_merge_moves_people_units_and_audiences() -> None:
    old, new = department("Paint shop"), department("Finish")
    below = department("Lacquer", parent_id=old.id)
    ben, mia = person("Ben Kaya", department_id=old.id), person("Mia Duarte", department_id=new.id)
    both = audience("Both", ("department", str(old.id)), ("department", str(new.id)))
    one = audience("One", ("department", str(old.id)))
    assert structure.merge_departments(ADMIN, old, into=new) == 1
    db.session.expire_all()
    assert {ben.department_id, mia.department_id, below.parent_id} == {new.id}
    assert [[rule.value for rule in group.rules] for group in (both, one)] == [[str(new.id)]] * 2
    assert props(Name.DEPARTMENT_CHANGED)[-1]["before"] == ["Paint shop", "", ""]


def test_a_unit_merged_into_one_below_it_leaves_no_ring() -> None:
    top = department("Top")
    old = department("Old", parent_id=top.id)
    new = department("New", parent_id=old.id)
    structure.merge_departments(ADMIN, old, into=new)
    db.session.expire_all()
    assert new.parent_id == top.id


def test_what_is_in_use_is_not_taken_away() -> None:
    unit, empty, place = department("Sales"), department("Nobody"), site("Old Mill")
    person("Ben Kaya", department_id=unit.id, site_id=place.id, is_active=False)
    named = department("Named")
    audience("Named", ("department", str(named.id)))
    for remove, what in (
        (structure.remove_department, unit),
        (structure.remove_department, named),
        (structure.remove_site, place),
    ):
        with pytest.raises(Invalid):
            remove(ADMIN, what)  # type: ignore[operator]
    structure.remove_department(ADMIN, empty)
    assert props(Name.DEPARTMENT_CHANGED)[-1] == {"how": "removed", "before": ["Nobody", "", ""]}


def test_people_follow_the_time_zone_of_their_site() -> None:
    place = structure.add_site(ADMIN, name="Old Mill", timezone="Europe/Lisbon")
    mia = person("Mia Duarte", site_id=place.id)
    assert actor_of(mia).timezone == "Europe/Lisbon"
    structure.change_site(ADMIN, place, name="Old Mill", timezone="Asia/Tokyo")
    assert actor_of(mia).timezone == "Asia/Tokyo"
    assert props(Name.SITE_CHANGED)[-1]["before"] == ["Old Mill", "Europe/Lisbon"]
    with pytest.raises(Invalid):
        structure.change_site(ADMIN, place, name="Old Mill", timezone="Mars/Base")


def test_only_administrators_arrange_departments() -> None:
    with pytest.raises(Forbidden):
        structure.add_department(actor("Mia", Role.MANAGER), name="Mine")
