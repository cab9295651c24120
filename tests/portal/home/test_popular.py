"""What a department reads this week: at least three people, honest about whose list it is, cheap, never a leak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from portal.core.actor import Actor
from portal.core.permissions import Role
from portal.core.registry import load_things
from portal.home import popular
from portal.home.popular import Popular
from portal.kb.models import Article
from portal.notifications import links
from tests.factories.home import views
from tests.factories.kb import article
from tests.factories.people import actor, department

pytestmark = [pytest.mark.usefixtures("app", "stopped_clock"), pytest.mark.both]


def seen_by(who: Actor) -> Popular:
    own, everybody = popular.counts(who)
    with links.addressable():
        things = load_things(who, [ref for ref, _n in (*own.rows, *everybody.rows)])
    return popular.choose(own, everybody, things)


def team(n: int, name: str = "Finance", *roles: Role) -> list[Actor]:
    unit = department(name)
    return [actor(f"Person{i} Of {name}", *roles, department_id=unit.id) for i in range(n)]


def titles(found: Popular) -> list[tuple[str, int]]:
    return [(thing.title, n) for thing, n in found.rows]


def three_articles() -> list[Article]:
    return [article(title) for title in ("Approve an invoice", "Export a ledger", "Print cheques")]


def test_the_department_that_reads_three_answers_has_its_own_list() -> None:
    finance, sales = team(4), team(6, "Sales")
    first, second, third = three_articles()
    views(first, *finance)
    views(second, *finance)
    views(third, *finance[:3])
    views(article("Sell chairs"), *sales)
    found = seen_by(finance[0])
    assert found.department == "Finance"
    assert titles(found) == [("Approve an invoice", 4), ("Export a ledger", 4), ("Print cheques", 3)]


def test_a_quiet_department_is_shown_what_everybody_reads_and_the_heading_does_not_pretend() -> None:
    finance, sales = team(3), team(4, "Sales")
    for row in three_articles():
        views(row, *sales)
    found = seen_by(finance[0])
    assert found.department == ""
    assert [n for _title, n in titles(found)] == [4, 4, 4]


def test_two_readers_are_not_told_of() -> None:
    finance = team(2)
    for row in three_articles():
        views(row, *finance, *finance)
    assert titles(seen_by(finance[0])) == []


def test_last_week_is_over(stopped_clock: Any) -> None:
    finance = team(3)
    for row in three_articles():
        views(row, *finance)
    stopped_clock.move(days=7, hours=1)
    assert titles(seen_by(finance[0])) == []


def test_a_restricted_title_never_shows_to_those_it_is_hidden_from() -> None:
    finance = team(5)
    secret = article("Salaries of directors", access_key="a7")
    for row in (*three_articles(), secret):
        views(row, *finance)
    allowed = replace(finance[0], keys=finance[0].keys | {"a7"})
    assert "Salaries of directors" in [title for title, _n in titles(seen_by(allowed))]
    # The same process, the same hour, the same department: only the reader differs.
    assert "Salaries of directors" not in [title for title, _n in titles(seen_by(finance[1]))]


def test_what_is_archived_within_the_hour_is_gone_at_once() -> None:
    finance = team(3)
    rows = three_articles()
    for row in rows:
        views(row, *finance)
    assert len(seen_by(finance[0]).rows) == 3
    rows[0].status = "archived"
    assert "Approve an invoice" not in [title for title, _n in titles(seen_by(finance[0]))]


def test_the_ledger_is_counted_once_an_hour_for_each_department(stopped_clock: Any, queries: Callable[[], Any]) -> None:
    finance, sales = team(3), team(1, "Sales")
    popular.counts(finance[0])
    with queries() as seen:
        popular.counts(finance[1])
    assert seen == []
    with queries() as seen:
        popular.counts(sales[0])
    assert len(seen) == 2  # the department's name and its counts; everybody's are known
    stopped_clock.move(hours=1)
    with queries() as seen:
        popular.counts(finance[0])
    assert len(seen) > 0
