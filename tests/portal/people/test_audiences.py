"""Who may see what: the one place that decides."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core import options
from portal.core.actor import ANONYMOUS, system
from portal.core.permissions import Role
from portal.people import audiences, services
from tests.factories.people import actor, audience, department, person, site

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]


def test_what_states_nothing_is_for_everybody_signed_in() -> None:
    key = audiences.key_for([None, None])
    assert actor().sees(key)
    assert key not in audiences.allowed_keys(ANONYMOUS)


def test_public_is_for_strangers_too() -> None:
    key = audiences.key_for(["public", None])
    assert key in audiences.allowed_keys(ANONYMOUS)
    assert actor().sees(key)


def test_a_public_article_in_a_restricted_category_stays_restricted() -> None:
    finance = audience("Group", ("department", str(department().id)))
    key = audiences.key_for(["public", [finance.id]])
    assert key not in audiences.allowed_keys(ANONYMOUS)
    assert not actor().sees(key)


def test_a_department_admits_everybody_below_it() -> None:
    top = department("Finance")
    below = department("Payroll", parent_id=department("Accounts", parent_id=top.id).id)
    key = audiences.key_for([[audience("Group", ("department", str(top.id))).id]])
    assert actor(department_id=below.id).sees(key)
    assert not actor(department_id=department("Sales").id).sees(key)


def test_an_audience_is_the_union_of_its_rules() -> None:
    mill, ben = site("Old Mill"), person("Ben Kaya")
    group = audience("Group", ("site", str(mill.id)), ("role", Role.MANAGER.value), ("person", str(ben.id)))
    key = audiences.key_for([[group.id]])
    assert actor(site_id=mill.id).sees(key)
    assert actor("Mia", Role.MANAGER).sees(key)
    assert services.actor_of(ben).sees(key)
    assert not actor().sees(key)


def test_an_administrator_sees_no_more_than_others() -> None:
    key = audiences.key_for([[audience("Group", ("department", str(department().id))).id]])
    assert not actor("Ada", Role.ADMIN).sees(key)


def test_an_audience_without_rules_holds_nobody() -> None:
    key = audiences.key_for([[audience("Group").id]])
    assert not actor("Ada", *Role).sees(key)


def test_the_same_demands_are_one_key_in_any_order() -> None:
    one, two, three = (audience("Group") for _ in range(3))
    assert audiences.key_for([[two.id, one.id], [three.id]]) == audiences.key_for([[three.id], [one.id, two.id]])


def test_a_new_key_and_a_moved_person_reach_every_process() -> None:
    ana = person("Ana", department_id=department("Sales").id)
    finance = department("Finance")
    before = options.stamp("people")
    key = audiences.key_for([[audience("Group", ("department", str(finance.id))).id]])
    assert options.stamp("people") != before
    seen = services.actor_for(ana.id)
    assert seen is not None
    assert not seen.sees(key)
    services.change_person(system("test"), ana, name=ana.name, email=ana.email, department_id=finance.id, site_id=None)
    seen = services.actor_for(ana.id)
    assert seen is not None
    assert seen.sees(key)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    levels=st.lists(st.none() | st.just("public") | st.lists(st.integers(0, 3), min_size=1, max_size=3), max_size=3),
    own=st.sets(st.integers(0, 3)),
)
def test_a_key_admits_exactly_who_every_level_admits(levels: list[list[int] | str | None], own: set[int]) -> None:
    ana = person("Ana")
    groups = [audience("Group", *([("person", str(ana.id))] if i in own else [])) for i in range(4)]
    key = audiences.key_for([[groups[i].id for i in level] if isinstance(level, list) else level for level in levels])
    wanted = all(bool(own & set(level)) for level in levels if isinstance(level, list))
    assert services.actor_of(ana).sees(key) is wanted
    is_open = any(levels) and all(level == "public" for level in levels if level)
    assert (key in audiences.allowed_keys(ANONYMOUS)) is is_open
