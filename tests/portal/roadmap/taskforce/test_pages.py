"""The pages of increments, gates and the task force, walked as people walk them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.database import db
from portal.roadmap.gates.models import Condition, Gate, GateDecision
from portal.roadmap.increments.models import Increment
from portal.roadmap.taskforce.models import Action, Member, Minutes

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


def test_every_page_is_there_when_nothing_is(eli: Any) -> None:
    for path in (
        "/roadmap/increments/", "/roadmap/increments/new", "/roadmap/gates/", "/roadmap/gates/new", "/taskforce/",
        "/taskforce/members", "/taskforce/minutes", "/taskforce/minutes/new", "/taskforce/actions/new",
        "/taskforce/factors",
    ):  # fmt: skip
        page = eli.get(path)
        assert page.status_code == 200, path
        assert page.text.count("<h1") == 1, path


def test_an_increment_slips_and_everybody_reads_why(ana: Any, eli: Any) -> None:
    made = eli.submit(
        "/roadmap/increments/new", "/roadmap/increments/new", name="Words people use", purpose="Search finds it.",
        starts_on="2026-03-01", ends_on="2026-03-31",
    )  # fmt: skip
    row = db.session.execute(select(Increment)).scalar_one()
    here, edit = f"/roadmap/increments/{row.id}", f"/roadmap/increments/{row.id}/edit"
    assert made.headers["Location"].endswith(f"{here}/work")
    assert ana.get(here).status_code == 404

    same: dict[str, Any] = {"name": row.name, "purpose": row.purpose, "starts_on": "2026-03-01", "is_public": "y"}
    refused = eli.submit(edit, edit, **same, ends_on="2026-04-14")
    assert refused.status_code == 422
    assert "A date moves. Say why" in refused.text
    assert "2026-04-14" in refused.text
    assert eli.submit(edit, edit, **same, ends_on="2026-04-14", reason="Dara was ill.").status_code == 303
    text = ana.get(here).text
    assert "2 weeks later than planned first" in text
    assert "Dara was ill." in text
    assert "Budget" not in text
    assert ana.get(f"{here}/work").status_code == 403

    work = f"{here}/work"
    eli.submit(f"{here}/sessions/new", f"{here}/sessions/new", kind="demo", title="First look", on="2026-03-06")
    assert "you were there" not in ana.get(here).text
    assert ana.post(f"{here}/sessions/1/attend", {"on": "yes"}).status_code == 303
    assert "you were there" in ana.get(here).text
    assert "1 person came" in ana.get(here).text
    eli.submit(f"{here}/requirements/new", f"{here}/requirements/new", title="Finds bench PC", shown_in_id="1")
    assert "Comes from no item" in eli.get(work).text
    eli.submit(work, f"{here}/requirements/1/accept", on="yes")
    assert "Accepted by Eli Lindqvist" in eli.get(work).text
    eli.submit(
        f"{here}/messages/new", f"{here}/messages/new", what="It comes", audience="All", signed_by="hr",
        due_on="2026-03-20",
    )  # fmt: skip
    assert "in the name of: HR" in eli.get(work).text
    eli.submit(f"{here}/milestones/new", f"{here}/milestones/new", title="Words gathered", due_on="2026-03-12")
    eli.submit(
        f"{here}/milestones/1", f"{here}/milestones/1", due_on="2026-03-19", reason="More words than we thought."
    )
    eli.submit(work, f"{here}/milestones/1/reach")
    assert "More words than we thought." in ana.get(here).text
    eli.submit(f"{here}/move?to=started", f"{here}/move", to="started")
    eli.submit(f"{here}/move?to=delivered", f"{here}/move", to="delivered")
    assert "It was delivered on 9 Mar" in ana.get(here).text


def test_a_gate_is_decided_and_its_evidence_stays_as_it_stood(ana: Any, dara: Any, eli: Any) -> None:
    eli.submit("/roadmap/gates/new", "/roadmap/gates/new", step="build-launch", name="May it launch?")
    gate = db.session.execute(select(Gate)).scalar_one()
    here = f"/roadmap/gates/{gate.id}"
    assert ana.get(here).status_code == 404
    text = eli.get(here).text
    assert "0 of 4 met now" in text
    assert "No survey has been closed yet." in text
    assert "Nobody has looked yet" in text

    refused = eli.submit(here, f"{here}/decide", verdict="go", why="We want it.")
    assert refused.status_code == 422
    assert "Not everything this gate asks for is there" in refused.text
    assert "We want it." in refused.text
    refused = eli.submit(here, f"{here}/decide", verdict="conditions", why="Nearly.")
    assert "Which conditions?" in refused.text
    eli.submit("/taskforce/members", "/taskforce/members", person="dara@ostreyvale.example", seat="it")
    nearly = {"verdict": "conditions", "why": "Nearly.", "follow": "- Try the way back\n\nAsk HR"}
    made = eli.submit(here, f"{here}/decide", **nearly, follow_owner=str(dara.person_id))
    assert made.status_code == 303
    actions = db.session.execute(select(Action.title, Action.owner_id)).all()
    assert [tuple(one) for one in actions] == [("Try the way back", dara.person_id), ("Ask HR", dara.person_id)]

    hand = db.session.execute(select(Condition).where(Condition.kind == "hand")).scalar_one()
    looked = f"{here}/conditions/{hand.id}"
    assert eli.submit(looked, looked, is_met="yes", seen="Cut the line; Cleo answered.").status_code == 303
    assert "1 of 4 met now" in eli.get(here).text
    frozen = eli.get(made.headers["Location"]).text
    assert "Nobody has looked yet" in frozen
    assert "Today: Cut the line; Cleo answered." in frozen
    assert db.session.execute(select(GateDecision)).scalar_one().frozen["unsigned"] == ["steering"]


def test_a_seat_opens_the_task_force_and_signs_at_gates(ana: Any, ben: Any, eli: Any) -> None:
    assert ana.get("/taskforce/").status_code == 403
    eli.submit("/taskforce/members", "/taskforce/members", person="Ana Ruiz", seat="steering")
    assert ana.get("/taskforce/").status_code == 200
    assert "To the task force" in ana.get("/").text
    assert ana.post("/taskforce/members", {"person": "Ben Kaya", "seat": "users"}).status_code == 403
    eli.submit("/roadmap/gates/new", "/roadmap/gates/new", step="build-launch", name="May it launch?")
    gate = db.session.execute(select(Gate)).scalar_one()
    ana.submit(f"/roadmap/gates/{gate.id}", f"/roadmap/gates/{gate.id}/sign", seat="steering", on="yes")
    assert "Signed" in eli.get(f"/roadmap/gates/{gate.id}").text
    assert eli.post(f"/roadmap/gates/{gate.id}/sign", {"seat": "steering", "on": "yes"}).status_code == 403
    held = ana.submit(f"/roadmap/gates/{gate.id}", f"/roadmap/gates/{gate.id}/decide", verdict="hold", why="Not yet.")
    assert held.status_code == 303
    assert ana.submit("/taskforce/members", "/taskforce/members/1/leave").status_code == 303
    assert ana.get("/taskforce/").status_code == 403
    assert db.session.execute(select(Member)).scalar_one().left_on == dt.date(2026, 3, 9)


def test_minutes_hold_decisions_and_actions(ben: Any, eli: Any) -> None:
    eli.submit("/taskforce/members", "/taskforce/members", person="ben@ostreyvale.example", seat="users")
    there = str(ben.person_id)
    made = eli.submit(
        "/taskforce/minutes/new", "/taskforce/minutes/new", title="Second meeting", held_on="2026-03-05",
        body="We *talked*.", present=there,
    )  # fmt: skip
    here = made.headers["Location"]
    assert "<em>talked</em>" in eli.get(here).text
    assert "There: Ben Kaya" in eli.get(here).text
    eli.submit(f"{here}/decisions/new", f"{here}/decisions/new", text="Search first.", why="Most people fail there.")
    row = db.session.execute(select(Minutes)).scalar_one()
    add = f"/taskforce/actions/new?minutes={row.id}"
    eli.submit(add, add, title="Gather words", owner_id=there, due_on="2026-03-06")
    text = eli.get(here).text
    assert "Search first." in text
    assert "Late" in text
    assert "Gather words" in ben.get("/").text
    done = db.session.execute(select(Action.id)).scalar_one()
    ben.submit(f"/taskforce/actions/{done}/done", f"/taskforce/actions/{done}/done", outcome="120 words")
    assert "120 words" in eli.get("/taskforce/").text
    stale = eli.submit(f"{here}/edit", f"{here}/edit", title="Other", held_on="2026-03-05", version="0")
    assert stale.status_code == 409
    assert "Other" in stale.text
