"""Audiences: who belongs, what is for them, and that a change is felt at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from analytics.events import Name
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Role
from portal.ledger.models import LedgerEntry
from portal.people import audiences, grouping, services
from portal.people.models import AccessKey
from tests.factories import kb
from tests.factories.people import audience, department, person, site

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]
ADMIN = system("test")


def test_the_union_is_counted_once_and_with_everything_below() -> None:
    finance = department("Finance")
    pay = department("Pay", parent_id=finance.id)
    mill = site("Old Mill")
    person("Ana Ruiz", department_id=pay.id, site_id=mill.id)
    person("Ben Kaya", site_id=mill.id)
    person("Dara Voss", Role.EDITOR)
    eli = person("Eli Lindqvist")
    person("Zoe Hart", department_id=finance.id, is_active=False)
    rules = [("department", str(finance.id)), ("site", str(mill.id)), ("role", "editor"), ("person", str(eli.id))]
    n, first = grouping.members(rules, limit=2)
    assert (n, [one.name for one in first]) == (4, ["Ana Ruiz", "Ben Kaya"])
    assert grouping.members([("role", "reader")], limit=1)[0] == 4
    assert grouping.members([], limit=1)[0] == 0


def test_counted_are_those_who_are_let_in() -> None:
    """Two ways to the same answer: SQL for the page, keys for every request."""
    finance = department("Finance")
    people = [person("Ana Ruiz", department_id=finance.id), person("Ben Kaya"), person("Cleo Okafor", Role.AGENT)]
    group = audience("Some", ("department", str(finance.id)), ("role", "agent"))
    let_in = {one.name for one in people if group.id in audiences.audiences_of(services.actor_of(one))}
    assert let_in == {one.name for one in grouping.members(grouping.rules_of(group), limit=9)[1]}


def test_other_rules_are_felt_with_the_next_request() -> None:
    ana = person("Ana Ruiz")
    group = audience("Some", ("person", str(ana.id)))
    key = audiences.key_for([[group.id]])
    db.session.commit()
    before = services.actor_for(ana.id)
    assert before is not None
    assert before.sees(key)
    grouping.change_audience(ADMIN, group, name="Nobody", rules=[])
    db.session.commit()
    after = services.actor_for(ana.id)
    assert after is not None
    assert not after.sees(key)
    (fact,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.AUDIENCE_CHANGED)).scalars()
    assert fact.props == {"before": ["Some", f"person:{ana.id}"], "after": ["Nobody"]}


def test_what_guards_something_is_not_taken_away() -> None:
    group = audience("Some", ("role", "editor"), slug="some")
    shelf = kb.category("Pay", audience=["some"])
    key = audiences.key_for([[group.id]])
    article = kb.article("Salaries", access_key=key)
    assert grouping.uses(group) == {"article": [article.id], "category": [shelf.id]}
    with pytest.raises(Invalid):
        grouping.remove_audience(ADMIN, group)
    shelf.audience, article.access_key = [], "signed-in"
    db.session.flush()
    grouping.remove_audience(ADMIN, group)
    assert db.session.get(AccessKey, key) is None


def test_a_longer_number_is_another_audience() -> None:
    group = audience("One")
    db.session.add(AccessKey(key=f"a{group.id}0+a{group.id}1"))
    kb.article("Salaries", access_key=f"a{group.id}0+a{group.id}1")
    assert grouping.uses(group) == {}
