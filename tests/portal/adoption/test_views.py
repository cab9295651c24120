"""Goals and interventions as people meet them: forms keep what was typed, pages cost the same with many rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.adoption.models import Goal, Intervention
from portal.core import clock
from portal.core.database import db
from tests.factories import adoption as factory
from tests.factories import people
from tests.pages import Page
from tests.people import Visitor

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("app", "stopped_clock")
GOAL = {"title": "Half look here first", "measure": "self_service_first", "target": "50", "due_on": "2026-09-01"}
WHAT = {
    "title": "A guide in every team",
    "sort": "training",
    "what": "Two hours a week.",
    "measure": "needs_rate",
    "direction": "up",
    "expected": "20",
    "how": "lot",
    "first_on": "2026-03-23",
    "weeks": "2",
    "n_without": "1",
    "stop_on": "2026-09-01",
}


def units(n: int) -> list[str]:
    made = [people.department(f"Unit {number}") for number in range(n)]
    for unit in made:
        for number in range(5):
            people.person(f"{unit.name} {number}", department_id=unit.id)
    return [str(unit.id) for unit in made]


def test_eli_sets_a_goal_sees_where_it_stands_and_changes_it_with_a_reason(eli: Visitor, mia: Visitor) -> None:
    assert "No goal is set yet" in eli.page("/goals/").text
    made = eli.submit("/goals/new", "/goals/new", **GOAL)
    assert made.status_code == 303
    page = mia.page(made.headers["Location"])
    assert page.heading == "Half look here first"
    for words in ("Too early to tell", "Looked here first", "Everybody", "Eli Lindqvist"):
        assert words in page.text
    assert "at least 50" in eli.page("/goals/").text
    assert "/change" not in page.html
    path = f"{made.headers['Location']}/change"
    refused = eli.submit(path, path, target="60")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert (Page(refused.text).form(path)["target"], Page(refused.text).form(path)["version"]) == ("60", "1")
    assert eli.submit(path, path, target="60", reason="It went <b>fast</b>").status_code == 303
    page = mia.page(made.headers["Location"])
    assert "It went <b>fast</b>" in page.text
    assert "<b>fast" not in page.html
    assert db.session.execute(select(Goal.target)).scalar_one() == 0.6


@pytest.mark.parametrize("place", ["/goals/new", "/interventions/new"])
def test_no_figure_is_chosen_before_somebody_chooses_one(eli: Visitor, place: str) -> None:
    sent = {**(GOAL if place == "/goals/new" else {**WHAT, "departments": units(2)}), "measure": ""}
    assert eli.page(place).form(place).get("measure", "") == ""
    assert eli.submit(place, place, **sent).status_code == 422


def test_a_form_sent_twice_sets_one_goal(eli: Visitor) -> None:
    sent = {**eli.page("/goals/new").form("/goals/new"), **GOAL}
    first, second = (eli.open("/goals/new", method="POST", data=sent) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.execute(select(func.count()).select_from(Goal)).scalar_one() == 1


@pytest.mark.parametrize("typed", [{"target": ""}, {"target": "much"}, {"target": "-1"}, {"due_on": ""}, {"title": ""}])
def test_what_was_typed_stays_where_something_is_wrong(eli: Visitor, typed: dict[str, str]) -> None:
    sent = {**GOAL, "why": "Because of the queue", **typed}
    refused = eli.submit("/goals/new", "/goals/new", **sent)
    assert refused.status_code == 422
    assert "Because of the queue" in refused.text
    assert "field-error" in refused.text


def test_a_lot_is_looked_at_before_it_is_kept(eli: Visitor) -> None:
    chosen = units(3)
    looked = eli.submit("/interventions/new?flaw=not_able", "/interventions/new", **WHAT, departments=chosen, look="1")
    assert looked.status_code == 200
    for words in ("What this plan could show", "Fewer than four departments", "What helps against", "Unit 2"):
        assert words in looked.text
    assert db.session.execute(select(Intervention)).first() is None
    kept = eli.submit("/interventions/new", "/interventions/new", **WHAT, departments=chosen)
    assert kept.status_code == 303
    made = db.session.execute(select(Intervention)).scalar_one()
    assert (made.is_randomised, len(made.starts), len(made.lot)) == (True, 2, 3)
    page = eli.page(kept.headers["Location"])
    for words in ("Planned", "drawn by lot", f"seed {made.seed}", "Drawn to stay without", "too early"):
        assert words in page.text
    assert "A guide in every team" in eli.page("/insights/dates").text


def test_a_figure_is_expected_to_become_better_unless_somebody_says_otherwise(eli: Visitor) -> None:
    among = {**WHAT, "departments": units(5)}
    fewer = eli.submit(
        "/interventions/new", "/interventions/new", **among | {"measure": "zero_result_rate", "direction": ""}
    )
    assert "\N{MINUS SIGN}20" in eli.page(fewer.headers["Location"]).text
    neither = among | {"measure": "answer_rate", "direction": ""}
    refused = eli.submit("/interventions/new", "/interventions/new", **neither)
    assert "neither way is better by itself" in refused.text
    assert refused.status_code == 422


def test_a_lot_is_shown_by_its_days(eli: Visitor) -> None:
    looked = eli.submit("/interventions/new", "/interventions/new", **WHAT, departments=units(5), look="1")
    starts = looked.text.partition("start-list")[2].partition("</ul>")[0]
    assert re.findall(r"<li><span[^>]*>(\d+ \w+)", starts) == ["23 Mar", "6 Apr", "20 Apr", "4 May"]


def test_what_begins_today_cannot_be_registered(eli: Visitor) -> None:
    today = clock.today().isoformat()
    for how in ("lot", "chosen"):
        sent = {**WHAT, "how": how, "first_on": today}
        refused = eli.submit("/interventions/new", "/interventions/new", **sent, departments=units(2))
        assert refused.status_code == 422
        assert "registered before it starts" in refused.text
    assert db.session.execute(select(Intervention)).first() is None


def test_departments_start_on_the_days_chosen_for_them(eli: Visitor) -> None:
    first, second = units(2)
    sent = {**WHAT, "how": "chosen", f"start-{second}": "2026-04-06"}
    assert (
        eli.submit("/interventions/new", "/interventions/new", **sent, departments=[first, second]).status_code == 303
    )
    made = db.session.execute(select(Intervention)).scalar_one()
    assert [start.starts_on.isoformat() for start in made.starts] == ["2026-03-23", "2026-04-06"]
    assert not made.is_randomised


def test_a_department_without_a_day_is_not_left_out_unsaid(eli: Visitor) -> None:
    one, other = units(2)
    days = {"how": "chosen", "first_on": "", "departments": [one, other], f"start-{one}": "2026-04-06"}
    refused = eli.submit("/interventions/new", "/interventions/new", **WHAT | days)
    assert refused.status_code == 422
    assert "On which day does the first one start?" in refused.text


def test_ana_reads_what_came_of_it_once_it_is_told_and_not_before(
    eli: Visitor, ana: Visitor, stopped_clock: Any
) -> None:
    unit = people.department("Press")
    made = factory.intervention(eli.actor, {unit: 7}, stop_on=clock.today() + 30 * DAY)
    path = f"/interventions/{made.id}"
    assert ana.get(path).status_code == 404
    stopped_clock.move(days=31)
    for visitor in (eli, ana):
        visitor.sign_in()
    told = eli.submit(path, f"{path}/publish", readout="Nothing could be seen of it.")
    assert told.status_code == 303
    page = ana.page(path)
    assert "Nothing could be seen of it." in page.text
    assert "/stop" not in page.html
    assert ana.get("/interventions/").status_code == 403


def test_lists_and_pages_cost_the_same_with_many_rows(eli: Visitor, queries: Callable[[], Any]) -> None:
    unit, who = people.department("Press"), eli.actor
    counted: dict[str, list[int]] = {}
    for n in (2, 20):
        for _row in range(n):
            factory.goal(who)
            factory.intervention(who, {unit: 7})
        for path in ("/goals/", "/interventions/", "/goals/1", "/interventions/1", "/insights/adoption"):
            eli.get(path)
            with queries() as seen:
                assert eli.get(path).status_code == 200
            counted.setdefault(path, []).append(len(seen))
    assert all(few == many for few, many in counted.values()), counted
