"""The pages of ideas and of the roadmap, walked as people walk them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.database import db
from portal.measures.models import FoldState
from portal.notifications.models import Notification
from portal.roadmap import checking
from portal.roadmap.models import Idea, Item
from tests.factories import kb, roadmap

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")
TODAY = dt.date(2026, 3, 9)


def counted_until(day: dt.date) -> None:
    """Let the figures be there up to a day."""
    found = db.session.get(FoldState, 1) or FoldState(id=1, last_entry_id=0, version=0)
    found.folded_until = day
    db.session.add(found)
    db.session.flush()


def test_an_idea_goes_all_the_way_from_its_proposer_to_what_came_of_it(ana: Any, ben: Any, eli: Any) -> None:
    topic = kb.category(title="Search")
    roadmap.searches(TODAY - dt.timedelta(days=60), TODAY, found_nothing=3)
    roadmap.searches(TODAY, TODAY + dt.timedelta(days=120), found_nothing=0)
    counted_until(TODAY)

    made = ana.submit("/ideas/new", "/ideas/new", title="Teach the search our words", body="A bench PC is a PC.",
                      category_id=topic.id)  # fmt: skip
    assert made.status_code == 303
    idea = db.session.execute(select(Idea)).scalar_one()
    ben.submit(f"/ideas/{idea.id}", f"/ideas/{idea.id}/want", on="yes")
    ben.submit(f"/ideas/{idea.id}", f"/ideas/{idea.id}/comments", body="Yes, daily.")
    assert "Teach the search our words" in eli.get("/roadmap/triage").text
    answered = eli.submit(
        f"/roadmap/triage/ideas/{idea.id}", f"/roadmap/triage/ideas/{idea.id}", outcome="new", words="We take it up."
    )
    item = db.session.execute(select(Item)).scalar_one()
    here = f"/roadmap/items/{item.id}"
    assert answered.headers["Location"].endswith(here)

    refused = eli.submit(here, f"{here}/move", to="now", reason="Everybody asks for it.")
    assert refused.status_code == 422
    eli.submit(f"{here}/edit", f"{here}/edit", owner_id=eli.person_id, due_on="2026-04-30", effort="2")
    refused = eli.submit(here, f"{here}/move", to="now", reason="Everybody asks for it.")
    assert "No evidence, no leaving triage" in refused.text
    assert "Everybody asks for it." in refused.text
    asked = {"measure": "zero_result_rate", "comparison": ">", "threshold": "10", "days": "28", "minimum_n": "50"}
    looked = eli.submit(f"{here}/evidence", f"{here}/evidence", **asked, look="1")
    assert "30 %" in looked.text.replace("\u00a0", " ")
    unsaid = eli.submit(f"{here}/evidence", f"{here}/evidence", **asked | {"comparison": ""}, look="1")
    assert "a gap while above 10" in unsaid.text
    helped = asked | {"comparison": "", "measure": "self_service_first"}
    assert "a gap while below 10" in eli.submit(f"{here}/evidence", f"{here}/evidence", **helped, look="1").text
    assert eli.submit(f"{here}/evidence", f"{here}/evidence", **asked).status_code == 303
    assert eli.submit(here, f"{here}/move", to="now", reason="Three in ten find nothing.").status_code == 303
    assert "Three in ten find nothing." in ana.get("/roadmap/changelog").text
    assert "Searches that found nothing: 30" in ana.get("/roadmap/").text
    eli.submit(here, f"{here}/move", to="started", reason="Dara begins.")
    eli.submit(here, f"{here}/move", to="delivered", reason="The words are in.")
    assert "Unproven until 8 Apr" in ana.get("/roadmap/").text

    with clock.frozen(dt.datetime(2026, 4, 8, 5, tzinfo=dt.UTC)):
        counted_until(dt.date(2026, 4, 8))
        checking.run()
    db.session.commit()
    assert "The gap has closed." in ana.get(here).text
    told = list(db.session.execute(select(Notification.kind).where(Notification.person_id == ana.person_id)).scalars())
    assert told == ["idea_commented", "idea_answered", "item_moved", "item_moved", "item_moved", "item_proven"]
    assert "Proven" in ben.get(f"/ideas/{idea.id}").text


@pytest.mark.parametrize(
    ("sheet", "list_above"),
    [
        ("/roadmap/increments/new", "/roadmap/increments/"),
        ("/roadmap/gates/new", "/roadmap/gates/"),
        ("/taskforce/minutes/new", "/taskforce/minutes"),
    ],
)
def test_who_leaves_a_form_comes_back_to_where_it_was_opened(eli: Any, sheet: str, list_above: str) -> None:
    page = eli.page(sheet)
    assert page.links["Not now"] == list_above


def test_every_page_is_there_when_nothing_is(eli: Any) -> None:
    board = ("", "changelog", "triage", "order", "order?by=wsjf", "calibration", "items/new")
    for path in (*(f"/roadmap/{page}" for page in board), "/ideas/", "/ideas/new", "/ideas/?show=own"):
        assert len(eli.page(path).all("h1")) == 1


def test_an_item_is_put_elsewhere_in_its_column_by_a_form_that_says_why(ana: Any, eli: Any) -> None:
    first, second = (
        roadmap.item(title, state="planned", column="next", due_on=TODAY + dt.timedelta(days=days))
        for days, title in enumerate(("Scan into the folder", "Find the lift"))
    )
    here, by_hand = f"/roadmap/items/{second.id}/place", "/roadmap/order?by=hand"
    assert "Place 2 of 2 under “Next”. No score yet." in eli.page(here).text
    refused = eli.submit(here, here, place="1", reason=" ")
    assert refused.status_code == 422
    assert eli.submit(here, here, place="1", reason="Winter comes first.").headers["Location"].endswith(by_hand)
    listed = eli.page(by_hand).text
    assert listed.index("Find the lift") < listed.index("Scan into the folder")
    assert "Put there by hand: Winter comes first." in listed
    told = ana.page(f"/roadmap/items/{second.id}").text
    assert "Put further up in its column" in told
    assert "Winter comes first." in told
    there = f"/roadmap/items/{first.id}/place"
    stale = eli.submit(there, there, place="1", reason="No, this one.", seen=f"{first.id},{second.id}")
    assert stale.status_code == 409
    assert "Somebody has ordered this column meanwhile" in stale.text
    draft = roadmap.item("Still thought about")
    assert eli.get(f"/roadmap/items/{draft.id}/place").status_code == 404


def test_what_the_steering_group_gave_stands_beside_what_it_comes_to(eli: Any, ada: Any) -> None:
    item = roadmap.item("Lifts that tell")
    db.session.commit()
    points = {"value_points": "5", "urgency_points": "2", "risk_points": "1", "size_points": "2"}
    given = ada.submit("/roadmap/order?by=wsjf", f"/roadmap/items/{item.id}/points", **points)
    assert given.status_code == 303
    text = eli.page("/roadmap/order?by=wsjf").text
    assert "Value 5 Urgency 2 Risk or opportunity 1 Size 2" in text
