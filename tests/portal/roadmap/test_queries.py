"""Pages of ideas, items and gates ask the database as often for thirty rows as for two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from portal.core import clock
from portal.core.database import db
from portal.core.permissions import Role
from portal.measures import catalogue
from portal.measures.models import DailyMeasure, FoldState
from portal.roadmap import notes
from portal.roadmap.gates import decisions, reading
from portal.talk import comments
from portal.talk.models import Vote
from tests.factories import kb, people, read_waves, roadmap, taskforce

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")
TODAY = dt.date(2026, 3, 9)
STAFF = {"Sales": (37, 32, 3.4), "Workshop": (44, 36, 2.9)}
PLACES = (("planned", "next"), ("started", "now"), ("draft", "later"), ("proven", "now"))


def fill(ana: Any, n: int) -> None:
    """So many more ideas waiting and taken up, and items in each state, with figures, links and steps."""
    voter = people.person(f"Voter Of{n}")
    article = kb.article()
    for k in range(n):
        owner = people.person(f"Owner Of{n}x{k}")
        for state, column in PLACES:
            item = roadmap.item(
                f"Item {n} {k} {state}", state=state, column=column, owner_id=owner.id, due_on=TODAY, reach=9.0,
                impact=1.0, confidence=0.5, effort=1.0, category=kb.category(),
                delivered_at=clock.now() if state == "proven" else None,
            )  # fmt: skip
            for measure, link in (("zero_result_rate", str(article.ref)), ("pulse_index", "")):
                roadmap.reading(roadmap.evidence(item, measure=measure, link=link), TODAY)
            notes.write(ana.actor, item.ref, field="state", after=state, reason="On.", is_public=True)
        for idea in (
            roadmap.idea(f"Waiting {n} {k}", by=owner, n_votes=1),
            roadmap.idea(f"Taken up {n} {k}", by=owner, n_votes=1, state="triaged", item_id=item.id),
        ):
            db.session.add(Vote(subject=str(idea.ref), voice="wanted", person_id=voter.id, at=clock.now()))
            comments.add(ana.actor, idea.ref, body="Me too.")
    db.session.commit()


def test_no_page_of_the_roadmap_asks_more_for_more_rows(ana: Any, eli: Any, queries: Callable[[], Any]) -> None:
    read_waves.closed(STAFF)
    item = roadmap.item("The one with many steps", state="planned")
    idea = roadmap.idea("The one with many words", by=people.person("Proposer One"))
    paths = [
        (ana, "/ideas/"), (ana, "/ideas/?show=wanted"), (ana, f"/ideas/{idea.id}"), (ana, "/roadmap/"),
        (ana, "/roadmap/changelog"), (ana, f"/roadmap/items/{item.id}"), (eli, f"/roadmap/items/{item.id}"),
        (eli, "/roadmap/triage"), (eli, f"/roadmap/triage/ideas/{idea.id}"), (eli, "/roadmap/order"),
        (eli, "/roadmap/order?by=wsjf"), (eli, "/roadmap/order?by=hand"), (eli, f"/roadmap/items/{item.id}/place"),
        (eli, "/roadmap/calibration"),
    ]  # fmt: skip

    def more(n: int) -> None:
        fill(ana, n)
        for k in range(n):
            if k < 3:
                roadmap.reading(roadmap.evidence(item, measure="pulse_index"), TODAY)
            who = people.person(f"Speaker Of{n}x{k}")
            notes.write(people.actor(who.name), item.ref, field="reach", before="1", after="2", reason="Counted.")
            comments.add(ana.actor, idea.ref, body=f"Word {k}.")
            roadmap.idea(f"Its idea {n} {k}", by=who, n_votes=1, state="triaged", item_id=item.id)
            roadmap.idea(f"The same {n} {k}", by=who, state="duplicate", duplicate_of_id=idea.id)
        db.session.commit()

    def costs() -> dict[tuple[str, str], int]:
        found = {}
        for who, path in paths:
            who.get(path)
            with queries() as seen:
                assert who.get(path).status_code == 200
            found[who.actor.name, path] = len(seen)
        return found

    more(2)
    few = costs()
    more(28)
    assert costs() == few


def test_pages_of_gates_ask_no_more_for_more_gates_decisions_and_signatures(
    eli: Any, ada: Any, queries: Callable[[], Any]
) -> None:
    gate, made = taskforce.decided_gate(ada.actor)

    def more(n: int) -> None:
        for k in range(n):
            taskforce.decided_gate(ada.actor)
            with clock.frozen(clock.now() + dt.timedelta(minutes=k + 1)):
                decisions.decide(ada.actor, gate, "hold", why=f"Not yet, {k}.")
        db.session.commit()

    paths = ["/roadmap/gates/", f"/roadmap/gates/{gate.id}", f"/roadmap/gates/{gate.id}/decisions/{made.id}"]

    def costs() -> list[int]:
        found = []
        for path in paths:
            eli.get(path)
            with queries() as seen:
                assert eli.get(path).status_code == 200
            found.append(len(seen))
        return found

    more(2)
    few = costs()
    more(28)
    assert costs() == few


def test_a_year_of_weeks_is_one_question_to_the_figures(queries: Callable[[], Any]) -> None:
    gate = taskforce.gate(people.actor("Robin Example", Role.ANALYST), "idea-design")
    condition = taskforce.condition(gate, "history")

    def known(weeks: int) -> tuple[float | None, int]:
        days = [TODAY - dt.timedelta(days=k + 1) for k in range(7 * weeks)]
        db.session.execute(DailyMeasure.__table__.delete())  # type: ignore[attr-defined]
        for day in days:
            db.session.add(DailyMeasure(day=day, measure="people", slice="", value=200.0))
        db.session.merge(FoldState(id=1, last_entry_id=0, version=0, folded_until=TODAY))
        db.session.commit()
        with queries() as seen:
            found = reading.read(gate, [condition])[0]
        return found.value, len(seen)

    assert known(0)[0] == 0
    value, n = known(13)
    assert value == 13
    assert known(60) == (52, n)
    assert n <= 4


def test_weeks_read_together_say_what_each_says_alone() -> None:
    for k in range(40):
        if k != 20:
            day = TODAY - dt.timedelta(days=k + 1)
            db.session.add(DailyMeasure(day=day, measure="people", slice="", value=200.0 + k))
            db.session.add(DailyMeasure(day=day, measure="tickets.opened", slice="", value=float(k % 5)))
    db.session.flush()
    weeks = [(TODAY - dt.timedelta(days=7 * k + 7), TODAY - dt.timedelta(days=7 * k)) for k in range(8)]
    for name in ("contact_rate", "zero_result_rate"):
        measure = catalogue.get(name)
        assert measure.read_many(weeks) == [measure.read(*week) for week in weeks]
    assert [found.value is None for found in catalogue.get("contact_rate").read_many(weeks)] == [False] * 6 + [True] * 2
