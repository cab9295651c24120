"""What departments say beside what they do, for those who may read both."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.core import clock
from portal.measures import fold
from portal.people.models import Department
from tests.factories import people, read_waves, tickets
from tests.factories.measures import solved, user, viewed
from tests.people import Visitor

SVG = "{http://www.w3.org/2000/svg}"
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
STAFF = {"Finance": (12, 10, 4.4), "Sales": (12, 10, 4.4), "Press": (6, 3, 2.8), "Legal": (9, 6, 3.2)}


@pytest.fixture
def wave(db: Any) -> Any:
    """Finance and Sales both mean to look here first; Finance does, Sales calls the desk."""
    tickets.queue("Service desk", people.person("Cleo Okafor"), is_default=True)
    row, _ = read_waves.closed(STAFF, name="Autumn")
    at = clock.now() - 20 * DAY
    for name in STAFF:
        for number, person in enumerate(read_waves.staff(name, STAFF[name][0])):
            for again in range(4):
                moment = at + again * DAY + number * MINUTE
                if name == "Sales":
                    with clock.frozen(moment):
                        tickets.ticket(person, subject=f"Trouble {again} of {person.name}")
                    continue
                who = user(person.id, department=person.department_id)
                viewed(who, moment, 1)
                solved(who, moment + MINUTE, 1)
    db.session.commit()
    list(fold.fold())
    return row


def test_who_means_to_and_does_not_is_named_and_the_hidden_are_not_drawn(eli: Visitor, wave: Any) -> None:
    page = eli.page(f"/insights/say-and-do?wave={wave.id}")
    assert "Mean to look here first, and do not yet: Sales" in page.text
    assert "Not shown, because so few people could be recognised" in page.text
    assert "Legal, Press" in page.text
    (drawing,) = page.all(f"{SVG}svg", class_="fig")
    drawn = {"".join(each.itertext()) for each in drawing.iter(f"{SVG}text")}
    assert {"Finance", "Sales"} <= drawn
    assert not {"Legal", "Press"} & drawn
    assert "Say and do" in page.links


def test_the_table_file_holds_the_same(eli: Visitor, wave: Any) -> None:
    text = eli.get(f"/insights/say-and-do.csv?wave={wave.id}").text
    assert '"Sales"' in text
    assert '"mean to, and do not"' in text
    assert "Press" not in text


def test_who_leads_a_department_sees_it_alone(mia: Visitor, wave: Any, db: Any) -> None:
    unit = db.session.execute(db.select(Department).filter_by(name="Sales")).scalars().one()
    unit.manager_id = mia.person_id
    db.session.commit()
    page = mia.page("/insights/say-and-do")
    assert "Sales" in page.text
    assert "Finance" not in page.text


def test_before_the_first_close_the_page_says_what_it_is_for(eli: Visitor, ana: Visitor, db: Any) -> None:
    assert "No survey is closed yet" in eli.page("/insights/say-and-do").text
    assert eli.get("/insights/say-and-do.csv").location.endswith("/insights/say-and-do")
    assert ana.get("/insights/say-and-do").status_code == 403
